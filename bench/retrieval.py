"""Which way to find the article? Every alternative on the same questions, in one run.

Two measures: five-fold cross-validation on the articles' example questions, and the development
set, which another hand wrote. The encoder in use was taught the example questions, so
cross-validation is done with the published one. Writes the table in docs/retrieval.md. The test set
is not touched.

    make bench
"""

from __future__ import annotations

import platform
from collections.abc import Callable
from datetime import date
from importlib.metadata import version

import numpy as np
from page import put
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from tqdm import tqdm

from helpline.encoder import Encoder, exported
from helpline.evaluation import read_rows
from helpline.knowledge import configured_knowledge
from helpline.retrieval import ArticleRetriever, sentences_of
from helpline.settings import ROOT
from helpline.words import WordClassifier

PAGE = ROOT / "docs" / "retrieval.md"
MARK = "<!-- table: bench/retrieval.py -->"
DEVELOPMENT = ROOT / "tests" / "sets" / "dev.jsonl"
FOLDS = 5


class Opinions:
    """What each way of looking says about some texts, learned from others."""

    def __init__(self, texts, vectors, articles, spoken) -> None:
        self.labels = sorted(set(articles))
        self.columns = np.searchsorted(self.labels, articles)
        self.vectors = vectors
        sentences, self.sentence_vectors, of_article = spoken
        self.sentence_columns = np.searchsorted(self.labels, of_article)
        self.meaning = LogisticRegression(C=10, max_iter=1000).fit(vectors, articles)
        self.words = WordClassifier()
        self.words.fit(texts, articles)
        self.in_use = ArticleRetriever()
        self.in_use.fit(
            list(texts),
            list(sentences),
            np.vstack([vectors, self.sentence_vectors]),
            [*articles, *of_article],
        )

    def about(self, texts, vectors) -> dict[str, np.ndarray]:
        """Return a score per article and text, by name of the opinion."""
        range_ = range(len(self.labels))
        similar = vectors @ self.vectors.T
        by_article = [similar[:, self.columns == column] for column in range_]
        centers = np.stack([self.vectors[self.columns == c].mean(axis=0) for c in range_])
        centers /= np.linalg.norm(centers, axis=1, keepdims=True)
        spoken = vectors @ self.sentence_vectors.T
        return {
            "centroid": vectors @ centers.T,
            "nearest": np.stack([s.max(axis=1) for s in by_article], axis=1),
            "three_nearest": np.stack(
                [np.sort(s, axis=1)[:, -3:].mean(axis=1) for s in by_article], axis=1
            ),
            "article_text": np.stack(
                [
                    np.sort(spoken[:, self.sentence_columns == c], axis=1)[:, -2:].mean(axis=1)
                    for c in range_
                ],
                axis=1,
            ),
            "meaning": self.meaning.predict_proba(vectors),
            "words": self.words.probabilities(texts),
            "meaning_taught": self.in_use.meaning(vectors),
            "words_taught": self.in_use.words(texts),
            "in_use": self.in_use.probabilities(texts, vectors),
        }


def softmax(scores: np.ndarray) -> np.ndarray:
    """Return similarities as probabilities, so that they can be mixed."""
    raised = np.exp(20 * (scores - scores.max(axis=1, keepdims=True)))
    return raised / raised.sum(axis=1, keepdims=True)


def mix(**weights: float) -> Callable[[dict[str, np.ndarray]], np.ndarray]:
    """Return a weighted mean of opinions."""

    def mixed(opinions: dict[str, np.ndarray]) -> np.ndarray:
        total = np.zeros_like(opinions["meaning"])
        for name, weight in weights.items():
            scores = opinions[name]
            similarity = name in ("three_nearest", "article_text")
            total += weight * (softmax(scores) if similarity else scores)
        return total

    return mixed


WAYS: dict[str, Callable[[dict[str, np.ndarray]], np.ndarray]] = {
    "centroid of the examples": lambda o: o["centroid"],
    "nearest example": lambda o: o["nearest"],
    "mean of the three nearest examples": lambda o: o["three_nearest"],
    "article's own text, two nearest sentences": lambda o: o["article_text"],
    "words: logistic regression on words and characters": lambda o: o["words"],
    "meaning: logistic regression on vectors": lambda o: o["meaning"],
    "meaning 0.65, words 0.35": mix(meaning=0.65, words=0.35),
    "meaning 0.5, words 0.5": mix(meaning=0.5, words=0.5),
    "meaning, words, three nearest": mix(meaning=0.4, words=0.3, three_nearest=0.3),
    "meaning, words, article text": mix(meaning=0.45, words=0.4, article_text=0.15),
    "words, also learned from the articles' sentences": lambda o: o["words_taught"],
    "meaning, also learned from the articles' sentences": lambda o: o["meaning_taught"],
    "both of these, mean": mix(meaning_taught=0.5, words_taught=0.5),
    "both of these, mean, with article text": mix(
        meaning_taught=0.45, words_taught=0.4, article_text=0.15
    ),
    "**both of these, geometric mean (in use)**": lambda o: o["in_use"],
}


def main() -> None:
    knowledge = configured_knowledge()
    published, in_use = (Encoder(exported(taught), threads=0).encode for taught in (False, True))
    pairs = [(q, a.id) for a in knowledge.articles.values() for q in (a.title, *a.ask)]
    texts = np.array([text for text, _ in pairs])
    articles = np.array([article for _, article in pairs])
    vectors = published(list(texts))
    sentences = [(s, a.id) for a in knowledge.articles.values() for s in sentences_of(a)]
    said = [sentence for sentence, _ in sentences]
    of_article = np.array([article for _, article in sentences])

    found: dict[str, list[tuple[float, float]]] = {way: [] for way in WAYS}
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(texts, articles)
    spoken = (said, published(said), of_article)
    for learn, judge in tqdm(list(folds), desc="cross-validation", leave=False):
        opinions = Opinions(texts[learn], vectors[learn], articles[learn], spoken)
        seen = opinions.about(texts[judge], vectors[judge])
        right = [{article} for article in articles[judge]]
        for way, combine in WAYS.items():
            found[way].append(hits(combine(seen), opinions.labels, right))

    rows = [row for row in read_rows(DEVELOPMENT) if row.ok]
    opinions = Opinions(texts, in_use(list(texts)), articles, (said, in_use(said), of_article))
    asked = [row.text for row in rows]
    seen = opinions.about(asked, in_use(asked))
    lines = [
        f"Questions: {len(texts)} examples of {len(opinions.labels)} articles "
        f"({FOLDS}-fold cross-validation, with the encoder as published, because the one in use "
        f"was taught them), {len(rows)} of the development set (with the one in use).",
        "",
        f"Made by `make bench` on {date.today()}, {platform.machine()}, Python "
        f"{platform.python_version()}, scikit-learn {version('scikit-learn')}, onnxruntime "
        f"{version('onnxruntime')}.",
        "",
        "| way | examples: first | in three | development: first | in three |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for way, combine in WAYS.items():
        folded = np.mean(found[way], axis=0)
        held = hits(combine(seen), opinions.labels, [set(row.ok) for row in rows])
        shares = [*folded, *held]
        lines.append(f"| {way} | " + " | ".join(f"{share:.1%}" for share in shares) + " |")
    table = "\n".join(lines)
    print(table)
    put(PAGE, MARK, table)


def hits(scores: np.ndarray, labels: list[str], right: list[set[str]]) -> tuple[float, float]:
    """Return how often a right article is first, and among the first three."""
    order = np.argsort(-scores, axis=1)[:, :3]
    first = np.mean([labels[o[0]] in r for o, r in zip(order, right, strict=True)])
    three = np.mean([any(labels[i] in r for i in o) for o, r in zip(order, right, strict=True)])
    return float(first), float(three)


if __name__ == "__main__":
    main()
