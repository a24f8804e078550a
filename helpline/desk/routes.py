"""The desk's HTTP: its pages under /desk/, its API under /desk/api/."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json, redirect, text

from helpline.clock import real_now
from helpline.desk import (
    alerts,
    bodies,
    export,
    figures,
    insert,
    questions,
    refusals,
    remarks,
    sign_in,
    specialists,
    trail,
    unanswered,
)
from helpline.desk.conversations import REASONS, Conversations
from helpline.desk.dossier import dossier, may_see
from helpline.desk.offer import line
from helpline.desk.pages import Pages
from helpline.desk.sign_in import COOKIE, SignedIn, Tries
from helpline.desk.specialists import HEARTBEAT, Specialist
from helpline.desk.states import Refused
from helpline.knowledge import Knowledge
from helpline.web import server
from helpline.web.bodies import Typing, number, read
from helpline.web.limits import MAX_TABS
from helpline.web.log import Gone
from helpline.web.pages import DESK, desk_policy, sent
from helpline.web.problems import too_fast, unreadable
from helpline.web.stream import Streams

Handler = Callable[..., Awaitable[Any]]

MOST_DAYS = 400

NOTED_EVERY = timedelta(seconds=5)
"""A request counts as a sign of life; not each is written down."""


class DeskRoutes:
    """What the desk's pages ask."""

    def __init__(
        self,
        knowledge: Knowledge,
        people: Conversations,
        pages: Pages,
        visitors: Streams,
        changed: Callable[[str], None],
    ) -> None:
        """Begin.

        Args:
            knowledge: for what can be inserted.
            people: what changes conversations.
            pages: the open streams of specialists.
            visitors: the open streams of visitors.
            changed: is told of each conversation that has changed.
        """
        self._knowledge = knowledge
        self._people = people
        self._pages = pages
        self._visitors = visitors
        self._changed = changed
        self._tries = Tries()

    def add(self, blueprint: Blueprint) -> None:
        """Serve the desk."""
        chat = "/desk/api/conversations/<conversation:str>"
        question = "/desk/api/questions/<question:int>"
        for method, path, handler in (
            ("GET", "/desk/api/me", self._me),
            ("POST", "/desk/api/sign-out", self._sign_out),
            ("PUT", "/desk/api/me/presence", self._be),
            ("POST", "/desk/api/heartbeat", self._heartbeat),
            ("GET", "/desk/api/stream", self._hear),
            ("GET", chat, self._open),
            ("POST", f"{chat}/claim", self._claim),
            ("POST", f"{chat}/messages", self._say),
            ("POST", f"{chat}/typing", self._typing),
            ("POST", f"{chat}/notes", self._add_note),
            ("PUT", f"{chat}/tags", self._tag),
            ("POST", f"{chat}/transfer", self._transfer),
            ("DELETE", f"{chat}/transfer", self._decline),
            ("POST", f"{chat}/transfer/accept", self._accept),
            ("POST", f"{chat}/close", self._close),
            ("GET", "/desk/api/canned", self._canned),
            ("GET", "/desk/api/articles", self._articles),
            ("POST", f"{question}/answer", self._answer),
            ("POST", f"{question}/close", self._put_away),
            ("POST", "/desk/api/alerts/<alert:int>/acknowledge", self._acknowledge),
            ("GET", "/desk/api/figures", self._figures),
            ("GET", "/desk/api/unanswered", self._unanswered),
            ("GET", "/desk/api/alerts", self._alerts),
            ("GET", "/desk/api/audit", self._audit),
            ("GET", "/desk/api/export.csv", self._export),
        ):
            guarded = self._signed_in(handler)
            blueprint.add_route(guarded, path, methods=[method], name=f"{method} {path}")
        blueprint.add_route(
            partial(self._sign_in), "/desk/api/sign-in", methods=["POST"], name="in"
        )
        page = frozenset({"GET", "HEAD"})
        blueprint.add_route(_to_desk, "/desk", methods=page, name="to desk", strict_slashes=True)
        blueprint.add_route(_page, "/desk/", methods=page, name="desk", strict_slashes=True)
        blueprint.add_route(_page, "/desk/<name:path>", methods=page, name="desk file")

    # Who asks.

    def _signed_in(self, handler: Handler) -> Handler:
        """Return the handler behind the door: origin, session, token; refusals put into words."""

        async def guarded(request: Request, **named: Any) -> Any:
            server.check_origin(request)
            session = await asyncio.to_thread(sign_in.verify, request.cookies.get(COOKIE, ""))
            if session is None:
                raise refusals.signed_out()
            is_change = request.method not in ("GET", "HEAD")
            if is_change and not sign_in.is_genuine(session, request.headers.get("x-csrf-token")):
                raise refusals.forged()
            await self._note_sign_of_life(session.specialist)
            try:
                return await handler(request, session, **named)
            except Refused as refused:
                raise refusals.problem_of(refused) from None
            except Gone:
                raise refusals.not_there() from None

        return guarded

    async def _note_sign_of_life(self, who: Specialist) -> None:
        at = real_now()
        if who.seen is None or at - who.seen > NOTED_EVERY:
            await asyncio.to_thread(specialists.heartbeat, who.id, at)
            if who.seen is None or at - who.seen > specialists.gone_after():
                self._pages.changed()

    async def _sign_in(self, request: Request) -> HTTPResponse:
        server.check_origin(request)
        shown = read(bodies.SignIn, request.body)
        address = server.address(request)
        self._tries.begin(shown.name, address)
        found = await sign_in.check_password(shown.name, shown.password)
        if found is None:
            raise refusals.wrong_password()
        self._tries.was_right(shown.name, address)
        # Nobody is sent a visitor before they say that they are there for one.
        await asyncio.to_thread(specialists.be, found.id, "away", real_now())
        cookie = sign_in.cookie_for(found)
        session = sign_in.verify(cookie)
        if session is None:
            raise refusals.signed_out()
        await self._note("sign_in", session, real_now())
        response = json(await self._about(session))
        _set_cookie(response, cookie, sign_in.HOURS * 3600)
        return response

    async def _sign_out(self, request: Request, session: SignedIn) -> HTTPResponse:
        everywhere = read(bodies.SignOut, request.body).everywhere
        who = session.specialist
        # Another page of theirs may go on with the chats.
        is_last = self._pages.count(who.id) <= 1
        await asyncio.to_thread(specialists.leave, who.id, everywhere, everywhere or is_last)
        await self._note("sign_out_everywhere" if everywhere else "sign_out", session, real_now())
        self._pages.changed()
        response = empty()
        _set_cookie(response, "", 0)
        return response

    async def _note(
        self,
        event: str,
        session: SignedIn,
        at: datetime,
        detail: str | None = None,
        conversation: str | None = None,
    ) -> None:
        """Write into the audit trail."""
        actor = session.specialist.actor
        await asyncio.to_thread(trail.note, actor, event, at, detail, conversation)

    async def _me(self, request: Request, session: SignedIn) -> HTTPResponse:
        return json(await self._about(session))

    async def _about(self, session: SignedIn) -> dict[str, Any]:
        who = session.specialist
        return {
            "id": who.id,
            "name": who.name,
            "shown": who.shown,
            "role": who.role,
            "presence": who.presence,
            "capacity": who.capacity,
            "csrf": session.csrf,
            "heartbeat_seconds": HEARTBEAT,
            "reasons": [{"id": id_, "title": title} for id_, title in REASONS.items()],
            "tags": await asyncio.to_thread(remarks.known_tags),
        }

    async def _be(self, request: Request, session: SignedIn) -> HTTPResponse:
        presence = read(bodies.BePresent, request.body).presence
        await asyncio.to_thread(specialists.be, session.specialist.id, presence, real_now())
        self._pages.changed()
        return empty()

    async def _heartbeat(self, request: Request, session: SignedIn) -> HTTPResponse:
        await asyncio.to_thread(specialists.heartbeat, session.specialist.id, real_now())
        return empty()

    # What specialists hear and see.

    async def _hear(self, request: Request, session: SignedIn) -> None:
        who = session.specialist.id
        if self._pages.count(who) >= MAX_TABS:
            raise too_fast(5)
        cookie = request.cookies.get(COOKIE, "")
        response = await request.respond(
            content_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
        )
        events = self._pages.events(who, lambda: sign_in.verify(cookie))
        async with aclosing(events):
            async for event in events:
                await response.send(event)
        await response.eof()

    async def _open(self, request: Request, session: SignedIn, conversation: str) -> HTTPResponse:
        after = number(request.args.get("after"))
        return await self._opened(session, conversation, after)

    async def _opened(self, session: SignedIn, conversation: str, after: int = 0) -> HTTPResponse:
        found = await asyncio.to_thread(
            dossier, conversation, session.specialist, after, real_now(), self._is_online
        )
        if found is None:
            raise refusals.not_there()
        return json(found)

    def _is_online(self, conversation: str) -> bool:
        return self._visitors.count(conversation) > 0

    # What specialists do.

    async def _claim(self, request: Request, session: SignedIn, conversation: str) -> HTTPResponse:
        read(bodies.Nothing, request.body)
        who = session.specialist.id
        await asyncio.to_thread(self._people.claim, conversation, who, real_now())
        self._changed(conversation)
        return await self._opened(session, conversation)

    async def _say(self, request: Request, session: SignedIn, conversation: str) -> HTTPResponse:
        reply = read(bodies.Reply, request.body)
        message, repeated = await asyncio.to_thread(
            self._people.speak,
            conversation,
            session.specialist.id,
            self._body(reply),
            reply.id,
            real_now(),
        )
        self._visitors.wake(conversation)
        self._pages.said(conversation)
        if reply.canned in self._knowledge.canned and not repeated:
            # So that editors can find out which ones are any good.
            await self._note("canned", session, real_now(), reply.canned, conversation)
        return json({"id": message.id, "repeated": repeated}, status=202)

    def _body(self, reply: bodies.Reply) -> dict[str, Any]:
        if reply.article is None:
            return {"text": reply.text}
        article = self._knowledge.articles.get(reply.article)
        if article is None:
            raise unreadable("article: there is no such article.")
        return insert.body(article, reply.text.strip(), self._knowledge)

    async def _typing(self, request: Request, session: SignedIn, conversation: str) -> HTTPResponse:
        typing = read(Typing, request.body).typing
        who = session.specialist.id
        if await asyncio.to_thread(self._people.is_held_by, conversation, who):
            name = session.specialist.shown
            told = {"sender": "specialist", "name": name, "typing": typing}
            self._visitors.tell(conversation, "typing", told)
        return empty()

    async def _add_note(
        self, request: Request, session: SignedIn, conversation: str
    ) -> HTTPResponse:
        wanted = read(bodies.Note, request.body).text
        await self._check_sight(session, conversation)
        noted = await asyncio.to_thread(
            remarks.add_note, conversation, session.specialist, wanted, real_now()
        )
        self._pages.details(conversation)
        return json(noted, status=201)

    async def _tag(self, request: Request, session: SignedIn, conversation: str) -> HTTPResponse:
        wanted = read(bodies.Tags, request.body).tags
        await self._check_sight(session, conversation)
        tags = await asyncio.to_thread(remarks.set_tags, conversation, wanted)
        self._pages.details(conversation)
        self._pages.changed()
        return json({"tags": tags})

    async def _check_sight(self, session: SignedIn, conversation: str) -> None:
        if not await asyncio.to_thread(may_see, conversation, session.specialist):
            raise refusals.not_there()

    async def _transfer(
        self, request: Request, session: SignedIn, conversation: str
    ) -> HTTPResponse:
        to = read(bodies.Transfer, request.body)
        await asyncio.to_thread(
            self._people.offer_transfer,
            conversation,
            session.specialist.id,
            to.to,
            to.note,
            real_now(),
        )
        self._changed(conversation)
        return empty()

    async def _decline(
        self, request: Request, session: SignedIn, conversation: str
    ) -> HTTPResponse:
        who = session.specialist.id
        await asyncio.to_thread(self._people.decline_transfer, conversation, who, real_now())
        self._changed(conversation)
        return empty()

    async def _accept(self, request: Request, session: SignedIn, conversation: str) -> HTTPResponse:
        read(bodies.Nothing, request.body)
        who = session.specialist.id
        await asyncio.to_thread(self._people.accept_transfer, conversation, who, real_now())
        self._changed(conversation)
        return await self._opened(session, conversation)

    async def _close(self, request: Request, session: SignedIn, conversation: str) -> HTTPResponse:
        wanted = read(bodies.Close, request.body)
        if wanted.reason not in REASONS:
            raise unreadable(f"reason has to be one of {', '.join(REASONS)}.")
        await asyncio.to_thread(
            self._people.close,
            conversation,
            session.specialist.id,
            wanted.reason,
            wanted.seen,
            real_now(),
        )
        self._changed(conversation)
        return empty()

    async def _answer(self, request: Request, session: SignedIn, question: int) -> HTTPResponse:
        reply = read(bodies.Reply, request.body)
        message, repeated = await asyncio.to_thread(
            questions.answer, question, session.specialist, self._body(reply), reply.id, real_now()
        )
        self._visitors.wake(message.conversation)
        self._pages.changed()
        return json({"id": message.id, "repeated": repeated}, status=202)

    async def _put_away(self, request: Request, session: SignedIn, question: int) -> HTTPResponse:
        read(bodies.Nothing, request.body)
        told = await asyncio.to_thread(
            questions.put_away, question, session.specialist, real_now(), self._knowledge
        )
        self._visitors.wake(told.conversation)
        self._pages.changed()
        return empty()

    async def _acknowledge(self, request: Request, session: SignedIn, alert: int) -> HTTPResponse:
        read(bodies.Nothing, request.body)
        await asyncio.to_thread(alerts.acknowledge, alert, session.specialist, real_now())
        self._pages.changed()
        return empty()

    # What can be looked up.

    async def _canned(self, request: Request, session: SignedIn) -> HTTPResponse:
        return json({"replies": insert.canned(self._knowledge, request.args.get("q", ""))})

    async def _articles(self, request: Request, session: SignedIn) -> HTTPResponse:
        query = request.args.get("q", "")
        return json({"articles": await asyncio.to_thread(insert.articles, self._knowledge, query)})

    async def _figures(self, request: Request, session: SignedIn) -> HTTPResponse:
        days = _days(request, session)
        found = await asyncio.to_thread(figures.by_day, real_now(), days, self._zone())
        return json({"days": found})

    async def _unanswered(self, request: Request, session: SignedIn) -> HTTPResponse:
        begin = real_now() - timedelta(days=_days(request, session))
        return json(await asyncio.to_thread(unanswered.since, begin))

    async def _alerts(self, request: Request, session: SignedIn) -> HTTPResponse:
        begin = real_now() - timedelta(days=_days(request, session))
        return json({"alerts": await asyncio.to_thread(alerts.since, begin)})

    async def _audit(self, request: Request, session: SignedIn) -> HTTPResponse:
        _check_supervisor(session)
        conversation = request.args.get("conversation")
        before = number(request.args.get("before")) or None
        return json({"rows": await asyncio.to_thread(trail.trail, conversation, before)})

    async def _export(self, request: Request, session: SignedIn) -> HTTPResponse:
        days = _days(request, session)
        what = request.args.get("what", "handoffs")
        if what not in export.KINDS:
            raise unreadable(f"what has to be one of {', '.join(export.KINDS)}.")
        table = await asyncio.to_thread(export.export, what, real_now(), days, self._zone())
        await self._note("export", session, real_now(), what)
        return text(
            table,
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{what}.csv"'},
        )

    def _zone(self) -> str:
        hours = line(self._knowledge).chat
        return hours.timezone if hours and hours.timezone else "UTC"


async def _to_desk(request: Request) -> HTTPResponse:
    return redirect("/desk/")


async def _page(request: Request, name: str = "index.html") -> HTTPResponse:
    return sent(request, name, desk_policy(), DESK)


def _set_cookie(response: HTTPResponse, value: str, seconds: int) -> None:
    response.cookies[COOKIE] = value
    cookie = response.cookies[COOKIE]
    cookie["path"] = "/desk"
    cookie["httponly"] = True
    cookie["samesite"] = "Strict"
    cookie["max-age"] = seconds
    # Not "False" where it is not so: to a browser the word alone means yes.
    if sign_in.needs_https():
        cookie["secure"] = True


def _check_supervisor(session: SignedIn) -> None:
    if not session.specialist.is_supervisor:
        raise refusals.supervisors_only()


def _days(request: Request, session: SignedIn) -> int:
    """Return how many days a supervisor looks back."""
    _check_supervisor(session)
    wanted = request.args.get("days", "14")
    is_number = wanted.isascii() and wanted.isdigit() and len(wanted) <= len(str(MOST_DAYS))
    if not is_number or not 1 <= int(wanted) <= MOST_DAYS:
        raise unreadable(f"days has to be a number from 1 to {MOST_DAYS}.")
    return int(wanted)
