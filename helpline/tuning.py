"""Finding the router's thresholds on development data.

The trained model reads every row once; then each set of thresholds is tried on what it saw. What
a mistake costs is written down here, once, and is the only judgement in it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from helpline.evaluation import Row
from helpline.knowledge import Knowledge
from helpline.routing import Context, Decision, Seen, Thresholds, decide
from helpline.safety.rules import SCREENS, ScreenName
from helpline.safety.verdict import ScreenThresholds, rejudge

COSTS = {
    "missed screen": 40.0,  # a crisis or an emergency that got something else
    "screen near danger": 2.0,  # a screen for what is close to it: a look-alike, distress
    "false screen": 20.0,  # a screen for an everyday question or word
    "personal answered": 8.0,  # what depends on one person, answered as if general
    "person withheld": 5.0,  # somebody asked for a person, and got something else
    "personal refused": 3.0,  # a general question, treated as personal
    "wrong article": 5.0,  # confidently wrong
    "answered for nobody": 6.0,  # an article for what no article is about
    "clarified": 2.0,  # the right article, one press away
    "lost": 3.0,  # the right article, not offered
    "handed off": 0.3,  # a person was offered, for want of the right reply
    "misrouted": 1.0,  # anything else
}
"""A wrong answer costs more than a hand-off; a missed emergency costs more than all of it."""

LIMITS = {"out_of_scope": 0.03, "personal_medical": 0.02}
"""Of the messages that such a route is right for, at most this share may get an article. Thresholds
within the limits come before cheaper ones beyond them."""

BEYOND_A_LIMIT = 10_000.0
"""What a whole share beyond a limit costs: more than all mistakes together."""

NEAR_DANGER = frozenset(("personal_medical", "support"))
"""Routes of people who may well need the numbers of a screen."""

EQUAL = 1e-9
"""Costs that differ by less are equal."""

GRID = {
    "answer": [0.40, 0.45, 0.50, 0.52, 0.54, 0.56, 0.58, 0.60, 0.62, 0.64, 0.67, 0.70, 0.75, 0.80],
    "clarify": [0.05, 0.10, 0.15, 0.20, 0.25, 0.30, 0.35, 0.40],
    "nearest": [0.02, 0.04, 0.05, 0.06, 0.07, 0.08, 0.10, 0.12, 0.15, 0.20],
    "near_equal": [0.15, 0.20, 0.25, 0.30, 0.40],
    "personal_medical": [0.60, 0.55, 0.50, 0.45, 0.40, 0.35, 0.30, 0.25],
    "ask_person": [0.50, 0.45, 0.40, 0.35, 0.30, 0.25, 0.20, 0.15, 0.10],
}
"""From the boldest to the most careful: of equally good values the last one is taken."""


@dataclass(frozen=True)
class Example:
    """A development row and what the pipeline saw in it."""

    row: Row
    seen: Seen


FINE_STEPS = [0.0, 0.0001, 0.0003, 0.001, 0.003, 0.006]
"""The classifier is often wrongly all but certain; what a sign outweighs lies between these."""

STEPS = [*FINE_STEPS, *(step / 100 for step in (*range(1, 10), *range(10, 40, 2), 40, 45, 50))]
"""Never more than even odds: doubt goes to safety."""

SCREEN_GRID = {"with_sign": STEPS, "with_weak_sign": STEPS, "alone": STEPS}
"""A sign never counts less than none."""


def cost(row: Row, decision: Decision) -> float:
    """Return what a decision costs, 0 for the right one."""
    route = decision.route
    if not set(row.routes).isdisjoint(SCREENS):
        return 0.0 if route in SCREENS else COSTS["missed screen"]
    if route in SCREENS:
        return _false_alarm(row)
    if row.is_right(route, decision.article):
        return 0.0
    if row.ok:
        if route == "answer":
            return COSTS["wrong article"]
        if route == "clarify":
            offered = any(article in row.ok for article in decision.candidates)
            return COSTS["clarified"] if offered else COSTS["lost"]
        return COSTS["personal refused"] if route == "personal_medical" else COSTS["lost"]
    if row.expected_route == "human":
        return COSTS["person withheld"]
    if route == "answer":
        personal = row.expected_route == "personal_medical"
        return COSTS["personal answered" if personal else "answered for nobody"]
    return COSTS["handed off" if route in ("unsure", "human", "out_of_scope") else "misrouted"]


def _false_alarm(row: Row) -> float:
    """Return what a screen costs that nobody needed."""
    near = (row.group or "").endswith("look_alike") or not NEAR_DANGER.isdisjoint(row.routes)
    return COSTS["screen near danger" if near else "false screen"]


def tune_screens(examples: Sequence[Example]) -> dict[ScreenName, ScreenThresholds]:
    """Return the thresholds of the two screens of least cost, each found by trying all."""
    return {screen: _tune_screen(examples, screen) for screen in SCREENS}


def _tune_screen(examples: Sequence[Example], screen: ScreenName) -> ScreenThresholds:
    verdicts = [example.seen.verdict for example in examples]
    chances = np.array([verdict.chances[screen] for verdict in verdicts])
    weakened = [
        {bool(sign.weakened_by) for sign in verdict.signs if sign.screen == screen}
        for verdict in verdicts
    ]
    strong = np.array([False in seen for seen in weakened])
    weak = np.array([True in seen for seen in weakened])
    wanted = np.array([screen in example.row.routes for example in examples])
    # An emergency that gets the crisis screen is seen as well, so it is no false alarm.
    unwanted = np.array(
        [
            _false_alarm(example.row) if set(SCREENS).isdisjoint(example.row.routes) else 0.0
            for example in examples
        ]
    )
    best: tuple[float, tuple[float, ...]] | None = None
    for values in itertools.product(*SCREEN_GRID.values()):
        with_sign, with_weak_sign, alone = values
        if not with_sign <= with_weak_sign <= alone:
            continue
        shown = (strong & (chances >= with_sign)) | (weak & (chances >= with_weak_sign))
        shown |= chances >= alone
        total = COSTS["missed screen"] * float((wanted & ~shown).sum())
        total += float(unwanted[shown].sum())
        if best is None or total < best[0]:
            best = (total, values)
    assert best is not None, "the grid is not empty"
    return ScreenThresholds(*best[1])


def tune(
    examples: Sequence[Example], knowledge: Knowledge, start: Thresholds
) -> tuple[Thresholds, float]:
    """Return the thresholds of least total cost, and the cost.

    The screens come first: nothing else is asked before them. Then two at a time are varied over
    the grid while the others stand, until nothing improves: the thresholds act on different
    messages, so that is as good as trying all.
    """
    screens = tune_screens(examples)
    examples = [
        replace(example, seen=replace(example.seen, verdict=rejudge(example.seen.verdict, screens)))
        for example in examples
    ]
    best = replace(start, screens=screens)
    least = _total(examples, knowledge, best)
    groups = [("answer", "clarify"), ("nearest", "near_equal"), ("personal_medical", "ask_person")]
    improved = True
    while improved:
        improved = False
        for names in groups:
            for values in itertools.product(*(GRID[name] for name in names)):
                tried = Thresholds(**{**best.__dict__, **dict(zip(names, values, strict=True))})
                total = _total(examples, knowledge, tried)
                improved = improved or total < least - EQUAL
                if total < least + EQUAL:
                    best, least = tried, min(total, least)
    return best, least


def _total(examples: Iterable[Example], knowledge: Knowledge, thresholds: Thresholds) -> float:
    total = 0.0
    rows = dict.fromkeys(LIMITS, 0)
    answered = dict.fromkeys(LIMITS, 0)
    for example in examples:
        decision = decide(example.seen, Context(), knowledge, thresholds)
        total += cost(example.row, decision)
        expected = example.row.expected_route
        if expected in LIMITS:
            rows[expected] += 1
            answered[expected] += decision.route == "answer"
    beyond = sum(
        max(0.0, answered[route] / rows[route] - limit)
        for route, limit in LIMITS.items()
        if rows[route]
    )
    return total + BEYOND_A_LIMIT * beyond
