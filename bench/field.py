"""Our components against the field: public question sets, the published figures beside ours.

Each set is trained with `rasa train nlu` and asked message by message, as a visitor would be
answered. Thresholds are chosen on validation rows; where a set has none, on its training rows
alone, some intents of which are left out in turn. Writes docs/benchmarks/field.json as each set is
done, then the table and the picture of docs/benchmarks.md.

    .venv/bin/python bench/field.py [--resume] [--quick]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict
from datetime import date
from functools import partial
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from abstaining import (
    CANDIDATES,
    WAYS,
    Labels,
    Merit,
    Numbers,
    Opinions,
    accuracy,
    choose,
    correlation,
    figures,
    leave_intents_out,
    weights_for,
)
from field_data import BOTS, OUT_OF_SCOPE, Absent, Example, QuestionSet, clinc, hint3
from field_rasa import learn_and_judge
from machine import revision
from page import put
from tqdm import tqdm

from helpline.settings import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"
MARK = "<!-- table: bench/field.py -->"
RESULTS = ROOT / "docs" / "benchmarks" / "field.json"
PICTURE = ROOT / "docs" / "benchmarks" / "field.svg"

FOLDS = 5

AS_PUBLISHED = "as published"
"""The threshold of the highest accuracy on validation rows, as Larson et al. chose it."""

HALF = "half out of scope"
"""The best threshold for messages of which half are out of scope."""

AT_ONCE = 2
"""Sets measured at the same time: asking takes one core, and is most of it."""

BUSY = 1.2
"""Waiting processes a core (the load average before the first set) from which times are not to be
trusted."""

SWEEP = [number / 10 for number in range(1, 10)]
"""The thresholds of the figures that were published for HINT3."""

SETS: dict[str, Callable[[], QuestionSet]] = {
    **{f"clinc150_{size}": partial(clinc, size) for size in ("full", "small")},
    **{f"hint3_{bot}": partial(hint3, bot) for bot in BOTS},
}

PUBLISHED_CLINC: dict[str, dict[str, tuple[float, float]]] = {
    "clinc150_full": {
        "Rasa, trained on out-of-scope rows": (91.5, 45.3),
        "Rasa, threshold": (90.9, 31.2),
        "MLP on USE, threshold": (93.4, 49.1),
        "BERT, trained on out-of-scope rows": (96.9, 40.3),
        "BERT, threshold": (96.2, 52.3),
    },
    "clinc150_small": {
        "Rasa, trained on out-of-scope rows": (88.9, 55.0),
        "BERT, threshold": (96.2, 58.9),
    },
}
"""Accuracy in scope and recall out of scope, in percent: Larson et al. 2019, table 2."""

PUBLISHED_HINT3: dict[str, tuple[float, float, float]] = {
    "Rasa": (51.1, 34.0, 52.6),
    "BERT": (55.3, 34.7, 61.7),
    "Dialogflow": (57.8, 35.3, 63.8),
    "LUIS": (53.9, 35.9, 58.1),
    "Haptik": (60.3, 42.5, 58.8),
}
"""Matthews correlation times 100 at the threshold that is best on the test rows, in the order of
``BOTS``: from the results that Arora et al. 2020 published with the sets. Those of Haptik in their
paper are lower."""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--resume", action="store_true", help="leave out what is there already")
    parser.add_argument("--quick", action="store_true", help="few rows, nothing written")
    options = parser.parse_args()
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    if options.quick:
        results = {}
    # Now, because work may go on in the repository meanwhile, and the sets themselves are a load.
    before = {"revision": revision(), "load_before": round(os.getloadavg()[0], 1)}
    names = [name for name in SETS if not (options.quick and name.startswith("clinc150"))]
    names = [name for name in names if not (options.resume and name in results)]
    with ProcessPoolExecutor(AT_ONCE, mp_context=get_context("spawn")) as pool:
        measuring = {pool.submit(measured, name, options.quick): name for name in names}
        for done in tqdm(as_completed(measuring), desc="sets", total=len(names)):
            try:
                result = done.result()
            except Absent as absent:
                tqdm.write(str(absent))
                continue
            result["made"] |= before
            results[measuring[done]] = result
            if not options.quick:
                write(results)
    if results:
        table = table_of(results)
        print(table)
        if options.quick:
            print("\nA trial on few rows: not to be held against the published figures.")
        if not options.quick:
            draw(results)
            put(PAGE, MARK, table)


def measured(name: str, quick: bool) -> dict[str, Any]:
    """Read a set and measure it.

    Raises:
        Absent: it is not there.
    """
    questions = SETS[name]()
    if quick:
        questions = questions.thinned(per_intent=8, every=20)
    return result_of(questions, folds=2 if quick else FOLDS)


def write(results: dict[str, Any]) -> None:
    """Keep what is done, in one piece."""
    aside = RESULTS.with_suffix(".new")
    aside.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    aside.replace(RESULTS)


def result_of(questions: QuestionSet, folds: int) -> dict[str, Any]:
    """Train, ask, choose the thresholds, judge."""
    made = made_here()
    learned, trained, milliseconds = learn_and_judge(
        questions.train, [*questions.validation, *questions.test], questions.name
    )
    half_out = partial(weights_for, out_share=0.5)
    rules: dict[str, tuple[Merit, Callable[[Labels], Numbers]]]
    if questions.validation:
        validation = learned.rows(slice(None, len(questions.validation)))
        rules = {
            AS_PUBLISHED: (accuracy, as_they_come),
            HALF: (accuracy, half_out),
        }
    else:
        validation = left_out(questions, folds)
        # How much is out of scope cannot be known from training rows: a half is assumed.
        rules = {HALF: (correlation, half_out)}
    test = learned.rows(slice(len(questions.validation), None))
    ways: dict[str, Any] = {}
    for way, score in WAYS.items():
        seen, scores = score(validation), score(test)
        curve = [figures(test, scores, candidate) for candidate in CANDIDATES[::4]]
        sweep = [figures(test, scores, threshold).correlation for threshold in SWEEP]
        ways[way] = {
            "best_correlation_on_test": max(sweep),
            "curve_on_test": [[c.in_scope, c.out_of_scope] for c in curve],
            "rules": {},
        }
        for rule, (merit, weigh) in rules.items():
            threshold, reached = choose(validation, seen, merit, weigh(validation.right))
            ways[way]["rules"][rule] = {
                "threshold": threshold,
                "merit_on_validation": reached,
                "validation": asdict(figures(validation, seen, threshold)),
                "test": asdict(figures(test, scores, threshold)),
            }
    return {
        "made": made,
        "rows": {
            "train": len(questions.train),
            "intents": len({example.intent for example in questions.train}),
            "validation": len(validation.right),
            "test_in_scope": int((test.right != OUT_OF_SCOPE).sum()),
            "test_out_of_scope": int((test.right == OUT_OF_SCOPE).sum()),
        },
        "training_seconds": round(trained, 1),
        "milliseconds_per_message": round(milliseconds, 2),
        "ways": ways,
        "chosen": {
            rule: max(ways, key=lambda way: ways[way]["rules"][rule]["merit_on_validation"])
            for rule in rules
        },
    }


def as_they_come(right: Labels) -> Numbers:
    """Return the same weight for every message."""
    return np.ones(len(right))


def left_out(questions: QuestionSet, folds: int) -> Opinions:
    """Return opinions on training rows by models that did not learn them, nor some intents."""
    intents = [example.intent for example in questions.train]
    found = []
    for fold, (learn, judge) in enumerate(leave_intents_out(intents, folds), 1):
        known = {intents[place] for place in learn}
        asked = [
            Example(e.text, e.intent if e.intent in known else OUT_OF_SCOPE)
            for e in (questions.train[place] for place in judge)
        ]
        what = f"{questions.name}, intents left out, {fold} of {folds}"
        found.append(learn_and_judge([questions.train[place] for place in learn], asked, what)[0])
    return Opinions.together(found)


def made_here() -> dict[str, Any]:
    """Return when, where and with what this is made."""
    return {
        "date": str(date.today()),
        "machine": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        **{name: version(name) for name in ("rasa", "onnxruntime", "scikit-learn")},
    }


def table_of(results: dict[str, Any]) -> str:
    """Return everything as Markdown."""
    made = next(iter(results.values()))["made"]
    lines = [
        f"Made by `.venv/bin/python bench/field.py` on {made['date']}: {made['cores']} cores, "
        f"{made['machine']}, Python {made['python']}, Rasa {made['rasa']}, scikit-learn "
        f"{made['scikit-learn']}, onnxruntime {made['onnxruntime']}. More in "
        "[field.json](benchmarks/field.json). In bold: the way that was best on validation rows.",
    ]
    for size in ("full", "small"):
        name = f"clinc150_{size}"
        if name in results:
            lines += ["", *_clinc_table(size, results[name], PUBLISHED_CLINC[name])]
    bots = [bot for bot in BOTS if f"hint3_{bot}" in results]
    if bots:
        lines += ["", *_hint3_table({bot: results[f"hint3_{bot}"] for bot in bots})]
    lines += ["", *_times_table(results)]
    return "\n".join(lines)


def _clinc_table(
    size: str, result: dict[str, Any], published: dict[str, tuple[float, float]]
) -> list[str]:
    rows = result["rows"]
    lines = [
        f"**CLINC150, {size}**: {rows['train']} rows to learn from, {rows['intents']} intents; "
        f"judged by {rows['test_in_scope']} in scope and {rows['test_out_of_scope']} out of scope.",
        "",
        "| | in scope, right | out of scope, withheld | strict: in scope, right "
        "| strict: out of scope, withheld |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for way, found in result["ways"].items():
        cells = []
        for rule in (AS_PUBLISHED, HALF):
            test = found["rules"][rule]["test"]
            for value in (test["in_scope"], test["out_of_scope"]):
                cells.append(_marked(f"{100 * value:.1f}", way == result["chosen"][rule]))
        lines.append(f"| ours, {way} | " + " | ".join(cells) + " |")
    for system, (inside, outside) in published.items():
        lines.append(f"| published: {system} | {inside:.1f} | {outside:.1f} | | |")
    return lines


def _hint3_table(results: dict[str, dict[str, Any]]) -> list[str]:
    lines = [
        "**HINT3, version 1**: Matthews correlation times 100. In the second half, labeled “best "
        "on test”, is the best of nine thresholds from 0.1 to 0.9, found on the test rows "
        "themselves. The published figures are of that kind; nobody could have known that "
        "threshold beforehand.",
        "",
        "| | " + " | ".join([*results, *(f"{bot}, best on test" for bot in results)]) + " |",
        "| --- |" + " ---: |" * (2 * len(results)),
    ]
    for way in WAYS:
        found = [result["ways"][way] for result in results.values()]
        own = [
            _marked(
                f"{100 * f['rules'][HALF]['test']['correlation']:.1f}",
                way == result["chosen"][HALF],
            )
            for f, result in zip(found, results.values(), strict=True)
        ]
        best = [f"{100 * f['best_correlation_on_test']:.1f}" for f in found]
        lines.append(f"| ours, {way} | " + " | ".join([*own, *best]) + " |")
    for system, correlations in PUBLISHED_HINT3.items():
        of_bot = dict(zip(BOTS, correlations, strict=True))
        best = [f"{of_bot[bot]:.1f}" for bot in results]
        lines.append(
            f"| published: {system} | " + " | ".join([*["" for _ in results], *best]) + " |"
        )
    return lines


def _times_table(results: dict[str, Any]) -> list[str]:
    lines = [
        f"{AT_ONCE} sets at a time, so times are longer than those of one alone.",
        "",
        "| set | rows to learn from | training | a message |",
        "| --- | ---: | ---: | ---: |",
    ]
    for name in SETS:
        if name in results:
            result = results[name]
            lines.append(
                f"| {name} | {result['rows']['train']} | {result['training_seconds']:.0f} s "
                f"| {result['milliseconds_per_message']:.1f} ms |"
            )
    if any(
        result["made"]["load_before"] > BUSY * result["made"]["cores"]
        for result in results.values()
    ):
        lines += [
            "",
            "The machine was busy with other work. That changes none of the figures above, but "
            "the times are far too long and have to be remade on a quiet one.",
        ]
    return lines


def _marked(figure: str, chosen: bool) -> str:
    return f"**{figure}**" if chosen else figure


def draw(results: dict[str, Any], file: Path = PICTURE) -> None:
    """Draw accuracy in scope against recall out of scope."""
    names = [name for name in PUBLISHED_CLINC if name in results]
    if not names:
        return
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams["svg.hashsalt"] = "helpline"
    from matplotlib import pyplot

    systems = dict.fromkeys(system for name in names for system in PUBLISHED_CLINC[name])
    markers = dict(zip(systems, "sDv^P", strict=False))
    figure, axes = pyplot.subplots(
        1, len(names), figsize=(5.5 * len(names), 4.6), sharey=True, squeeze=False
    )
    for plot, name in zip(axes[0], names, strict=True):
        for way, found in results[name]["ways"].items():
            points = 100 * np.array(found["curve_on_test"])
            (line,) = plot.plot(*points.T, linewidth=1.2, label=f"ours, {way}")
            for rule, at in found["rules"].items():
                mark = "*" if way == results[name]["chosen"][rule] else "o"
                inside, outside = 100 * at["test"]["in_scope"], 100 * at["test"]["out_of_scope"]
                size = 13 if mark == "*" else 6
                plot.plot(inside, outside, mark, color=line.get_color(), markersize=size)
        for system, point in PUBLISHED_CLINC[name].items():
            marker = markers[system]
            plot.plot(*point, marker, color="0.35", label=f"published: {system}")
        plot.set(
            title=name.replace("clinc150_", "CLINC150, "),
            xlabel="accuracy in scope, %",
            xlim=(84, 98),
            ylim=(20, 100),
        )
        plot.grid(color="0.9")
    axes[0][0].set_ylabel("recall out of scope, %")
    axes[0][0].legend(fontsize=8, ncol=2, loc="upper left", bbox_to_anchor=(0, -0.14))
    figure.subplots_adjust(wspace=0.06)
    file.parent.mkdir(exist_ok=True)
    figure.savefig(file, metadata={"Date": None}, bbox_inches="tight")
    pyplot.close(figure)


if __name__ == "__main__":
    main()
