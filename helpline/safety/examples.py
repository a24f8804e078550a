"""The examples of the safety screen, as clinicians and editors write them.

``knowledge/safety/examples/*.yml``: under the name of a kind (:data:`helpline.safety.kinds.KINDS`)
a list of messages. ``emergency`` stands for either tier, where nobody has said which; ``harmless``
for what an article can answer or nothing can, where it is enough to know that no danger is in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from helpline.safety.kinds import KINDS, Kind
from helpline.safety.rules import RulesError
from helpline.yaml_loader import SafeLoader

KINDS_OF: dict[str, frozenset[Kind]] = {
    **{kind: frozenset((kind,)) for kind in KINDS},
    "emergency": frozenset(("call_911", "phone_team")),
    "harmless": frozenset(("general", "none")),
}


@dataclass(frozen=True)
class Example:
    """A message and what it is."""

    text: str
    kinds: frozenset[Kind]
    """One of these."""


def load_examples(folder: Path) -> list[Example]:
    """Read all examples.

    Args:
        folder: of the rules; the examples lie in ``examples/`` under it.

    Raises:
        RulesError: a file is malformed, a kind is not known, a message stands under two kinds;
            all problems at once, one a line.
    """
    files = sorted((folder / "examples").glob("*.yml"))
    problems: list[str] = []
    told: dict[str, str] = {}
    found: list[Example] = []
    for file in files:
        for name, texts in _lists(file, problems):
            for text in texts:
                if not isinstance(text, str) or not text.strip():
                    problems.append(f"{file}: {name}: {text!r} is not a message; put it in quotes")
                    continue
                before = told.setdefault(text, name)
                if before == name:
                    found.append(Example(text, KINDS_OF[name]))
                else:
                    problems.append(f"{file}: {name}: {text!r} stands under {before} as well")
    if not files:
        problems.append(f"{folder / 'examples'}: holds no examples; the screen learns from them")
    if problems:
        raise RulesError("\n".join(problems))
    return list({example.text: example for example in found}.values())


def _lists(file: Path, problems: list[str]) -> Iterator[tuple[str, list[Any]]]:
    try:
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=SafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        problems.append(f"{file}: not YAML; {' '.join(str(error).split())}")
        return
    if not isinstance(content, dict):
        problems.append(f"{file}: write a kind ({', '.join(KINDS_OF)}) and its messages under it")
        return
    for name, texts in content.items():
        if name not in KINDS_OF:
            problems.append(f"{file}: {name}: is no kind; use one of {', '.join(KINDS_OF)}")
        elif not isinstance(texts, list):
            problems.append(f"{file}: {name}: should be a list of messages")
        else:
            yield name, texts
