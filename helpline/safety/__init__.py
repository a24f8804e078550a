"""The safety screen: a text in, a verdict out. No Rasa in it.

:mod:`~helpline.safety.rules` reads what clinicians wrote in ``knowledge/safety/``,
:mod:`~helpline.safety.signs` finds it in a text, :mod:`~helpline.safety.kinds` hears what the rules
have no words for, and :mod:`~helpline.safety.screen` joins the two.
"""
