"""Telling texts apart by their words and character n-grams.

The sentence encoder knows meaning; this knows drug names, abbreviations and typos. Both opinions
are mixed, see ``docs/retrieval.md`` for what that brings.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.special import expit
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import FeatureUnion

Probabilities = npt.NDArray[np.float64]
"""Shape ``(texts, labels)``; each row adds up to one."""


class WordClassifier:
    """Logistic regression on words, word pairs and pieces of three to five characters."""

    def __init__(self) -> None:
        self._features = FeatureUnion(
            [
                ("words", TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, dtype=np.float32)),
                (
                    "characters",
                    TfidfVectorizer(
                        analyzer="char_wb",
                        ngram_range=(3, 5),
                        sublinear_tf=True,
                        min_df=2,
                        dtype=np.float32,
                    ),
                ),
            ]
        )
        self._labels: list[str] = []
        self._weights = np.zeros((0, 0), dtype=np.float32)
        self._intercepts = np.zeros(0, dtype=np.float32)

    @property
    def labels(self) -> list[str]:
        """Return the labels, in the order of the columns of :meth:`probabilities`."""
        return self._labels

    def fit(
        self,
        texts: Sequence[str],
        labels: Sequence[str],
        weights: npt.NDArray[np.float64] | None = None,
    ) -> None:
        """Learn from labelled texts.

        Args:
            texts: to learn from.
            labels: one for each text.
            weights: how much each text counts; one each where it is not given.
        """
        features = self._features.fit_transform(texts)
        # One regression per label by stochastic descent: half a second, where the exact joint
        # solution takes half a minute and is no better on the development set.
        regression = SGDClassifier(
            loss="log_loss", alpha=3e-5, max_iter=30, class_weight="balanced", random_state=0
        )
        regression.fit(features, labels, sample_weight=weights)
        self._labels = [str(label) for label in regression.classes_]
        # Laid out by feature: scikit-learn's own layout is copied whole for every message.
        by_feature = np.asarray(regression.coef_, dtype=np.float32).T
        intercepts = np.asarray(regression.intercept_, dtype=np.float32)
        if len(self._labels) == 2:  # scikit-learn keeps one regression for two labels.
            by_feature = np.hstack([-by_feature, by_feature])
            intercepts = np.hstack([-intercepts, intercepts])
        self._weights = np.ascontiguousarray(by_feature)
        self._intercepts = intercepts

    def probabilities(self, texts: Sequence[str]) -> Probabilities:
        """Return how likely each label is for each text."""
        scores = self._features.transform(texts) @ self._weights + self._intercepts
        chances = expit(scores.astype(np.float64))
        return np.asarray(chances / chances.sum(axis=1, keepdims=True))
