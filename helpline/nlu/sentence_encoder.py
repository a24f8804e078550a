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
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from helpline import settings
from helpline.encoder import Encoder, Vectors, exported, version
from helpline.nlu.component import Component
from helpline.safety.screen import parts
from helpline.safety.temperature import Limits, annotated, load_limits
from helpline.safety.words import normalized

PIECES = "pieces"
"""Where a message and its parts lie with their unit vectors, for the safety screen."""

LIMITS = "temperature.yml"

SCALE = 30**0.5
"""Unit vectors times this. Rasa's logistic regression has a fixed C of 1, far too stiff for unit
vectors; on longer ones it behaves as with C = 30, the best on CLINC150 and on our development
set."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceEncoder(DenseFeaturizer, Component):
    """Puts one dense sentence feature, 384 wide, on every message; an empty text is a text."""

    def __init__(self, encoder: Encoder, limits: Limits, name: str, config: dict[str, Any]) -> None:
        super().__init__(name, config)
        self._encoder = encoder
        self._limits = limits
        self._name = name

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the options.

        ``finetuned`` is whether the weights are those that were taught our own examples. The
        safety screen and the articles need them; for other subjects the published ones are better.
        ``weights`` stands for the weights, so that others make another model.
        """
        return {**DenseFeaturizer.get_default_config(), "finetuned": True, "weights": version()}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        """Store the exported encoder in the model, so that the model runs by itself."""
        folder = exported(config["finetuned"])
        limits = settings.KNOWLEDGE / "safety" / LIMITS
        with model_storage.write_to(resource) as target:
            shutil.copytree(folder, target, dirs_exist_ok=True)
            shutil.copy(limits, target)
        encoder = Encoder(folder, threads=0)
        return cls(encoder, load_limits(limits), execution_context.node_name, config)

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
            limits = load_limits(folder / LIMITS)
            return cls(Encoder(folder), limits, execution_context.node_name, config)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Refuse what is neither true nor false for ``finetuned``."""
        if not isinstance(config.get("finetuned", True), bool):
            raise InvalidConfigException("SentenceEncoder: finetuned has to be true or false.")

    def train(self, training_data: TrainingData) -> Resource:
        """Nothing is learned here: fine-tuning is done beforehand, see helpline.finetuning."""
        return Resource(self._name)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Put features on all training examples."""
        with_text = [e for e in training_data.training_examples if e.get(TEXT) is not None]
        vectors = self._encode([example.get(TEXT) for example in with_text])
        for example, vector in zip(with_text, vectors, strict=True):
            self._put(example, vector)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Put features on the messages, and the vectors of their parts beside them."""
        for message in messages:
            text = message.get(TEXT) or ""
            pieces = [text, *parts(text)]
            vectors = self._encode(pieces)
            message.set(PIECES, (pieces, vectors))
            self._put(message, vectors[0])
        return messages

    def _encode(self, texts: list[str]) -> Vectors:
        return self._encoder.encode([annotated(normalized(t), self._limits) for t in texts])

    def _put(self, message: Message, vector: Vectors) -> None:
        message.add_features(
            Features(vector[None, :] * SCALE, FEATURE_TYPE_SENTENCE, TEXT, self._name)
        )


def sentence_vector(message: Message) -> Vectors:
    """Return the unit vector that the encoder put on the message, shape ``(384,)``."""
    _, features = message.get_dense_features(TEXT)
    assert features is not None, "SentenceEncoder has to come before this in config.yml"
    vector = np.asarray(features.features[-1], dtype=np.float32)
    return vector / np.float32(np.linalg.norm(vector))
