"""The human side of the web channel, put together: desks, rounds, routes, and the way back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from rasa.core.agent import Agent
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from helpline import settings
from helpline.clock import real_now
from helpline.desk import alerts, webhook
from helpline.desk.conversations import Conversations
from helpline.desk.hook import Hook
from helpline.desk.pages import Pages
from helpline.desk.protocol import Desk, Desks
from helpline.desk.rounds import Rounds
from helpline.desk.routes import DeskRoutes
from helpline.desk.states import Refused
from helpline.desk.visitor_routes import VisitorRoutes
from helpline.knowledge import configured_knowledge
from helpline.quiet import without_its_words
from helpline.web import hand_back
from helpline.web.limits import Limits
from helpline.web.log import Gone, Message, screen_of
from helpline.web.screens import Screens
from helpline.web.sessions import Session
from helpline.web.stream import Streams

logger = logging.getLogger(__name__)


class People:
    """What the channel tells people, and what they do to its conversations."""

    def __init__(
        self,
        streams: Streams,
        limits: Limits,
        session_of: Callable[[Request], Awaitable[Session]],
        begun: Callable[[Session, int], HTTPResponse],
        answer_it: Callable[[str], None],
        forget_it: Callable[[str], Awaitable[None]],
    ) -> None:
        """Read the settings.

        Args:
            streams: the open streams of visitors.
            limits: how often a visitor may ask.
            session_of: returns which visitor asks, or raises a problem.
            begun: returns a session as the page is told of it, with a status.
            answer_it: sees to what is unanswered in a conversation.
            forget_it: deletes what Rasa knows of a conversation.

        Raises:
            ValueError: one of the settings cannot be used.
        """
        knowledge = configured_knowledge()
        self._streams = streams
        self._forget_it = forget_it
        self._alarming: set[str] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._conversations = Conversations(knowledge)
        self._pages = Pages(lambda conversation: streams.count(conversation) > 0)
        desks: list[Desk] = [self._pages]
        if webhook.is_configured():
            desks.append(webhook.WebhookDesk(settings.DESK_WEBHOOK, settings.DESK_WEBHOOK_SECRET))
        self._desks = Desks(desks)
        self._rounds = Rounds(
            knowledge, self._conversations, self.changed, streams.stand_anew, self.hand_back
        )
        self._desk_routes = DeskRoutes(
            knowledge, self._conversations, self._pages, streams, self.changed
        )
        self._hook = Hook(self._conversations, self._pages, streams, self.changed)
        self._visitor_routes = VisitorRoutes(
            knowledge,
            self._conversations,
            limits,
            session_of,
            begun,
            self.changed,
            answer_it,
        )

    def add(self, blueprint: Blueprint) -> None:
        """Serve the desk, and what visitors ask about people."""
        self._visitor_routes.add(blueprint)
        self._desk_routes.add(blueprint)
        self._hook.add(blueprint)

    def start(self, agent: Agent, channel: str) -> None:
        """Begin to carry what happens to where it belongs."""
        self._agent = agent
        self._screens = Screens(agent, channel)
        self._tasks = [
            asyncio.create_task(self._rounds.run()),
            asyncio.create_task(self._desks.run()),
        ]

    def end(self) -> None:
        """Let everybody go: the server stops."""
        for task in self._tasks:
            task.cancel()
        self._desks.end()

    @property
    def offers(self) -> bool:
        """Return whether a specialist could come now."""
        return self._rounds.offers

    def standing(self, conversation: str) -> dict[str, Any] | None:
        """Return who holds a conversation, for the visitor's page."""
        return self._visitor_routes.standing(conversation)

    async def left(self, conversation: str) -> None:
        """Let a visitor who deletes the chat leave line or specialist first: both are counted."""
        # Otherwise there was neither, or it was deleted in another tab.
        with suppress(Refused, Gone):
            await asyncio.to_thread(self._conversations.cancel, conversation, real_now())

    # What has happened.

    def said(self, conversation: str) -> None:
        """Let the desks know that something was said."""
        self._desks.said(conversation)

    def typing(self, conversation: str, typing: bool) -> None:
        """Let the desks know that the visitor is typing, or has stopped."""
        self._desks.typing(conversation, typing)

    def changed(self, conversation: str) -> None:
        """Let everybody know that a conversation has changed hands, or its place in the queue."""
        self._streams.stand_anew([conversation])
        self._rounds.soon()
        self._desks.changed(conversation)

    def answered(self, conversation: str) -> None:
        """Let the desks know what the assistant has said; a screen is an alert."""
        if conversation in self._alarming:
            self._alarming.discard(conversation)
            self._desks.changed(conversation)
        self._desks.said(conversation)

    # What the assistant does meanwhile, and afterwards.

    async def screens_for(self, message: Message) -> list[dict[str, Any]]:
        """Return the safety screens that belong below a message for a specialist.

        Where that cannot be told, the desk is alerted to read it.
        """
        try:
            shown = await self._screens.shown_for(message.conversation, message.body["text"])
        except Exception as error:
            logger.error("A message could not be screened: %s", without_its_words(error))
            await asyncio.to_thread(alerts.note_unscreened, message, real_now())
            self._alarming.add(message.conversation)
            return []
        self.note_screens(message.conversation, shown)
        return shown

    def note_screens(self, conversation: str, replies: list[dict[str, Any]]) -> None:
        """Remember that there is a screen among replies that are about to be written."""
        if any(screen_of(reply) for reply in replies):
            self._alarming.add(conversation)

    async def hand_back(self, conversation: str) -> None:
        """Give a closed conversation back to the assistant, once it knows what has happened."""
        try:
            chat = await asyncio.to_thread(hand_back.last_chat, conversation)
            if chat:
                await hand_back.tell_rasa(self._agent, conversation, chat)
        except Exception as error:
            # The visitor must not be left alone for it.
            logger.error("The assistant knows nothing of a chat: %s", without_its_words(error))
        try:
            await asyncio.to_thread(self._conversations.back, conversation, real_now())
        except Refused:
            return
        except Gone:
            # Deleted meanwhile: what Rasa was just told goes as well.
            await self._forget_it(conversation)
            return
        self.changed(conversation)
