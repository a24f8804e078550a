"""Rasa's own record of conversations, and how to delete from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore, TrackerStore
from rasa.core.utils import AvailableEndpoints

from helpline import settings
from helpline.database import opened, scrub

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
        if ids:
            self._delete(EVENTS.sender_id.in_(ids))

    def forget_older(self, than: datetime) -> None:
        """Delete all events of conversations in which nothing has happened since."""
        quiet = (
            sa.select(EVENTS.sender_id)
            .group_by(EVENTS.sender_id)
            .having(sa.func.max(EVENTS.timestamp) < than.timestamp())
        )
        self._delete(EVENTS.sender_id.in_(quiet))

    def _delete(self, which: Any) -> None:
        for store in self._sql():
            with store.engine.begin() as connection:
                connection.execute(sa.delete(EVENTS).where(which))
            scrub(store.engine)

    def _sql(self) -> list[Any]:
        return [store for store in self._stores if isinstance(store, SQLTrackerStore)]


def _unwrapped(store: Any) -> Iterator[Any]:
    """Yield a store and those that it passes its work on to."""
    if store is None:
        return
    yield store
    yield from _unwrapped(getattr(store, "_tracker_store", None))
    yield from _unwrapped(getattr(store, "_fallback_tracker_store", None))
