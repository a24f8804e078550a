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
from datetime import datetime
from typing import Any

import aiohttp
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from helpline import settings
from helpline.clock import real_now
from helpline.database import engine, handoffs, specialists
from helpline.desk import outbox
from helpline.desk.conversations import REASONS, Conversations
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

ACCOUNT = "outside"

NAMESPACE = uuid.UUID("3f0f6c52-33a5-4c2b-9a53-5c1b5a3c6f10")
"""From the other desk's ids, ids of messages are made."""

EVERYTHING = 2**53
"""A desk elsewhere has read what it was sent."""


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
            while True:
                self._awake.clear()
                try:
                    waiting = await asyncio.to_thread(outbox.pending, real_now())
                    await asyncio.gather(*(self._tell_all(session, items) for items in waiting))
                except Exception as error:
                    logger.error("The desk elsewhere was not told: %s", without_its_words(error))
                try:
                    await asyncio.wait_for(self._awake.wait(), LOOK)
                except asyncio.TimeoutError:
                    continue

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
        Refused: it cannot be done any more.
        Gone: the conversation was deleted.
    """
    who = _account(at, told)
    event, conversation = told["event"], told.get("conversation") or ""
    if event == "presence":
        return None, False
    if event == "claim":
        if _has(who, conversation):
            return conversation, True
        people.claim(conversation, who, at, told.get("name"))
    elif event == "close":
        if not _has(who, conversation) and _had(who, conversation):
            return conversation, True
        reason = told.get("reason") or ""
        people.close(conversation, who, reason if reason in REASONS else "other", EVERYTHING, at)
    elif event == "message":
        id_ = str(uuid.uuid5(NAMESPACE, told["id"]))
        body = {"text": told["text"]}
        return conversation, people.speak(conversation, who, body, id_, at)[1]
    return conversation, False


def _account(at: datetime, told: dict[str, Any]) -> int:
    """Return the account that stands for the desk elsewhere. Whatever it tells, it is there."""
    values: dict[str, Any] = {"seen": at}
    if told["event"] == "presence":
        values["presence"] = "available" if told["available"] else "away"
        values["capacity"] = told["capacity"]
    is_it = specialists.c.role == "outside"
    with engine().begin() as connection:
        done = connection.execute(update(specialists).where(is_it).values(values))
        if done.rowcount == 0:
            values = {
                "name": ACCOUNT,
                "shown": "A specialist",
                "role": "outside",
                "capacity": 0,
                **values,
            }
            try:
                with connection.begin_nested():
                    connection.execute(insert(specialists).values(values))
            except IntegrityError:
                # The other server has made it in this moment.
                connection.execute(update(specialists).where(is_it).values(seen=at))
        return int(connection.execute(select(specialists.c.id).where(is_it)).scalar_one())


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


def _has(who: int, conversation: str) -> bool:
    return _is_theirs(who, conversation, handoffs.c.ended_at.is_(None))


def _had(who: int, conversation: str) -> bool:
    return _is_theirs(who, conversation, handoffs.c.ended_at.is_not(None))


def _is_theirs(who: int, conversation: str, which: Any) -> bool:
    query = select(handoffs.c.id).where(
        handoffs.c.conversation == conversation, handoffs.c.holder == who, which
    )
    with engine().connect() as connection:
        return connection.execute(query).first() is not None
