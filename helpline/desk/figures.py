"""Figures by day: how many asked for a person, how long they waited, what became of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from statistics import median, quantiles
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Table, select

from helpline.database import alerts, engine, outcomes, questions, surveys, unanswered
from helpline.desk.offer import WITH_A_PERSON
from helpline.desk.survey import HIGH

COUNTED = ("cancel", "nobody_came", "closing_time", "visitor_gone")
"""Outcomes that have a column of their own."""

NAMES = {"cancel": "cancelled"}


def by_day(at: datetime, days: int, zone: str) -> list[dict[str, Any]]:
    """Return the figures of some days, the newest first.

    Args:
        at: the present.
        days: how many, today included.
        zone: IANA name of the clock by which a day begins.
    """
    local = ZoneInfo(zone)
    today = at.astimezone(local).date()
    first = today - timedelta(days=days - 1)
    begin = datetime(first.year, first.month, first.day, tzinfo=local)

    def day_of(row: Any) -> date:
        return row.at.astimezone(local).date()

    ended = _since(outcomes, begin, day_of)
    said = _since(surveys, begin, day_of)
    asked = _since(questions, begin, day_of)
    alarms = _since(alerts, begin, day_of)
    open_ends = _since(unanswered, begin, day_of)
    return [
        {
            "day": day.isoformat(),
            **_of_handoffs(ended[day]),
            **_of_surveys(said[day]),
            "questions": len(asked[day]),
            "alerts": len(alarms[day]),
            "unanswered": len(open_ends[day]),
        }
        for day in (today - timedelta(days=back) for back in range(days))
    ]


def _since(
    table: Table, begin: datetime, day_of: Callable[[Any], date]
) -> defaultdict[date, list[Any]]:
    found: defaultdict[date, list[Any]] = defaultdict(list)
    with engine().connect() as connection:
        for row in connection.execute(select(table).where(table.c.at >= begin)):
            found[day_of(row)].append(row)
    return found


def _of_handoffs(rows: Sequence[Any]) -> dict[str, Any]:
    counted = Counter(row.outcome for row in rows)
    handled = [row for row in rows if row.outcome in WITH_A_PERSON]
    waits = [row.waited for row in handled]
    return {
        "asked": len(rows),
        "handled": len(handled),
        **{NAMES.get(outcome, outcome): counted[outcome] for outcome in COUNTED},
        "wait_median_seconds": _median(waits),
        "wait_p90_seconds": _p90(waits),
        "chat_median_seconds": _median([row.lasted for row in handled if row.lasted is not None]),
    }


def _of_surveys(rows: Sequence[Any]) -> dict[str, Any]:
    distress = [row.distress for row in rows if row.distress is not None]
    return {
        "surveys": len(rows),
        "answered": sum(row.helped is not None for row in rows),
        "helped": sum(row.helped is True for row in rows),
        "distress_median": _median(distress),
        "distress_high": sum(value >= HIGH for value in distress),
    }


def _median(values: Sequence[int]) -> int | None:
    return round(median(values)) if values else None


def _p90(values: Sequence[int]) -> int | None:
    if len(values) < 2:
        return values[0] if values else None
    return round(quantiles(values, n=10, method="inclusive")[8])
