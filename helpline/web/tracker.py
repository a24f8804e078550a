"""Rasa's own record of conversations, and how to delete from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
import sqlalchemy.orm
from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore, TrackerStore
from rasa.core.utils import AvailableEndpoints

from helpline import settings
from helpline.database import batches, opened, scrub

EVENTS = SQLTrackerStore.SQLEvent


class Tracker:
    """A tracker store of Rasa, whatever it is wrapped in."""

    def __init__(self, store: Any) -> None:
        """Take a store, and open its SQLite file the way that ours is.

        Then no error repeats what a visitor wrote, what is deleted is overwritten, and a turn does
        not wait for the disk three times.
        """
        self._stores = list(_unwrapped(store))
        for sql in self._sql():
            if sql.engine.dialect.name == "sqlite":
                sql.engine = opened(str(sql.engine.url))
                sql.sessionmaker.configure(bind=sql.engine)
            sql.engine.hide_parameters = True

    @classmethod
    def configured(cls) -> Tracker:
        """Return the store that ``endpoints.yml`` names, for a process without a server."""
        endpoints = AvailableEndpoints.read_endpoints(str(settings.ROOT / "endpoints.yml"))
        return cls(TrackerStore.create(endpoints.tracker_store))

    def forget(self, conversations: Iterable[str]) -> None:
        """Delete all events of conversations."""
        ids = list(conversations)
        for store in self._stores:
            if isinstance(store, InMemoryTrackerStore):
                for id_ in ids:
                    store.store.pop(id_, None)
        for store in self._sql():
            self._delete(store.engine, ids)

    def forget_older(self, than: datetime) -> None:
        """Delete all events of conversations in which nothing has happened since."""
        later = sa.orm.aliased(EVENTS)
        quiet = (
            sa.select(EVENTS.sender_id)
            # With DISTINCT, SQLite goes through all events in the order of their senders.
            .where(
                EVENTS.timestamp < than.timestamp(),
                ~sa.exists().where(
                    later.sender_id == EVENTS.sender_id, later.timestamp >= than.timestamp()
                ),
            )
        )
        for store in self._sql():
            # Looked for first: whoever deletes keeps all others from writing.
            with store.engine.connect() as connection:
                ids = list(dict.fromkeys(connection.execute(quiet).scalars()))
            self._delete(store.engine, ids)

    def _delete(self, database: Any, ids: list[str]) -> None:
        if not ids:
            return
        for some in batches(ids):
            with database.begin() as connection:
                connection.execute(sa.delete(EVENTS).where(EVENTS.sender_id.in_(some)))
        scrub(database)

    def _sql(self) -> list[Any]:
        return [store for store in self._stores if isinstance(store, SQLTrackerStore)]


def _unwrapped(store: Any) -> Iterator[Any]:
    """Yield a store and those that it passes its work on to."""
    if store is None:
        return
    yield store
    yield from _unwrapped(getattr(store, "_tracker_store", None))
    yield from _unwrapped(getattr(store, "_fallback_tracker_store", None))
