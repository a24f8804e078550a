"""What visitors thought of the answers: article, verdict, day and hour. No message, no name."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Literal

from helpline import settings

Verdict = Literal["helpful", "not helpful", "wrong"]

SCHEMA = """
CREATE TABLE IF NOT EXISTS feedback (
    at TEXT NOT NULL,
    article TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('helpful', 'not helpful', 'wrong'))
)
"""


def record(article: str, verdict: Verdict, at: datetime) -> None:
    """Keep one verdict. The instant is kept to the hour, so that nobody can be told by it."""
    hour = at.astimezone(timezone.utc).replace(minute=0, second=0, microsecond=0)
    with _database() as database:
        database.execute(
            "INSERT INTO feedback (at, article, verdict) VALUES (?, ?, ?)",
            (hour.isoformat(), article, verdict),
        )


def summary() -> list[tuple[str, int, int, int]]:
    """Return per article how often it was helpful, not helpful, wrong; the most wrong first."""
    with _database() as database:
        return database.execute(
            """
            SELECT article, SUM(verdict = 'helpful'), SUM(verdict = 'not helpful'),
                   SUM(verdict = 'wrong')
            FROM feedback GROUP BY article ORDER BY 4 DESC, 3 DESC, 1
            """
        ).fetchall()


@contextmanager
def _database() -> Iterator[sqlite3.Connection]:
    file = Path(settings.DATABASE)
    file.parent.mkdir(parents=True, exist_ok=True)
    database = sqlite3.connect(file, timeout=10)
    try:
        with database:
            database.execute(SCHEMA)
            yield database
    finally:
        database.close()
