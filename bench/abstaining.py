"""When to say nothing: ways of scoring an opinion, and the threshold below which it is withheld."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
from field_data import OUT_OF_SCOPE
from sklearn.metrics import matthews_corrcoef

Labels = npt.NDArray[np.str_]
Numbers = npt.NDArray[np.float64]

CANDIDATES: Numbers = np.linspace(0.0, 1.0, 201)


@dataclass(frozen=True)
class Opinions:
    """What was found for some messages, one entry of each array for a message."""

    right: Labels
    """The intent that it has, or ``OUT_OF_SCOPE``."""
    found: Labels
    """The likeliest intent."""
    first: Numbers
    """Its probability."""
    second: Numbers
    """The probability of the next one."""
    nearest: Numbers
    """Cosine similarity to the nearest example of the likeliest intent."""

    def rows(self, which: slice) -> Opinions:
        """Return those about some of the messages."""
        return Opinions(*(getattr(self, f.name)[which] for f in fields(self)))

    @classmethod
    def together(cls, several: Sequence[Opinions]) -> Opinions:
        """Return all of them, one after the other."""
        return cls(*(np.concatenate([getattr(o, f.name) for o in several]) for f in fields(cls)))


Way = Callable[[Opinions], Numbers]

WAYS: dict[str, Way] = {
    "probability": lambda o: o.first,
    "margin": lambda o: o.first - o.second,
    "probability and nearest": lambda o: (o.first + o.nearest) / 2,
}
"""Each gives scores of about 0 to 1; the higher, the surer."""


@dataclass(frozen=True)
class Figures:
    """How well it went, each 0 to 1 (the correlation -1 to 1)."""

    in_scope: float
    """Of the messages in scope: right intent, and not withheld."""
    out_of_scope: float
    """Of the messages out of scope: withheld."""
    correlation: float
    """Matthews', over all intents and "none"."""


def predicted(opinions: Opinions, scores: Numbers, threshold: float) -> Labels:
    """Return the intents, with ``OUT_OF_SCOPE`` where the score is below the threshold."""
    return np.where(scores < threshold, OUT_OF_SCOPE, opinions.found)


def figures(opinions: Opinions, scores: Numbers, threshold: float) -> Figures:
    """Return how well it goes with a threshold."""
    said = predicted(opinions, scores, threshold)
    out = opinions.right == OUT_OF_SCOPE
    hit = said == opinions.right
    return Figures(
        float(hit[~out].mean()),
        float(hit[out].mean()),
        float(matthews_corrcoef(opinions.right, said)),
    )


Merit = Callable[[Labels, Labels, Numbers], float]
"""Of the right intents, what was said, and how much each message counts."""


def accuracy(right: Labels, said: Labels, weights: Numbers) -> float:
    """Return the share that is right."""
    return float(np.average(right == said, weights=weights))


def correlation(right: Labels, said: Labels, weights: Numbers) -> float:
    """Return Matthews' correlation."""
    return float(matthews_corrcoef(right, said, sample_weight=weights))


def weights_for(right: Labels, out_share: float) -> Numbers:
    """Return how much each message counts, so that those out of scope are such a share of all."""
    out = right == OUT_OF_SCOPE
    return np.where(out, out_share / max(out.sum(), 1), (1 - out_share) / max((~out).sum(), 1))


def choose(
    opinions: Opinions, scores: Numbers, merit: Merit, weights: Numbers
) -> tuple[float, float]:
    """Return the threshold of the highest merit, and that merit; of several, the middle one."""
    merits = np.array(
        [merit(opinions.right, predicted(opinions, scores, t), weights) for t in CANDIDATES]
    )
    best = np.flatnonzero(merits == merits.max())
    return float(CANDIDATES[best[len(best) // 2]]), float(merits.max())


def leave_intents_out(
    intents: Sequence[str], folds: int, seed: int = 0
) -> Iterator[tuple[list[int], list[int]]]:
    """Yield places of rows to learn from, and places of rows to judge by, once a fold.

    Of those to judge by, some are of intents that are not learned at all, as if they were out of
    scope; each intent is so in one fold. The others are a share of the rows of each other intent,
    of which at least one row is always learned.
    """
    chance = np.random.default_rng(seed)
    names = chance.permutation(sorted(set(intents)))
    rows: dict[str, list[int]] = {name: [] for name in names}
    for place in chance.permutation(len(intents)):
        rows[intents[place]].append(int(place))
    for fold in range(folds):
        learned: list[int] = []
        judged: list[int] = []
        for number, name in enumerate(names):
            if number % folds == fold:
                judged += rows[name]
                continue
            alone = len(rows[name]) == 1
            for position, place in enumerate(rows[name]):
                held = position % folds == fold and not alone
                (judged if held else learned).append(place)
        yield sorted(learned), sorted(judged)
