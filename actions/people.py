"""A way to a person, by the clock."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.visitor import visitor_of
from helpline.answer import button
from helpline.clock import now
from helpline.handoff import offer_payload, ways, ways_in_words
from helpline.knowledge import configured_knowledge

KNOWLEDGE = configured_knowledge()


class OfferPerson(Action):
    """Says who can be reached right now and when the others are there."""

    def name(self) -> str:
        """Return the name in the domain."""
        return "action_offer_person"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Speak."""
        found = ways(KNOWLEDGE, now(), visitor_of(tracker, KNOWLEDGE))
        routing = tracker.latest_message.get("routing") or {}
        buttons = []
        # No one leaves with nothing: what can be said in general is one press away.
        nearest = KNOWLEDGE.articles.get(routing.get("article") or "")
        if nearest is not None and routing.get("route") == "personal_medical":
            buttons.append(button(nearest.title))
        dispatcher.utter_message(
            response="utter_offer_person",
            ways=ways_in_words(found),
            buttons=buttons,
            json_message=offer_payload(found),
        )
        return []
