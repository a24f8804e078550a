"""Turns: each visitor's messages are answered one after another, each of them once.

Once in the log, that is: where a turn fails or is broken off, Rasa hears the message again.

What is unanswered stands in the log, so a turn that a crash interrupts is taken up again at the
next start.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from helpline.clock import real_now
from helpline.quiet import without_its_words
from helpline.web import log
from helpline.web.log import Gone, Message

logger = logging.getLogger(__name__)

AT_ONCE = 8
"""Turns in progress: more would only make everybody wait longer."""

RETRY = 5.0
"""Seconds until a turn is tried again whose answer could not be kept."""


class Turns:
    """Who is being answered right now."""

    def __init__(
        self,
        ask: Callable[[Message], Awaitable[list[dict[str, Any]]]],
        answered: Callable[[str], None],
        gone: Callable[[str], Awaitable[None]],
    ) -> None:
        """Begin with nobody.

        Args:
            ask: returns the replies to a message.
            answered: is called when replies are in the log.
            gone: is called when the conversation was deleted while it was being answered.
        """
        self._ask = ask
        self._answered = answered
        self._gone = gone
        self._running: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._places = asyncio.Semaphore(AT_ONCE)

    def begin(self, conversation: str) -> None:
        """See to it that everything unanswered in a conversation gets its answer."""
        if conversation in self._running:
            self._again.add(conversation)
        else:
            self._running[conversation] = asyncio.create_task(self._run(conversation))

    async def resume(self) -> None:
        """Take up what was left unanswered when the server last stopped."""
        for conversation in await asyncio.to_thread(log.waiting):
            self.begin(conversation)

    async def stop(self, conversation: str) -> None:
        """Break off a conversation's turn and wait for its end."""
        task = self._running.get(conversation)
        if task:
            task.cancel()
            await asyncio.wait([task])

    async def end(self) -> None:
        """Break off all turns: the server stops."""
        for conversation in list(self._running):
            await self.stop(conversation)

    async def _run(self, conversation: str) -> None:
        do: Callable[[str], Awaitable[None]] = self._answer_all
        try:
            while True:
                self._again.discard(conversation)
                try:
                    await do(conversation)
                except Gone:
                    do = self._gone
                    continue
                except Exception as error:
                    # The database does not take the answer, or does not let go of the words.
                    logger.error("A turn failed and is tried again: %s", without_its_words(error))
                    await asyncio.sleep(RETRY)
                    continue
                if do is self._gone or conversation not in self._again:
                    return
        finally:
            self._again.discard(conversation)
            del self._running[conversation]

    async def _answer_all(self, conversation: str) -> None:
        """Answer what is waiting."""
        for message in await asyncio.to_thread(log.unhandled, conversation):
            async with self._places:
                replies = await self._ask(message)
            await asyncio.to_thread(log.answer, message, replies, real_now())
            self._answered(conversation)
