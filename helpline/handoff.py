"""The way to a person that is open right now, in words, for the visitor's country and clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from helpline.hours import in_words, is_open, next_opening, weekly_in_words
from helpline.knowledge import Contact, Hours, Knowledge
from helpline.knowledge.models import Region

HOME_ZONE = {"us": "America/Chicago", "uk": "Europe/London"}
"""Whose clock a line's own hours are told in."""

ZONE_NAME = {"America/Chicago": "Central time", "Europe/London": "UK time"}


@dataclass(frozen=True)
class Visitor:
    """What is known of where a visitor is. Nothing is asked for."""

    region: Region | None = None
    """From their own words, else from their clock."""
    timezone: str | None = None
    """An IANA name."""

    @property
    def place(self) -> Region:
        """Return the region to put first: the US where nothing is known."""
        if self.region:
            return self.region
        return "uk" if self.timezone == "Europe/London" else "us"

    @property
    def shows_both(self) -> bool:
        """Return whether the other country's line belongs beside it."""
        return self.region is None and self.timezone != "Europe/London"


@dataclass(frozen=True)
class Way:
    """One way to reach a person."""

    text: str
    contact: str
    """Id in ``contacts.yml``."""
    kind: str
    """"phone" or "chat"."""
    open: bool
    tel: str | None = None
    """What a phone dials."""


def ways(knowledge: Knowledge, now: datetime, visitor: Visitor) -> list[Way]:
    """Return the ways to a person in the visitor's country, then in the other one.

    In the visitor's country those open now come first, and phone before chat. There is always at
    least one phone number.
    """
    acs, cruk, macmillan = (knowledge.contacts[id_] for id_ in ("acs", "cruk", "macmillan"))
    if visitor.place == "uk":
        here = [_phone(cruk, now, visitor), _phone(macmillan, now, visitor)]
        there = [_phone(acs, now, visitor, note="in the US")]
    else:
        here = [_phone(acs, now, visitor), _chat(acs, now, visitor)]
        there = [_phone(cruk, now, visitor, note="in the UK")] if visitor.shows_both else []
    return [*sorted(here, key=lambda way: not way.open), *there]


def ways_in_words(found: list[Way]) -> str:
    """Return the ways as text, one a line."""
    return "\n".join(f"- {way.text}" for way in found)


def chat_in_words(chat: Hours, now: datetime, visitor: Visitor) -> str:
    """Return whether live chat is open, until when or from when on, on both clocks."""
    opening = next_opening(chat, now)
    if opening is None:
        return "closed, and I can't tell when it opens"
    if opening.start <= now:
        return f"open now, until {_on_clocks(opening.end, chat, now, visitor)}"
    return f"closed now, opens {_on_clocks(opening.start, chat, now, visitor)}"


def opening_of_chat(contact: Contact, now: datetime, visitor: Visitor) -> str:
    """Return in a sentence whether a specialist can chat now, or from when on."""
    chat = contact.chat or Hours(unknown=True)
    opening = next_opening(chat, now)
    if opening is None:
        return "Live chat is closed."
    if opening.start <= now:
        until = _on_clocks(opening.end, chat, now, visitor)
        return f"A specialist can chat now at {contact.web}, until {until}."
    return f"Live chat opens {_on_clocks(opening.start, chat, now, visitor)}."


def _phone(contact: Contact, now: datetime, visitor: Visitor, note: str = "") -> Way:
    where = f" ({note})" if note else ""
    name = f"Phone {contact.phone}, {contact.name}{where}"
    if contact.hours.always:
        return Way(f"{name}: any time, day or night.", contact.id, "phone", True, contact.tel)
    usual = f"{weekly_in_words(contact.hours)}{_zone_words(contact.hours.timezone)}"
    if is_open(contact.hours, now):
        return Way(f"{name}: open now ({usual}).", contact.id, "phone", True, contact.tel)
    opening = next_opening(contact.hours, now)
    next_time = (
        f"closed now, opens {_on_clocks(opening.start, contact.hours, now, visitor)} ({usual})"
        if opening
        else usual
    )
    return Way(f"{name}: {next_time}.", contact.id, "phone", False, contact.tel)


def _chat(contact: Contact, now: datetime, visitor: Visitor) -> Way:
    chat = contact.chat or Hours(unknown=True)
    where = f" at {contact.web}" if contact.web else ""
    text = f"Live chat{where}: {chat_in_words(chat, now, visitor)}."
    return Way(text, contact.id, "chat", is_open(chat, now))


def _on_clocks(at: datetime, hours: Hours, now: datetime, visitor: Visitor) -> str:
    """Return an instant on the line's clock and, where it differs, on the visitor's."""
    zone = hours.timezone or HOME_ZONE["us"]
    text = f"{in_words(at, zone, now)}{_zone_words(zone)}"
    theirs = visitor.timezone or HOME_ZONE[visitor.place]
    if in_words(at, theirs, now) == in_words(at, zone, now):
        return text
    known = visitor.timezone is not None or visitor.region == "uk"
    return f"{text} ({in_words(at, theirs, now)} your time)" if known else text


def _zone_words(zone: str | None) -> str:
    return f" {ZONE_NAME.get(zone, zone)}" if zone else ""


def offer_payload(found: list[Way]) -> dict[str, object]:
    """Return the ways for a web page."""
    return {
        "type": "people",
        "ways": [
            {
                "text": way.text,
                "contact": way.contact,
                "kind": way.kind,
                "open": way.open,
                **({"tel": way.tel} if way.tel else {}),
            }
            for way in found
        ],
    }
