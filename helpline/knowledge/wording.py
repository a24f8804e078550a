"""What a text that visitors read may look like: how long, how hard, and saying and copying what.

Functions of a text. They yield one line for the editor per fault: what is wrong and what to do.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import NamedTuple

import textstat

from helpline.answer import PLACEHOLDER

COPIED_WORDS = 8
"""That many words in a row, the same as in a source, are a copy."""

Run = tuple[str, ...]
""":data:`COPIED_WORDS` words in a row."""


class Limit(NamedTuple):
    """How long and how hard a text may be."""

    min_words: int
    max_words: int
    grade: float
    """Flesch-Kincaid: the school year that can read it."""


LIMITS: Mapping[str, Limit] = {
    "answer": Limit(60, 150, 8.9),
    "more": Limit(0, 120, 8.9),
    "short": Limit(0, 50, 7.0),
    "meaning": Limit(0, 50, 9.0),
    "text": Limit(0, 80, 8.9),
}
"""For each field that visitors read."""

HARDER_FOR_A_REASON: Mapping[str, str] = {}
"""Texts that may exceed the grade: ``"article/field"`` to the reason."""

_ODDS = r"\b\d+ (?:in|out of) (?:every )?\d+\b"
_OUTCOME = r"\b(?:surviv(?:e|es|ed|al)|alive|cured|die|dies|died)\b"

FORBIDDEN: Sequence[tuple[re.Pattern[str], str]] = tuple(
    (re.compile(pattern, re.IGNORECASE), advice)
    for pattern, advice in (
        (r"(?:\d[\d.,]*\s*)?(?:%|per\s?cent\b)", "is a percentage; say it in words"),
        (
            r"\d[\d.,]*\s*(?:m?g/m[2²]|mc?g|ml|[µμ]g|(?:milli|micro)grams?|millilit(?:er|re)s?)\b",
            "is a dose; leave it to the care team",
        ),
        (
            r"\b(?:survival|cure|remission|response) rates?\b"
            r"|\b(?:median|overall) survival\b|\blife expectancy\b"
            r"|\b(?:\d+|one|two|three|five|ten)[- ]years? survival\b"
            rf"|{_ODDS}[^.;]*{_OUTCOME}|{_OUTCOME}[^.;]*{_ODDS}",
            "is a survival figure; leave it out",
        ),
        (
            r"\+?\d(?:[ ()-]{0,2}\d|\.\d){5,}|\b1-\d{3}-\w+(?:-\w+)*|\b(?:911|999|988|112|111)\b",
            "looks like a phone number; write {contact-id} instead, see contacts.yml",
        ),
    )
)
"""What no visitor may read, and what to do about it."""


def too_long_or_hard(block: str, field: str, text: str) -> Iterator[str]:
    """Hold a text against the :data:`LIMITS` of its field.

    Args:
        block: id of the article or term.
        field: a key of :data:`LIMITS`.
        text: what visitors read.
    """
    limit = LIMITS[field]
    count = len(text.split())
    if count < limit.min_words:
        yield f"{count} words; have at least {limit.min_words}"
    if count > limit.max_words:
        yield f"{count} words; have at most {limit.max_words}"
    grade = textstat.flesch_kincaid_grade(text)
    if grade > limit.grade and f"{block}/{field}" not in HARDER_FOR_A_REASON:
        yield f"reading grade {grade:.1f}; shorten sentences and words until it is {limit.grade}"


def forbidden(text: str, contacts: Container[str]) -> Iterator[str]:
    """Find what no visitor may read, and placeholders that would not be filled in.

    Args:
        text: what visitors read, with ``{contact-id}`` for phone numbers.
        contacts: the ids that placeholders may name.
    """
    for name in PLACEHOLDER.findall(text):
        if name not in contacts:
            yield f'"{{{name}}}" is not in contacts.yml; correct the id'
    # Without placeholders, whose names may hold digits: {lifeline-988}.
    plain = PLACEHOLDER.sub("", text)
    if "{" in plain or "}" in plain:
        yield 'a brace that is no {contact-id}; write it without "{" and "}"'
    for pattern, advice in FORBIDDEN:
        for match in pattern.finditer(plain):
            yield f'"{match[0].strip()}" {advice}'


def copied(text: str, known: Container[Run]) -> Iterator[str]:
    """Yield the longest stretches of words whose every run is known, but for phone numbers.

    Args:
        text: what visitors read.
        known: the :func:`runs` of a source.
    """
    listed = words(text)
    start: int | None = None
    for index, run in enumerate([*runs(text), ()]):
        if run in known:
            start = index if start is None else start
        elif start is not None:
            stretch = listed[start : index + COPIED_WORDS - 1]
            start = None
            if not "".join(stretch).isdigit():
                yield " ".join(stretch)


def runs(text: str) -> list[Run]:
    """Return every :data:`COPIED_WORDS` words in a row, in order."""
    listed = words(text)
    return [
        tuple(listed[start : start + COPIED_WORDS])
        for start in range(len(listed) - COPIED_WORDS + 1)
    ]


def words(text: str) -> list[str]:
    """Return the words in lower case, letters and digits only: "don't" is "dont"."""
    return re.findall(r"[^\W_]+", re.sub("['’]", "", text.lower()))


def fold(text: str) -> str:
    """Return the text without case and punctuation."""
    return " ".join(words(text))
