"""Databases full of finished conversations, as a helpline that is long in use has them.

Written straight into both SQLite files, for a million of them take hours by way of the assistant.
Each is one question and its answer: the kinds of rows are those of a real one, the texts and the
rankings are shorter.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)

from helpline.database import engine
from helpline.tracker_store import RecentTrackerStore
from helpline.web.sessions import expiry

AGE = timedelta(days=30)
"""The oldest are an hour older: what an hourly round finds when conversations are kept so long."""

HOUR = timedelta(hours=1)

UNANSWERED = 10
"""One conversation in so many had a question that nothing answered."""

AT_ONCE = 50_000
"""Conversations in a transaction."""

QUESTION = "can my brother be my donor"
ANSWER = (
    "Brothers and sisters are usually the first people tested. So the odds that a full sibling is "
    "a full match are 1 in 4."
)
ARTICLE = "donor-sibling"

PARSED = {
    "intent": {"name": "donors", "confidence": 0.797},
    "entities": [{"entity": "article", "value": ARTICLE, "extractor": "Router"}],
    "text": QUESTION,
    "routing": {"route": "answer", "article": ARTICLE, "confidence": 0.797, "candidates": []},
}

MARK = 1.5
"""Stands for the time in a template."""


def sender(number: int) -> str:
    """Return the id of a conversation, as long and as random as a real one."""
    digest = hashlib.blake2b(str(number).encode(), digest_size=16).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def began(number: int, now: datetime) -> datetime:
    """Return when a conversation began: spread evenly over the time that they are kept."""
    share = (number + 1) * 0.6180339887498949 % 1.0
    return now - AGE - HOUR + share * (AGE - HOUR)


def events() -> list[Event]:
    """Return what Rasa keeps of one conversation."""
    return [
        SessionStarted(MARK),
        ActionExecuted("action_listen", timestamp=MARK),
        UserUttered(QUESTION, PARSED["intent"], PARSED["entities"], PARSED, MARK),
        SlotSet("article", ARTICLE, MARK),
        ActionExecuted("utter_donors", "RulePolicy", 1.0, MARK),
        BotUttered(ANSWER, {}, {"utter_action": f"utter_donors/{ARTICLE}"}, MARK),
        ActionExecuted("action_listen", "RulePolicy", 1.0, MARK),
    ]


def fill(database: str, conversations: str, numbers: range, now: datetime) -> None:
    """Write the conversations of these numbers.

    Args:
        database: the helpline's file; ``HELPLINE_DATABASE`` has to name it.
        conversations: Rasa's file.
        numbers: which.
        now: the present, after all of them.
    """
    Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine()
    RecentTrackerStore(Domain.empty(), db=conversations).engine.dispose()
    with _open(conversations) as file:
        for some in _parts(numbers):
            file.executemany(
                "INSERT INTO events (sender_id, type_name, timestamp, intent_name, action_name, "
                "data) VALUES (?, ?, ?, ?, ?, ?)",
                _event_rows(some, now),
            )
            file.commit()
    with _open(database) as file:
        for some in _parts(numbers):
            file.executemany(
                "INSERT INTO conversations (id, created, seen, expires, timezone) "
                "VALUES (?, ?, ?, ?, 'UTC')",
                _conversation_rows(some, now),
            )
            file.executemany(
                "INSERT INTO messages (conversation, sender, at, body, client_id, hearer, handled) "
                "VALUES (?, ?, ?, ?, ?, ?, 1)",
                _message_rows(some, now),
            )
            file.executemany(
                "INSERT INTO unanswered (at, kind, conversation) VALUES (?, 'unsure', ?)",
                [(_instant(began(n, now)), sender(n)) for n in some if n % UNANSWERED == 0],
            )
            file.commit()


def _event_rows(numbers: range, now: datetime) -> Iterator[tuple[Any, ...]]:
    templates = []
    for event in events():
        data = event.as_dict()
        before, after = json.dumps(data).split(f'"timestamp": {MARK}')
        intent = data.get("parse_data", {}).get("intent", {}).get("name")
        templates.append((event.type_name, intent, data.get("name"), before, after))
    for number in numbers:
        at, id_ = began(number, now).timestamp(), sender(number)
        for place, (kind, intent, action, before, after) in enumerate(templates):
            when = at + place / 64
            yield id_, kind, when, intent, action, f'{before}"timestamp": {when}{after}'


def _conversation_rows(numbers: range, now: datetime) -> Iterator[tuple[Any, ...]]:
    for number in numbers:
        at = began(number, now)
        yield sender(number), _instant(at), _instant(at), _instant(expiry(at, at))


def _message_rows(numbers: range, now: datetime) -> Iterator[tuple[Any, ...]]:
    question = json.dumps({"text": QUESTION})
    data = {"type": "article", "article": ARTICLE}
    answer = json.dumps({"text": ANSWER, "data": data})
    for number in numbers:
        id_, at = sender(number), _instant(began(number, now))
        yield id_, "visitor", at, question, f"{number:08d}-0000-4000-8000-000000000000", "assistant"
        yield id_, "bot", at, answer, None, None


def _instant(at: datetime) -> str:
    """Return a moment as SQLAlchemy keeps it in SQLite; ``at`` is in UTC."""
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")


def _parts(numbers: range) -> Iterator[range]:
    for start in range(0, len(numbers), AT_ONCE):
        yield numbers[start : start + AT_ONCE]


@contextmanager
def _open(file: str) -> Iterator[sqlite3.Connection]:
    """Open a file for much writing: its indices are left out and made at the end."""
    with closing(sqlite3.connect(file)) as connection:
        for pragma in ("journal_mode = WAL", "synchronous = OFF", "cache_size = -500000"):
            connection.execute(f"PRAGMA {pragma}")
        indices = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        ).fetchall()
        for name, _ in indices:
            connection.execute(f"DROP INDEX {name}")
        yield connection
        for _, sql in indices:
            connection.execute(sql)
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
