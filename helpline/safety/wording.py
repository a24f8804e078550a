"""How dangers are worded: what words in a row say about crisis and emergency.

The sentence encoder is small, and hears what a message is about better than how it is put. Nearly
the same words are a crisis or a figure of speech by what stands next to each other: "end it" and
"when does it end", "done." and "done?". A plain regression on such runs of words sees that, and
errs elsewhere than the encoder.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

LogOdds = npt.NDArray[np.float64]
"""Shape ``(texts, dangers)``: above zero where a danger is likelier than not."""

RUN = 3
"""Words in a row, at most."""

TOKEN = r"(?u)\b\w[\w']*|[?!.]"
"""A word, or the sign that ends a sentence: a question is seldom a farewell."""

STIFFNESS = 300.0
"""C of the regressions: the best of 30, 100 and 300 on the development set."""


class Wording:
    """Tells from runs of words how likely each danger is."""

    def __init__(self, texts: Sequence[str], dangers: Sequence[Collection[bool]]) -> None:
        """Learn from examples.

        Args:
            texts: normalized, as :func:`helpline.safety.words.normalized` returns them.
            dangers: for each text whether it holds each of the dangers. Each danger has to be in
                some text, and missing in another.
        """
        self._runs = TfidfVectorizer(
            ngram_range=(1, RUN), min_df=2, sublinear_tf=True, token_pattern=TOKEN
        )
        seen = self._runs.fit_transform(texts)
        regressions = [
            LogisticRegression(
                C=STIFFNESS, solver="liblinear", dual=True, class_weight="balanced", random_state=0
            ).fit(seen, held)
            for held in np.array(dangers, dtype=bool).T
        ]
        self._weights = np.hstack([regression.coef_.T for regression in regressions])
        self._intercepts = np.hstack([regression.intercept_ for regression in regressions])

    def log_odds(self, texts: Sequence[str]) -> LogOdds:
        """Return how likely each danger is for each normalized text, as if half held it."""
        return np.asarray(self._runs.transform(texts) @ self._weights + self._intercepts)
