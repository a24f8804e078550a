"""Which article answers this? A ranking over all articles for a text and its vector.

Two opinions: what the message means (logistic regression on its vector) and which words it is
made of. Both learn from the articles' example questions and, at half weight, from the sentences
of the articles themselves. They are mixed by their geometric mean: an article has to convince
both. ``bench/retrieval.py`` compared the alternatives; ``docs/retrieval.md`` has the table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from helpline.encoder import Vectors
from helpline.knowledge import Article
from helpline.words import Probabilities, WordClassifier

WEIGHT_OF_SENTENCES = 0.5
"""How much a sentence of an article counts, where an example question counts 1."""

RANKED = 100
"""Articles in a ranking: more than anybody looks at, however many there are."""

SHORTEST_SENTENCE = 20
"""Characters; what is shorter says nothing of its article."""


@dataclass(frozen=True)
class Candidate:
    """An article that may answer."""

    article: str
    probability: float
    """Among all articles; those of all add up to one."""


def sentences_of(article: Article) -> list[str]:
    """Return the sentences that an article is made of, to learn from beside its questions."""
    text = f"{article.answer} {article.more} {article.short}"
    sentences = re.split(r"(?<=[.?!])\s+", text)
    return [sentence for sentence in sentences if len(sentence) > SHORTEST_SENTENCE]


class ArticleRetriever:
    """Ranks articles for a text. Fit once; then pure."""

    def __init__(self) -> None:
        self._meaning = LogisticRegression(C=10, tol=1e-3, max_iter=1000)
        self._words = WordClassifier()
        self._centers: Vectors = np.zeros((0, 0), dtype=np.float32)

    @property
    def articles(self) -> list[str]:
        """Return the article ids, in the order of the columns of :meth:`probabilities`."""
        return list(self._meaning.classes_)

    def fit(
        self,
        questions: Sequence[str],
        sentences: Sequence[str],
        vectors: Vectors,
        articles: Sequence[str],
    ) -> None:
        """Learn from example questions and sentences.

        Args:
            questions: example questions, any number per article.
            sentences: of the articles.
            vectors: unit vectors of the questions, then of the sentences, 384 wide.
            articles: id of the article of each question, then of each sentence.
        """
        asked = len(questions)
        weights = np.full(len(articles), WEIGHT_OF_SENTENCES)
        weights[:asked] = 1.0
        self._meaning.fit(vectors, articles, sample_weight=weights)
        self._words.fit([*questions, *sentences], articles, weights)
        labels = np.asarray(articles[:asked])
        centers = np.stack([vectors[:asked][labels == a].mean(axis=0) for a in self.articles])
        self._centers = centers / np.linalg.norm(centers, axis=1, keepdims=True)

    def probabilities(self, texts: Sequence[str], vectors: Vectors) -> Probabilities:
        """Return how likely each article is the right one for each text."""
        mixed = np.sqrt(self.words(texts) * self.meaning(vectors))
        return np.asarray(mixed / mixed.sum(axis=1, keepdims=True))

    def words(self, texts: Sequence[str]) -> Probabilities:
        """Return the opinion formed from words."""
        return self._words.probabilities(texts)

    def meaning(self, vectors: Vectors) -> Probabilities:
        """Return the opinion formed from meaning."""
        return np.asarray(self._meaning.predict_proba(vectors), dtype=np.float64)

    def rank(self, text: str, vector: Vectors) -> list[Candidate]:
        """Return the articles, the likeliest first, up to :data:`RANKED`.

        Args:
            text: what the visitor wrote.
            vector: its unit vector, shape ``(384,)``.
        """
        return self._candidates(self.probabilities([text], vector[None, :])[0])

    def rank_follow_up(
        self, text: str, vector: Vectors, article: str, title: str
    ) -> list[Candidate]:
        """Return the articles for a message that leans on the last answer, up to :data:`RANKED`.

        One opinion is on the message alone, the other on the message with what was shown. The
        more a message says by itself, the more the first counts: "how long does that take?" says
        nothing, "and with my own cells?" all.

        Args:
            text: what the visitor wrote.
            vector: its unit vector, shape ``(384,)``.
            article: shown last.
            title: of the article shown last.
        """
        together = vector + self._centers[self.articles.index(article)]
        together /= np.linalg.norm(together)
        chances = self.probabilities([text, f"{title} {text}"], np.stack([vector, together]))
        second, first = np.sort(chances[0])[-2:]
        alone = min(0.5 + first * first / (first + second), 0.95)
        return self._candidates(alone * chances[0] + (1 - alone) * chances[1])

    def _candidates(self, chances: Probabilities) -> list[Candidate]:
        articles = self._meaning.classes_
        return [
            Candidate(str(articles[index]), float(chances[index]))
            for index in np.argsort(-chances)[:RANKED]
        ]
