"""The safety screen as a Rasa component: the verdict, before anyone asks for the intent."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from helpline import settings
from helpline.encoder import Finetuned
from helpline.nlu.component import StoredComponent
from helpline.nlu.sentence_encoder import PIECES
from helpline.safety.examples import load_examples
from helpline.safety.kinds import Kind, KindClassifier, kind_of_intent
from helpline.safety.rules import Rule, Rules, ScreenName, load_rules
from helpline.safety.screen import Screen
from helpline.safety.verdict import Sign, Verdict
from helpline.thresholds import Thresholds, load_thresholds

SAFETY = "safety"
"""Where the verdict lies in a parsed message."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SafetyScreen(StoredComponent):
    """Screens every message for crisis and emergency, see :mod:`helpline.safety`.

    The rules, examples and thresholds of the day of training are kept in the model.
    """

    FILE = "screen.pickle"

    _state: tuple[Rules, KindClassifier, Thresholds]

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, state: Any
    ) -> None:
        super().__init__(config, model_storage, resource, state)
        rules, classifier, thresholds = self._state
        self._screen = Screen(rules, classifier, thresholds.screens)

    @classmethod
    def untrained(cls) -> tuple[Rules, KindClassifier, Thresholds]:
        """Return the rules, examples and thresholds as they are now."""
        folder = settings.KNOWLEDGE / "safety"
        rules = load_rules(folder)
        # What a rule has to see counts as an example, so that the classifier never overrules it.
        told = {
            text: frozenset((_kind(screen, rule),))
            for screen, of_screen in rules.screens()
            for rule in of_screen
            for text in rule.caught
        } | {example.text: example.kinds for example in load_examples(folder)}
        return rules, KindClassifier(Finetuned.load(), told), load_thresholds()

    def train(self, training_data: TrainingData) -> Resource:
        """Learn that an intent's examples are no danger, and how those that are, are worded.

        The rest was learned in fine-tuning.
        """
        _, classifier, _ = self._state
        for example in training_data.intent_examples:
            if example.get(TEXT):
                kind = kind_of_intent(example.get_full_intent())
                classifier.tell(example.get(TEXT), frozenset((kind,)))
        classifier.learn()
        return self.keep()

    def process(self, messages: list[Message]) -> list[Message]:
        """Put the verdict on each message."""
        for message in messages:
            verdict = self._screen.verdict(message.get(TEXT) or "", *message.get(PIECES))
            message.set(SAFETY, asdict(verdict), add_to_output=True)
        return messages


def _kind(screen: ScreenName, rule: Rule) -> Kind:
    """Return the kind of what a rule has to see."""
    if screen == "crisis":
        return "crisis_911" if rule.also else "crisis"
    return rule.tier or "call_911"


def verdict_of(parsed: dict[str, Any]) -> Verdict:
    """Return the verdict from a parsed message."""
    signs = tuple(Sign(**sign) for sign in parsed["signs"])
    return Verdict(**{**parsed, "signs": signs})
