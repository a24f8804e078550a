"""Crisis, emergency, both or neither: a text in, a verdict out, with what it was seen by.

The rules and the classifier each catch what the other misses. A sign that the rules see is enough
unless the classifier is all but certain of the contrary; a sign in a context that weakens it ("my
fever last year") needs the classifier to agree; without a sign the classifier has to be fairly
sure. The rules look at every sentence by itself, the classifier at the whole, so that a red flag
inside a polite question is seen and "last year" is heard.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from helpline.encoder import Vectors
from helpline.safety.kinds import KINDS, KINDS_OF_SCREEN, OF_SCREEN, KindClassifier
from helpline.safety.rules import Rules, ScreenName
from helpline.safety.signs import SignFinder
from helpline.safety.verdict import ScreenThresholds, Verdict, judge

LONGEST = 100
"""Words. The classifier judges a message whole, up to here: a sentence by itself lacks what was
said around it ("She had a seizure." of ten years ago). Longer ones are judged in pieces of so many,
each beginning in the middle of the one before; the likeliest piece counts."""


class Screen:
    """The safety screen, ready to be asked."""

    def __init__(
        self,
        rules: Rules,
        classifier: KindClassifier,
        thresholds: Mapping[ScreenName, ScreenThresholds],
    ) -> None:
        self._finder = SignFinder(rules)
        self._classifier = classifier
        self._thresholds = thresholds

    def verdict(self, text: str, pieces: Sequence[str], vectors: Vectors) -> Verdict:
        """Judge a text. Total: any string gets a verdict.

        Args:
            text: what the visitor wrote.
            pieces: the text and its :func:`parts`.
            vectors: their unit vectors, shape ``(len(pieces), 384)``.
        """
        seen = self._classifier.chances(pieces, vectors)
        likeliest = (seen @ OF_SCREEN.T).max(axis=0)
        chances = dict(zip(KINDS_OF_SCREEN, likeliest.tolist(), strict=True))
        kinds = dict(zip(KINDS, seen[0].tolist(), strict=True))
        return judge(self._finder.find(text), chances, kinds, self._thresholds)


def parts(text: str) -> list[str]:
    """Return the pieces that a long text is judged by beside its beginning; none of a short one."""
    words = text.split()
    step = LONGEST // 2
    return [" ".join(words[at : at + LONGEST]) for at in range(step, len(words) - step, step)]
