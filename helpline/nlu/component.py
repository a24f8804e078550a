"""What our trained components have in common."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import GraphComponent

from helpline.training import inputs_hash


class Component(GraphComponent):
    """A component that Rasa trains anew whenever anything it is made from has changed.

    Rasa's cache looks at the training data and the configuration. Ours also learn from the
    articles' text and the thresholds, and are stored as objects of our own classes.
    """

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Return what stands for all of it in Rasa's cache."""
        return inputs_hash()
