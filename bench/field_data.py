"""The public question sets of bench/field.py. They are read where they lie, never copied here."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from helpline.settings import ROOT

FOLDER = Path(os.environ.get("BENCHDATA", ROOT.parent / "shared" / "benchdata"))

OUT_OF_SCOPE = "(none)"
"""Stands for the intent of a message that none of the intents is about."""

BOTS = ("curekart", "powerplay11", "sofmattress")


@dataclass(frozen=True)
class Example:
    """A text with its intent, or with ``OUT_OF_SCOPE``."""

    text: str
    intent: str


@dataclass(frozen=True)
class QuestionSet:
    """A set with its parts. Nothing out of scope is among what is learned from."""

    name: str
    train: list[Example]
    validation: list[Example]
    """Empty where the set has none."""
    test: list[Example]

    def thinned(self, per_intent: int, every: int) -> QuestionSet:
        """Return fewer rows: the first of each intent to learn from, every so many to judge by."""
        seen: dict[str, int] = {}
        train = []
        for example in self.train:
            seen[example.intent] = seen.get(example.intent, 0) + 1
            if seen[example.intent] <= per_intent:
                train.append(example)
        return replace(
            self, train=train, validation=self.validation[::every], test=self.test[::every]
        )


class Absent(Exception):
    """A set is not on this machine; the message says where to get it."""


def clinc(size: str) -> QuestionSet:
    """Read CLINC150, "full" or "small".

    Raises:
        Absent: it is not there.
    """
    file = FOLDER / f"clinc150_{size}.csv"
    where = f"https://github.com/clinc/oos-eval, data_{size}.json as rows of split, text, intent"
    return clinc_of(f"clinc150_{size}", _lines(file, where))


def clinc_of(name: str, lines: Iterable[str]) -> QuestionSet:
    """Read rows of split, text, intent. The rows ``oos_train`` are not used."""
    parts: dict[str, list[Example]] = {}
    for row in csv.DictReader(lines):
        out = row["split"].startswith("oos_")
        example = Example(row["text"], OUT_OF_SCOPE if out else row["intent"])
        parts.setdefault(row["split"], []).append(example)
    return QuestionSet(
        name,
        parts.get("train", []),
        parts.get("val", []) + parts.get("oos_val", []),
        parts.get("test", []) + parts.get("oos_test", []),
    )


def hint3(bot: str) -> QuestionSet:
    """Read one bot of HINT3, version 1.

    Raises:
        Absent: it is not there.
    """
    where = "https://github.com/hellohaptik/HINT3, dataset/v1 as hint3/v1"
    part = {
        name: hint3_of(_lines(FOLDER / "hint3" / "v1" / name / f"{bot}_{name}.csv", where))
        for name in ("train", "test")
    }
    return QuestionSet(f"hint3_{bot}", part["train"], [], part["test"])


def hint3_of(lines: Iterable[str]) -> list[Example]:
    """Read rows of sentence, label."""
    return [
        Example(
            row["sentence"],
            OUT_OF_SCOPE if row["label"] == "NO_NODES_DETECTED" else row["label"],
        )
        for row in csv.DictReader(lines)
    ]


def _lines(file: Path, where: str) -> list[str]:
    try:
        # With their ends, because a text in quotes may go over several lines.
        return file.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    except OSError:
        raise Absent(f"{file} is not there and is left out. Get it from {where}.") from None
