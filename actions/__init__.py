"""Rasa actions: thin. Each asks :mod:`helpline` and speaks."""
