"""Rasa's record of conversations, read as far back as a turn needs, and no further.

Rasa's own SQL store reads, replays, copies and counts a whole conversation at every turn: 9 ms at
the fifth turn become 200 ms at the 150th. Nothing here looks back further than the longest history
of a policy (``config.yml``); what must outlive it is in slots. So a tracker holds the newest
events, and before them the slots as they were. All events stay in the database.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    AllSlotsReset,
    Restarted,
    SessionStarted,
    SlotSet,
)
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.orm import Session

from helpline import settings

RECENT = 60
"""Events: eight turns or more. A turn makes five to seven; the longest history of a policy is
six turns."""

FORGETS_SLOTS = (SessionStarted.type_name, Restarted.type_name, AllSlotsReset.type_name)
"""A slot that was set before one of these is set no more; a session carries its slots over by
setting them anew."""

STORED = "stored_events"
"""Where a tracker keeps how many of its events are in the database already."""


class RecentTrackerStore(SQLTrackerStore):
    """An SQL tracker store whose trackers begin a few turns ago."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """Take what :class:`SQLTrackerStore` takes, and see that its table has the indices.

        Without a database it is the file that ``HELPLINE_CONVERSATIONS`` names.
        """
        if "db" not in options:
            Path(settings.CONVERSATIONS).parent.mkdir(parents=True, exist_ok=True)
            options["db"] = settings.CONVERSATIONS
        super().__init__(*args, **options)
        table = self.SQLEvent.__table__
        for index in (
            sa.Index("ix_events_of_a_type", table.c.sender_id, table.c.type_name, table.c.id),
            # What is too old is looked for every hour, see helpline.web.tracker.
            sa.Index("ix_events_timestamp", table.c.timestamp),
        ):
            index.create(self.engine, checkfirst=True)
            table.indexes.discard(index)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the newest events of the conversation's session, or None if there are none."""
        with self.session_scope() as session:
            events = self._recent(session, sender_id)
        return self._tracker(sender_id, events)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """Return every event of the conversation, or None if there are none."""
        tracker = await super().retrieve_full_tracker(conversation_id)
        return _mark(tracker, len(tracker.events)) if tracker else None

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store the events that are not stored yet."""
        await super().save(tracker)
        _mark(tracker, len(tracker.events))

    def _additional_events(self, session: Session, tracker: DialogueStateTracker) -> Iterator[Any]:
        stored = getattr(tracker, STORED, None)
        if stored is None:
            # Not from here, nor saved before: made by hand, or by Rasa for a new conversation.
            found: Iterator[Any] = super()._additional_events(session, tracker)
            return found
        return islice(tracker.events, stored, len(tracker.events))

    def _recent(self, session: Session, sender: str) -> list[dict[str, Any]]:
        """Return events as they are stored, the oldest first: slots, then all that followed."""
        event = self.SQLEvent
        rows = (
            session.query(event.id, event.type_name, event.action_name, event.data)
            .filter(event.sender_id == sender)
            .order_by(event.id.desc())
            .limit(RECENT)
            .all()[::-1]
        )
        is_all = len(rows) < RECENT
        rows = rows[_beginning(rows) :]
        events = [json.loads(row.data) for row in rows]
        if is_all or rows[0].type_name == SessionStarted.type_name:
            return events
        return self._slots_before(session, sender, rows[0].id) + events

    def _slots_before(self, session: Session, sender: str, first: int) -> list[dict[str, Any]]:
        """Return the last event that set each slot before the event ``first``."""
        event = self.SQLEvent
        earlier = [event.sender_id == sender, event.id < first]
        forgotten = (
            session.query(sa.func.max(event.id))
            .filter(*earlier, event.type_name.in_(FORGETS_SLOTS))
            .scalar()
        )
        last = (
            session.query(sa.func.max(event.id))
            .filter(*earlier, event.type_name == SlotSet.type_name, event.id > (forgotten or 0))
            .group_by(event.action_name)
        )
        rows = session.query(event.data).filter(event.id.in_(last)).order_by(event.id)
        return [json.loads(row.data) for row in rows]

    def _tracker(self, sender: str, events: list[dict[str, Any]]) -> DialogueStateTracker | None:
        if not events:
            return None
        tracker = DialogueStateTracker.from_dict(sender, events, self.domain.slots)
        return _mark(tracker, len(events))


def _beginning(rows: Sequence[Any]) -> int:
    """Return where to begin: with the session, or at a moment when the assistant listened."""
    started = [i for i, row in enumerate(rows) if row.type_name == SessionStarted.type_name]
    if started:
        return started[-1]
    if len(rows) < RECENT:
        return 0
    listened = (
        i
        for i, row in enumerate(rows)
        if row.type_name == ActionExecuted.type_name and row.action_name == ACTION_LISTEN_NAME
    )
    return next(listened, 0)


def _mark(tracker: DialogueStateTracker, stored: int) -> DialogueStateTracker:
    setattr(tracker, STORED, stored)
    return tracker
