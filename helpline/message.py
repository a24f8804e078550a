"""What kind of text a message is, before anyone asks what it means."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

from py3langid.langid import MODEL_FILE, LanguageIdentifier

Form = Literal["words", "empty", "emoji", "too_long", "spanish", "other_language"]

COMMAND = re.compile(r"^\s*/[\s/]*")
"""How a text begins that Rasa would take for the name of an intent."""

TOO_LONG = 2_000
"""Characters. A long story with one question in it is shorter than this."""

LANGUAGES = ("en", "es", "fr", "de", "it", "pt", "pl", "ro", "nl", "tr")
"""Told apart by their words: languages much spoken in the US and the UK in Latin letters.
Other scripts are told by their letters."""

SURE = 0.999
"""How likely another language must be before we say so."""

MIN_WORDS = 3
"""Two words are too few to tell a language by."""

FUNCTION_WORDS = frozenset(
    "the an is was be my your his her their our you we they it of to in on for with "
    "and or but not what whats how why when who can do does did will would should have has had if "
    "this that there i im i'm dont don't cant can't he she after before about from vs meaning out "
    "side effects".split()
)
"""Words by which English shows, whatever the drug names around them. Without "a" and "are", which
are words of other languages as well."""


def plain(text: str) -> str:
    """Return the text without the slash that would make Rasa take it for a command."""
    return COMMAND.sub("", text, count=1)


def form(text: str) -> Form:
    """Return what kind of text this is. Total: any string gets an answer."""
    text = text.strip()
    if not text:
        return "empty"
    if not any(unicodedata.category(character)[0] in "LN" for character in text):
        return "emoji"
    if len(text) > TOO_LONG:
        return "too_long"
    code = language(text)
    if code == "en":
        return "words"
    return "spanish" if code == "es" else "other_language"


def language(text: str) -> str:
    """Return the language of a text as an ISO 639-1 code; "en" where in doubt.

    A text mostly in another script than Latin is "und", undetermined: it is not English, and
    nothing more is asked.
    """
    letters = [character for character in text if character.isalpha()]
    latin = sum("LATIN" in unicodedata.name(character, "") for character in letters)
    if letters and latin * 2 < len(letters):
        return "und"
    words = [word.strip("?!.,;:") for word in text.lower().split()]
    if len(words) < MIN_WORDS or sum(word in FUNCTION_WORDS for word in words) * 6 > len(words):
        return "en"
    code, probability = _identifier().classify(text)
    return code if probability >= SURE else "en"


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_pickled_model(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier
