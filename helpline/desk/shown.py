"""Conversations, alerts and questions as the pages of the desk are told of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from helpline import clock
from helpline.database import alerts, conversations, messages, questions, specialists, tags
from helpline.desk.held import Held
from helpline.desk.specialists import Specialist

LOOK_BACK = 40
"""Messages in which a visitor's last question is looked for."""


def iso(at: datetime | None) -> str | None:
    """Return an instant for a page, if it has come."""
    return clock.iso(at) if at else None


def handoff_json(row: Any) -> dict[str, Any]:
    """Return a row of the hand-offs: when, by whom, with what end."""
    return {
        "asked_at": iso(row.asked_at),
        "claimed_at": iso(row.claimed_at),
        "ended_at": iso(row.ended_at),
        "outcome": row.outcome,
        "close_reason": row.close_reason,
        "specialist": row.name,
    }


def waiting_json(
    connection: Connection, one: Held, place: int, alarm: str | None
) -> dict[str, Any]:
    """Return a waiting conversation."""
    return {
        "conversation": one.conversation,
        "place": place,
        "reason": one.reason,
        "asked": _asked(connection, one),
        "consent": one.consent,
        "asked_at": iso(one.asked_at),
        "waiting_since": iso(one.waiting_since),
        "last": one.last if one.consent else None,
        "language": one.language,
        "region": one.region,
        "timezone": one.timezone,
        "returning": one.situation.returning,
        "previous": one.name,
        "alert": alarm,
    }


def chat_json(
    connection: Connection,
    one: Held,
    who: Specialist,
    shown: Mapping[int, str],
    tagged: list[str],
    alarm: str | None,
    online: bool,
) -> dict[str, Any]:
    """Return a conversation that somebody has."""

    def person(id_: int | None) -> dict[str, Any] | None:
        return {"id": id_, "shown": shown.get(id_, one.name)} if id_ is not None else None

    # Whose account was removed meanwhile has a name still.
    holder = person(one.holder) or {"id": None, "shown": one.name}
    offered = {"to": person(one.offered_to), "from": holder, "note": one.offer_note}
    return {
        "conversation": one.conversation,
        "state": one.state,
        "holder": person(one.holder),
        "mine": one.holder == who.id,
        "offered_to_me": one.offered_to == who.id,
        "transfer": offered if one.offered_to is not None else None,
        "visitor": {
            "language": one.language,
            "region": one.region,
            "timezone": one.timezone,
            "online": online,
        },
        "reason": one.reason,
        "asked": _asked(connection, one),
        "consent": one.consent,
        "asked_at": iso(one.asked_at),
        "claimed_at": iso(one.claimed_at),
        "last": one.last,
        "last_visitor": one.last_visitor,
        "last_specialist": one.last_specialist,
        "tags": tagged,
        "idle_warned": one.warned,
        "alert": alarm,
    }


def alert_json(row: Any, is_mine: bool, is_readable: bool) -> dict[str, Any]:
    """Return an alert."""
    return {
        "id": row.id,
        "conversation": row.conversation,
        "screen": row.screen,
        "tier": row.tier,
        "at": iso(row.at),
        "message": row.message,
        "mine": is_mine,
        "readable": is_readable,
    }


def open_questions(connection: Connection) -> list[dict[str, Any]]:
    """Return the questions that nobody has answered yet, the oldest first."""
    query = (
        select(
            questions.c.id,
            questions.c.conversation,
            questions.c.at,
            messages.c.body,
            conversations.c.language,
            conversations.c.region,
        )
        .select_from(
            questions.join(messages, messages.c.id == questions.c.message).join(
                conversations, conversations.c.id == questions.c.conversation
            )
        )
        .where(questions.c.done_at.is_(None))
        .order_by(questions.c.id)
    )
    return [
        {
            "id": row.id,
            "conversation": row.conversation,
            "at": iso(row.at),
            "text": row.body["text"],
            "language": row.language,
            "region": row.region,
        }
        for row in connection.execute(query)
    ]


def tags_of(connection: Connection, wanted: Iterable[str]) -> dict[str, list[str]]:
    """Return the tags of some conversations."""
    query = select(tags).where(tags.c.conversation.in_(list(wanted))).order_by(tags.c.tag)
    found: dict[str, list[str]] = {}
    for row in connection.execute(query):
        found.setdefault(row.conversation, []).append(row.tag)
    return found


def open_alerts(connection: Connection) -> list[Any]:
    """Return the alerts that nobody has seen to, the newest first."""
    query = (
        select(alerts)
        .where(alerts.c.acknowledged_at.is_(None), alerts.c.conversation.is_not(None))
        .order_by(alerts.c.id.desc())
    )
    return list(connection.execute(query))


def names(connection: Connection) -> dict[int, str]:
    """Return the names that visitors see, by account."""
    query = select(specialists.c.id, specialists.c.shown)
    return {row.id: row.shown for row in connection.execute(query)}


def _asked(connection: Connection, one: Held) -> str | None:
    """Return what the visitor asked the assistant last, if they agree that it is read.

    To have asked for a person is no question, unless there is no other.
    """
    if not one.consent or one.asked_at is None:
        return None
    query = (
        select(messages.c.sender, messages.c.body)
        .where(
            messages.c.conversation == one.conversation,
            messages.c.sender.in_(("visitor", "bot")),
            messages.c.at <= one.asked_at,
        )
        .order_by(messages.c.id.desc())
        .limit(LOOK_BACK)
    )
    replies: list[str] = []
    last = None
    for row in connection.execute(query):
        if row.sender == "bot":
            replies.append((row.body.get("data") or {}).get("type", ""))
            continue
        if replies != ["people"]:
            return str(row.body["text"])
        last = last or str(row.body["text"])
        replies = []
    return last
