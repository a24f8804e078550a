"""The helpline's one database: its tables, and how it is opened.

SQLite by default; any database that SQLAlchemy knows by its URL. Rasa keeps its own, see
``endpoints.yml``.
"""

from __future__ import annotations

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
)
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.pool import QueuePool
from sqlalchemy.schema import CreateIndex, CreateTable

from helpline import settings

BUSY = 10
"""Seconds to wait while another process writes."""


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
    Column("state", Text, nullable=False, server_default="bot"),
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
    Column("handled", Boolean(create_constraint=False), nullable=False),
    Column("rated", Boolean(create_constraint=False), nullable=False, server_default=false()),
    CheckConstraint("sender IN ('visitor', 'bot', 'specialist', 'system')", name="sender_is_known"),
    UniqueConstraint("conversation", "client_id", name="stored_once"),
    Index("messages_in_order", "conversation", "id"),
    # An id that was given is never given again, even when its message is deleted.
    sqlite_autoincrement=True,
)

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
    return _open(settings.DATABASE)


def scrub() -> None:
    """Leave nothing of deleted rows in SQLite's log of changes."""
    if engine().dialect.name == "sqlite":
        with engine().connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


@lru_cache(maxsize=8)
def _open(address: str) -> Engine:
    url = make_url(address) if "://" in address else URL.create("sqlite", database=address)
    # What visitors wrote must not show in an error.
    options: dict[str, Any] = {"hide_parameters": True, "poolclass": QueuePool}
    if url.get_backend_name() == "sqlite":
        if url.database:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        options["connect_args"] = {"timeout": BUSY, "check_same_thread": False}
    opened = create_engine(url, **options)
    if opened.dialect.name == "sqlite":
        event.listen(opened, "connect", _set_up_sqlite)
    with opened.begin() as connection:
        # Not create_all: servers that start together would both find a table missing.
        for table in metadata.sorted_tables:
            connection.execute(CreateTable(table, if_not_exists=True))
            for index in table.indexes:
                connection.execute(CreateIndex(index, if_not_exists=True))
    return opened


def _set_up_sqlite(connection: Any, _: Any) -> None:
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        # Deleted means overwritten.
        "secure_delete = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")
