"""The queue: who is next, and how long it takes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from helpline.database import conversations, handoffs

LOOKED_AT = 20
"""From so many that asked last, the wait is guessed."""

RECENT = timedelta(days=7)
"""What was longer ago says nothing about now."""

ENOUGH = 5
"""If a specialist came to fewer, nothing is guessed."""


@dataclass(frozen=True)
class Wait:
    """A guess of how long it takes until a specialist comes."""

    minutes: int | None = None
    """None where it cannot be told."""
    is_next: bool = True
    """Nobody stands before them in line."""

    @property
    def words(self) -> str:
        """Return the guess as a sentence."""
        if self.minutes is None:
            return "I can't tell how long it will take."
        length = "about a minute" if self.minutes <= 1 else f"about {self.minutes} minutes"
        more = "" if self.is_next else "; with others in line before you it may take longer"
        return f"Lately it has taken {length}{more}."

    def at(self, place: int) -> Wait:
        """Return the guess for a place in line, 1 for the next."""
        return replace(self, is_next=place == 1)

    def after(self, waited: timedelta) -> Wait:
        """Return what is left of it; nothing can be told of a wait longer than the guess."""
        if self.minutes is None:
            return self
        left = timedelta(minutes=self.minutes) - waited
        minutes = math.ceil(left / timedelta(minutes=1)) if left > timedelta() else None
        return replace(self, minutes=minutes)

    def as_json(self) -> dict[str, object]:
        """Return the guess for a page."""
        return {"minutes": self.minutes, "text": self.words}


def usual_wait(connection: Connection, at: datetime) -> Wait:
    """Return the median wait of the last :data:`LOOKED_AT`, in whole minutes, at the next place.

    Args:
        connection: to the database.
        at: the present.
    """
    over = func.coalesce(handoffs.c.claimed_at, handoffs.c.ended_at)
    query = (
        select(handoffs.c.asked_at, over.label("over"), handoffs.c.claimed_at)
        .where(handoffs.c.asked_at > at - RECENT, over.is_not(None))
        .order_by(over.desc())
        .limit(LOOKED_AT)
    )
    waits = [
        (row.over - row.asked_at, row.claimed_at is not None) for row in connection.execute(query)
    ]
    if sum(came for _, came in waits) < ENOUGH:
        return Wait()
    found = _median(waits)
    return Wait(max(1, math.ceil(found / timedelta(minutes=1)))) if found is not None else Wait()


def _median(waits: Iterable[tuple[timedelta, bool]]) -> timedelta | None:
    """Return the Kaplan-Meier estimate of the median; None where fewer than half have seen anybody.

    Whoever left, or to whom nobody came, would have waited at least so long.

    Args:
        waits: how long each waited, and whether a specialist came.
    """
    in_order = sorted(waits, key=lambda wait: (wait[0], not wait[1]))
    still_waiting = Fraction(1)
    for at, (waited, came) in enumerate(in_order):
        if came:
            still_waiting *= 1 - Fraction(1, len(in_order) - at)
            if still_waiting <= Fraction(1, 2):
                return waited
    return None


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
