"""What makes a trained component out of date although the training data is the same."""

from __future__ import annotations

import hashlib

from helpline.knowledge import configured_knowledge
from helpline.thresholds import load_thresholds


def knowledge_fingerprint() -> str:
    """Return a hash of the knowledge base and the thresholds, for Rasa's training cache."""
    state = f"{configured_knowledge().json()}{load_thresholds()}"
    return hashlib.sha256(state.encode()).hexdigest()
