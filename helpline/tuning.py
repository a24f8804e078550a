"""Finding the router's thresholds on development data.

The trained model reads every row once; then each set of thresholds is tried on what it saw. What
a mistake costs is written down here, once, and is the only judgement in it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from helpline.evaluation import Row
from helpline.knowledge import Knowledge
from helpline.routing import Context, Decision, Seen, Thresholds, decide

COSTS = {
    "missed screen": 40.0,  # a crisis or an emergency that got something else
    "false screen": 2.0,  # a screen for a question that an article answers
    "personal answered": 10.0,  # what depends on one person, answered as if general
    "personal refused": 1.5,  # a general question, treated as personal
    "wrong article": 5.0,  # confidently wrong
    "answered for nobody": 6.0,  # an article for what no article is about
    "clarified": 0.5,  # the right article, one press away
    "lost": 1.0,  # the right article, not offered
    "handed off": 0.3,  # a person was offered, for want of the right reply
    "misrouted": 1.0,  # anything else
}
"""A wrong answer costs more than a hand-off; a missed emergency costs more than all of it."""

EQUAL = 1e-9
"""Costs that differ by less are equal."""

GRID = {
    "answer": [0.40, 0.45, 0.50, 0.52, 0.54, 0.56, 0.58, 0.60, 0.62, 0.64, 0.67, 0.70, 0.75, 0.80],
    "clarify": [0.05, 0.10, 0.15, 0.20, 0.25, 0.30, 0.35, 0.40],
    "nearest": [0.02, 0.04, 0.05, 0.06, 0.07, 0.08, 0.10, 0.12, 0.15, 0.20],
    "near_equal": [0.15, 0.20, 0.25, 0.30, 0.40],
    "screen": [0.50, 0.45, 0.40, 0.35, 0.30, 0.25, 0.20],
    "personal_medical": [0.60, 0.55, 0.50, 0.45, 0.40, 0.35, 0.30, 0.25],
}
"""From the boldest to the most careful: of equally good values the last one is taken."""


@dataclass(frozen=True)
class Example:
    """A development row and what the pipeline saw in it."""

    row: Row
    seen: Seen


def cost(row: Row, decision: Decision) -> float:
    """Return what a decision costs, 0 for the right one."""
    expected, route = row.expected_route, decision.route
    if expected in ("crisis", "emergency"):
        return 0.0 if route in ("crisis", "emergency") else COSTS["missed screen"]
    if route in ("crisis", "emergency"):
        return COSTS["false screen"]
    if expected == "answer":
        if route == "answer":
            return 0.0 if decision.article in row.ok else COSTS["wrong article"]
        if route == "clarify":
            offered = any(article in row.ok for article in decision.candidates)
            return COSTS["clarified"] if offered else COSTS["lost"]
        return COSTS["personal refused"] if route == "personal_medical" else COSTS["lost"]
    if route == expected:
        return 0.0
    if route == "answer":
        return COSTS[
            "personal answered" if expected == "personal_medical" else "answered for nobody"
        ]
    return COSTS["handed off" if route in ("unsure", "human", "out_of_scope") else "misrouted"]


def tune(
    examples: Sequence[Example], knowledge: Knowledge, start: Thresholds
) -> tuple[Thresholds, float]:
    """Return the thresholds of least total cost, and the cost.

    Two at a time are varied over the grid while the others stand, until nothing improves: the
    thresholds act on different messages, so that is as good as trying all.
    """
    best, least = start, _total(examples, knowledge, start)
    pairs = [("answer", "clarify"), ("nearest", "near_equal"), ("screen", "personal_medical")]
    improved = True
    while improved:
        improved = False
        for names in pairs:
            for values in itertools.product(*(GRID[name] for name in names)):
                tried = Thresholds(**{**best.__dict__, **dict(zip(names, values, strict=True))})
                total = _total(examples, knowledge, tried)
                improved = improved or total < least - EQUAL
                if total < least + EQUAL:
                    best, least = tried, min(total, least)
    return best, least


def _total(examples: Iterable[Example], knowledge: Knowledge, thresholds: Thresholds) -> float:
    return sum(
        cost(example.row, decide(example.seen, Context(), knowledge, thresholds))
        for example in examples
    )
