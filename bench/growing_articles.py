"""What so many articles cost: to learn, to keep, and in every turn. In a process of its own.

Where learning does not fit into the memory that is free, or is not wanted, a turn is measured with
weights of the same size that were drawn by chance. Prints JSON; bench/growth.py calls it.

    python bench/growing_articles.py 1000
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from made_up import made_up
from scipy.sparse import vstack
from sklearn.linear_model import LogisticRegression

from helpline.encoder import DIMENSIONS, Encoder, Vectors, exported
from helpline.evaluation import read_rows
from helpline.knowledge import Article, configured_knowledge
from helpline.nlu.importer import KnowledgeImporter
from helpline.retrieval import ArticleRetriever, sentences_of
from helpline.settings import ROOT
from helpline.words import WordClassifier

TEXTS = 200
"""Questions of the development set that are ranked."""

DOUBLE, SINGLE = 8, 4
"""Bytes of a number."""

COPIES = 4
"""The exact solution of the meaning holds its scores, a number per text and article, so often."""

FREE = 0.7
"""So much of the free memory may be taken."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("articles", type=int)
    options.add_argument("--untrained", action="store_true")
    asked = options.parse_args()
    articles = _articles(asked.articles)
    found: dict[str, Any] = {"articles": len(articles)}
    questions = [(text, a) for a in articles for text in (a.title, *a.ask)]
    sentences = [(text, a) for a in articles for text in sentences_of(a)]
    texts = [text for text, _ in (*questions, *sentences)]
    labels = [article.id for _, article in (*questions, *sentences)]
    found |= {"questions": len(questions), "sentences": len(sentences)}

    retriever = ArticleRetriever()
    words = WordClassifier()
    for feature in words._features:
        feature.fit(texts)
    features = sum(len(feature.vocabulary_) for feature in words._features)
    needed = len(texts) * len(articles) * DOUBLE * COPIES + features * len(articles) * (
        DOUBLE + SINGLE
    )
    found |= {"features": features, "needed_mb": needed / 2**20}
    free = int(_line("/proc/meminfo", "MemAvailable")) / 1024
    found["trained"] = not asked.untrained and needed / 2**20 < FREE * free
    asks = [row.text for row in read_rows(ROOT / "tests" / "sets" / "dev.jsonl")][:TEXTS]
    encode = Encoder(exported(), threads=0).encode
    seen = encode(asks)
    if found["trained"]:
        with _timed(found, "encoding_s"):
            vectors = encode(texts)
        fit_words = retriever._words.fit

        def timed_fit(*args: Any) -> None:
            with _timed(found, "words_s"):
                fit_words(*args)

        retriever._words.fit = timed_fit  # type: ignore[method-assign]
        asked_texts = [text for text, _ in questions]
        with _timed(found, "learning_s"):
            retriever.fit(asked_texts, [text for text, _ in sentences], vectors, labels)
        del retriever._words.fit
        found["meaning_s"] = found["learning_s"] - found["words_s"]
        other = [(e.get("text"), e.get("intent")) for e in _own_examples()]
        by_topic = [(text, article.topic) for text, article in questions] + other
        meant = np.vstack([vectors[: len(questions)], encode([text for text, _ in other])])
        intents = [intent for _, intent in by_topic]
        with _timed(found, "intents_s"):
            # As config.yml has it.
            meaning = LogisticRegression(max_iter=30, class_weight="balanced").fit(meant, intents)
            intent_words = WordClassifier()
            intent_words.fit([text for text, _ in by_topic], intents)
        found["intents"] = len(set(intents))
        intent_times = _times(
            lambda text, vector: (
                meaning.predict_proba(vector[None, :]),
                intent_words.probabilities([text]),
            ),
            asks,
            seen,
        )
        found |= {"intents_ms": intent_times}
    else:
        _draw(retriever, words, sorted({a.id for a in articles}), asks)
    found["ranking_ms"] = _times(retriever.rank, asks, seen)
    found["peak_mb"] = int(_line("/proc/self/status", "VmHWM")) / 1024
    found["weights_mb"] = sum(weights.nbytes for weights in retriever._words._weights) / 2**20
    print(json.dumps(found))


def _articles(count: int) -> list[Article]:
    """Return the real ones, and made-up ones up to so many."""
    real = list(configured_knowledge().articles.values())
    rest = [Article(topic=f"made-up-{n // 100}", **b) for n, b in enumerate(made_up(count))]
    return [*real, *rest[: max(0, count - len(real))]]


def _own_examples() -> list[Any]:
    """Return the examples of intents that are no articles."""
    importer = KnowledgeImporter(
        str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(ROOT / "data")]
    )
    return [e for e in importer.get_nlu_data().intent_examples if not e.get("intent_response_key")]


def _draw(
    retriever: ArticleRetriever, words: WordClassifier, articles: list[str], asks: list[str]
) -> None:
    """Give a retriever weights that nobody learned; those that the texts need are really there."""
    dice = np.random.default_rng(0)
    words._labels = articles
    words._intercepts = np.zeros(len(articles), dtype=np.float32)
    words._weights = []
    for feature in words._features:
        # Pages that nobody writes to take no memory.
        weights = np.zeros((len(feature.vocabulary_), len(articles)), dtype=np.float32)
        used = np.unique(vstack([feature.transform([text]) for text in asks]).indices)
        for row in used:
            weights[row] = dice.standard_normal(len(articles), dtype=np.float32)
        words._weights.append(weights)
    retriever._words = words
    meaning = retriever._meaning
    meaning.classes_ = np.asarray(articles)
    meaning.coef_ = dice.standard_normal((len(articles), DIMENSIONS))
    meaning.intercept_ = np.zeros(len(articles))
    meaning.n_features_in_ = DIMENSIONS


def _times(rank: Callable[[str, Any], Any], texts: list[str], vectors: Vectors) -> list[float]:
    """Return the milliseconds for each text; the first ten warm up and do not count."""
    times = []
    for text, vector in zip(texts, vectors, strict=True):
        began = time.perf_counter()
        rank(text, vector)
        times.append((time.perf_counter() - began) * 1000)
    return [round(spent, 3) for spent in times[10:]]


@contextmanager
def _timed(found: dict[str, Any], name: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    found[name] = time.perf_counter() - began
    print(f"{name} {found[name]:.0f}", file=sys.stderr, flush=True)


def _line(file: str, name: str) -> str:
    """Return the number after a name in a file of the kernel's."""
    return Path(file).read_text(encoding="utf-8").split(f"{name}:")[1].split()[0]


if __name__ == "__main__":
    main()
