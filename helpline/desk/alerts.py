"""Safety alerts: a screen was shown, or could not be, and somebody at the desk should know."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection

from helpline.database import alerts, engine
from helpline.desk.access import readable
from helpline.desk.held import Held, held
from helpline.desk.shown import alert_json, iso
from helpline.desk.specialists import Specialist
from helpline.desk.trail import note_in_audit
from helpline.web import log
from helpline.web.log import Gone, Message

UNSCREENED = "unscreened"
"""Stands for the screen where the safety screen failed: a person has to look instead."""


def note_unscreened(message: Message, at: datetime) -> None:
    """Alert the desk to a visitor's message that the safety screen could not read, once.

    Raises:
        Gone: the conversation was deleted.
    """
    same = select(alerts.c.id).where(alerts.c.message == message.id, alerts.c.screen == UNSCREENED)
    with engine().begin() as connection:
        log.take(connection, message.conversation)
        if connection.execute(same).first() is None:
            connection.execute(
                insert(alerts).values(
                    conversation=message.conversation,
                    message=message.id,
                    screen=UNSCREENED,
                    at=at,
                )
            )


def acknowledge(alert: int, who: Specialist, at: datetime) -> bool:
    """Note that somebody has seen to an alert; return whether they were the first.

    Raises:
        Gone: there is no such alert, or it is not on their board.
    """
    with engine().begin() as connection:
        query = select(alerts.c.conversation).where(alerts.c.id == alert)
        conversation = connection.execute(query).scalar()
        if conversation is None or not _is_for(connection, conversation, who):
            raise Gone
        done = connection.execute(
            update(alerts)
            .where(alerts.c.id == alert, alerts.c.acknowledged_at.is_(None))
            .values(acknowledged_at=at, acknowledged_by=who.shown)
        )
        if done.rowcount == 0:
            return False
        note_in_audit(connection, conversation, at, who.actor, "alert_acknowledged")
        return True


def concerns(one: Held, who: Specialist) -> bool:
    """Return whether an alert in a conversation is for somebody: its holder, or who may take it."""
    return who.is_supervisor or one.state == "waiting" or one.holder == who.id


def since(at: datetime) -> list[dict[str, Any]]:
    """Return the alerts from an instant on, the newest first."""
    query = select(alerts).where(alerts.c.at >= at).order_by(alerts.c.id.desc())
    with engine().connect() as connection:
        rows = list(connection.execute(query))
        shown = readable(connection, rows)
    return [
        {
            **alert_json(row, is_mine=False, is_readable=row.id in shown),
            "acknowledged_by": row.acknowledged_by,
            "acknowledged_at": iso(row.acknowledged_at),
        }
        for row in rows
    ]


def _is_for(connection: Connection, conversation: str, who: Specialist) -> bool:
    found = held(connection, conversation)
    return found is not None and concerns(found, who)
