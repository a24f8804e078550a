"""Sentence features for Rasa: one vector per message from the exported encoder."""

from __future__ import annotations

import shutil
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from helpline.encoder import WEIGHTS_SHA256, Encoder, Vectors, exported
from helpline.nlu.component import Component

SCALE = 30**0.5
"""Unit vectors times this. Rasa's logistic regression has a fixed C of 1, far too stiff for unit
vectors; on longer ones it behaves as with C = 30, the best on CLINC150 and on our development
set."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceEncoder(DenseFeaturizer, Component):
    """Puts one dense sentence feature, 384 wide, on every message; an empty text is a text."""

    def __init__(self, encoder: Encoder, name: str, config: dict[str, Any]) -> None:
        super().__init__(name, config)
        self._encoder = encoder
        self._name = name

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the options: the hash of the weights, so that others make another model."""
        return {**DenseFeaturizer.get_default_config(), "weights": WEIGHTS_SHA256}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        """Store the exported encoder in the model, so that the model runs by itself."""
        folder = exported()
        with model_storage.write_to(resource) as target:
            shutil.copytree(folder, target, dirs_exist_ok=True)
        return cls(Encoder(folder, threads=0), execution_context.node_name, config)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> SentenceEncoder:
        """Load the encoder from the model."""
        with model_storage.read_from(resource) as folder:
            return cls(Encoder(folder), execution_context.node_name, config)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to validate: the one option is a hash."""

    def train(self, training_data: TrainingData) -> Resource:
        """Nothing is learned: the weights are the published ones."""
        return Resource(self._name)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Put features on all training examples."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Put features on the messages."""
        with_text = [message for message in messages if message.get(TEXT) is not None]
        vectors = self._encoder.encode([message.get(TEXT) for message in with_text])
        for message, vector in zip(with_text, vectors, strict=True):
            message.add_features(
                Features(vector[None, :] * SCALE, FEATURE_TYPE_SENTENCE, TEXT, self._name)
            )
        return messages


def sentence_vector(message: Message) -> Vectors:
    """Return the unit vector that the encoder put on the message, shape ``(384,)``."""
    _, features = message.get_dense_features(TEXT)
    assert features is not None, "SentenceEncoder has to come before this in config.yml"
    vector = np.asarray(features.features[-1], dtype=np.float32)
    return vector / np.float32(np.linalg.norm(vector))
