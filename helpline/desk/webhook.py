"""A desk elsewhere, such as the one that an organization has already, connected by signed requests.

It is told what happens, and tells what its people do. Both ways a request may come twice: what has
been done is not done again. ``docs/desk.md`` describes the requests.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
import uuid
from contextlib import suppress
from datetime import datetime
from typing import Any

import aiohttp
from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from helpline import settings
from helpline.clock import real_now
from helpline.database import engine, handoffs, specialists
from helpline.desk import outbox
from helpline.desk.conversations import REASONS, Conversations
from helpline.desk.once import Repeated, note_done
from helpline.desk.outbox import Item
from helpline.desk.signature import headers
from helpline.quiet import without_its_words

logger = logging.getLogger(__name__)

LOOK = 2.0
"""Seconds between two looks for what is untold, unless something wakes it."""

ANSWER_WITHIN = 10.0
"""Seconds that the other side has for one request."""

FIRST_RETRY, LAST_RETRY = 1.0, 60.0
"""Seconds: doubled each time, up to the last."""

ACCOUNT = "(outside)"
"""No person's account can have this name."""

NAMESPACE = uuid.UUID("3f0f6c52-33a5-4c2b-9a53-5c1b5a3c6f10")
"""From the other desk's ids, ids of messages are made."""


def is_configured() -> bool:
    """Return whether there is one.

    Raises:
        ValueError: only half of the settings are there.
    """
    if bool(settings.DESK_WEBHOOK) != bool(settings.DESK_WEBHOOK_SECRET):
        raise ValueError("Set both HELPLINE_DESK_WEBHOOK and HELPLINE_DESK_WEBHOOK_SECRET.")
    return bool(settings.DESK_WEBHOOK)


class WebhookDesk:
    """Tells a desk elsewhere what happens. A :class:`helpline.desk.protocol.Desk`."""

    def __init__(self, address: str, secret: str) -> None:
        self._address = address
        self._secret = secret
        self._awake = asyncio.Event()
        self._failures: dict[int, int] = {}
        self._not_before: dict[int, float] = {}
        self._telling: dict[int, asyncio.Task[None]] = {}

    def said(self, conversation: str) -> None:
        """Look for what is untold."""
        self._awake.set()

    def changed(self, conversation: str) -> None:
        """Look for what is untold."""
        self._awake.set()

    def typing(self, conversation: str, typing: bool) -> None:
        """Nothing: it would be a request for every few keys."""

    def end(self) -> None:
        """Nothing: what is untold is told after the next start."""

    async def run(self) -> None:
        """Tell what is untold, until cancelled."""
        timeout = aiohttp.ClientTimeout(total=ANSWER_WITHIN)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            try:
                await self._run(session)
            finally:
                for task in self._telling.values():
                    task.cancel()

    async def _run(self, session: aiohttp.ClientSession) -> None:
        while True:
            self._awake.clear()
            # What is being told right now, the list below may still call untold.
            busy = set(self._telling)
            try:
                for items in await asyncio.to_thread(outbox.pending, real_now()):
                    if items[0].handoff not in busy:
                        self._begin(session, items)
            except Exception as error:
                logger.error("The desk elsewhere was not told: %s", without_its_words(error))
            try:
                await asyncio.wait_for(self._awake.wait(), LOOK)
            except asyncio.TimeoutError:
                continue

    def _begin(self, session: aiohttp.ClientSession, items: list[Item]) -> None:
        """Tell what is untold of one hand-off, beside the others: a slow answer holds up none."""
        handoff = items[0].handoff
        task = self._telling[handoff] = asyncio.create_task(self._tell_all(session, items))
        task.add_done_callback(lambda _: self._told(handoff))

    def _told(self, handoff: int) -> None:
        task = self._telling.pop(handoff)
        if not task.cancelled() and (error := task.exception()):
            logger.error("The desk elsewhere was not told: %s", without_its_words(error))
        elif handoff not in self._not_before:
            # More may have come about meanwhile.
            self._awake.set()

    async def _tell_all(self, session: aiohttp.ClientSession, items: list[Item]) -> None:
        """Tell what is untold of one hand-off, in order, up to the first that is not taken."""
        handoff = items[0].handoff
        if time.monotonic() < self._not_before.get(handoff, 0.0):
            return
        for item in items:
            if not await self._tell(session, item):
                tried = self._failures[handoff] = self._failures.get(handoff, 0) + 1
                pause = min(LAST_RETRY, FIRST_RETRY * 2 ** (tried - 1))
                self._not_before[handoff] = time.monotonic() + pause
                return
            await asyncio.to_thread(outbox.note, item)
        self._failures.pop(handoff, None)
        self._not_before.pop(handoff, None)

    async def _tell(self, session: aiohttp.ClientSession, item: Item) -> bool:
        body = json.dumps(item.body).encode()
        try:
            async with session.post(
                self._address,
                data=body,
                headers={
                    "Content-Type": "application/json",
                    **headers(self._secret, int(time.time()), body),
                },
                allow_redirects=False,
            ) as answer:
                return 200 <= answer.status < 300
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
            logger.error("The desk elsewhere does not answer: %s", without_its_words(error))
            return False


def hear(people: Conversations, told: dict[str, Any], at: datetime) -> tuple[str | None, bool]:
    """Do what a desk elsewhere tells.

    Args:
        people: what changes conversations.
        told: a request that fits :class:`helpline.desk.bodies.FromOutside`.
        at: the present.

    Returns:
        The conversation that has changed, if one has, and whether it had been told before.

    Raises:
        Refused: it cannot be done any more, or not yet: a message is on its way to that desk.
        Gone: the conversation was deleted.
    """
    event, conversation, id_ = told["event"], told.get("conversation") or "", told["id"]
    try:
        who = _account(at, told)
        if event == "presence":
            return None, False
        if event == "claim":
            people.claim(conversation, who, at, told.get("name"), id_)
        elif event == "close":
            reason = told.get("reason") or ""
            reason = reason if reason in REASONS else "other"
            people.close(conversation, who, reason, _has_read(conversation), at, id_)
        elif event == "message":
            body = {"text": told["text"]}
            named = str(uuid.uuid5(NAMESPACE, id_))
            return conversation, people.speak(conversation, who, body, named, at)[1]
    except Repeated:
        return conversation or None, True
    return conversation, False


def _account(at: datetime, told: dict[str, Any]) -> int:
    """Return the account that stands for the desk elsewhere. Whatever it tells, it is there.

    Raises:
        Repeated: it tells of its presence, and has told the same before.
    """
    values: dict[str, Any] = {"seen": at}
    if told["event"] == "presence":
        values["presence"] = "available" if told["available"] else "away"
        values["capacity"] = told["capacity"]
    is_it = specialists.c.role == "outside"
    with engine().begin() as connection:
        if told["event"] == "presence":
            note_done(connection, told["id"], at)
        if connection.execute(update(specialists).where(is_it).values(values)).rowcount == 0:
            _make_account(connection)
            connection.execute(update(specialists).where(is_it).values(values))
        return int(connection.execute(select(specialists.c.id).where(is_it)).scalar_one())


def _make_account(connection: Connection) -> None:
    account = {"name": ACCOUNT, "shown": "A specialist", "role": "outside", "capacity": 0}
    # Otherwise the other server has made it in this moment.
    with suppress(IntegrityError), connection.begin_nested():
        connection.execute(insert(specialists).values(account))


def _has_read(conversation: str) -> int:
    """Return the id of the last message that the desk elsewhere has read: that it was told of."""
    query = select(handoffs.c.told_said, handoffs.c.consent, handoffs.c.shown_from).where(
        handoffs.c.conversation == conversation, handoffs.c.ended_at.is_(None)
    )
    with engine().connect() as connection:
        row = connection.execute(query).first()
    if row is None:
        return 0
    # What is kept from it, it need not read.
    return int(row.told_said if row.consent else max(row.told_said, row.shown_from or 0))


def has(conversation: str) -> bool:
    """Return whether a conversation is with the desk elsewhere."""
    query = (
        select(handoffs.c.id)
        .join(specialists, specialists.c.id == handoffs.c.holder)
        .where(
            handoffs.c.conversation == conversation,
            handoffs.c.ended_at.is_(None),
            specialists.c.role == "outside",
        )
    )
    with engine().connect() as connection:
        return connection.execute(query).first() is not None
