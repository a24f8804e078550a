"""The audit trail, read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from helpline.database import audit, engine
from helpline.desk.conversations import note_in_audit
from helpline.desk.shown import iso

PAGE = 100


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
