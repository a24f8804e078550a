"""Forgetting: what is older than the helpline promises to keep is deleted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import delete, select

from helpline import settings
from helpline.database import (
    alerts,
    audit,
    batches,
    conversations,
    engine,
    messages,
    scrub,
    unanswered,
)

EVERY = 3600.0
"""Seconds between two rounds."""

OUTLIVE = (audit, alerts, unanswered)
"""What outlives a deleted conversation, without a word of it, for as long as one is kept."""


class Elsewhere(Protocol):
    """Where else a conversation is kept."""

    def forget(self, conversations: Iterable[str]) -> None:
        """Delete these conversations."""

    def forget_older(self, than: datetime) -> None:
        """Delete conversations in which nothing has happened since."""


def forget(now: datetime, elsewhere: Elsewhere, days: float | None = None) -> int:
    """Delete every conversation that began longer ago than so many days.

    Args:
        now: the present.
        elsewhere: the other record of the same conversations.
        days: the age; ``HELPLINE_KEEP_DAYS`` by default.

    Returns:
        How many were deleted.
    """
    before = now - timedelta(days=settings.KEEP_DAYS if days is None else days)
    old = select(conversations.c.id).where(conversations.c.created < before)
    with engine().connect() as connection:
        ids = list(connection.execute(old).scalars())
    # Ours last: where something fails, the next round still knows what has to go.
    elsewhere.forget(ids)
    elsewhere.forget_older(before)
    for some in batches(ids):
        with engine().begin() as connection:
            connection.execute(delete(messages).where(messages.c.conversation.in_(some)))
            connection.execute(delete(conversations).where(conversations.c.id.in_(some)))
    with engine().begin() as connection:
        for table in OUTLIVE:
            connection.execute(delete(table).where(table.c.at < before))
    # Somebody may have said something in between, and Rasa have heard it.
    elsewhere.forget(ids)
    scrub(engine())
    return len(ids)
