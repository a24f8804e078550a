"""The rounds: once a second, what has come due happens.

Any number of servers may go round at once: each change is made by whoever is first.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timezone

from sqlalchemy import select

from helpline.clock import now as told_time
from helpline.database import conversations, engine
from helpline.desk.conversations import Conversations
from helpline.desk.due import configured_patience, due_at
from helpline.desk.held import under_way
from helpline.desk.offer import chat_is_open, offer
from helpline.desk.states import Refused
from helpline.knowledge import Knowledge
from helpline.quiet import without_its_words
from helpline.web.log import Gone

logger = logging.getLogger(__name__)

EVERY = 1.0
"""Seconds between two rounds."""


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
        self._up_since = datetime.now(timezone.utc)

    async def run(self) -> None:
        """Go round until cancelled."""
        while True:
            self._awake.clear()
            try:
                await self.once(datetime.now(timezone.utc))
            except Exception as error:
                logger.error("A round failed: %s", without_its_words(error))
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._awake.wait(), EVERY)

    def soon(self) -> None:
        """Go round now: something has changed."""
        self._awake.set()

    async def once(self, at: datetime) -> None:
        """Go round once."""
        for conversation in await asyncio.to_thread(self.pass_time, at):
            self._changed(conversation)
        queue = await asyncio.to_thread(waiting)
        if queue != self._queue:
            self._queue = queue
            self._moved_up(queue)
        for conversation in await asyncio.to_thread(closed):
            await self._hand_back(conversation)

    def pass_time(self, at: datetime) -> list[str]:
        """Let happen what has come due, and return the conversations that it happened to."""
        chat_open = chat_is_open(self._knowledge, told_time())
        with engine().connect() as connection:
            self.offers = offer(connection, self._knowledge, told_time(), at).open
        due = due_at(at, chat_open, configured_patience(), self._up_since)
        with engine().connect() as connection:
            waiting_for_it = [held.conversation for held in under_way(connection) if due(held)]
        happened = []
        for conversation in waiting_for_it:
            try:
                if self._people.pass_time(conversation, due, at):
                    happened.append(conversation)
            except (Refused, Gone):
                # Somebody was faster.
                continue
        return happened


def waiting() -> list[str]:
    """Return the conversations that wait for a specialist, the next one first."""
    with engine().connect() as connection:
        return [held.conversation for held in under_way(connection) if held.state == "waiting"]


def closed() -> list[str]:
    """Return the conversations that have yet to be handed back."""
    query = select(conversations.c.id).where(conversations.c.state == "closed")
    with engine().connect() as connection:
        return list(connection.execute(query).scalars())
