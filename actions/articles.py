"""What an article needs beside its fixed text: a choice of articles, links to trial searches."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from helpline.answer import PERSON_BUTTON, button
from helpline.knowledge import configured_knowledge
from helpline.trials import SUBTYPES, search_links

KNOWLEDGE = configured_knowledge()

FIND_TRIALS = "trial-find"


class Clarify(Action):
    """Offers the articles that may be meant."""

    def name(self) -> str:
        """Return the name in the domain."""
        return "action_clarify"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Speak."""
        routing = tracker.latest_message.get("routing") or {}
        titles = [
            KNOWLEDGE.articles[article].title
            for article in routing.get("candidates", [])
            if article in KNOWLEDGE.articles
        ]
        dispatcher.utter_message(
            response="utter_clarify",
            buttons=[*(button(title) for title in titles), button(PERSON_BUTTON)],
            json_message={"type": "clarify", "articles": routing.get("candidates", [])},
        )
        return []


class TrialSearches(Action):
    """Adds links to trial searches, filled in with the place and subtype that were named."""

    def name(self) -> str:
        """Return the name in the domain."""
        return "action_trial_searches"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Speak, if trials are looked for."""
        named = [str(entity["value"]) for entity in tracker.latest_message.get("entities") or []]
        place = KNOWLEDGE.entities.get(tracker.get_slot("place") or "")
        place_named = place is not None and place.id in named
        subtype_named = any(subtype in named for subtype in SUBTYPES)
        if tracker.get_slot("article") != FIND_TRIALS and not place_named and not subtype_named:
            return []
        links = search_links(place, named)
        lines = "\n".join(f"- {link.label}:\n  {link.url}" for link in links)
        dispatcher.utter_message(
            response="utter_trial_searches",
            links=lines,
            json_message={
                "type": "links",
                "links": [{"label": link.label, "url": link.url} for link in links],
            },
        )
        return []
