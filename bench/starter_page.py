"""What the raw results of bench/starter.py come to: the table with its budgets, and the plots."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

import matplotlib

matplotlib.use("Agg")

from matplotlib import pyplot
from picture import saved
from turns import percentile

Part = dict
"""The parts that were measured of one side, by name."""

SIDES = {"helpline": "Helpline", "starter": "starter pipeline"}
COLORS = {"helpline": "#0b6e75", "starter": "#c2691c"}


@dataclass(frozen=True)
class Budget:
    """How our figure has to stand to the starter's."""

    sign: Literal["≤", "≥"]
    factor: Fraction

    def is_met(self, ours: float, theirs: float) -> bool:
        """Return whether it does."""
        limit = theirs * self.factor
        return ours <= limit if self.sign == "≤" else ours >= limit

    def __str__(self) -> str:
        whole = self.factor.denominator == 1 or self.factor > 1
        return f"{self.sign} {float(self.factor):g}" if whole else f"{self.sign} {self.factor}"


@dataclass(frozen=True)
class Figure:
    """A row of the table."""

    what: str
    of: Callable[[Part], float]
    """Raises KeyError where that was not measured."""
    unit: Literal["s", "ms", "MB", "/s", "%"]
    budget: Budget | None = None


def middle(times: Sequence[float]) -> float:
    return percentile(times, 0.5)


def ninety_five(times: Sequence[float]) -> float:
    return percentile(times, 0.95)


def memory(parts: Part, when: str) -> float:
    serving = parts["serving"]
    return sum(serving[f"{when}_mb"].values())


def at(visitors: int) -> Callable[[Part], float]:
    def per_second(parts: Part) -> float:
        return parts["serving"]["at_once"][str(visitors)]["per_second"]

    return per_second


def figures(visitors: Sequence[int]) -> list[Figure]:
    """Return the rows.

    Args:
        visitors: how many spoke at once, in each of the measurements.
    """
    budgets = {32: Budget("≥", Fraction(3, 2))}
    return [
        Figure("training", lambda p: p["training"]["seconds"], "s", Budget("≤", Fraction(1, 10))),
        Figure("training, processor time", lambda p: p["training"]["cpu_seconds"], "s"),
        Figure("training, most memory", lambda p: p["training"]["peak_mb"], "MB"),
        Figure("model on disk", lambda p: p["training"]["model_mb"], "MB"),
        Figure(
            "both servers, start to ready",
            lambda p: p["serving"]["ready_seconds"],
            "s",
            Budget("≤", Fraction(1, 2)),
        ),
        Figure(
            "one turn over REST, median",
            lambda p: middle(p["serving"]["one_by_one"]["ms"]),
            "ms",
            Budget("≤", Fraction(3, 4)),
        ),
        Figure(
            "one turn over REST, 95 in 100 are faster than",
            lambda p: ninety_five(p["serving"]["one_by_one"]["ms"]),
            "ms",
        ),
        Figure(
            "one turn on the web channel, median",
            lambda p: middle(p["web"]["ms"]),
            "ms",
        ),
        Figure(
            "one turn on the web channel, 95 in 100 are faster than",
            lambda p: ninety_five(p["web"]["ms"]),
            "ms",
        ),
        *(
            Figure(
                f"turns a second, {count} visitor{'s' if count > 1 else ''} over REST",
                at(count),
                "/s",
                budgets.get(count),
            )
            for count in visitors
        ),
        Figure(
            "memory, both servers idle",
            lambda p: memory(p, "idle"),
            "MB",
            Budget("≤", Fraction(1)),
        ),
        Figure("memory, both servers after the load", lambda p: memory(p, "loaded"), "MB"),
        Figure("questions answered with the right article", answers("answered"), "%"),
        Figure("questions answered with a wrong article", answers("wrong_answers"), "%"),
        Figure("right article ranked first", answers("first"), "%"),
        Figure(
            "messages for others answered with an article",
            answers("answered_though_not_for_articles"),
            "%",
        ),
    ]


def answers(share: str) -> Callable[[Part], float]:
    return lambda parts: parts["answers"][share] * 100


def table(parts: dict[str, Part], visitors: Sequence[int]) -> str:
    """Return the table; a cell that nothing was measured for says none."""
    lines = [
        "| what | Helpline | starter pipeline | ours ÷ theirs | budget | |",
        "| --- | ---: | ---: | ---: | ---: | --- |",
    ]
    for figure in figures(visitors):
        values = [value_of(figure, parts.get(side, {})) for side in SIDES]
        cells = [spoken(value, figure.unit) for value in values]
        ours, theirs = values
        ratio = verdict = ""
        if ours is not None and theirs:
            ratio = f"{ours / theirs:.2f}"
            if figure.budget:
                verdict = "met" if figure.budget.is_met(ours, theirs) else "**missed**"
        lines.append(
            f"| {figure.what} | {' | '.join(cells)} | {ratio} | {figure.budget or ''} | {verdict} |"
        )
    return "\n".join(lines)


def value_of(figure: Figure, parts: Part) -> float | None:
    try:
        return figure.of(parts)
    except KeyError:
        return None


def spoken(value: float | None, unit: str) -> str:
    if value is None:
        return "none"
    number = f"{value:.1f}" if unit == "%" or value < 100 else f"{value:.0f}"
    return f"{number} {unit}" if unit != "%" else f"{number}%"


def plots(parts: dict[str, Part], visitors: Sequence[int], folder: Path) -> list[Path]:
    """Draw what can be drawn and return the files."""
    pyplot.rcParams |= {"svg.hashsalt": "starter", "font.size": 10, "axes.spines.top": False}
    pyplot.rcParams["axes.spines.right"] = False
    folder.mkdir(exist_ok=True)
    turns = {
        "REST\nmedian": lambda p: middle(p["serving"]["one_by_one"]["ms"]),
        "REST\n95 in 100": lambda p: ninety_five(p["serving"]["one_by_one"]["ms"]),
        "web\nmedian": lambda p: middle(p["web"]["ms"]),
        "web\n95 in 100": lambda p: ninety_five(p["web"]["ms"]),
    }
    kept = {
        "idle": lambda p: memory(p, "idle"),
        "after the load": lambda p: memory(p, "loaded"),
        "training, most": lambda p: p["training"]["peak_mb"],
    }
    trained = {
        "on the clock": lambda p: p["training"]["seconds"],
        "of the processor": lambda p: p["training"]["cpu_seconds"],
    }
    drawn = [
        bars(parts, trained, "Training (s)", folder / "starter-training.svg"),
        bars(parts, turns, "One turn (ms)", folder / "starter-turns.svg"),
        bars(parts, kept, "Memory (MB)", folder / "starter-memory.svg"),
    ]
    figure, axes = pyplot.subplots(figsize=(6, 3.2))
    for side, name in SIDES.items():
        found = [value_of(Figure("", at(count), "/s"), parts[side]) for count in visitors]
        axes.plot(range(len(visitors)), found, "o-", color=COLORS[side], label=name)
    axes.set_xticks(range(len(visitors)), [str(count) for count in visitors])
    axes.set_xlabel("visitors at once")
    axes.set_ylim(bottom=0)
    axes.set_title("Turns a second, over REST")
    axes.legend(frameon=False)
    drawn.append(saved(figure, folder / "starter-throughput.svg"))
    return drawn


def bars(
    parts: dict[str, Part], groups: dict[str, Callable[[Part], float]], title: str, file: Path
) -> Path:
    figure, axes = pyplot.subplots(figsize=(6, 3.2))
    for offset, (side, name) in enumerate(SIDES.items()):
        found = [value_of(Figure("", of, "s"), parts[side]) or 0 for of in groups.values()]
        places = [place + (offset - 0.5) * 0.38 for place in range(len(groups))]
        drawn = axes.bar(places, found, 0.36, color=COLORS[side], label=name)
        axes.bar_label(drawn, fmt="%.0f", padding=2)
    axes.set_xticks(range(len(groups)), list(groups))
    axes.set_title(title)
    axes.margins(y=0.15)
    axes.legend(frameon=False)
    return saved(figure, file)
