"""What stands on a specialist's page: the queue, their chats, the team, alerts, questions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from helpline.database import engine, handoffs, messages
from helpline.desk import specialists as accounts
from helpline.desk.access import readable
from helpline.desk.alerts import concerns
from helpline.desk.held import under_way
from helpline.desk.shown import (
    alert_json,
    chat_json,
    open_alerts,
    open_questions,
    tags_of,
    waiting_json,
)
from helpline.desk.specialists import Specialist


def snapshot(
    who: Specialist, at: datetime, is_online: Callable[[str], bool] = lambda _: False
) -> dict[str, Any]:
    """Return everything that stands on a specialist's page, by name of its event.

    Args:
        who: whose page.
        at: the present.
        is_online: whether a page of a conversation's visitor is open.
    """
    with engine().connect() as connection:
        there = under_way(connection)
        team = accounts.team(connection, at)
        shown = {colleague.id: colleague.shown for colleague in team}
        tagged = tags_of(connection, [one.conversation for one in there])
        alarms = open_alerts(connection)
        alarmed = {str(row.conversation): str(row.screen) for row in reversed(alarms)}
        theirs = [
            one for one in there if one.state == "live" and who.id in (one.holder, one.offered_to)
        ]
        mine = {one.conversation for one in theirs if one.holder == who.id}
        waiting = [one for one in there if one.state == "waiting"]
        shown_to_them = {one.conversation for one in (*theirs, *waiting) if one.consent} | mine
        by_consent: set[int] = set()
        if who.is_supervisor:
            visible = set(alarmed)
            by_consent = readable(connection, alarms)
        else:
            visible = {one.conversation for one in there if concerns(one, who)}
        return {
            "queue": {
                "waiting": [
                    waiting_json(connection, one, place, alarmed.get(one.conversation))
                    for place, one in enumerate(waiting, 1)
                ]
            },
            "chats": {
                "chats": [
                    chat_json(
                        connection,
                        one,
                        who,
                        shown,
                        tagged.get(one.conversation, []),
                        alarmed.get(one.conversation),
                        is_online(one.conversation),
                    )
                    for one in theirs
                ]
            },
            "team": {"team": [c.as_json() for c in team if c.role != "outside"]},
            "alerts": {
                "alerts": [
                    alert_json(
                        row,
                        row.conversation in mine,
                        row.conversation in shown_to_them or row.id in by_consent,
                    )
                    for row in alarms
                    if row.conversation in visible
                ]
            },
            "questions": {"questions": open_questions(connection)},
        }


def held_by(who: int) -> dict[str, int]:
    """Return the chats of a specialist, each with the id of its last message."""
    query = (
        select(handoffs.c.conversation, func.max(messages.c.id))
        .join(messages, messages.c.conversation == handoffs.c.conversation)
        .where(handoffs.c.holder == who, handoffs.c.ended_at.is_(None))
        .group_by(handoffs.c.conversation)
    )
    with engine().connect() as connection:
        return {row[0]: row[1] for row in connection.execute(query)}
