"""What was said before, read from Rasa's tracker."""

from __future__ import annotations

from rasa.shared.core.trackers import DialogueStateTracker

from helpline.routing import Context

ROUTING = "routing"
"""Where the router's decision lies in a parsed message."""

CRISIS_SHOWN = "crisis_shown"
"""The slot that remembers a crisis screen."""


def context_of(tracker: DialogueStateTracker | None) -> Context:
    """Return the article shown last and the candidates of the message before."""
    if tracker is None:
        return Context()
    # While a message is parsed, the tracker's latest message is still the one before it.
    before = tracker.latest_message.parse_data if tracker.latest_message else {}
    routing = before.get(ROUTING) or {}
    return Context(
        article=tracker.slots["article"].value if "article" in tracker.slots else None,
        candidates=tuple(routing.get("candidates", ())),
        asked_which=routing.get("route") == "clarify",
        crisis_shown=bool(tracker.slots[CRISIS_SHOWN].value)
        if CRISIS_SHOWN in tracker.slots
        else False,
    )
