"""The way in of a desk elsewhere: signed requests to /desk/hook."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import partial

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from helpline import settings
from helpline.clock import real_now
from helpline.desk import bodies, refusals, webhook
from helpline.desk.conversations import Conversations
from helpline.desk.pages import Pages
from helpline.desk.signature import SIGNATURE, TIMESTAMP, is_genuine
from helpline.desk.states import Refused
from helpline.web.bodies import read
from helpline.web.log import Gone
from helpline.web.problems import Problem
from helpline.web.stream import Streams


class Hook:
    """What a desk elsewhere tells."""

    def __init__(
        self,
        people: Conversations,
        pages: Pages,
        visitors: Streams,
        changed: Callable[[str], None],
    ) -> None:
        """Begin.

        Args:
            people: what changes conversations.
            pages: the open streams of our specialists.
            visitors: the open streams of visitors.
            changed: is told of each conversation that has changed.
        """
        self._people = people
        self._pages = pages
        self._visitors = visitors
        self._changed = changed

    def add(self, blueprint: Blueprint) -> None:
        """Serve it."""
        blueprint.add_route(partial(self._hear), "/desk/hook", methods=["POST"], name="hook")

    async def _hear(self, request: Request) -> HTTPResponse:
        secret = settings.DESK_WEBHOOK_SECRET
        timestamp, signature = (request.headers.get(name, "") for name in (TIMESTAMP, SIGNATURE))
        if not is_genuine(secret, timestamp, signature, request.body, time.time()):
            raise Problem(
                401,
                "The signature is missing, wrong, or too old.",
                "Sign the body with HELPLINE_DESK_WEBHOOK_SECRET, as docs/desk.md says.",
                {"WWW-Authenticate": "Signature"},
            )
        told = read(bodies.FromOutside, request.body)
        if told.event == "typing":
            await self._typing_outside(told)
            return json({"repeated": False})
        try:
            conversation, repeated = await asyncio.to_thread(
                webhook.hear, self._people, told.dict(), real_now()
            )
        except Refused as refused:
            raise refusals.problem_of(refused) from None
        except Gone:
            raise refusals.not_there() from None
        if conversation is None:
            self._pages.changed()
        elif told.event == "message":
            self._visitors.wake(conversation)
        else:
            self._changed(conversation)
        return json({"repeated": repeated})

    async def _typing_outside(self, told: bodies.FromOutside) -> None:
        conversation = str(told.conversation)
        if await asyncio.to_thread(webhook.has, conversation):
            typing = {"sender": "specialist", "typing": told.typing}
            self._visitors.tell(conversation, "typing", typing)
