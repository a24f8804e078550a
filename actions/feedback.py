"""Was that helpful? Kept without a word of the conversation."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from helpline import feedback
from helpline.clock import real_now


class Feedback(Action):
    """Records yes or no about the last answer."""

    def name(self) -> str:
        """Return the name in the domain."""
        return "action_feedback"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Record and thank."""
        article = tracker.get_slot("article")
        # Not the first of the ranking, which a thumb without words does not have.
        helpful = tracker.latest_message["intent"]["name"] == "affirm"
        if article is None:
            dispatcher.utter_message(response="utter_ask_what")
            return []
        feedback.record(article, "helpful" if helpful else "not helpful", real_now())
        if helpful:
            dispatcher.utter_message(response="utter_glad")
        else:
            dispatcher.utter_message(response="utter_sorry")
        return []


class FeedbackWrong(Action):
    """Records that a visitor found the last answer wrong."""

    def name(self) -> str:
        """Return the name in the domain."""
        return "action_feedback_wrong"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Record."""
        article = tracker.get_slot("article")
        if article is not None:
            feedback.record(article, "wrong", real_now())
        return []
