"""What kind of message is this? Eight kinds, by two opinions.

One is told from the vector of the fine-tuned encoder, the other from the wording, which knows about
dangers only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
from scipy.special import softmax

from helpline.encoder import Finetuned, Vectors
from helpline.safety.rules import ScreenName
from helpline.safety.wording import Wording
from helpline.safety.words import normalized

Kind = Literal[
    "call_911",
    "phone_team",
    "crisis",
    "crisis_911",
    "support",
    "personal",
    "general",
    "none",
]
"""A life-threatening sign now; another red flag now; a crisis; one with danger to life now;
distress without danger; what depends on one person; what an article can answer; all else."""

KINDS: tuple[Kind, ...] = get_args(Kind)

EMERGENCY: frozenset[Kind] = frozenset(("call_911", "phone_team", "crisis_911"))
CRISIS: frozenset[Kind] = frozenset(("crisis", "crisis_911"))

KINDS_OF_SCREEN: Mapping[ScreenName, frozenset[Kind]] = {"crisis": CRISIS, "emergency": EMERGENCY}

SCALE = 8.0
"""Unit vectors times this, while the kinds are learned: shorter ones learn too slowly."""

OF_SCREEN = np.array(
    [[kind in kinds for kind in KINDS] for kinds in KINDS_OF_SCREEN.values()], dtype=float
)
"""One where a kind is for a screen, shape ``(2, 8)``."""

Chances = npt.NDArray[np.float64]
"""Shape ``(texts, 8)``, in the order of :data:`KINDS`; each row adds up to one."""


def kind_of_intent(intent: str) -> Kind:
    """Return the kind of an intent's examples: of an article's response key, ``general``."""
    if "/" in intent:
        return "general"
    if intent.startswith("personal_"):
        return "personal"
    return "support" if intent == "support" else "none"


class KindClassifier:
    """Tells the kind of texts."""

    def __init__(
        self, finetuned: Finetuned, examples: Mapping[str, frozenset[Kind]] | None = None
    ) -> None:
        """Keep what was learned.

        Args:
            finetuned: with the weights of the kinds.
            examples: texts whose kind an editor has told; they are that, whatever they sound like.
        """
        self._weights = finetuned.kind_weights
        self._biases = finetuned.kind_biases
        self._told = {normalized(text): kinds for text, kinds in (examples or {}).items()}
        self._wording: Wording | None = None

    def tell(self, text: str, kinds: frozenset[Kind]) -> None:
        """Add an example, unless its text is one already."""
        self._told.setdefault(normalized(text), kinds)

    def learn(self) -> None:
        """Learn the wording of dangers from all examples told so far."""
        dangers = [
            [not kinds.isdisjoint(of_screen) for of_screen in KINDS_OF_SCREEN.values()]
            for kinds in self._told.values()
        ]
        self._wording = Wording(list(self._told), dangers)

    def chances(self, texts: Sequence[str], vectors: Vectors) -> Chances:
        """Return how likely each kind is for each text.

        Args:
            texts: as visitors wrote them.
            vectors: their unit vectors, shape ``(len(texts), 384)``.
        """
        read = [normalized(text) for text in texts]
        scores = (vectors @ self._weights + self._biases).astype(np.float64)
        if self._wording is not None:
            # Both opinions are log odds, and count the same: on the development set that is better
            # than to trust either more.
            scores += self._wording.log_odds(read) @ OF_SCREEN
        found = softmax(scores, axis=1)
        for row, text in enumerate(read):
            kinds = self._told.get(text)
            if kinds:
                found[row] = [(kind in kinds) / len(kinds) for kind in KINDS]
        return np.asarray(found)
