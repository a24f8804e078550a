"""The small language in which rules are written, turned into patterns of spaCy's Matcher.

A phrase is words in a row::

    (cannot|struggling to) breathe
    no? pulse
    <he> ... (will not|wont) wake
    chest ... (=hurts|pain)

========== =====================================================================================
``word``   this word, or one with the same stem, however it is misspelled
``=word``  this very form: ``=died`` is not "dying"
``(a|b c)`` one of these; each may be several words
``<name>`` one of a list under ``words:``
``word?``  may be missing
``...``    up to four other words of the same sentence, or none
``#high``  a temperature that is too high; also ``#low``, ``#normal`` and ``#number``
========== =====================================================================================
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helpline.safety.words import bare, stem

GAP = "..."

LONGEST_GAP = 4
"""Words."""

PART = re.compile(r"\.\.\.|(?:\([^()]*\)|<[a-z_]+>|=?[#\w'-]+)\??")


class BadPhrase(ValueError):
    """A phrase that cannot be read; the message says what and why."""


@dataclass(frozen=True)
class Choice:
    """One place in a phrase: any of these words."""

    words: frozenset[str]
    exact: bool = False
    """In this very form; otherwise any word of the same stem."""
    optional: bool = False


Phrase = Sequence["Choice | None"]
"""Places in a row; None for a gap."""


def phrases(text: str, lists: Mapping[str, Sequence[str]]) -> list[Phrase]:
    """Return what a phrase stands for: one or more rows of places.

    Raises:
        BadPhrase: the text is not in the language.
    """
    rest = PART.sub("", text).strip()
    if rest or not text.strip():
        raise BadPhrase(f"cannot read {rest!r} in the phrase {text!r}")
    parts = [list(_alternatives(part, text, lists)) for part in PART.findall(text)]
    if all(gap_or_optional(part) for part in parts):
        raise BadPhrase(f"the phrase {text!r} would match anything")
    return [list(itertools.chain(*row)) for row in itertools.product(*parts)]


def gap_or_optional(part: list[list[Choice | None]]) -> bool:
    """Return whether a part of a phrase may be missing."""
    return all(place is None or place.optional for row in part for place in row)


def _alternatives(
    part: str, text: str, lists: Mapping[str, Sequence[str]]
) -> Iterator[list[Choice | None]]:
    """Return the rows of places that one part of a phrase stands for."""
    if part == GAP:
        yield [None]
        return
    optional = part.endswith("?")
    part = part.removesuffix("?")
    if part.startswith("<"):
        if part[1:-1] not in lists:
            raise BadPhrase(f"there is no list of words {part} for the phrase {text!r}")
        options = list(lists[part[1:-1]])
    else:
        options = part[1:-1].split("|") if part.startswith("(") else [part]
    rows = [[bare(word) for word in option.split()] for option in options]
    if not all(rows):
        raise BadPhrase(f"a choice is empty in the phrase {text!r}")
    longer = [row for row in rows if len(row) > 1]
    if optional and longer:
        yield []
    for exact in (False, True):
        words = [row[0] for row in rows if len(row) == 1 and row[0].startswith("=") == exact]
        if words:
            yield [_choice(words, optional)]
    for row in longer:
        yield [_choice([word]) for word in row]


def _choice(words: Sequence[str], optional: bool = False) -> Choice:
    exact = words[0].startswith("=")
    return Choice(frozenset(word.removeprefix("=") for word in words), exact, optional)


def words_of(phrase: Phrase) -> Iterator[str]:
    """Return the words that a phrase knows."""
    for place in phrase:
        if place is not None:
            yield from place.words


def matcher_pattern(phrase: Phrase) -> list[dict[str, Any]]:
    """Return the phrase as spaCy's Matcher wants it."""
    pattern: list[dict[str, Any]] = []
    for place in phrase:
        if place is None:
            pattern.extend({"OP": "?"} for _ in range(LONGEST_GAP))
            continue
        words = place.words if place.exact else {stem(word) for word in place.words}
        pattern.append(
            {
                "LOWER" if place.exact else "LEMMA": {"IN": sorted(words)},
                **({"OP": "?"} if place.optional else {}),
            }
        )
    return pattern
