"""From ``knowledge/`` to what Rasa trains on: examples, intents and rules.

Adding an article means adding a block of YAML. The topic is the Rasa retrieval intent, the
article its response key: ``donors/donor-hla``. "Tell me more", "say it simpler", "where does that
come from" and "what does X mean" are retrieval intents too, with one response per article or
term; :mod:`helpline.nlu.responses` speaks them.
"""

from __future__ import annotations

from functools import cached_property

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from helpline import answer
from helpline.knowledge import Knowledge, configured_knowledge
from helpline.language import synonyms
from helpline.nlu.responses import DEFINE
from helpline.routing import ABOUT_THE_LAST_ANSWER


class KnowledgeImporter(RasaFileImporter):
    """Rasa's own file importer, with the knowledge base added."""

    @cached_property
    def _knowledge(self) -> Knowledge:
        return configured_knowledge()

    def get_domain(self) -> Domain:
        """Return ``domain.yml`` with the retrieval intents added and phone numbers filled in."""
        own = super().get_domain().as_dict()
        own["responses"] = {
            name: [
                {**variation, "text": answer.fill(variation["text"], self._knowledge)}
                for variation in variations
            ]
            for name, variations in own.get("responses", {}).items()
        }
        return Domain.from_dict(own).merge(self._retrieval_intents())

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Return ``data/nlu`` with the articles' example questions and titles."""
        examples = [
            Message.build(text=text, intent=article.response_key)
            for article in self._knowledge.articles.values()
            for text in (article.title, *article.ask)
        ]
        ours = TrainingData(training_examples=examples, entity_synonyms=synonyms(self._knowledge))
        return super().get_nlu_data(language).merge(ours)

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """Return ``data/rules`` and ``data/stories`` with one rule per topic."""
        own = super().get_stories(exclusion_percentage)
        rules = "\n".join(self._rule(topic) for topic in self._used_topics())
        reader = YAMLStoryReader(self.get_domain())
        return own.merge(StoryGraph(reader.read_from_string(f"version: '3.1'\nrules:\n{rules}")))

    def _used_topics(self) -> list[str]:
        return sorted({article.topic for article in self._knowledge.articles.values()})

    def _rule(self, topic: str) -> str:
        actions = [f"utter_{topic}", *self._knowledge.topics[topic].then]
        steps = "".join(f"\n  - action: {action}" for action in actions)
        return f"- rule: Answer about {topic}\n  steps:\n  - intent: {topic}{steps}"

    def _retrieval_intents(self) -> Domain:
        intents = [*self._used_topics(), *ABOUT_THE_LAST_ANSWER, DEFINE]
        return Domain.from_dict(
            {
                "intents": [
                    {intent: {"is_retrieval_intent": True, "use_entities": []}}
                    for intent in intents
                ],
                "actions": [f"utter_{intent}" for intent in intents],
            }
        )
