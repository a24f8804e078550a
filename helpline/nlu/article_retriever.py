"""Article retrieval as a Rasa component: it fills the ranking of Rasa's ``response_selector``."""

from __future__ import annotations

from typing import Any

import joblib
import numpy as np
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from helpline.encoder import Encoder, exported
from helpline.knowledge import configured_knowledge
from helpline.nlu.component import Component
from helpline.nlu.context import context_of
from helpline.nlu.sentence_encoder import sentence_vector
from helpline.retrieval import ArticleRetriever as Retriever
from helpline.retrieval import Candidate, sentences_of
from helpline.routing import leans_on

FILE = "retriever.joblib"

SELECTOR = "response_selector"

CANDIDATES = "article_candidates"
"""Where the ranking lies on a message, for the router."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ArticleRetriever(Component):
    """Ranks the articles for every message; a follow-up in the light of the last answer."""

    def __init__(
        self,
        model_storage: ModelStorage,
        resource: Resource,
        retriever: Retriever,
        titles: dict[str, str],
        keys: dict[str, str],
    ) -> None:
        self._model_storage = model_storage
        self._resource = resource
        self._retriever = retriever
        self._titles = titles
        self._keys = keys

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ArticleRetriever:
        """Make an untrained component."""
        return cls(model_storage, resource, Retriever(), {}, {})

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> ArticleRetriever:
        """Load the trained component from the model."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, *joblib.load(folder / FILE))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the articles' example questions: those with a response key."""
        examples = [e for e in training_data.intent_examples if e.get(INTENT_RESPONSE_KEY)]
        keys = [str(example.get(INTENT_RESPONSE_KEY)) for example in examples]
        articles = [key.split("/")[1] for key in keys]
        knowledge = configured_knowledge()
        self._keys = dict(zip(articles, keys, strict=True))
        self._titles = {article: knowledge.articles[article].title for article in self._keys}
        spoken = [
            (sentence, article)
            for article in self._keys
            for sentence in sentences_of(knowledge.articles[article])
        ]
        sentences = [sentence for sentence, _ in spoken]
        self._retriever.fit(
            [example.get(TEXT) for example in examples],
            sentences,
            np.vstack(
                [
                    np.stack([sentence_vector(example) for example in examples]),
                    Encoder(exported(), threads=0).encode(sentences),
                ]
            ),
            [*articles, *(article for _, article in spoken)],
        )
        with self._model_storage.write_to(self._resource) as folder:
            joblib.dump((self._retriever, self._titles, self._keys), folder / FILE)
        return self._resource

    def process(
        self, messages: list[Message], tracker: DialogueStateTracker | None = None
    ) -> list[Message]:
        """Rank the articles for each message."""
        context = context_of(tracker)
        for message in messages:
            text = message.get(TEXT) or ""
            vector = sentence_vector(message)
            if context.article in self._titles and leans_on(context, text):
                ranking = self._retriever.rank_follow_up(
                    text, vector, context.article, self._titles[context.article]
                )
            else:
                ranking = self._retriever.rank(text, vector)
            message.set(CANDIDATES, ranking)
            message.set(SELECTOR, {"default": self._selected(ranking)}, add_to_output=True)
        return messages

    def _selected(self, ranking: list[Candidate]) -> dict[str, Any]:
        """Return the ranking in the shape of Rasa's own response selector."""
        keys = [self._keys[candidate.article] for candidate in ranking]
        return {
            "response": {
                "responses": None,
                "confidence": ranking[0].probability,
                "intent_response_key": keys[0],
                "utter_action": f"utter_{keys[0]}",
            },
            "ranking": [
                {"confidence": candidate.probability, "intent_response_key": key}
                for candidate, key in zip(ranking[:10], keys, strict=False)
            ],
        }
