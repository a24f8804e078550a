"""What visitors thought of the answers: article, verdict, day and hour. No message, no name."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Literal

from sqlalchemy import case, func, insert, select
from sqlalchemy.engine import Connection

from helpline.database import engine, feedback

Verdict = Literal["helpful", "not helpful", "wrong"]


def record(article: str, verdict: Verdict, at: datetime) -> None:
    """Keep one verdict. The instant is kept to the hour, so that nobody can be told by it."""
    with engine().begin() as connection:
        record_in(connection, article, verdict, at)


def record_in(connection: Connection, article: str, verdict: Verdict, at: datetime) -> None:
    """Keep one verdict as a part of a transaction."""
    hour = at.astimezone(timezone.utc).replace(minute=0, second=0, microsecond=0)
    connection.execute(
        insert(feedback).values(at=hour.isoformat(), article=article, verdict=verdict)
    )


def summary() -> list[tuple[str, int, int, int]]:
    """Return per article how often it was helpful, not helpful, wrong; the most wrong first."""
    helpful, not_helpful, wrong = (
        func.sum(case((feedback.c.verdict == verdict, 1), else_=0))
        for verdict in ("helpful", "not helpful", "wrong")
    )
    query = (
        select(feedback.c.article, helpful, not_helpful, wrong)
        .group_by(feedback.c.article)
        .order_by(wrong.desc(), not_helpful.desc(), feedback.c.article)
    )
    with engine().connect() as connection:
        return [tuple(row) for row in connection.execute(query)]
