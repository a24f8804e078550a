"""The honest offer: a specialist only where one can come, and the phone beside it always."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from helpline import settings
from helpline.database import handoffs
from helpline.desk import queue, specialists
from helpline.desk.held import Held
from helpline.desk.queue import Wait
from helpline.hours import is_open
from helpline.knowledge import Knowledge

WITH_A_PERSON = ("close", "leave", "visitor_gone")
"""Outcomes after which a visitor may be asked how it went."""


@dataclass(frozen=True)
class Offer:
    """What can be offered right now."""

    in_hours: bool
    """The desk keeps its hours now."""
    open: bool
    """It does, and somebody there has room."""
    wait: Wait
    staffed: bool
    """Somebody has an account, so that a question would be read some day."""

    @property
    def question(self) -> bool:
        """Return whether a visitor may leave a question instead."""
        return self.staffed and not self.open

    def as_json(self) -> dict[str, Any]:
        """Return the offer for a page."""
        return {"open": self.open, "wait": self.wait.as_json()}


def offer(connection: Connection, knowledge: Knowledge, now: datetime, at: datetime) -> Offer:
    """Return what can be offered.

    Args:
        connection: to the database.
        knowledge: for the hours.
        now: the present by the clock of the helpline, for the hours.
        at: the real time, for who is there.

    Raises:
        ValueError: ``HELPLINE_DESK_LINE`` names no contact.
    """
    team = specialists.team(connection, at)
    in_hours = chat_is_open(knowledge, now)
    return Offer(
        in_hours=in_hours,
        open=in_hours and any(colleague.room for colleague in team),
        wait=queue.usual_wait(connection, at).at(1 + queue.waiting(connection)),
        staffed=any(colleague.role != "outside" for colleague in team),
    )


def chat_is_open(knowledge: Knowledge, now: datetime) -> bool:
    """Return whether the desk keeps its hours now.

    Raises:
        ValueError: ``HELPLINE_DESK_LINE`` names no contact.
    """
    hours = line(knowledge).chat
    return hours is not None and is_open(hours, now)


def line(knowledge: Knowledge) -> Any:
    """Return the contact whose chat hours the desk keeps.

    Raises:
        ValueError: ``HELPLINE_DESK_LINE`` names none.
    """
    found = knowledge.contacts.get(settings.DESK_LINE)
    if found is None:
        raise ValueError(f'HELPLINE_DESK_LINE: there is no "{settings.DESK_LINE}" in contacts.yml')
    return found


def as_visitors_see_it(
    connection: Connection, held: Held, offered: Offer, at: datetime
) -> dict[str, Any]:
    """Return where a conversation stands, for the visitor's page."""
    is_waiting, is_live = held.state == "waiting", held.state == "live"
    place = None
    wait = None
    if is_waiting and held.asked_at and held.waiting_since and held.handoff:
        place = queue.place(connection, held.asked_at, held.handoff)
        wait = offered.wait.at(place).after(at - held.waiting_since).as_json()
    return {
        "state": held.state,
        "live": offered.as_json(),
        "place": place,
        "wait": wait,
        "name": held.name if is_live else None,
        "lost": is_live and held.lost_at is not None,
        "survey": held.state == "bot" and _survey_is_due(connection, held.conversation),
        "question": held.state == "bot" and offered.question,
    }


def _survey_is_due(connection: Connection, conversation: str) -> bool:
    query = (
        select(handoffs.c.outcome, handoffs.c.surveyed)
        .where(handoffs.c.conversation == conversation)
        .order_by(handoffs.c.id.desc())
        .limit(1)
    )
    last = connection.execute(query).first()
    return last is not None and last.outcome in WITH_A_PERSON and not last.surveyed
