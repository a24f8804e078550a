"""Safety alerts: a screen was shown, and somebody at the desk should know."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from helpline.database import alerts, engine
from helpline.desk.access import consented
from helpline.desk.conversations import note_in_audit
from helpline.desk.shown import alert_json, iso
from helpline.desk.specialists import Specialist


def acknowledge(alert: int, who: Specialist, at: datetime) -> bool:
    """Note that somebody has seen to an alert; return whether they were the first."""
    with engine().begin() as connection:
        done = connection.execute(
            update(alerts)
            .where(alerts.c.id == alert, alerts.c.acknowledged_at.is_(None))
            .values(acknowledged_at=at, acknowledged_by=who.shown)
        )
        if done.rowcount == 0:
            return False
        query = select(alerts.c.conversation).where(alerts.c.id == alert)
        conversation = connection.execute(query).scalar()
        note_in_audit(connection, conversation, at, f"specialist {who.name}", "alert_acknowledged")
        return True


def since(at: datetime) -> list[dict[str, Any]]:
    """Return the alerts from an instant on, the newest first."""
    query = select(alerts).where(alerts.c.at >= at).order_by(alerts.c.id.desc())
    with engine().connect() as connection:
        rows = list(connection.execute(query))
        readable = consented(connection, {str(row.conversation) for row in rows})
    return [
        {
            **alert_json(row, is_mine=False, is_readable=row.conversation in readable),
            "acknowledged_by": row.acknowledged_by,
            "acknowledged_at": iso(row.acknowledged_at),
        }
        for row in rows
    ]
