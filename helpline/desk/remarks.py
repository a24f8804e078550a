"""What specialists write for each other: private notes and tags."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection

from helpline.database import engine, notes, tags
from helpline.desk.shown import iso
from helpline.desk.specialists import Specialist
from helpline.web import log


def add_note(conversation: str, who: Specialist, text: str, at: datetime) -> dict[str, Any]:
    """Keep a note, and return it for the page.

    Args:
        conversation: its id.
        who: the author.
        text: the note.
        at: the present.

    Raises:
        Gone: the conversation was deleted.
    """
    with engine().begin() as connection:
        log.take(connection, conversation)
        stored = connection.execute(
            insert(notes).values(conversation=conversation, at=at, author=who.shown, text=text)
        )
        id_ = stored.inserted_primary_key[0]
    return {"id": id_, "at": iso(at), "author": who.shown, "text": text}


def notes_of(connection: Connection, conversation: str) -> list[dict[str, Any]]:
    """Return what specialists have noted, the earliest first."""
    query = select(notes).where(notes.c.conversation == conversation).order_by(notes.c.id)
    return [
        {"id": row.id, "at": iso(row.at), "author": row.author, "text": row.text}
        for row in connection.execute(query)
    ]


def set_tags(conversation: str, wanted: Iterable[str]) -> list[str]:
    """Give a conversation these tags and no others, and return them.

    Raises:
        Gone: the conversation was deleted.
    """
    clean = sorted({tag for text in wanted if (tag := " ".join(text.lower().split()))})
    with engine().begin() as connection:
        log.take(connection, conversation)
        connection.execute(delete(tags).where(tags.c.conversation == conversation))
        for tag in clean:
            connection.execute(insert(tags).values(conversation=conversation, tag=tag))
    return clean


def known_tags() -> list[str]:
    """Return every tag that is in use."""
    with engine().connect() as connection:
        query = select(tags.c.tag).distinct().order_by(tags.c.tag)
        return list(connection.execute(query).scalars())
