"""The helpline's one database: its tables, and how it is opened.

SQLite by default; any database that SQLAlchemy knows by its URL. Rasa keeps its own, see
``endpoints.yml``.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    create_engine,
    event,
    false,
    text,
)
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.pool import QueuePool
from sqlalchemy.schema import CreateIndex, CreateTable

from helpline import settings

logger = logging.getLogger(__name__)

BATCH = 200
"""Conversations that are deleted at once. Meanwhile nobody else can write."""

BUSY = 10
"""Seconds to wait while another process writes."""

REFUSED_FOR = 0.02
"""Seconds until an attempt that SQLite refuses is made again."""


class Instant(TypeDecorator):
    """A moment with its time zone, kept as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Return what is stored."""
        return value.astimezone(timezone.utc) if value else None

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Return what was stored; SQLite forgets the zone."""
        return value.replace(tzinfo=timezone.utc) if value and value.tzinfo is None else value


metadata = MetaData()

conversations = Table(
    "conversations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("created", Instant, nullable=False, index=True),
    Column("seen", Instant, nullable=False),
    Column("expires", Instant, nullable=False),
    Column("timezone", Text),
    Column("language", Text),
    Column("region", Text),
    # Once a second all those are looked for that are to be handed back.
    Column("state", Text, nullable=False, server_default="bot", index=True),
    CheckConstraint("state IN ('bot', 'waiting', 'live', 'closed')", name="state_is_known"),
)
"""The id is that of Rasa's tracker. ``seen`` is when the visitor last did something."""

messages = Table(
    "messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column(
        "conversation",
        Text,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("sender", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("body", JSON, nullable=False),
    Column("client_id", Text),
    Column("hearer", Text),
    Column("handled", Boolean(create_constraint=False), nullable=False),
    Column("rated", Boolean(create_constraint=False), nullable=False, server_default=false()),
    CheckConstraint("sender IN ('visitor', 'bot', 'specialist', 'system')", name="sender_is_known"),
    CheckConstraint("hearer IN ('assistant', 'specialist')", name="hearer_is_known"),
    UniqueConstraint("conversation", "client_id", name="stored_once"),
    Index("messages_in_order", "conversation", "id"),
    Index(
        "messages_unhandled",
        "conversation",
        "id",
        sqlite_where=text("handled IS 0"),
        postgresql_where=text("handled IS false"),
    ),
    # An id that was given is never given again, even when its message is deleted.
    sqlite_autoincrement=True,
)
"""``hearer`` is who a visitor's message is for: whoever held the conversation when it came."""

specialists = Table(
    "specialists",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("shown", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("password", Text),
    Column("generation", Integer, nullable=False, server_default="0"),
    Column("capacity", Integer, nullable=False),
    Column("presence", Text, nullable=False, server_default="away"),
    Column("seen", Instant),
    CheckConstraint("role IN ('specialist', 'supervisor', 'outside')", name="role_is_known"),
    CheckConstraint("presence IN ('available', 'away')", name="presence_is_known"),
    sqlite_autoincrement=True,
)
"""``shown`` is the name that visitors see. ``seen`` is the last heartbeat. Whoever raises
``generation`` ends all sessions of the account. The role "outside" is a desk elsewhere."""

handoffs = Table(
    "handoffs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column(
        "conversation",
        Text,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("reason", Text),
    Column("consent", Boolean(create_constraint=False), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("waiting_since", Instant, nullable=False),
    Column("holder", Integer, ForeignKey("specialists.id", ondelete="SET NULL")),
    Column("name", Text),
    Column("claimed_at", Instant),
    Column("held_since", Instant),
    Column("shown_from", Integer),
    Column("offered_to", Integer, ForeignKey("specialists.id", ondelete="SET NULL")),
    Column("offer_note", Text),
    Column("lost_at", Instant),
    Column("warned_at", Instant),
    Column("ended_at", Instant),
    Column("outcome", Text),
    Column("close_reason", Text),
    Column("surveyed", Boolean(create_constraint=False), nullable=False, server_default=false()),
    Column("told", Integer, nullable=False, server_default="0"),
    Column("told_said", Integer, nullable=False, server_default="0"),
    Index(
        "one_at_a_time",
        "conversation",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    # How long those of the last days have waited.
    Index(
        "waited",
        "asked_at",
        sqlite_where=text("coalesce(claimed_at, ended_at) IS NOT NULL"),
        postgresql_where=text("coalesce(claimed_at, ended_at) IS NOT NULL"),
    ),
    sqlite_autoincrement=True,
)
"""One row each time that a visitor asks for a person. ``name`` is the last holder's, as shown.
Without consent the holder sees what was said after ``shown_from``. ``told`` and ``told_said`` are
how far a desk elsewhere has been told: ids of ``audit`` and of ``messages``."""

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation", Text, ForeignKey("conversations.id", ondelete="SET NULL"), index=True),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("from", Text),
    Column("to", Text),
    Column("detail", Text),
    sqlite_autoincrement=True,
)
"""Who did what. No word of a visitor's stands here."""

notes = Table(
    "notes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column(
        "conversation",
        Text,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("at", Instant, nullable=False),
    Column("author", Text, nullable=False),
    Column("text", Text, nullable=False),
)
"""What specialists tell each other. Never in ``messages``, so that it cannot reach a visitor."""

tags = Table(
    "tags",
    metadata,
    Column("conversation", Text, ForeignKey("conversations.id", ondelete="CASCADE")),
    Column("tag", Text, nullable=False),
    UniqueConstraint("conversation", "tag", name="tagged_once"),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation", Text, ForeignKey("conversations.id", ondelete="SET NULL"), index=True),
    Column("message", Integer, nullable=False),
    Column("screen", Text, nullable=False),
    Column("tier", Text),
    Column("at", Instant, nullable=False),
    Column("acknowledged_at", Instant),
    Column("acknowledged_by", Text),
)
"""A safety screen was shown below that message."""

questions = Table(
    "questions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column(
        "conversation",
        Text,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("at", Instant, nullable=False),
    Column("message", Integer, nullable=False),
    Column("consent", Boolean(create_constraint=False), nullable=False),
    Column("done_at", Instant),
    Column("done_by", Text),
    Column("answer", Integer),
)
"""Left while nobody was there. Question and answer stand in ``messages``. Without consent nothing
is shown of what was said before it."""

codes = Table(
    "codes",
    metadata,
    Column("hash", Text, primary_key=True),
    Column(
        "conversation",
        Text,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        nullable=False,
        unique=True,
    ),
)
"""What brings a visitor back to their conversation on another device."""

requests_done = Table(
    "requests_done",
    metadata,
    Column("id", Text, primary_key=True),
    Column("at", Instant, nullable=False, index=True),
)
"""Ids of what a desk elsewhere has told, so that nothing is done twice."""

unanswered = Table(
    "unanswered",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("kind", Text, nullable=False),
    Column("conversation", Text, ForeignKey("conversations.id", ondelete="SET NULL"), index=True),
    Column("message", Integer),
)
"""What the assistant had no answer to; the words stand in ``messages`` alone."""

outcomes = Table(
    "outcomes",
    metadata,
    Column("at", Instant, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("waited", Integer),
    Column("lasted", Integer),
)
"""What became of each asking for a person, to the hour and without the conversation. Seconds."""

surveys = Table(
    "surveys",
    metadata,
    Column("at", Instant, nullable=False),
    Column("helped", Boolean(create_constraint=False)),
    Column("distress", Integer),
)
"""What visitors said afterwards, to the hour and without the conversation."""

feedback = Table(
    "feedback",
    metadata,
    Column("at", Text, nullable=False),
    Column("article", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    CheckConstraint("verdict IN ('helpful', 'not helpful', 'wrong')", name="verdict_is_known"),
)


def engine() -> Engine:
    """Return the database, its tables made where they are missing."""
    return _ours(settings.DATABASE)


def batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield so many at a time as can be deleted while a visitor waits."""
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def scrub(database: Engine) -> None:
    """Leave nothing of deleted rows in SQLite's log of changes.

    Where somebody reads it all the while it is left to the next time, which is within the hour.
    """
    if database.dialect.name == "sqlite":
        with database.connect() as connection:
            busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar()
        if busy:
            logger.warning("Deleted rows are still in the log of changes; somebody reads it.")


def opened(address: str) -> Engine:
    """Return a database as we use them, by its SQLAlchemy URL or the path of an SQLite file."""
    url = make_url(address) if "://" in address else URL.create("sqlite", database=address)
    # What visitors wrote must not show in an error.
    options: dict[str, Any] = {"hide_parameters": True, "poolclass": QueuePool}
    if url.get_backend_name() == "sqlite":
        if url.database:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        options["connect_args"] = {"timeout": BUSY, "check_same_thread": False}
    found = create_engine(url, **options)
    if found.dialect.name == "sqlite":
        event.listen(found, "connect", _set_up_sqlite)
    return found


@lru_cache(maxsize=8)
def _ours(address: str) -> Engine:
    found = opened(address)
    with found.begin() as connection:
        # Not create_all: servers that start together would both find a table missing.
        for table in metadata.sorted_tables:
            connection.execute(CreateTable(table, if_not_exists=True))
            for index in table.indexes:
                connection.execute(CreateIndex(index, if_not_exists=True))
    return found


def _set_up_sqlite(connection: Any, _: Any) -> None:
    _use_log_of_changes(connection)
    for pragma in (
        "synchronous = NORMAL",
        "foreign_keys = ON",
        # Deleted means overwritten.
        "secure_delete = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _use_log_of_changes(connection: Any) -> None:
    """Let readers and a writer work at once.

    Of two servers that open a new file together, one is refused at once: SQLite does not wait here
    as it does elsewhere.

    Raises:
        sqlite3.OperationalError: it is still refused after :data:`BUSY` seconds.
    """
    until = time.monotonic() + BUSY
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(REFUSED_FOR)
