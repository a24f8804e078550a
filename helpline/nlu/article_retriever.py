"""Article retrieval as a Rasa component: it fills the ranking of Rasa's ``response_selector``."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from helpline.encoder import Encoder, exported
from helpline.knowledge import configured_knowledge
from helpline.nlu.component import StoredComponent
from helpline.nlu.context import context_of
from helpline.nlu.sentence_encoder import sentence_vector
from helpline.retrieval import ArticleRetriever as Retriever
from helpline.retrieval import sentences_of
from helpline.routing import leans_on

SELECTOR = "response_selector"

CANDIDATES = "article_candidates"
"""Where the ranking lies on a message, for the router."""

SHOWN = 10
"""So many of the ranking are in the parsed message."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ArticleRetriever(StoredComponent):
    """Ranks the articles for every message; a follow-up in the light of the last answer."""

    FILE = "retriever.pickle"

    _state: tuple[Retriever, dict[str, str], dict[str, str]]
    """The retriever, and of each article its title and its response key."""

    @classmethod
    def untrained(cls) -> tuple[Retriever, dict[str, str], dict[str, str]]:
        """Return a retriever that knows no article."""
        return Retriever(), {}, {}

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the articles' example questions: those with a response key."""
        examples = [e for e in training_data.intent_examples if e.get(INTENT_RESPONSE_KEY)]
        keys = [str(example.get(INTENT_RESPONSE_KEY)) for example in examples]
        articles = [key.split("/")[1] for key in keys]
        knowledge = configured_knowledge()
        key_of = dict(zip(articles, keys, strict=True))
        title_of = {article: knowledge.articles[article].title for article in key_of}
        spoken = [
            (sentence, article)
            for article in key_of
            for sentence in sentences_of(knowledge.articles[article])
        ]
        sentences = [sentence for sentence, _ in spoken]
        retriever, _, _ = self._state
        retriever.fit(
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
        self._state = (retriever, title_of, key_of)
        return self.keep()

    def process(
        self, messages: list[Message], tracker: DialogueStateTracker | None = None
    ) -> list[Message]:
        """Rank the articles for each message."""
        retriever, title_of, key_of = self._state
        context = context_of(tracker)
        for message in messages:
            text = message.get(TEXT) or ""
            vector = sentence_vector(message)
            if context.article in title_of and leans_on(context, text):
                ranking = retriever.rank_follow_up(
                    text, vector, context.article, title_of[context.article]
                )
            else:
                ranking = retriever.rank(text, vector)
            message.set(CANDIDATES, ranking)
            first = ranking[0]
            shown = [
                {
                    "confidence": candidate.probability,
                    "intent_response_key": key_of[candidate.article],
                }
                for candidate in ranking[:SHOWN]
            ]
            selected = selection(key_of[first.article], first.probability, shown)
            message.set(SELECTOR, {"default": selected}, add_to_output=True)
        return messages


def selection(key: str, confidence: float, ranking: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a choice in the shape of Rasa's own response selector."""
    return {
        "response": {
            "responses": None,
            "confidence": confidence,
            "intent_response_key": key,
            "utter_action": f"utter_{key}",
        },
        "ranking": ranking,
    }
