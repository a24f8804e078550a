"""What the assistant had no answer to: counted without a word of it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from helpline.database import conversations, engine, unanswered
from helpline.desk.access import readable
from helpline.desk.shown import iso

KINDS = ("unsure", "out_of_scope", "other_cancer")
"""Intents of the router that end without an answer."""


def record(kind: str, conversation: str, message: int | None, at: datetime) -> None:
    """Count one.

    Args:
        kind: one of :data:`KINDS`.
        conversation: its id; one that came by another channel is left out.
        message: the id of the visitor's message.
        at: the present.
    """
    with engine().begin() as connection:
        known = select(conversations.c.id).where(conversations.c.id == conversation)
        is_known = connection.execute(known).first() is not None
        connection.execute(
            insert(unanswered).values(
                at=at,
                kind=kind,
                conversation=conversation if is_known else None,
                message=message if is_known else None,
            )
        )


def since(at: datetime) -> dict[str, Any]:
    """Return how many of each kind there were, and which, the newest first.

    A conversation is named only where its visitor has agreed that this part of it is read.
    """
    query = select(unanswered).where(unanswered.c.at >= at).order_by(unanswered.c.id.desc())
    with engine().connect() as connection:
        rows = list(connection.execute(query))
        shown = readable(connection, rows)
    counted = Counter(str(row.kind) for row in rows)
    return {
        "kinds": [{"kind": kind, "count": counted[kind]} for kind in KINDS],
        "rows": [
            {
                "at": iso(row.at),
                "kind": row.kind,
                "conversation": row.conversation if row.id in shown else None,
                "message": row.message if row.id in shown else None,
            }
            for row in rows
        ],
    }
