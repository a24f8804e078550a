"""Our own desk: what the pages of specialists hear, as server-sent events."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import func, select

from helpline.clock import real_now
from helpline.database import alerts, audit, engine, questions, specialists
from helpline.desk.board import held_by, snapshot
from helpline.desk.sign_in import SignedIn
from helpline.quiet import without_its_words
from helpline.web import log
from helpline.web.stream import BEAT, RECONNECT, Line, event

logger = logging.getLogger(__name__)

POLL = 1.0
"""Seconds between two looks at what other processes wrote."""

AT_LEAST = 5
"""Looks after which a page is brought up to date in any case: the clock changes things, too."""


class Listener:
    """One open stream."""

    def __init__(self, who: int) -> None:
        self.who = who
        self.heard: dict[str, int] = {}
        """The chats of the specialist, with the id of the message heard last in each."""
        self.board_is_old = True
        self.passing: deque[bytes] = deque(maxlen=50)
        """Events that are not kept, such as typing."""
        self.awake = asyncio.Event()
        self.ended = False


class Pages:
    """The open streams of this process. A :class:`helpline.desk.protocol.Desk`."""

    def __init__(self, is_online: Callable[[str], bool]) -> None:
        """Begin with nobody.

        Args:
            is_online: whether a page of the conversation's visitor is open.
        """
        self._listeners: list[Listener] = []
        self._is_online = is_online
        self._waiting: frozenset[str] = frozenset()

    def said(self, conversation: str) -> None:
        """Let the pages of whoever has the conversation look into the log."""
        if conversation in self._waiting:
            self.changed()
        for listener in self._of(conversation):
            listener.awake.set()

    def changed(self, conversation: str = "") -> None:
        """Let all pages look at everything."""
        for listener in self._listeners:
            listener.board_is_old = True
            listener.awake.set()

    def typing(self, conversation: str, typing: bool, sender: str = "visitor") -> None:
        """Show that somebody is typing."""
        told = {"conversation": conversation, "sender": sender, "typing": typing}
        self._tell(conversation, "typing", told)

    def details(self, conversation: str) -> None:
        """Show that something was noted about a conversation."""
        self._tell(conversation, "details", {"conversation": conversation})

    async def run(self) -> None:
        """Notice what other processes write, for as long as the server runs."""
        version: Any = None
        looks = 0
        while True:
            await asyncio.sleep(POLL)
            looks += 1
            if not self._listeners:
                continue
            try:
                now = await asyncio.to_thread(_version)
            except Exception as error:
                logger.error("The desk could not be read: %s", without_its_words(error))
                continue
            if now != version or looks % AT_LEAST == 0:
                version = now
                self.changed()
            for listener in self._listeners:
                listener.awake.set()

    def end(self) -> None:
        """End all streams: the server stops. The pages come back when it does."""
        for listener in self._listeners:
            listener.ended = True
            listener.awake.set()

    def count(self, who: int) -> int:
        """Return how many streams a specialist has open."""
        return sum(listener.who == who for listener in self._listeners)

    async def events(
        self, who: int, still_signed_in: Callable[[], SignedIn | None]
    ) -> AsyncGenerator[bytes, None]:
        """Yield a specialist's events.

        Args:
            who: the account.
            still_signed_in: returns the session as it is now.
        """
        told: dict[str, Any] = {}
        with self._listen(who) as listener:
            line = Line()
            yield RECONNECT
            while True:
                listener.awake.clear()
                if listener.board_is_old:
                    listener.board_is_old = False
                    session = await asyncio.to_thread(still_signed_in)
                    if session is None:
                        yield event("signed_out", {})
                        return
                    now = real_now()
                    board = await asyncio.to_thread(
                        snapshot, session.specialist, now, self._is_online
                    )
                    _follow(listener, board["chats"]["chats"])
                    waiting = board["queue"]["waiting"]
                    self._waiting = frozenset(one["conversation"] for one in waiting)
                    for name, data in board.items():
                        if told.get(name) != data:
                            told[name] = data
                            yield line.say(event(name, data))
                async for message in _new_messages(listener):
                    yield line.say(message)
                while listener.passing:
                    yield line.say(listener.passing.popleft())
                if listener.ended:
                    return
                if await line.is_silent(listener.awake):
                    yield line.say(BEAT)

    @contextmanager
    def _listen(self, who: int) -> Iterator[Listener]:
        listener = Listener(who)
        self._listeners.append(listener)
        try:
            yield listener
        finally:
            self._listeners.remove(listener)

    def _of(self, conversation: str) -> Iterator[Listener]:
        return (listener for listener in self._listeners if conversation in listener.heard)

    def _tell(self, conversation: str, name: str, data: Any) -> None:
        for listener in self._of(conversation):
            listener.passing.append(event(name, data))
            listener.awake.set()


def _follow(listener: Listener, chats: list[dict[str, Any]]) -> None:
    """Hear of one's chats what is said from now on; what was said before, the page asks for."""
    mine = {chat["conversation"]: chat["last"] for chat in chats if chat["mine"]}
    listener.heard = {
        conversation: listener.heard.get(conversation, last) for conversation, last in mine.items()
    }


async def _new_messages(listener: Listener) -> AsyncGenerator[bytes, None]:
    if not listener.heard:
        return
    newest = await asyncio.to_thread(held_by, listener.who)
    for conversation, last in newest.items():
        if last <= listener.heard.get(conversation, last):
            continue
        for message in await asyncio.to_thread(
            log.after, conversation, listener.heard[conversation]
        ):
            told = {"conversation": conversation, "message": message.as_json()}
            yield event("message", told)
            listener.heard[conversation] = message.id


def _version() -> tuple[Any, ...]:
    """Return what differs when another process has changed something that a board shows."""
    with engine().connect() as connection:
        numbers = connection.execute(
            select(
                select(func.max(audit.c.id)).scalar_subquery(),
                select(func.max(alerts.c.id)).scalar_subquery(),
                select(func.count(questions.c.done_at)).scalar_subquery(),
            )
        ).one()
        people = connection.execute(
            select(specialists.c.id, specialists.c.presence, specialists.c.generation).order_by(
                specialists.c.id
            )
        ).all()
    return (*numbers, *people)
