"""Tables to take away, as CSV. None holds a word of a visitor's."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import select

from helpline.database import audit, conversations, engine, handoffs
from helpline.desk.figures import by_day
from helpline.desk.shown import handoff_json, iso, tags_of

What = Literal["handoffs", "figures", "audit"]

KINDS = get_args(What)

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def export(what: What, at: datetime, days: int, zone: str) -> str:
    """Return a table as CSV.

    Args:
        what: which one.
        at: the present.
        days: how many to look back.
        zone: IANA name of the clock by which a day begins.

    Raises:
        ZoneInfoNotFoundError: there is no such clock.
    """
    if what == "figures":
        return _csv(by_day(at, days, zone))
    begin = at - timedelta(days=days)
    return _csv(_handoffs(begin) if what == "handoffs" else _audit(begin))


def _handoffs(begin: datetime) -> list[dict[str, Any]]:
    query = (
        select(handoffs, conversations.c.region, conversations.c.language)
        .select_from(handoffs.join(conversations, conversations.c.id == handoffs.c.conversation))
        .where(handoffs.c.asked_at >= begin)
        .order_by(handoffs.c.id)
    )
    with engine().connect() as connection:
        rows = list(connection.execute(query))
        tagged = tags_of(connection, {row.conversation for row in rows})
    return [
        {
            "conversation": row.conversation,
            **handoff_json(row),
            "consent": row.consent,
            "region": row.region,
            "language": row.language,
            "tags": " ".join(tag.replace(" ", "_") for tag in tagged.get(row.conversation, ())),
        }
        for row in rows
    ]


def _audit(begin: datetime) -> list[dict[str, Any]]:
    query = select(audit).where(audit.c.at >= begin).order_by(audit.c.id)
    with engine().connect() as connection:
        return [{**row._mapping, "at": iso(row.at)} for row in connection.execute(query)]


def _csv(rows: Sequence[Mapping[str, Any]]) -> str:
    if not rows:
        return ""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(rows[0])
    writer.writerows(_cells(row.values()) for row in rows)
    return text.getvalue()


def _cells(values: Iterable[Any]) -> list[Any]:
    return [
        f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
        for value in values
    ]
