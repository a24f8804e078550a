"""The audit trail: what changes nobody's place is written here, and all of it read."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from helpline.database import audit, engine
from helpline.desk.shown import iso

PAGE = 100

ONE_LOOK = timedelta(minutes=10)
"""Within which a look at a chat is not written down again."""


def note_in_audit(
    connection: Connection,
    conversation: str | None,
    at: datetime,
    actor: str,
    event: str,
    detail: str | None = None,
) -> None:
    """Write down what changes nobody's place: who looked at what, who signed in.

    Args:
        connection: of the transaction that does it.
        conversation: which one it is about, if it is about one.
        at: the present.
        actor: who does it, as :attr:`helpline.desk.specialists.Specialist.actor`.
        event: what, in a word.
        detail: more of it; no word of a visitor's.
    """
    connection.execute(
        insert(audit).values(
            conversation=conversation, at=at, actor=actor, event=event, detail=detail
        )
    )


def note_look(
    connection: Connection, conversation: str, at: datetime, actor: str, event: str
) -> None:
    """Write down that somebody looks at a chat, once for what they read in one go."""
    query = select(audit.c.id).where(
        audit.c.conversation == conversation,
        audit.c.actor == actor,
        audit.c.event == event,
        audit.c.at > at - ONE_LOOK,
    )
    if connection.execute(query).first() is None:
        note_in_audit(connection, conversation, at, actor, event)


def note(
    actor: str,
    event: str,
    at: datetime,
    detail: str | None = None,
    conversation: str | None = None,
) -> None:
    """Write down what changes nobody's place."""
    with engine().begin() as connection:
        note_in_audit(connection, conversation, at, actor, event, detail)


def trail(conversation: str | None = None, before: int | None = None) -> list[dict[str, Any]]:
    """Return a page of the trail, the newest first.

    Args:
        conversation: of this one alone.
        before: only what came before the row with this id.
    """
    query = select(audit).order_by(audit.c.id.desc()).limit(PAGE)
    if conversation:
        query = query.where(audit.c.conversation == conversation)
    if before:
        query = query.where(audit.c.id < before)
    with engine().connect() as connection:
        return [
            {
                "id": row.id,
                "at": iso(row.at),
                "actor": row.actor,
                "event": row.event,
                "from": row._mapping[audit.c["from"]],
                "to": row._mapping[audit.c.to],
                "conversation": row.conversation,
                "detail": row.detail,
            }
            for row in connection.execute(query)
        ]
