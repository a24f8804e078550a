"""A visitor's text as words that rules can be held against: typos, slang spellings, temperatures.

Rules know a few hundred words. A word of the text is read as one of them if it is that word, has
the same stem ("bleeding", "bleeds"), or is a misspelling of it that is no English word itself
("bleding", "cantbreathe", "su1cide"). All other words are the same to the rules.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne
from snowballstemmer import stemmer
from spellchecker import SpellChecker

from helpline.safety.temperature import Limits, in_digits, readings

OTHER = "_"
"""Any word that no rule knows."""

NUMBER = "#number"
"""Any number that is no temperature of a body."""

SHORTEST_MISSPELLED = 4
"""Letters. Shorter words are too close to each other to guess at."""

TWO_SLIPS_FROM = 8
"""Letters. So long a word may have two letters wrong, added, lost or swapped; others one."""

LOOKS_LIKE = str.maketrans("013457@$!", "oleastasi")
"""Signs put for letters: "su1cide", "k!ll"."""

TOKEN = re.compile(
    r"\d+(?:[.,]\d+)*"
    # A word; signs inside it may stand for letters: "k!ll", "s*icide", "su1cide".
    r"|[^\W\d_]+(?:[*@$!0-9'][^\W\d_]+)*"
)
SPELLED_OUT = re.compile(r"\b(?:[^\W\d_][ .-]){2,}[^\W\d_]\b")
DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")

TERMINAL = re.compile(r"\x1b\[[0-9;]*[a-z]")
"""What colors text in a terminal, and comes along when it is copied."""

UNSEEN = ("Mn", "Cf", "Cc", "Cs")
"""Unicode categories of signs that change how a letter looks, or nothing."""

_stem = stemmer("english").stemWord


@dataclass(frozen=True)
class Word:
    """One word of a text as the rules see it."""

    text: str
    """As it stands in the normalized text."""
    start: int
    end: int
    word: str
    """A word that the rules know, spelled as they spell it; :data:`OTHER`; a number sign."""
    stem: str


def normalized(text: str) -> str:
    """Return the text in lower case, without accents, invisible signs and curly quotes.

    Letters spelled out ("k m s") are a word, numbers in words are numbers.
    """
    text = text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").replace("`", "'")
    text = text.replace("\N{VULGAR FRACTION ONE HALF}", ".5")
    folded = unicodedata.normalize("NFKD", TERMINAL.sub("", text.lower()))
    plain = "".join(
        " " if character.isspace() and character != "\n" else character
        for character in folded
        if unicodedata.category(character) not in UNSEEN or character.isspace()
    )
    spelled = SPELLED_OUT.sub(lambda match: re.sub(r"[ .-]", "", match[0]), plain)
    return in_digits(spelled)


@lru_cache(maxsize=1 << 14)
def stem(word: str) -> str:
    """Return the stem: "bleeding" and "bleeds" are both "bleed"; signs are their own stem."""
    return word if word.startswith("#") or word == OTHER else str(_stem(word))


def bare(word: str) -> str:
    """Return a word without apostrophes: "can't" and "cant" are one word."""
    return word.replace("'", "")


class Reader:
    """Reads texts in the light of the words that a set of rules knows."""

    def __init__(self, known: Iterable[str], limits: Limits) -> None:
        """Learn the rules' words.

        Args:
            known: the words that occur in rules.
            limits: from where on a temperature is too high or too low.
        """
        self._limits = limits
        self._known = sorted(set(known))
        self._words = frozenset(self._known)
        self._stems = frozenset(stem(word) for word in self._known)
        self._long = [w for w in self._known if len(w) >= SHORTEST_MISSPELLED and w[0] != "#"]
        self._english = SpellChecker(language="en").word_frequency
        self._understood = lru_cache(maxsize=1 << 14)(self._understand)

    def frequency(self, word: str) -> int:
        """Return how often English uses a word, as a count in a large body of text."""
        return int(self._english[word])

    def read(self, text: str) -> list[Word]:
        """Return the words of a normalized text."""
        found = {reading.start: reading for reading in readings(text, self._limits)}
        words: list[Word] = []
        position = 0
        for match in TOKEN.finditer(text):
            if match.start() < position:
                continue
            reading = found.get(match.start())
            if reading is not None:
                position = reading.end
                words.append(
                    Word(reading.text, reading.start, reading.end, reading.sign, reading.sign)
                )
                continue
            position = match.end()
            words.extend(
                Word(match[0], match.start(), match.end(), word, stem(word))
                for word in self._understood(match[0])
            )
        return words

    def _understand(self, written: str) -> tuple[str, ...]:
        """Return the rules' words for a word as it is written; two where it was run together."""
        if written[0].isdigit():
            return (NUMBER,)
        word = bare(written)
        for spelling in (word, DRAWN_OUT.sub(r"\1\1", word), DRAWN_OUT.sub(r"\1", word)):
            if spelling in self._words or stem(spelling) in self._stems:
                return (spelling,)
        word = re.sub(r"[^\w*]", "", DRAWN_OUT.sub(r"\1\1", written.translate(LOOKS_LIKE)))
        if word in self._words or stem(word) in self._stems:
            return (word,)
        if word in self._english or len(word) < SHORTEST_MISSPELLED:
            return (OTHER,)
        return self._run_together(word) or (self._misspelled(word),)

    def _misspelled(self, word: str) -> str:
        slips = 2 if len(word) >= TWO_SLIPS_FROM else 1
        near = extractOne(
            word,
            [known for known in self._long if _may_start(known, word)],
            scorer=OSA.distance,
            score_cutoff=slips,
        )
        return near[0] if near else OTHER

    def _run_together(self, word: str) -> tuple[str, ...] | None:
        for cut in range(3, len(word) - 2):
            first, second = word[:cut], word[cut:]
            if first in self._words and (second in self._words or stem(second) in self._stems):
                return first, second
        return None


def _may_start(known: str, word: str) -> bool:
    """Return whether a misspelling may begin so: the first letter is rarely wrong, but swapped."""
    return known[0] == word[0] or (known[0] == word[1] and known[1] == word[0])
