"""Telling texts apart by their words and character n-grams.

The sentence encoder knows meaning; this knows drug names, abbreviations and typos. Both opinions
are mixed, see ``docs/retrieval.md`` for what that brings.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
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
                ("words", TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)),
                (
                    "characters",
                    TfidfVectorizer(
                        analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=2
                    ),
                ),
            ]
        )
        # One regression per label by stochastic descent: half a second, where the exact joint
        # solution takes half a minute and is no better on the development set.
        self._regression = SGDClassifier(
            loss="log_loss", alpha=3e-5, max_iter=30, class_weight="balanced", random_state=0
        )

    @property
    def labels(self) -> list[str]:
        """Return the labels, in the order of the columns of :meth:`probabilities`."""
        return list(self._regression.classes_)

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
        self._regression.fit(features, labels, sample_weight=weights)

    def probabilities(self, texts: Sequence[str]) -> Probabilities:
        """Return how likely each label is for each text."""
        found = self._regression.predict_proba(self._features.transform(texts))
        return np.asarray(found, dtype=np.float64)
