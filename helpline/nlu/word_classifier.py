"""A second opinion on the intent, from words: mixed into the ranking of the classifier before."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from helpline.nlu.component import StoredComponent
from helpline.words import WordClassifier


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentFromWords(StoredComponent):
    """Mixes its own probabilities into ``intent_ranking``; stands after an intent classifier."""

    FILE = "words.pickle"

    _state: WordClassifier

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, state: Any
    ) -> None:
        super().__init__(config, model_storage, resource, state)
        self._weight = float(config["weight"])

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the options: ``weight`` is the share of the opinion from words, 0 to 1."""
        return {"weight": 0.4}

    @classmethod
    def untrained(cls) -> WordClassifier:
        """Return a classifier that knows nothing."""
        return WordClassifier()

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all examples that have an intent and a text."""
        examples = [e for e in training_data.intent_examples if e.get(TEXT)]
        self._state.fit([e.get(TEXT) for e in examples], [e.get(INTENT) for e in examples])
        return self.keep()

    def process(self, messages: list[Message]) -> list[Message]:
        """Mix the two opinions."""
        for message in messages:
            chances = dict(
                zip(
                    self._state.labels,
                    self._state.probabilities([message.get(TEXT) or ""])[0],
                    strict=True,
                )
            )
            before = {i["name"]: i["confidence"] for i in message.get(INTENT_RANKING_KEY, [])}
            mixed = {
                intent: self._weight * chance + (1 - self._weight) * before.get(intent, 0.0)
                for intent, chance in chances.items()
            }
            ranking = [
                {"name": intent, "confidence": float(mixed[intent])}
                for intent in sorted(mixed, key=lambda intent: -mixed[intent])
            ]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages
