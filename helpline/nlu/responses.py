"""What Rasa says for an article or a term: made from the knowledge base when it is said.

Named in ``endpoints.yml`` as the natural language generator. The several hundred texts stay out of
the domain, which Rasa reads slowly at every start, and compares at every training.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from helpline import answer
from helpline.knowledge import Article, Knowledge, configured_knowledge
from helpline.nlu.context import CRISIS_SHOWN
from helpline.routing import ABOUT_THE_LAST_ANSWER

DEFINE = "define"

CRISIS_LINES = "utter_crisis_lines"

SAYS_THEM_ITSELF = ("utter_crisis", "utter_crisis_and_emergency", "utter_after_crisis")

ABOUT_AN_ARTICLE: dict[str, Callable[[Article, Knowledge], dict[str, Any]]] = dict(
    zip(ABOUT_THE_LAST_ANSWER, (answer.tell_more, answer.simpler, answer.sources), strict=True)
)


class KnowledgeResponses(TemplatedNaturalLanguageGenerator):
    """Speaks ``utter_<intent>/<key>`` from the knowledge base, all else from the domain."""

    def __init__(self, endpoint_config: Any = None, domain: Domain | None = None) -> None:
        super().__init__((domain or Domain.empty()).responses)
        self._knowledge = configured_knowledge()

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        """Return the response, or None where there is none.

        After a crisis screen the first message of every turn ends with the crisis lines.
        """
        speak = super().generate
        found = self._from_knowledge(utter_action) or await speak(
            utter_action, tracker, output_channel, **kwargs
        )
        if found is None or not _crisis_lines_belong(utter_action, tracker):
            return found
        lines = await speak(CRISIS_LINES, tracker, output_channel)
        return _with_lines(found, lines["text"]) if lines else found

    def _from_knowledge(self, utter_action: str) -> dict[str, Any] | None:
        intent, _, key = utter_action.removeprefix("utter_").partition("/")
        if intent == DEFINE and key in self._knowledge.terms:
            return answer.definition(key, self._knowledge)
        article = self._knowledge.articles.get(key)
        if article is None:
            return None
        make = ABOUT_AN_ARTICLE.get(intent, answer.answer)
        return make(article, self._knowledge)


def _with_lines(found: dict[str, Any], lines: str) -> dict[str, Any]:
    """Return a response with lines below its text, and below the words that a page shows."""
    found = {**found, "text": f"{found['text']}\n\n{lines}"}
    custom = found.get("custom")
    if custom and "body" in custom:
        found["custom"] = {**custom, "body": f"{custom['body']}\n\n{lines}"}
    return found


def _crisis_lines_belong(utter_action: str, tracker: DialogueStateTracker) -> bool:
    """Return whether the crisis lines belong below this: once a turn, after a crisis screen."""
    slot = tracker.slots.get(CRISIS_SHOWN)
    if slot is None or not slot.value or utter_action in SAYS_THEM_ITSELF:
        return False
    said = (event for event in reversed(tracker.events))
    latest = next((e for e in said if isinstance(e, (BotUttered, UserUttered))), None)
    return not isinstance(latest, BotUttered)
