"""The last word of the pipeline: one decision per message, written where Rasa looks for it."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from helpline.answer import BUTTONS
from helpline.knowledge import Knowledge, configured_knowledge
from helpline.message import form
from helpline.nlu.article_retriever import CANDIDATES, SELECTOR, selection
from helpline.nlu.component import StoredComponent
from helpline.nlu.context import ROUTING, context_of
from helpline.nlu.safety_screen import SAFETY, verdict_of
from helpline.routing import ABOUT_THE_LAST_ANSWER, Context, Decision, Seen, decide, leans_on
from helpline.safety.words import normalized
from helpline.thresholds import Thresholds, load_thresholds


def plain(text: str) -> str:
    """Return the words of a text without case, punctuation and invisible signs, to compare by."""
    return " ".join(re.findall(r"\w+", normalized(text)))


FIXED_BUTTONS = frozenset(map(plain, BUTTONS))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Router(StoredComponent):
    """Decides who answers, see :func:`helpline.routing.decide`.

    The knowledge and the thresholds of the day of training are kept in the model, so that a model
    always fits itself.
    """

    FILE = "knowledge.pickle"

    _state: tuple[Knowledge, Thresholds]

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, state: Any
    ) -> None:
        super().__init__(config, model_storage, resource, state)
        self._knowledge, self._thresholds = self._state
        articles = self._knowledge.articles.values()
        titles = {plain(article.title): article.id for article in articles}
        self._exact = {plain(text): a.id for a in articles for text in a.ask} | titles
        self._buttons = FIXED_BUTTONS | titles.keys()

    @classmethod
    def untrained(cls) -> tuple[Knowledge, Thresholds]:
        """Return the knowledge and the thresholds as they are now."""
        return configured_knowledge(), load_thresholds()

    def train(self, training_data: TrainingData) -> Resource:
        """Nothing is learned; what is needed is kept."""
        return self.keep()

    def process(
        self, messages: list[Message], tracker: DialogueStateTracker | None = None
    ) -> list[Message]:
        """Decide on each message."""
        context = context_of(tracker)
        for message in messages:
            seen = self._seen(message, context)
            self._write(message, decide(seen, context, self._knowledge, self._thresholds))
        return messages

    def _seen(self, message: Message, context: Context) -> Seen:
        text = message.get(TEXT) or ""
        words = plain(text)
        return Seen(
            text=text,
            form=form(text),
            intents={i["name"]: i["confidence"] for i in message.get(INTENT_RANKING_KEY)},
            ranking=message.get(CANDIDATES),
            entities=[str(entity["value"]) for entity in message.get(ENTITIES, [])],
            exact_article=self._exact.get(words),
            follow_up=leans_on(context, text),
            button=words in self._buttons,
            verdict=verdict_of(message.get(SAFETY)),
        )

    def _write(self, message: Message, decision: Decision) -> None:
        message.set(
            INTENT,
            {"name": decision.intent, "confidence": decision.confidence},
            add_to_output=True,
        )
        message.set(
            ROUTING,
            {
                "route": decision.route,
                "article": decision.article,
                "confidence": decision.confidence,
                "candidates": list(decision.candidates),
                "term": decision.term,
            },
            add_to_output=True,
        )
        entities = list(message.get(ENTITIES, []))
        if decision.route == "answer" and decision.article:
            entities.append(_entity("article", decision.article))
        region = self._region(entities)
        if region:
            entities.append(_entity("region", region))
        message.set(ENTITIES, entities, add_to_output=True)
        key = self._response_key(decision)
        if key:
            selector = dict(message.get(SELECTOR))
            selector["all_retrieval_intents"] = [decision.intent]
            selector[decision.intent] = selection(
                key, decision.confidence, selector["default"]["ranking"]
            )
            message.set(SELECTOR, selector, add_to_output=True)

    def _response_key(self, decision: Decision) -> str | None:
        """Return the response to speak, for retrieval intents."""
        if decision.intent in self._knowledge.topics or decision.intent in ABOUT_THE_LAST_ANSWER:
            return f"{decision.intent}/{decision.article}"
        if decision.intent == "define":
            return f"define/{decision.term}"
        return None

    def _region(self, entities: list[dict[str, Any]]) -> str | None:
        """Return the region of the last place named."""
        places = [
            self._knowledge.entities[entity["value"]]
            for entity in entities
            if entity["entity"] == "place" and entity["value"] in self._knowledge.entities
        ]
        region = places[-1].region if places else None
        return region if region in ("us", "uk") else None


def _entity(name: str, value: str) -> dict[str, Any]:
    return {"entity": name, "value": value, "extractor": "Router"}
