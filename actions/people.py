"""A way to a person, by the clock and by who is there."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.visitor import visitor_of
from helpline.answer import button
from helpline.clock import real_now, told_time
from helpline.database import engine
from helpline.desk import unanswered
from helpline.desk.offer import Offer, offer
from helpline.handoff import offer_payload, ways, ways_in_words
from helpline.knowledge import configured_knowledge

KNOWLEDGE = configured_knowledge()

WITH_A_DESK = "web"
"""The channel whose visitors a specialist can write to."""

HERE = "- Here in this chat: a specialist can come now."

MET = "You have chatted with {name} here before."


class OfferPerson(Action):
    """Says who can be reached right now and when the others are there."""

    def name(self) -> str:
        """Return the name in the domain."""
        return "action_offer_person"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Speak."""
        found = ways(KNOWLEDGE, told_time(), visitor_of(tracker, KNOWLEDGE))
        routing = tracker.latest_message.get("routing") or {}
        buttons = []
        # No one leaves with nothing: what can be said in general is one press away.
        nearest = KNOWLEDGE.articles.get(routing.get("article") or "")
        if nearest is not None and routing.get("route") == "personal_medical":
            buttons.append(button(nearest.title))
        words, payload = ways_in_words(found), offer_payload(found)
        if tracker.get_latest_input_channel() == WITH_A_DESK:
            offered = _offered()
            payload |= {"live": offered.as_json(), "question": offered.question}
            if offered.open:
                words = f"{HERE} {offered.wait.words}\n{words}"
            met = (tracker.get_slot("handoff") or {}).get("name")
            if met:
                words = f"{words}\n{MET.format(name=met)}"
            _count_unanswered(tracker)
        dispatcher.utter_message(
            response="utter_offer_person", ways=words, buttons=buttons, json_message=payload
        )
        return []


def _offered() -> Offer:
    with engine().connect() as connection:
        return offer(connection, KNOWLEDGE, told_time(), real_now())


def _count_unanswered(tracker: Tracker) -> None:
    """Count what the assistant had no answer to, without its words."""
    intent = tracker.latest_message.get("intent", {}).get("name")
    message = tracker.latest_message.get("message_id") or ""
    if intent in unanswered.KINDS:
        unanswered.record(
            intent,
            tracker.sender_id,
            int(message) if message.isdigit() else None,
            real_now(),
        )
