"""Body temperatures in a text: "38.4", "101F", "a hundred and two", "37.8 on the ear one"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, Extra
from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne
from text_to_num import alpha2digit

HIGH, LOW, NORMAL = "#high", "#low", "#normal"
"""What rules call a temperature that is too high, too low, or neither."""

IN_WORDS = {HIGH: "fever", LOW: "too cold", NORMAL: "normal temperature"}
"""For the sentence encoder."""

BODY_C = (34.0, 43.0)
BODY_F = (93.0, 109.4)
"""What a thermometer for people shows; 43 C is 109.4 F. Other numbers are no body temperatures."""

READING = re.compile(
    r"(?<![\w.,/£$-])(?P<number>\d{2,3}(?:[.,]\d{1,2}|\s?1/2|\s?(?:point|dot)\b(?:\s?\d)?)?)(?![\d/:])"
    r"(?:\s?(?P<degrees>°|º|degrees?\b|degs?\b))?"
    r"(?:\s?(?P<unit>c|f|celsius|centigrade|fahrenheit)(?![\w'’]))?",
)
NUMBER_WORDS = re.compile(
    r"\b(?:(?:a|one) hundred|hundred|thirty|forty|ninety|one oh)"
    r"(?:[ -]+(?:and(?= a half| [a-z]+)|a half|point|oh|zero|one|two|three|four|five|six|seven"
    r"|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
    r"|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand))*\b"
)
"""Numbers in words, as far as they may be temperatures."""

WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")

SHORTEST_MISSPELLED = 5
"""Letters of a word that is forgiven a slip."""

NEAR = 3
"""Words before a number in which what it counts may be named: "platelets are 38"."""


class Limits(BaseModel):
    """From where on a temperature is a red flag, and which words tell one from other numbers."""

    class Config:
        """A field that nobody knows is an error."""

        extra = Extra.forbid

    high_c: float
    """At least so many degrees Celsius."""
    high_f: float
    """At least so many degrees Fahrenheit."""
    low_c: float
    """Under so many degrees Celsius."""
    low_f: float
    """Under so many degrees Fahrenheit."""
    about_temperature: list[str]
    """Words by which a bare number in the same text is a temperature."""
    counted_after: list[str]
    """Words after a number by which it counts something else: "38 weeks"."""
    counted_before: list[str]
    """Words before a number by which it counts something else: "day 101"."""


@dataclass(frozen=True)
class Reading:
    """A temperature in a text."""

    text: str
    start: int
    end: int
    sign: str
    """:data:`HIGH`, :data:`LOW` or :data:`NORMAL`."""


def readings(text: str, limits: Limits) -> Iterator[Reading]:
    """Find the body temperatures in a normalized text, in its order.

    A number counts if its unit says so, if it has a decimal that no other word explains, or if
    the text is about temperature.
    """
    about = any(_is_about_temperature(word, limits) for word in set(WORD.findall(text)))
    for match in READING.finditer(text):
        sign = _sign(match, text, about, limits)
        if sign:
            yield Reading(match[0], match.start(), match.end(), sign)


def _is_about_temperature(word: str, limits: Limits) -> bool:
    """Return whether a word, or a slip of it, is about temperature: "fiever"."""
    known = limits.about_temperature
    if word in known:
        return True
    if len(word) < SHORTEST_MISSPELLED or word[0] not in "tf":
        return False
    return extractOne(word, known, scorer=OSA.distance, score_cutoff=1) is not None


def _sign(match: re.Match[str], text: str, about: bool, limits: Limits) -> str | None:
    value = _value(match["number"])
    unit = (match["unit"] or "")[:1]
    has_decimal = bool(re.search(r"[.,]|1/2|point|dot", match["number"]))
    if not (unit or match["degrees"] or has_decimal or about):
        return None
    if not unit and _counts_something_else(match, text, limits):
        return None
    if unit == "c" or (not unit and BODY_C[0] <= value <= BODY_C[1]):
        inside, high, low = BODY_C, limits.high_c, limits.low_c
    else:
        inside, high, low = BODY_F, limits.high_f, limits.low_f
    if not inside[0] <= value <= inside[1]:
        return None
    if value >= high:
        return HIGH
    return LOW if value < low else NORMAL


def _counts_something_else(match: re.Match[str], text: str, limits: Limits) -> bool:
    after = WORD.match(text[match.end() : match.end() + 20].lstrip(" -"))
    if text[match.end() : match.end() + 2].strip()[:1] == "%":
        return True
    if after and after[0] in limits.counted_after:
        return True
    before = WORD.findall(text[max(0, match.start() - 40) : match.start()])[-NEAR:]
    return not set(before).isdisjoint(limits.counted_before)


def _value(number: str) -> float:
    number = re.sub(r"\s?(?:point|dot)\s?", ".", number).removesuffix(".")
    half = re.sub(r"\s?1/2$", "", number)
    return float(half.replace(",", ".")) + (0.5 if half != number else 0.0)


def load_limits(file: Path) -> Limits:
    """Read the limits from ``knowledge/safety/temperature.yml``."""
    return Limits(**yaml.safe_load(file.read_text(encoding="utf-8")))


def annotated(text: str, limits: Limits) -> str:
    """Return a normalized text with what each temperature is: "38.4 (fever)".

    The sentence encoder knows words, but not that 37.4 and 37.5 are two different things.
    """
    pieces: list[str] = []
    position = 0
    for reading in readings(text, limits):
        pieces += [text[position : reading.end], f" ({IN_WORDS[reading.sign]})"]
        position = reading.end
    return "".join([*pieces, text[position:]])


def in_digits(text: str) -> str:
    """Return a text in lower case with "a hundred and two" written as "102"."""
    return NUMBER_WORDS.sub(_digits, text)


def _digits(match: re.Match[str]) -> str:
    words = re.sub(r"(?:\b(?:a|one) )?\bhundred\b(?: and\b)?", "one hundred", match[0])
    words = re.sub(r"\bone oh\b", "one hundred", words)
    words = re.sub(r"\b(?:and a|point a) half\b", "point five", words)
    return str(alpha2digit(words, "en"))
