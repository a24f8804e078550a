"""The rules of the safety screen, as clinicians write them in ``knowledge/safety/``.

==================  ==============================================================================
``words.yml``       lists of words that rules name as ``<list>``
``emergency.yml``   red flags
``crisis.yml``      signs of a crisis
``context.yml``     what makes a sign weaker: it is over, asked in general, denied
``temperature.yml`` from where on a temperature is a red flag
==================  ==============================================================================
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, Extra, Field, ValidationError

from helpline.safety.patterns import BadPhrase, Phrase, phrases
from helpline.safety.temperature import Limits
from helpline.yaml_loader import SafeLoader

Tier = Literal["call_911", "phone_team"]
"""Life-threatening: 911 or 999 now; else the care team's 24-hour line now."""

ScreenName = Literal["crisis", "emergency"]
SCREENS: tuple[ScreenName, ...] = ("crisis", "emergency")


class RulesError(ValueError):
    """The rules cannot be used. Each line says file, rule and what to do."""


class Record(BaseModel):
    """A block of YAML. A field that nobody knows is an error, not a silence."""

    class Config:
        """Rules for every record."""

        extra = Extra.forbid
        allow_mutation = False


class Rule(Record):
    """One red flag, or one sign of a crisis."""

    id: str
    title: str
    """What a clinician calls it."""
    signs: list[str] = Field(min_items=1)
    """Phrases; any one of them is the sign. See :mod:`helpline.safety.patterns`."""
    unless: list[str] = []
    """Phrases that take the sign back where they stand in the same sentence."""
    weakened_by: list[str] = []
    """Ids of contexts in which the sign counts less."""
    tier: Tier | None = None
    """For red flags."""
    also: ScreenName | None = None
    """Another screen that belongs to it: an overdose is an emergency too."""
    sources: list[str] = []
    """Ids in ``sources.yml``."""
    caught: list[str] = Field(min_items=1)
    """Messages that the rule has to see; a test holds it to them."""
    not_caught: list[str] = []
    """Messages that it must not see as they stand."""


class Context(Record):
    """What makes a sign weaker."""

    id: str
    title: str
    cues: list[str] = Field(min_items=1)
    """Phrases that show it, in the sentence of the sign."""
    before: bool = False
    """The cue has to stand right before the sign: "no fever", not "fever, no"."""
    unless: list[str] = []
    """Phrases that take the cue back: what happens now is not over."""


class Rules(Record):
    """All of it."""

    words: dict[str, list[str]]
    temperature: Limits
    contexts: list[Context]
    crisis: list[Rule]
    emergency: list[Rule]

    def read(self, text: str) -> list[Phrase]:
        """Return what a phrase of these rules stands for."""
        return phrases(text, self.words)

    def screens(self) -> list[tuple[ScreenName, list[Rule]]]:
        """Return the rules of each screen."""
        return [("crisis", self.crisis), ("emergency", self.emergency)]

    def texts(self) -> Iterator[str]:
        """Return every phrase of every rule and context."""
        for rule in (*self.crisis, *self.emergency):
            yield from (*rule.signs, *rule.unless)
        for context in self.contexts:
            yield from (*context.cues, *context.unless)


FILES = {
    "words": "words.yml",
    "temperature": "temperature.yml",
    "contexts": "context.yml",
    "crisis": "crisis.yml",
    "emergency": "emergency.yml",
}


def load_rules(folder: Path) -> Rules:
    """Read and check the rules.

    Args:
        folder: holds the five files named above.

    Raises:
        RulesError: a file is missing or malformed, a phrase cannot be read, a context or list is
            not there; all problems at once, one a line.
    """
    problems: list[str] = []
    content: dict[str, Any] = {}
    for field, name in FILES.items():
        file = folder / name
        try:
            content[field] = yaml.load(file.read_text(encoding="utf-8"), Loader=SafeLoader)
        except FileNotFoundError:
            problems.append(f"{file}: is missing; the safety screen cannot work without it")
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            problems.append(f"{file}: not YAML; {' '.join(str(error).split())}")
    if problems:
        raise RulesError("\n".join(problems))
    try:
        rules = Rules(**content)
    except ValidationError as error:
        raise RulesError("\n".join(_complaints(error, folder, content))) from None
    problems = [*_unreadable(rules, folder), *_unknown(rules, folder)]
    if problems:
        raise RulesError("\n".join(problems))
    return rules


def _complaints(error: ValidationError, folder: Path, content: dict[str, Any]) -> Iterator[str]:
    for problem in error.errors():
        field, *where = problem["loc"]
        named = content.get(str(field))
        if where and isinstance(where[0], int) and isinstance(named, list):
            block = named[where[0]]
            where[0] = block.get("id", where[0]) if isinstance(block, dict) else where[0]
        file = folder / FILES.get(str(field), str(field))
        yield f"{file}: {' '.join(map(str, where))}: {problem['msg']}"


def _unreadable(rules: Rules, folder: Path) -> Iterator[str]:
    for field in ("crisis", "emergency", "contexts"):
        for block in getattr(rules, field):
            told = block.cues if isinstance(block, Context) else block.signs
            for phrase in (*told, *block.unless):
                try:
                    rules.read(phrase)
                except BadPhrase as error:
                    yield f"{folder / FILES[field]}: {block.id}: {error}"


def _unknown(rules: Rules, folder: Path) -> Iterator[str]:
    contexts = {context.id for context in rules.contexts}
    for field in ("crisis", "emergency"):
        seen: set[str] = set()
        for rule in getattr(rules, field):
            where = f"{folder / FILES[field]}: {rule.id}"
            if rule.id in seen:
                yield f"{where}: there are two rules of this id; rename one"
            seen.add(rule.id)
            for context in rule.weakened_by:
                if context not in contexts:
                    yield f"{where}: weakened_by: no context {context} in {FILES['contexts']}"
            if field == "emergency" and rule.tier is None:
                yield f"{where}: tier: write call_911 or phone_team"
