"""What a desk elsewhere has yet to be told, read from the log and the audit trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.engine import Connection, Row

from helpline.database import audit, conversations, engine, handoffs, messages, specialists
from helpline.desk.shown import iso
from helpline.web import log

GIVE_UP = timedelta(days=1)
"""After the end of a hand-off."""


@dataclass(frozen=True)
class Item:
    """One thing to tell."""

    handoff: int
    body: dict[str, Any]
    """Its ``id`` is the same however often it is told."""
    told: int
    """The id in the audit trail up to which all is told afterwards."""
    told_said: int
    """The same in the log."""


FOR_ALL = (
    "ask",
    "claim",
    "grace_over",
    "cancel",
    "nobody_came",
    "closing_time",
    "leave",
    "close",
    "visitor_gone",
)
"""Events that say who waits and who does not: told of every hand-off."""

FOR_ITS_OWN = ("lost", "returned", "visitor_idle")
"""Told of its own chats alone. What our specialists offer each other is told of none."""


def pending(at: datetime) -> list[list[Item]]:
    """Return what is untold: a list for each hand-off, in order."""
    query = (
        select(
            handoffs,
            specialists.c.role,
            conversations.c.language,
            conversations.c.region,
            conversations.c.timezone,
        )
        .select_from(
            handoffs.join(conversations, conversations.c.id == handoffs.c.conversation).outerjoin(
                specialists, specialists.c.id == handoffs.c.holder
            )
        )
        .where(or_(handoffs.c.ended_at.is_(None), handoffs.c.ended_at > at - GIVE_UP))
        .order_by(handoffs.c.id)
    )
    with engine().connect() as connection:
        found = [_of(connection, row) for row in connection.execute(query).all()]
    return [items for items in found if items]


def note(item: Item) -> None:
    """Note that something was told."""
    with engine().begin() as connection:
        connection.execute(
            update(handoffs)
            .where(handoffs.c.id == item.handoff)
            .values(told=item.told, told_said=item.told_said)
        )


def _of(connection: Connection, handoff: Row) -> list[Item]:
    """Return what is untold of a hand-off: what happened and what was said, as it came about."""
    happened = [(row.at, _event(connection, handoff, row)) for row in _events(connection, handoff)]
    said = [(message.at, _message(handoff, message)) for message in _untold(connection, handoff)]
    items: list[Item] = []
    told, told_said = handoff.told, handoff.told_said
    # Each of the two stays in the order of its ids, whatever the clocks say.
    for _, body in merge(happened, said, key=lambda entry: entry[0]):
        number = int(body["id"].rpartition("-")[2])
        if body["event"] == "message":
            told_said = number
        else:
            told = number
            told_said = max([told_said, *(one["id"] for one in body.get("messages", ()))])
        items.append(Item(handoff.id, body, told, told_said))
    return items


def _event(connection: Connection, handoff: Row, row: Row) -> dict[str, Any]:
    body = {
        "id": f"event-{row.id}",
        "event": row.event,
        "conversation": handoff.conversation,
        "at": iso(row.at),
        "by": row.actor.split(" ")[0],
    }
    if row.event != "ask":
        return body
    # However late it is told: what came afterwards may be for our own specialists alone.
    said = _said(connection, handoff, 0, handoff.asked_at) if handoff.consent else []
    return body | {
        "reason": handoff.reason,
        "consent": handoff.consent,
        "language": handoff.language,
        "region": handoff.region,
        "timezone": handoff.timezone,
        "messages": [message.as_json() for message in said],
    }


def _message(handoff: Row, message: log.Message) -> dict[str, Any]:
    return {
        "id": f"message-{message.id}",
        "event": "message",
        "conversation": handoff.conversation,
        "at": iso(message.at),
        "message": message.as_json(),
    }


def _untold(connection: Connection, handoff: Row) -> list[log.Message]:
    """Return what visitor and assistant said, if the chat is that desk's."""
    if handoff.role != "outside":
        return []
    begin = handoff.told_said
    if not handoff.consent:
        begin = max(begin, handoff.shown_from or 0)
    return _said(connection, handoff, begin, handoff.ended_at)


def _events(connection: Connection, handoff: Row) -> list[Row]:
    """Return the steps of the state machine that are untold and concern that desk."""
    wanted = (*FOR_ALL, *FOR_ITS_OWN) if handoff.role == "outside" else FOR_ALL
    within = and_(
        audit.c.conversation == handoff.conversation,
        audit.c.id > handoff.told,
        audit.c.event.in_(wanted),
        audit.c.at >= handoff.asked_at,
    )
    query = select(audit).where(within).order_by(audit.c.id)
    if handoff.ended_at is not None:
        query = query.where(audit.c.at <= handoff.ended_at)
    return list(connection.execute(query))


def _said(
    connection: Connection, handoff: Row, after: int, until: datetime | None
) -> list[log.Message]:
    """Return what visitor and assistant said after a message, up to an instant if there is one."""
    query = (
        select(messages)
        .where(
            messages.c.conversation == handoff.conversation,
            messages.c.id > after,
            messages.c.sender.in_(("visitor", "bot")),
        )
        .order_by(messages.c.id)
    )
    if until is not None:
        query = query.where(messages.c.at <= until)
    return [log.message_of(row) for row in connection.execute(query)]
