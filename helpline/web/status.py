"""What the banner of the chat says: who can be reached now, and every number to call."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from helpline.handoff import Visitor, offer_payload, opening_of_chat, ways
from helpline.hours import is_open
from helpline.knowledge import Contact, Knowledge

PHONES = {"us": "acs", "uk": "cruk"}
"""The line to name first."""


def status(
    knowledge: Knowledge, now: datetime, visitor: Visitor, here: bool = False
) -> dict[str, Any]:
    """Return what a page shows above the conversation, and what it makes of numbers in texts.

    Args:
        knowledge: for phone numbers and hours.
        now: the present.
        visitor: what is known of where they are.
        here: whether a specialist can come into this very chat now.
    """
    found = ways(knowledge, now, visitor)
    chat = next((way for way in found if way.kind == "chat"), None)
    return {
        "banner": banner(knowledge, now, visitor, here),
        "chat": {
            "open": here or bool(chat and chat.open),
            "text": chat.text if chat else None,
            "web": knowledge.contacts[chat.contact].web if chat else None,
        },
        "ways": offer_payload(found)["ways"],
        "emergency": _lines(knowledge, "emergency", visitor),
        "crisis": _lines(knowledge, "crisis", visitor),
        "numbers": [
            {"text": contact.phone, "tel": contact.tel} for contact in knowledge.contacts.values()
        ],
    }


def banner(knowledge: Knowledge, now: datetime, visitor: Visitor, here: bool = False) -> str:
    """Return whether a specialist can chat now, or when; and the number to call."""
    contact = knowledge.contacts[PHONES[visitor.place]]
    call = f"Call {contact.phone}"
    if contact.hours.always:
        call = f"{call} any time."
    elif is_open(contact.hours, now):
        call = f"{call}: open now."
    else:
        phone = next(way for way in ways(knowledge, now, visitor) if way.contact == contact.id)
        return f"{phone.text} In an emergency call {_emergency(knowledge, visitor)}."
    if here:
        return f"A specialist can chat with you here now. {call}"
    if contact.chat is None:
        return call
    return f"{opening_of_chat(contact, now, visitor)} {call}"


def _emergency(knowledge: Knowledge, visitor: Visitor) -> str:
    return knowledge.contacts[f"{visitor.place}-emergency"].phone


def _lines(knowledge: Knowledge, kind: str, visitor: Visitor) -> list[dict[str, Any]]:
    """Return the lines of a kind, those of the visitor's country first."""
    lines = [contact for contact in knowledge.contacts.values() if contact.kind == kind]
    lines.sort(key=lambda contact: contact.region != visitor.place)
    return [_line(contact) for contact in lines]


def _line(contact: Contact) -> dict[str, Any]:
    return {
        "contact": contact.id,
        "name": contact.name,
        "region": contact.region,
        "text": contact.phone,
        "tel": contact.tel,
        "sms": contact.text,
    }
