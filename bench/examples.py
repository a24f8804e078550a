"""How many example questions does an article need? Right articles by examples each, as a curve.

Ours alone, on the development set: with the sentence encoder as it is in use, which was taught all
examples beforehand, and with the encoder as it was published, which has seen none. Both also learn
from the articles' own sentences, as the assistant does.

    .venv/bin/python bench/examples.py
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Iterable
from datetime import date
from importlib.metadata import version
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import numpy as np
from matplotlib import pyplot
from page import put
from picture import saved
from sample import pick

from helpline.encoder import Encoder, Vectors, exported
from helpline.evaluation import Row, read_rows
from helpline.knowledge import Knowledge, configured_knowledge
from helpline.quiet import hush
from helpline.retrieval import ArticleRetriever, sentences_of
from helpline.settings import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"
MARK = "<!-- table: bench/examples.py -->"
FOLDER = ROOT / "docs" / "benchmarks"
DEVELOPMENT = ROOT / "tests" / "sets" / "dev.jsonl"

EACH = (1, 3, 10, 0)
"""Examples per article; 0 for all."""

SAMPLES = 2
"""Of each size, where there is a choice."""

ENCODERS = {"taught": "as in use", "published": "as published"}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--quick", action="store_true", help="a small try that writes nothing")
    options.add_argument("--write", action="store_true", help="let --quick write all the same")
    asked = options.parse_args()
    hush(with_rasa=False)
    sizes, samples = ((1,), 1) if asked.quick else (EACH, SAMPLES)
    rows = [row for row in read_rows(DEVELOPMENT) if row.ok]
    knowledge = configured_knowledge()
    found = {
        name: curve(Encoder(exported(name == "taught"), threads=0), knowledge, rows, sizes, samples)
        for name in ENCODERS
    }
    made = f"""Made by `make bench` on {date.today()}: {os.cpu_count()} cores, \
{platform.machine()}, Python {platform.python_version()}, onnxruntime {version("onnxruntime")}, \
scikit-learn {version("scikit-learn")}. {len(rows)} questions of the development set; the mean of \
{samples} samples, in brackets the least and the most."""
    text = f"{made}\n\n{table(found)}"
    print(text)
    if asked.write or not asked.quick:
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / "examples.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        plot(found, FOLDER / "examples.svg")
        picture = "![Share of questions with the right article first, by examples per article]"
        put(PAGE, MARK, f"{text}\n\n{picture}(benchmarks/examples.svg)")


def curve(
    encoder: Encoder, knowledge: Knowledge, rows: list[Row], sizes: Iterable[int], samples: int
) -> dict[str, list[dict[str, float]]]:
    """Return of each size and sample how often a right article is first, and in three."""
    sentences = [(s, a.id) for a in knowledge.articles.values() for s in sentences_of(a)]
    questions = {a.id: [a.title, *a.ask] for a in knowledge.articles.values()}
    vector = dict_of(encoder, [text for texts in questions.values() for text in texts])
    spoken = encoder.encode([sentence for sentence, _ in sentences])
    asked = [row.text for row in rows]
    vectors = encoder.encode(asked)
    found: dict[str, list[dict[str, float]]] = {}
    for size in sizes:
        for number in range(samples if size else 1):
            pairs = [
                (text, article)
                for article, texts in questions.items()
                for text in pick(texts, size, f"{article} {number}")
            ]
            retriever = ArticleRetriever()
            retriever.fit(
                [text for text, _ in pairs],
                [sentence for sentence, _ in sentences],
                np.vstack([*(vector(text)[None] for text, _ in pairs), spoken]),
                [article for _, article in [*pairs, *sentences]],
            )
            chances = retriever.probabilities(asked, vectors)
            found.setdefault(str(size or "all"), []).append(
                hits(chances, retriever.articles, [row.ok for row in rows])
            )
            print(f"{size or 'all'} each, sample {number + 1}", file=sys.stderr, flush=True)
    return found


def dict_of(encoder: Encoder, texts: list[str]) -> Callable[[str], Vectors]:
    """Return the vectors of texts by text."""
    return dict(zip(texts, encoder.encode(texts), strict=True)).__getitem__


def hits(chances: np.ndarray, articles: list[str], right: list[tuple[str, ...]]) -> dict:
    """Return how often a right article is first, and among the first three."""
    order = np.argsort(-chances, axis=1)[:, :3]
    in_three = [[articles[i] in ok for i in three] for three, ok in zip(order, right, strict=True)]
    return {
        "first": round(float(np.mean([hit[0] for hit in in_three])), 4),
        "in_three": round(float(np.mean([any(hit) for hit in in_three])), 4),
    }


def table(found: dict[str, dict[str, list[dict[str, float]]]]) -> str:
    heads = [f"{measure}, encoder {words}" for words in ENCODERS.values() for measure in WORDS]
    lines = [
        f"| examples per article | {' | '.join(heads)} |",
        "| ---: |" + " ---: |" * len(heads),
    ]
    for size in found["taught"]:
        cells = [
            spread([sample[measure] for sample in found[name][size]])
            for name in ENCODERS
            for measure in WORDS.values()
        ]
        lines.append(f"| {size} | {' | '.join(cells)} |")
    return "\n".join(lines)


WORDS = {"first": "first", "in three": "in_three"}


def spread(shares: list[float]) -> str:
    """Return the mean, with the least and the most where there are several."""
    mean = f"{np.mean(shares):.1%}"
    return f"{mean} ({min(shares):.1%}–{max(shares):.1%})" if len(shares) > 1 else mean


def plot(found: dict[str, dict[str, list[dict[str, float]]]], file: Path) -> None:
    pyplot.rcParams |= {"svg.hashsalt": "examples", "font.size": 10}
    figure, axes = pyplot.subplots(figsize=(6, 3.2))
    for name, color in (("taught", "#0b6e75"), ("published", "#c2691c")):
        means = [np.mean([s["first"] for s in samples]) * 100 for samples in found[name].values()]
        axes.plot(range(len(means)), means, "o-", color=color, label=f"encoder {ENCODERS[name]}")
    axes.set_xticks(range(len(found["taught"])), list(found["taught"]))
    axes.set_xlabel("examples per article")
    axes.set_title("Right article first, % of the development set")
    axes.legend(frameon=False)
    saved(figure, file)


if __name__ == "__main__":
    main()
