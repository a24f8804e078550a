"""Rasa graph components, and the importer that turns articles into training data.

Thin shells: what they do is in :mod:`helpline.encoder`, :mod:`helpline.words`,
:mod:`helpline.retrieval` and :mod:`helpline.routing`.
"""
