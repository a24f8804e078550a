"""How near is the nearest example? A Rasa component for deciding when to say nothing.

A classifier has to choose among its intents and may be sure of one for a text like none that it
ever saw. This says how like the text is to what was seen.
"""

from __future__ import annotations

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from helpline.encoder import Vectors
from helpline.nlu.component import StoredComponent
from helpline.nlu.sentence_encoder import sentence_vector

NEAREST = "nearest"
"""Cosine similarity of a message to the nearest example of the intent that was found for it."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class NearestExample(StoredComponent):
    """Puts ``nearest`` on every message; stands after SentenceEncoder and the classifiers."""

    FILE = "examples.pickle"

    _state: dict[str, Vectors]

    @classmethod
    def untrained(cls) -> dict[str, Vectors]:
        """Return intents with their examples' vectors: none yet."""
        return {}

    def train(self, training_data: TrainingData) -> Resource:
        """Remember the examples."""
        examples = [e for e in training_data.intent_examples if e.get(TEXT)]
        intents = np.array([e.get(INTENT) for e in examples])
        vectors = np.stack([sentence_vector(e) for e in examples])
        self._state = {str(i): vectors[intents == i] for i in np.unique(intents)}
        return self.keep()

    def process(self, messages: list[Message]) -> list[Message]:
        """Compare."""
        for message in messages:
            of_intent = self._state.get(message.get(INTENT)["name"])
            if of_intent is not None:
                near = float((of_intent @ sentence_vector(message)).max())
                message.set(NEAREST, near, add_to_output=True)
        return messages
