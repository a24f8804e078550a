"""Telling texts apart by their words and character n-grams.

The sentence encoder knows meaning; this knows drug names, abbreviations and typos. Both opinions
are mixed, see ``docs/retrieval.md`` for what that brings.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import hstack
from scipy.special import expit
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import SGDClassifier

Probabilities = npt.NDArray[np.float64]
"""Shape ``(texts, labels)``; each row adds up to one."""


class WordClassifier:
    """Logistic regression on words, word pairs and pieces of three to five characters."""

    def __init__(self) -> None:
        self._features = (
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, dtype=np.float32),
            TfidfVectorizer(
                analyzer="char_wb",
                ngram_range=(3, 5),
                sublinear_tf=True,
                min_df=2,
                dtype=np.float32,
            ),
        )
        self._labels: list[str] = []
        self._weights: list[npt.NDArray[np.float32]] = []
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
        features = hstack([feature.fit_transform(texts) for feature in self._features], "csr")
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
        # A part for each vectorizer, so that their columns need not be laid side by side for every
        # message.
        width = len(self._features[0].vocabulary_)
        parts = (by_feature[:width], by_feature[width:])
        self._weights = [np.ascontiguousarray(part) for part in parts]
        self._intercepts = intercepts

    def probabilities(self, texts: Sequence[str]) -> Probabilities:
        """Return how likely each label is for each text."""
        scores = self._intercepts
        for feature, weights in zip(self._features, self._weights, strict=True):
            scores = scores + feature.transform(texts) @ weights
        chances = expit(scores.astype(np.float64))
        return np.asarray(chances / chances.sum(axis=1, keepdims=True))
