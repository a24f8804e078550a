"""What is known of the visitor, read from Rasa's tracker."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker

from helpline.handoff import Visitor
from helpline.hours import is_zone
from helpline.knowledge import Knowledge


def visitor_of(tracker: Tracker, knowledge: Knowledge) -> Visitor:
    """Return region and time zone: from what was said, else from what the channel knows."""
    place = knowledge.entities.get(tracker.get_slot("place") or "")
    metadata: dict[str, Any] = tracker.latest_message.get("metadata") or {}
    browser = metadata.get("timezone")
    region = tracker.get_slot("region") or metadata.get("region")
    zone = place.timezone if place else None
    if zone is None and isinstance(browser, str) and is_zone(browser):
        zone = browser
    return Visitor(region=region if region in ("us", "uk") else None, timezone=zone)
