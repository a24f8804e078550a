"""The rounds: once a second, what has come due happens.

Any number of servers may go round at once: each change is made by whoever is first.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from helpline.clock import real_now, told_time
from helpline.database import conversations, engine
from helpline.desk.conversations import Conversations
from helpline.desk.due import configured_patience, due_at
from helpline.desk.held import Held, under_way
from helpline.desk.offer import offer
from helpline.desk.states import Event, Refused
from helpline.knowledge import Knowledge
from helpline.quiet import without_its_words
from helpline.web.log import Gone

logger = logging.getLogger(__name__)

EVERY = 1.0
"""Seconds between two rounds."""


_CLOSED = select(conversations.c.id).where(conversations.c.state == "closed")


@dataclass(frozen=True)
class Seen:
    """What one look at everything shows."""

    due: Callable[[Held], Event | None]
    """Says what has come due in a conversation."""
    concerned: list[str]
    """Conversations in which something has."""
    waiting: list[str]
    """Conversations that wait for a specialist, the next one first."""
    closed: list[str]
    """Conversations that have yet to be handed back."""
    offers: bool
    """A specialist could come now."""


class Rounds:
    """Goes round for as long as the server runs."""

    def __init__(
        self,
        knowledge: Knowledge,
        people: Conversations,
        changed: Callable[[str], None],
        moved_up: Callable[[list[str]], None],
        hand_back: Callable[[str], Awaitable[None]],
    ) -> None:
        """Begin.

        Args:
            knowledge: for the desk's hours.
            people: what changes conversations.
            changed: is told of each that has changed.
            moved_up: is told who waits, in order, when that is different from before.
            hand_back: brings the assistant up to date, and gives it a closed conversation.
        """
        self._knowledge = knowledge
        self._people = people
        self._changed = changed
        self._moved_up = moved_up
        self._queue: list[str] = []
        self.offers = False
        """Whether a specialist could come, a second ago at the most."""
        self._awake = asyncio.Event()
        self._hand_back = hand_back
        self._handing_back: dict[str, asyncio.Future[None]] = {}
        self._up_since = real_now()

    async def run(self) -> None:
        """Go round until cancelled."""
        try:
            await self._run()
        finally:
            for task in self._handing_back.values():
                task.cancel()

    async def _run(self) -> None:
        while True:
            self._awake.clear()
            try:
                await self.once(real_now())
            except Exception as error:
                logger.error("A round failed: %s", without_its_words(error))
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._awake.wait(), EVERY)

    def soon(self) -> None:
        """Go round now: something has changed."""
        self._awake.set()

    async def once(self, at: datetime) -> None:
        """Go round once."""
        seen = await asyncio.to_thread(self._look, at)
        self.offers = seen.offers
        for conversation in await asyncio.to_thread(self._pass_time, seen, at):
            self._changed(conversation)
        if seen.waiting != self._queue:
            self._queue = seen.waiting
            self._moved_up(seen.waiting)
        for conversation in seen.closed:
            if conversation not in self._handing_back:
                self._begin_hand_back(conversation)

    def _begin_hand_back(self, conversation: str) -> None:
        """Hand a conversation back beside the rounds: its last turn may take a while to end."""

        def done(task: asyncio.Future[None]) -> None:
            del self._handing_back[conversation]
            if not task.cancelled() and (error := task.exception()):
                logger.error("A chat was not handed back: %s", without_its_words(error))

        task = asyncio.ensure_future(self._hand_back(conversation))
        self._handing_back[conversation] = task
        task.add_done_callback(done)

    def _look(self, at: datetime) -> Seen:
        with engine().connect() as connection:
            there = under_way(connection)
            offered = offer(connection, self._knowledge, told_time(), at)
            closed = list(connection.execute(_CLOSED).scalars())
        due = due_at(at, offered.in_hours, configured_patience(), self._up_since)
        return Seen(
            due=due,
            concerned=[held.conversation for held in there if due(held)],
            waiting=[held.conversation for held in there if held.state == "waiting"],
            closed=closed,
            offers=offered.open,
        )

    def _pass_time(self, seen: Seen, at: datetime) -> list[str]:
        """Let happen what has come due, and return the conversations that it happened to."""
        happened = []
        for conversation in seen.concerned:
            # Otherwise somebody was faster.
            with suppress(Refused, Gone):
                if self._people.pass_time(conversation, seen.due, at):
                    happened.append(conversation)
        return happened
