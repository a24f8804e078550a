"""What a visitor hears: server-sent events, woken up when something is said.

The log is the truth. A listener is only told to look again: at once by what happens in this
process, and within a second where another process wrote.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from helpline.clock import real_now
from helpline.quiet import without_its_words
from helpline.web import log

logger = logging.getLogger(__name__)

HEARTBEAT = 15.0
"""Seconds of silence after which a comment shows that the line is open."""

POLL = 1.0
"""Seconds between two looks at what other processes wrote."""

RECONNECT = b"retry: 2000\n\n"

BEAT = b": still here\n\n"


def event(name: str, data: Any, id_: int | None = None) -> bytes:
    """Return one server-sent event."""
    head = f"id: {id_}\n" if id_ is not None else ""
    return f"{head}event: {name}\ndata: {json.dumps(data)}\n\n".encode()


class Line:
    """What a stream is told on; where it is silent for long, it says that it is open."""

    def __init__(self) -> None:
        self._spoke = time.monotonic()

    def say(self, block: bytes) -> bytes:
        """Return what is said now."""
        self._spoke = time.monotonic()
        return block

    async def is_silent(self, awake: asyncio.Event) -> bool:
        """Wait until somebody is woken up; return True where a heartbeat is due before that.

        Many are woken for nothing: that is no sign of life to the page.
        """
        silence = time.monotonic() - self._spoke
        try:
            await asyncio.wait_for(awake.wait(), HEARTBEAT - silence)
        except asyncio.TimeoutError:
            return True
        return False


class Listener:
    """One open stream."""

    def __init__(self, last: int) -> None:
        self.last = last
        """The id of the message heard last."""
        self.passing: deque[bytes] = deque(maxlen=20)
        """Events that are not kept, such as typing."""
        self.log_is_longer = True
        """There may be more in the log."""
        self.standing_is_old = True
        """Who holds the conversation may have changed."""
        self.awake = asyncio.Event()
        self.ended = False

    def end(self, goodbye: bytes = b"") -> None:
        """Close the stream after a last event."""
        if goodbye:
            self.passing.append(goodbye)
        self.ended = True
        self.awake.set()


class Streams:
    """The open streams of this process, by conversation."""

    def __init__(self) -> None:
        self._listeners: dict[str, list[Listener]] = {}

    @contextmanager
    def listen(self, conversation: str, last: int) -> Iterator[Listener]:
        """Open a stream that has heard everything up to a message."""
        listener = Listener(last)
        self._listeners.setdefault(conversation, []).append(listener)
        try:
            yield listener
        finally:
            self._listeners[conversation].remove(listener)
            if not self._listeners[conversation]:
                del self._listeners[conversation]

    def count(self, conversation: str) -> int:
        """Return how many streams of a conversation are open."""
        return len(self._listeners.get(conversation, ()))

    def wake(self, conversation: str) -> None:
        """Let a conversation's streams look into the log."""
        for listener in self._listeners.get(conversation, ()):
            listener.log_is_longer = True
            listener.awake.set()

    def stand_anew(self, conversations: Iterable[str]) -> None:
        """Let the streams of conversations look who holds them, and into the log."""
        for conversation in conversations:
            for listener in self._listeners.get(conversation, ()):
                listener.log_is_longer = listener.standing_is_old = True
                listener.awake.set()

    def tell(self, conversation: str, name: str, data: Any) -> None:
        """Send a conversation's streams an event that is not kept."""
        for listener in self._listeners.get(conversation, ()):
            listener.passing.append(event(name, data))
            listener.awake.set()

    def deleted(self, conversation: str) -> None:
        """Tell a conversation's streams that it was deleted, and end them."""
        for listener in self._listeners.get(conversation, ()):
            listener.end(event("deleted", {}))

    def end(self) -> None:
        """End all streams: the server stops. The pages come back when it does."""
        for listeners in self._listeners.values():
            for listener in listeners:
                listener.end()

    async def poll(self) -> None:
        """Notice what other processes write and delete, for as long as the server runs."""
        while True:
            await asyncio.sleep(POLL)
            try:
                await self._look()
            except Exception as error:
                logger.error("The log could not be read: %s", without_its_words(error))

    async def _look(self) -> None:
        asked = list(self._listeners)
        if not asked:
            return
        newest = await asyncio.to_thread(log.latest, asked, real_now())
        for conversation in asked:
            if conversation not in newest:
                self.deleted(conversation)
                continue
            for listener in self._listeners.get(conversation, ()):
                if newest[conversation] < 0:
                    listener.end()
                elif newest[conversation] > listener.last:
                    # Whoever takes a conversation over says so in the log.
                    listener.log_is_longer = listener.standing_is_old = True
                    listener.awake.set()

    async def events(
        self,
        conversation: str,
        last: int,
        status: Callable[[], Any],
        standing: Callable[[str], Any] | None = None,
    ) -> AsyncGenerator[bytes, None]:
        """Yield a conversation's events from after a message on, until it ends.

        Args:
            conversation: its id.
            last: the id of the message heard last.
            status: returns what is told at the start, and again when it has changed.
            standing: returns who holds the conversation, from the database; told likewise.
        """
        stands: Any = None
        with self.listen(conversation, last) as listener:
            line = Line()
            told = status()
            yield RECONNECT + event("status", told)
            while True:
                listener.awake.clear()
                while listener.log_is_longer:
                    listener.log_is_longer = False
                    said = await asyncio.to_thread(log.after, conversation, listener.last)
                    for message in said:
                        yield line.say(event("message", message.as_json(), message.id))
                        listener.last = message.id
                    if len(said) == log.PAGE:
                        listener.log_is_longer = True
                if standing and listener.standing_is_old and not listener.ended:
                    listener.standing_is_old = False
                    if (now := await asyncio.to_thread(standing, conversation)) not in (
                        stands,
                        None,
                    ):
                        stands = now
                        yield line.say(event("handoff", stands))
                while listener.passing:
                    yield line.say(listener.passing.popleft())
                if listener.ended:
                    return
                if (new := status()) != told:
                    told = new
                    yield line.say(event("status", told))
                if await line.is_silent(listener.awake):
                    listener.standing_is_old = True
                    yield line.say(BEAT)
