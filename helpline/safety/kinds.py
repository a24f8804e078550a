"""What kind of message is this? Eight kinds, told from the vector of the fine-tuned encoder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
from scipy.special import softmax

from helpline.encoder import Finetuned, Vectors
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

SCALE = 8.0
"""Unit vectors times this, while the kinds are learned: shorter ones learn too slowly."""

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

    def tell(self, text: str, kinds: frozenset[Kind]) -> None:
        """Add an example, unless its text is one already."""
        self._told.setdefault(normalized(text), kinds)

    def chances(self, texts: Sequence[str], vectors: Vectors) -> Chances:
        """Return how likely each kind is for each text.

        Args:
            texts: as visitors wrote them.
            vectors: their unit vectors, shape ``(len(texts), 384)``.
        """
        found = softmax((vectors @ self._weights + self._biases).astype(np.float64), axis=1)
        for row, text in enumerate(texts):
            kinds = self._told.get(normalized(text))
            if kinds:
                found[row] = [(kind in kinds) / len(kinds) for kind in KINDS]
        return np.asarray(found)
