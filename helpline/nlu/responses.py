"""What Rasa says for an article or a term: made from the knowledge base when it is said.

Named in ``endpoints.yml`` as the natural language generator. The several hundred texts stay out of
the domain, which Rasa reads slowly at every start, and compares at every training.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from helpline import answer
from helpline.knowledge import Article, Knowledge, configured_knowledge
from helpline.routing import ABOUT_THE_LAST_ANSWER

DEFINE = "define"

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
        """Return the response, or None where there is none."""
        found = self._from_knowledge(utter_action)
        if found is not None:
            return found
        return await super().generate(utter_action, tracker, output_channel, **kwargs)

    def _from_knowledge(self, utter_action: str) -> dict[str, Any] | None:
        intent, _, key = utter_action.removeprefix("utter_").partition("/")
        if intent == DEFINE and key in self._knowledge.terms:
            return answer.definition(key, self._knowledge)
        article = self._knowledge.articles.get(key)
        if article is None:
            return None
        make = ABOUT_AN_ARTICLE.get(intent, answer.answer)
        return make(article, self._knowledge)
