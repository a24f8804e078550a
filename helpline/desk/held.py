"""Where conversations stand, read from the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.engine import Connection
from sqlalchemy.sql import Select

from helpline.database import conversations, handoffs, messages, specialists
from helpline.desk.states import Situation, State
from helpline.handoff import Visitor
from helpline.hours import is_zone


@dataclass(frozen=True)
class Held:
    """A conversation with its hand-off, if one is under way."""

    conversation: str
    state: State
    created: datetime
    expires: datetime
    timezone: str | None
    language: str | None
    region: str | None
    last: int
    """The id of the last message; 0 where there is none."""
    last_visitor: int
    last_visitor_at: datetime | None
    last_specialist: int
    last_specialist_at: datetime | None
    handoff: int | None = None
    reason: str | None = None
    consent: bool = False
    asked_at: datetime | None = None
    waiting_since: datetime | None = None
    holder: int | None = None
    holder_seen: datetime | None = None
    name: str | None = None
    """Of the holder, or of the last one, as visitors see it."""
    claimed_at: datetime | None = None
    """When a specialist first came."""
    held_since: datetime | None = None
    """When the present holder did."""
    shown_from: int | None = None
    offered_to: int | None = None
    offer_note: str | None = None
    lost_at: datetime | None = None
    warned_at: datetime | None = None

    @property
    def situation(self) -> Situation:
        """Return what the state machine knows of it."""
        return Situation(
            state=self.state,
            holder=self.holder,
            offered_to=self.offered_to,
            lost=self.lost_at is not None,
            warned=self.warned,
            returning=self.claimed_at is not None,
        )

    @property
    def warned(self) -> bool:
        """Return whether the visitor was asked if they are there, and has not answered."""
        if self.warned_at is None:
            return False
        return self.last_visitor_at is None or self.last_visitor_at <= self.warned_at

    @property
    def visitor(self) -> Visitor:
        """Return what is known of where the visitor is."""
        zone = self.timezone if self.timezone and is_zone(self.timezone) else None
        region = self.region if self.region in ("us", "uk") else None
        return Visitor(region=region, timezone=zone)  # type: ignore[arg-type]


def _query() -> Select:
    said = messages.alias()

    def newest(column: Any, *sender: str) -> Any:
        whose = (said.c.sender == sender[0],) if sender else ()
        of_it = select(func.max(column)).where(said.c.conversation == conversations.c.id, *whose)
        return of_it.scalar_subquery()

    columns = [
        conversations.c.id.label("conversation"),
        *(
            conversations.c[name]
            for name in ("state", "created", "expires", "timezone", "language", "region")
        ),
        func.coalesce(newest(said.c.id), 0).label("last"),
        func.coalesce(newest(said.c.id, "visitor"), 0).label("last_visitor"),
        newest(said.c.at, "visitor").label("last_visitor_at"),
        func.coalesce(newest(said.c.id, "specialist"), 0).label("last_specialist"),
        newest(said.c.at, "specialist").label("last_specialist_at"),
        handoffs.c.id.label("handoff"),
        func.coalesce(handoffs.c.consent, False).label("consent"),
        *(
            handoffs.c[name]
            for name in (
                "reason",
                "asked_at",
                "waiting_since",
                "holder",
                "name",
                "claimed_at",
                "held_since",
                "shown_from",
                "offered_to",
                "offer_note",
                "lost_at",
                "warned_at",
            )
        ),
        specialists.c.seen.label("holder_seen"),
    ]
    is_open = and_(handoffs.c.conversation == conversations.c.id, handoffs.c.ended_at.is_(None))
    return select(*columns).select_from(
        conversations.outerjoin(handoffs, is_open).outerjoin(
            specialists, specialists.c.id == handoffs.c.holder
        )
    )


# Put together once: that takes longer than the database needs for the answer.
_EVERY = _query()
_ONE = _EVERY.where(conversations.c.id == bindparam("conversation"))
_UNDER_WAY = _EVERY.where(handoffs.c.id.is_not(None)).order_by(handoffs.c.asked_at, handoffs.c.id)


def held(connection: Connection, conversation: str) -> Held | None:
    """Return where a conversation stands, or None where it was deleted."""
    row = connection.execute(_ONE, {"conversation": conversation}).first()
    return _held(row) if row else None


def under_way(connection: Connection) -> list[Held]:
    """Return the conversations with a hand-off, in the order of their asking."""
    return [_held(row) for row in connection.execute(_UNDER_WAY)]


def _held(row: Any) -> Held:
    return Held(**{**dict(row._mapping), "consent": bool(row.consent)})
