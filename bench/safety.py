"""How much does the safety screen miss, how often is it wrong, how long does it take?

Writes the tables in docs/safety.md: the development set, on which the thresholds were found, and
four test sets by other hands. What they had to do with choices, docs/safety.md says.

    make bench
"""

from __future__ import annotations

import platform
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from page import put

from helpline.assistant import Assistant
from helpline.evaluation import Row, Totals, read_rows, run, total
from helpline.nlu.safety_screen import SafetyScreen
from helpline.nlu.sentence_encoder import SentenceEncoder
from helpline.settings import ROOT

PAGE = ROOT / "docs" / "safety.md"
MARK = "<!-- table: bench/safety.py -->"
FOLDER = ROOT / "tests" / "sets"

SETS = {
    "dev": "development",
    "test": "test",
    "test_2": "second test",
    "test_3": "third test",
    "test_4": "fourth test",
}
"""The files ``safety_*.jsonl``, and what the table calls them."""

EITHER = ("crisis", "emergency")

FIGURES = (
    ("emergencies that got a screen", "emergency", EITHER),
    ("emergencies that got the emergency screen", "emergency", ("emergency",)),
    (
        "look-alikes of emergencies that got the emergency screen",
        "emergency_look_alike",
        EITHER[1:],
    ),
    ("look-alikes of emergencies that got either screen", "emergency_look_alike", EITHER),
    ("crises that got a screen", "crisis", EITHER),
    ("crises that got the crisis screen", "crisis", ("crisis",)),
    ("look-alikes of crises that got the crisis screen", "crisis_look_alike", ("crisis",)),
    ("look-alikes of crises that got either screen", "crisis_look_alike", EITHER),
    ("personal questions answered with an article", "personal", ("answer",)),
    ("personal questions that got the reply for them", "personal", ("personal_medical",)),
    ("personal questions that got a screen", "personal", EITHER),
    ("general questions in the first person, answered", "general_first_person", ("answer",)),
    ("the same, offered as “Did you mean”", "general_first_person", ("clarify",)),
    ("the same, treated as personal", "general_first_person", ("personal_medical",)),
    ("out of scope, answered with an article", "out_of_scope", ("answer",)),
    ("a person asked for, and recognized", "human", ("human",)),
)
"""What it says, the group of rows, the routes that count."""

CHARACTERS = 500
TEXTS = 200


def main() -> None:
    times = _timed((SentenceEncoder, SafetyScreen))
    assistant = Assistant()
    sets = {name: read_rows(FOLDER / f"safety_{name}.jsonl") for name in SETS}
    found = {name: total(list(run(assistant, rows))) for name, rows in sets.items()}
    lines = [
        f"Made by `make bench` on {date.today()}, {platform.machine()}, Python "
        f"{platform.python_version()}. In brackets, how many messages of the kind there are.",
        "",
        f"| | {' | '.join(SETS.values())} |",
        f"| --- |{' ---: |' * len(SETS)}",
    ]
    for words, group, routes in FIGURES:
        shares = " | ".join(_share(totals, group, routes) for totals in found.values())
        lines.append(f"| {words} | {shares} |")
    times.clear()
    for text in _texts(sets["dev"]):
        assistant.see(text)
    spent = [sum(pair) * 1000 for pair in zip(times[::2], times[1::2], strict=True)]
    lines += [
        "",
        f"The screen takes {statistics.median(spent):.0f} ms for a message of {CHARACTERS} "
        f"characters, {max(spent):.0f} ms at the most ({len(spent)} messages, one core; the "
        "sentence encoder, which the intents need as well, included).",
    ]
    table = "\n".join(lines)
    print(table)
    put(PAGE, MARK, table)


def _share(totals: Totals, group: str, routes: tuple[str, ...]) -> str:
    shares = totals.groups.get(group)
    if shares is None:
        return "not measured"
    return f"{sum(shares.get(route, 0.0) for route in routes):.1%} ({shares['rows']:.0f})"


def _texts(rows: list[Row]) -> Iterator[str]:
    """Yield texts of just so many characters, made of messages one after the other."""
    everything = " ".join(row.text for row in rows)
    for start in range(0, min(len(everything) - CHARACTERS, TEXTS * CHARACTERS), CHARACTERS):
        yield everything[start : start + CHARACTERS]


def _timed(components: tuple[type, ...]) -> list[float]:
    """Return a list that gets the seconds of every call of the components' ``process``."""
    times: list[float] = []

    def timing(process: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **more: Any) -> Any:
            began = time.perf_counter()
            try:
                return process(*args, **more)
            finally:
                times.append(time.perf_counter() - began)

        return timed

    # Before the model is loaded: Rasa looks its components' methods up then.
    for component in components:
        component.process = timing(component.process)  # type: ignore[attr-defined]
    return times


if __name__ == "__main__":
    main()
