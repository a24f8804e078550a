"""The web channel: what visitors' pages ask over HTTP, and what they hear.

Named in ``credentials.yml``. The API is described in ``openapi.yml`` beside this file.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import yaml
from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json

from helpline.clock import iso, real_now, told_time
from helpline.handoff import Visitor
from helpline.hours import is_zone
from helpline.knowledge import configured_knowledge
from helpline.message import plain
from helpline.quiet import without_its_words
from helpline.web import bodies, log, pages, retention, server, sessions
from helpline.web.limits import MAX_TABS, Limits
from helpline.web.log import Gone, Message
from helpline.web.notice import notice
from helpline.web.people import People
from helpline.web.problems import Problem, no_session, too_fast
from helpline.web.replies import body, silence
from helpline.web.sessions import Session
from helpline.web.status import status
from helpline.web.stream import Streams
from helpline.web.tracker import Tracker
from helpline.web.turns import Turns

logger = logging.getLogger(__name__)

ANSWER_WITHIN = 30.0
"""Seconds that the assistant has for a turn."""

DESCRIPTION = Path(__file__).with_name("openapi.yml")


class Collected(OutputChannel):
    """Keeps what Rasa says in a turn until it has said everything."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.responses: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        """Return the channel's name."""
        return Web.name()

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one response whole."""
        self.responses.append(message)


class Web(InputChannel):
    """Sessions, messages and a stream of events for the pages in ``widget/``."""

    def __init__(self) -> None:
        """Read the settings.

        Raises:
            ValueError: one of them cannot be used.
        """
        self._limits = Limits()
        sessions.secret()
        self._knowledge = configured_knowledge()
        self._streams = Streams()
        self._turns = Turns(self._ask, self._answered, self._forget_in_rasa)
        self._people = People(
            self._streams,
            self._limits,
            self._required,
            _begun,
            self._answer_soon,
            self._forget_in_rasa,
        )
        self._tasks: list[asyncio.Task[None]] = []
        self._minute: datetime | None = None
        self._told: dict[tuple[Visitor, bool], dict[str, Any]] = {}

    @classmethod
    def name(cls) -> str:
        """Return the channel's name."""
        return "web"

    def url_prefix(self) -> str:
        """Return where the routes begin: at the root, where people look for a page."""
        return "/"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> Web:
        """Return the channel. There is nothing to put into ``credentials.yml``."""
        import rasa.server

        # Rasa's greeting would stand where the demo page is.
        rasa.server.add_root_route = lambda app: None
        return cls()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the routes."""
        blueprint = Blueprint("web")
        self._on_new_message = on_new_message
        for method, path, handler in (
            ("POST", "/api/sessions", self._begin),
            ("GET", "/api/status", self._status),
            ("POST", "/api/messages", self._say),
            ("GET", "/api/stream", self._hear),
            ("POST", "/api/typing", self._typing),
            ("POST", "/api/feedback", self._rate),
            ("DELETE", "/api/conversation", self._delete),
            ("GET", "/api/openapi.json", self._describe),
        ):
            # Sanic marks its handlers, which a method does not take.
            blueprint.add_route(partial(handler), path, methods=[method], name=path)
        pages.add_pages(blueprint)
        self._people.add(blueprint)
        blueprint.listener("before_server_start")(self._prepare)
        blueprint.listener("after_server_start")(self._start)
        blueprint.listener("before_server_stop")(self._stop)
        return blueprint

    async def _prepare(self, app: Sanic, loop: Any) -> None:
        server.prepare(app)

    async def _start(self, app: Sanic, loop: Any) -> None:
        self._tracker = Tracker(app.ctx.agent.tracker_store)
        self._people.start(app.ctx.agent, self.name())
        self._tasks = [
            asyncio.create_task(self._streams.poll()),
            asyncio.create_task(self._forget_by_the_hour()),
        ]
        await self._turns.resume()

    async def _stop(self, app: Sanic, loop: Any) -> None:
        for task in self._tasks:
            task.cancel()
        self._people.end()
        self._streams.end()
        await self._turns.end()

    # What pages ask.

    async def _begin(self, request: Request) -> HTTPResponse:
        server.check_origin(request)
        wanted = bodies.read(bodies.NewSession, request.body)
        known = await self._session_of(request)
        if known:
            session = await asyncio.to_thread(sessions.resume, known, real_now())
        else:
            self._limits.session(server.address(request))
            session = await asyncio.to_thread(
                sessions.begin, real_now(), wanted.timezone, wanted.language, wanted.region
            )
        return _begun(session, 200 if known else 201)

    async def _status(self, request: Request) -> HTTPResponse:
        server.check_origin(request)
        asked = request.get_args(keep_blank_values=True)
        return json(self._status_for(asked.get("timezone"), asked.get("region")))

    async def _say(self, request: Request) -> HTTPResponse:
        session = await self._required(request)
        said = bodies.read(bodies.NewMessage, request.body)
        self._limits.message(session.conversation, server.address(request))
        try:
            message, repeated = await asyncio.to_thread(
                log.say, session.conversation, said.text, said.id, real_now()
            )
        except Gone:
            raise no_session() from None
        self._streams.wake(session.conversation)
        self._people.said(session.conversation)
        self._turns.begin(session.conversation)
        return json({"id": message.id, "repeated": repeated}, status=202)

    async def _hear(self, request: Request) -> None:
        session = await self._required(request)
        after = request.get_args(keep_blank_values=True).get("after")
        last = bodies.number(request.headers.get("last-event-id", after))
        if self._streams.count(session.conversation) >= MAX_TABS:
            raise too_fast(5)
        response = await request.respond(
            content_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
        )
        events = self._streams.events(
            session.conversation,
            last,
            lambda: self._status_for(session.timezone, session.region),
            self._people.standing,
        )
        async with aclosing(events):
            async for event in events:
                await response.send(event)
        await response.eof()

    async def _typing(self, request: Request) -> HTTPResponse:
        session = await self._required(request)
        self._limits.typing(session.conversation)
        typing = bodies.read(bodies.Typing, request.body).typing
        self._streams.tell(session.conversation, "typing", {"sender": "visitor", "typing": typing})
        self._people.typing(session.conversation, typing)
        return empty()

    async def _rate(self, request: Request) -> HTTPResponse:
        session = await self._required(request)
        helped = bodies.read(bodies.Helped, request.body)
        is_answer = await asyncio.to_thread(
            log.rate, session.conversation, helped.message, helped.helpful, real_now()
        )
        if not is_answer:
            raise Problem(404, "That is no answer in this chat.", "Rate one of its answers.")
        return empty()

    async def _delete(self, request: Request) -> HTTPResponse:
        session = await self._required(request)
        await self._turns.stop(session.conversation)
        # The session last: where something fails, the visitor can ask again.
        await self._forget_in_rasa(session.conversation)
        await self._people.left(session.conversation)
        await asyncio.to_thread(log.delete, session.conversation)
        # Another tab may have said something in between, and Rasa have heard it.
        await self._turns.stop(session.conversation)
        await self._forget_in_rasa(session.conversation)
        self._streams.deleted(session.conversation)
        self._people.changed(session.conversation)
        return empty()

    async def _describe(self, request: Request) -> HTTPResponse:
        return json(self._description)

    @cached_property
    def _description(self) -> Any:
        return yaml.safe_load(DESCRIPTION.read_text(encoding="utf-8"))

    def _status_for(self, zone: str | None, region: str | None) -> dict[str, Any]:
        """Return what is told to a visitor of that clock and country, reckoned once a minute."""
        minute = told_time().replace(second=0, microsecond=0)
        visitor = Visitor(
            region=bodies.region(region), timezone=zone if zone and is_zone(zone) else None
        )
        if self._minute != minute:
            self._minute, self._told = minute, {}
        asked = (visitor, self._people.offers)
        if asked not in self._told:
            self._told[asked] = status(self._knowledge, minute, *asked)
        return self._told[asked]

    # Who asks.

    async def _required(self, request: Request) -> Session:
        server.check_origin(request)
        session = await self._session_of(request)
        if session is None:
            raise no_session()
        return session

    async def _session_of(self, request: Request) -> Session | None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            return None
        return await asyncio.to_thread(sessions.verify, token.strip(), real_now())

    # Who answers.

    async def _ask(self, message: Message) -> list[dict[str, Any]]:
        """Return the replies to a message, from whoever holds the conversation."""
        held_by = await asyncio.to_thread(sessions.find, message.conversation)
        if held_by is None:
            raise Gone
        if held_by.state == "closed":
            await self._people.hand_back(message.conversation)
        if held_by.state == "live" or message.hearer == "specialist":
            return await self._people.screens_for(message)
        self._streams.tell(message.conversation, "typing", {"sender": "bot", "typing": True})
        replies = await self._ask_rasa(message, held_by)
        self._people.note_screens(message.conversation, replies)
        return replies or [{"text": silence(self._knowledge)}]

    def _answered(self, conversation: str) -> None:
        self._streams.wake(conversation)
        self._streams.tell(conversation, "typing", {"sender": "bot", "typing": False})
        self._people.answered(conversation)

    def _answer_soon(self, conversation: str) -> None:
        self._turns.begin(conversation)

    async def _ask_rasa(self, message: Message, session: Session) -> list[dict[str, Any]]:
        heard = Collected()
        asked = UserMessage(
            await _for_rasa(message),
            heard,
            message.conversation,
            input_channel=self.name(),
            message_id=str(message.id),
            metadata={"timezone": session.timezone, "region": session.region},
        )
        try:
            await asyncio.wait_for(self._on_new_message(asked), ANSWER_WITHIN)
        except Exception as error:
            logger.error("Rasa could not answer: %s", without_its_words(error))
        return [body(response) for response in heard.responses]

    # Forgetting.

    async def _forget_in_rasa(self, conversation: str) -> None:
        await asyncio.to_thread(self._tracker.forget, [conversation])

    async def _forget_by_the_hour(self) -> None:
        while True:
            try:
                await asyncio.to_thread(retention.forget, real_now(), self._tracker)
            except Exception as error:
                logger.error("Old conversations were not deleted: %s", without_its_words(error))
            await asyncio.sleep(retention.EVERY)


def _begun(session: Session, status: int) -> HTTPResponse:
    """Return what a page is told of its session."""
    told = {
        "token": sessions.token(session.conversation),
        "conversation_started": iso(session.started),
        "expires": iso(session.expires),
        "last": session.last,
        "notice": notice(),
    }
    return json(told, status=status)


async def _for_rasa(message: Message) -> str:
    """Return what Rasa is told: a command only where exactly that was offered as a button."""
    text: str = message.body["text"]
    if text.startswith("/") and await asyncio.to_thread(log.offered, message.conversation, text):
        return text
    return plain(text)
