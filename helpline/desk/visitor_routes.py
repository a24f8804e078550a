"""What visitors' pages ask about people: to be put in line, to leave it, to say how it went."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json

from helpline.clock import real_now, told_time
from helpline.database import engine
from helpline.desk import bodies, codes, questions, refusals, survey
from helpline.desk.conversations import Conversations
from helpline.desk.held import held
from helpline.desk.offer import Offer, as_visitors_see_it, chat_is_open, line, offer
from helpline.desk.states import Refused
from helpline.handoff import opening_of_chat, ways
from helpline.knowledge import Knowledge
from helpline.web import server, sessions
from helpline.web.bodies import read
from helpline.web.limits import Limits
from helpline.web.log import Gone
from helpline.web.origins import own
from helpline.web.problems import Problem, no_session
from helpline.web.sessions import Session

Handler = Callable[[Request, Session], Awaitable[HTTPResponse]]

LINK = "{site}/chat#return={code}"
"""What stands after the hash is not sent to any server."""

SETTLING = 30
"""Tenths of a second that a chat may take to get back to the assistant."""


class VisitorRoutes:
    """The ways from a visitor to people, and what becomes of them."""

    def __init__(
        self,
        knowledge: Knowledge,
        people: Conversations,
        limits: Limits,
        session_of: Callable[[Request], Awaitable[Session]],
        begun: Callable[[Session, int], HTTPResponse],
        changed: Callable[[str], None],
        answer_it: Callable[[str], None],
    ) -> None:
        """Begin.

        Args:
            knowledge: for hours and phone numbers.
            people: what changes conversations.
            limits: how often one may ask.
            session_of: returns who asks, or raises a problem.
            begun: returns a session as the page is told of it, with a status.
            changed: is told of each conversation that has changed.
            answer_it: sees to what is unanswered in a conversation.
        """
        self._knowledge = knowledge
        self._people = people
        self._limits = limits
        self._session_of = session_of
        self._begun = begun
        self._changed = changed
        self._answer_it = answer_it

    def add(self, blueprint: Blueprint) -> None:
        """Serve them."""
        for method, path, handler in (
            ("POST", "/api/handoff", self._ask),
            ("DELETE", "/api/handoff", self._cancel),
            ("POST", "/api/question", self._leave_question),
            ("POST", "/api/survey", self._rate),
        ):
            blueprint.add_route(
                self._refusing(handler), path, methods=[method], name=f"{method} {path}"
            )
        blueprint.add_route(partial(self._return), "/api/return", methods=["POST"], name="return")

    def standing(self, conversation: str) -> dict[str, Any] | None:
        """Return who holds a conversation, and what can be offered, for the visitor's page."""
        at = real_now()
        with engine().connect() as connection:
            now = held(connection, conversation)
            if now is None:
                return None
            offered = offer(connection, self._knowledge, told_time(), at)
            return as_visitors_see_it(connection, now, offered, at)

    def _refusing(self, handler: Handler) -> Callable[[Request], Awaitable[HTTPResponse]]:
        """Return the handler for whoever has a session, with refusals put into words."""

        async def guarded(request: Request) -> HTTPResponse:
            session = await self._session_of(request)
            try:
                return await handler(request, session)
            except Refused as refused:
                raise refusals.problem_of(refused) from None
            except Gone:
                raise no_session() from None

        return guarded

    async def _ask(self, request: Request, session: Session) -> HTTPResponse:
        wanted = read(bodies.Ask, request.body)
        self._limits.person(session.conversation)
        session = await self._settled(session)
        if session.state == "bot" and not (await asyncio.to_thread(self._offer)).open:
            raise self._nobody_there(session)
        if session.state not in ("waiting", "live"):
            await asyncio.to_thread(
                self._people.ask, session.conversation, real_now(), wanted.reason, wanted.consent
            )
            self._changed(session.conversation)
        return await self._stands(session, 201 if session.state == "bot" else 200)

    async def _settled(self, session: Session) -> Session:
        """Return the session when a chat that has just ended is back with the assistant."""
        for _ in range(SETTLING):
            if session.state != "closed":
                break
            await asyncio.sleep(0.1)
            found = await asyncio.to_thread(sessions.find, session.conversation)
            session = found or session
        return session

    def _offer(self) -> Offer:
        with engine().connect() as connection:
            return offer(connection, self._knowledge, told_time(), real_now())

    def _nobody_there(self, session: Session) -> Problem:
        with engine().connect() as connection:
            now = held(connection, session.conversation)
        found = ways(self._knowledge, told_time(), now.visitor) if now else []
        phones = " ".join(way.text for way in found if way.kind == "phone")
        return Problem(409, "No specialist is free to chat right now.", phones)

    async def _cancel(self, request: Request, session: Session) -> HTTPResponse:
        if session.state in ("waiting", "live"):
            await asyncio.to_thread(self._people.cancel, session.conversation, real_now())
            self._changed(session.conversation)
        return await self._stands(session)

    async def _stands(self, session: Session, status: int = 200) -> HTTPResponse:
        found = await asyncio.to_thread(self.standing, session.conversation)
        if found is None:
            raise no_session()
        return json(found, status=status)

    async def _leave_question(self, request: Request, session: Session) -> HTTPResponse:
        left = read(bodies.Question, request.body)
        self._limits.person(session.conversation)
        offered = await asyncio.to_thread(self._offer)
        if not offered.question:
            raise Refused("ask a specialist") if offered.open else self._nobody_there(session)
        message, repeated = await asyncio.to_thread(
            questions.leave,
            session.conversation,
            left.text,
            left.id,
            left.consent,
            real_now(),
            self._when(session),
            self._knowledge,
        )
        code = await asyncio.to_thread(codes.make, session.conversation) if left.code else None
        self._changed(session.conversation)
        self._answer_it(session.conversation)
        told = {
            "id": message.id,
            "repeated": repeated,
            "code": code,
            "link": LINK.format(site=own()[0], code=code.replace("-", "")) if code else None,
        }
        return json(told, status=201)

    def _when(self, session: Session) -> str:
        with engine().connect() as connection:
            now = held(connection, session.conversation)
        if now is None:
            raise Gone
        if chat_is_open(self._knowledge, told_time()):
            return "Specialists are about today, so it may not take long."
        return opening_of_chat(line(self._knowledge), told_time(), now.visitor)

    async def _return(self, request: Request) -> HTTPResponse:
        server.check_origin(request)
        shown = read(bodies.Return, request.body)
        self._limits.code(server.address(request))
        session = await asyncio.to_thread(codes.redeem, shown.code, real_now())
        if session is None:
            raise Problem(
                404,
                "No chat has this code.",
                "Check the letters. A chat is deleted after some weeks, and its code with it.",
            )
        return self._begun(session, 200)

    async def _rate(self, request: Request, session: Session) -> HTTPResponse:
        said = read(bodies.Survey, request.body)
        await asyncio.to_thread(
            survey.record,
            session.conversation,
            said.helped,
            said.distress,
            real_now(),
            self._knowledge,
        )
        self._changed(session.conversation)
        return empty()
