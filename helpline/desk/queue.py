"""The queue: who is next, and how long it takes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from helpline.database import conversations, handoffs

HANDLED = 20
"""Of so many that came before, the wait is guessed."""

ENOUGH = 5
"""From fewer nothing is guessed."""


@dataclass(frozen=True)
class Wait:
    """A guess of how long it takes until a specialist comes."""

    minutes: int | None = None
    """None where it cannot be told."""

    @property
    def words(self) -> str:
        """Return the guess as a sentence."""
        if self.minutes is None:
            return "I can't tell how long it will take."
        if self.minutes <= 1:
            return "Lately it has taken about a minute."
        return f"Lately it has taken about {self.minutes} minutes."

    def after(self, waited: timedelta) -> Wait:
        """Return what is left of it; nothing can be told of a wait longer than the guess."""
        if self.minutes is None:
            return self
        left = timedelta(minutes=self.minutes) - waited
        return Wait(math.ceil(left / timedelta(minutes=1))) if left > timedelta() else Wait()

    def as_json(self) -> dict[str, object]:
        """Return the guess for a page."""
        return {"minutes": self.minutes, "text": self.words}


def usual_wait(connection: Connection) -> Wait:
    """Return the median wait of the last :data:`HANDLED`, in whole minutes."""
    query = (
        select(handoffs.c.asked_at, handoffs.c.claimed_at)
        .where(handoffs.c.claimed_at.is_not(None))
        .order_by(handoffs.c.claimed_at.desc())
        .limit(HANDLED)
    )
    waits = [row.claimed_at - row.asked_at for row in connection.execute(query)]
    if len(waits) < ENOUGH:
        return Wait()
    return Wait(max(1, math.ceil(median(waits) / timedelta(minutes=1))))


def place(connection: Connection, asked_at: datetime, handoff: int) -> int:
    """Return whose turn it is: 1 for the next. Who asked first comes first, always."""
    before = (handoffs.c.asked_at < asked_at) | (
        (handoffs.c.asked_at == asked_at) & (handoffs.c.id < handoff)
    )
    return 1 + _waiting(connection, before)


def waiting(connection: Connection) -> int:
    """Return how many are waiting."""
    return _waiting(connection, handoffs.c.id.is_not(None))


def _waiting(connection: Connection, which: object) -> int:
    query = (
        select(func.count())
        .select_from(handoffs.join(conversations, conversations.c.id == handoffs.c.conversation))
        .where(handoffs.c.ended_at.is_(None), conversations.c.state == "waiting", which)
    )
    return int(connection.execute(query).scalar_one())
