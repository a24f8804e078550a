"""The message log: everything said in a conversation, by anyone, under rising ids.

Each function is one transaction. Those that write take the conversation's row first, so that ids
become visible in the order in which they are given, on any database.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import delete as delete_from
from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import Connection

from helpline import feedback
from helpline.clock import iso
from helpline.database import alerts, conversations, engine, messages, scrub
from helpline.desk.states import Hearer, Sender, Situation, State, hearer, may_speak
from helpline.web.sessions import expiry

ONE_ALERT = timedelta(minutes=2)
"""Within which the same screen again is no news to the desk, if nobody has seen to the first."""

PAGE = 500
"""Messages read at once."""


class Gone(Exception):
    """The conversation was deleted."""


@dataclass(frozen=True)
class Message:
    """One thing said."""

    id: int
    conversation: str
    sender: Sender
    at: datetime
    body: dict[str, Any]
    """The text, and what else its sender has: buttons, data, name."""
    client_id: str | None = None
    """The id that the visitor's page gave it."""
    rated: bool = False
    """Whether the visitor has said if it helped."""
    hearer: Hearer | None = None
    """Who it is for, if it is a visitor's."""

    def as_json(self) -> dict[str, Any]:
        """Return the message as the stream tells it."""
        return {
            "id": self.id,
            "sender": self.sender,
            "at": iso(self.at),
            **self.body,
            **({"client": self.client_id} if self.client_id else {}),
            **({"rated": True} if self.rated else {}),
        }


def say(
    conversation: str, text: str, client_id: str, at: datetime, wants_answer: bool = True
) -> tuple[Message, bool]:
    """Append what a visitor says, and keep the session alive.

    Args:
        conversation: its id.
        text: what was written.
        client_id: the page's own id of the message. What it has stored before is not stored twice.
        at: the present.
        wants_answer: whether somebody has yet to answer it.

    Returns:
        The message in the log, and whether it was there already.

    Raises:
        Gone: the conversation was deleted.
    """
    with engine().begin() as connection:
        state = keep_alive(connection, conversation, at)
        stored = connection.execute(
            select(messages).where(
                messages.c.conversation == conversation, messages.c.client_id == client_id
            )
        ).first()
        if stored:
            return message_of(stored), True
        body = {"text": text}
        # Whoever has the conversation now is the one to hear it, whatever happens next.
        return append(
            connection,
            conversation,
            "visitor",
            body,
            at,
            client_id,
            not wants_answer,
            hearer(state),
        ), False


def answer(message: Message, replies: Iterable[dict[str, Any]], at: datetime) -> list[Message]:
    """Append the replies to a visitor's message, which is handled from then on.

    While a specialist has the conversation the assistant is silent, also with what it had begun to
    say before; the safety screens are not. Each of them is brought to the desk's notice.

    Returns:
        The replies in the log; none where the message had been answered already.

    Raises:
        Gone: the conversation was deleted.
    """
    with engine().begin() as connection:
        take(connection, message.conversation)
        state = connection.execute(
            select(conversations.c.state).where(conversations.c.id == message.conversation)
        ).scalar()
        done = connection.execute(
            update(messages)
            .where(messages.c.id == message.id, messages.c.handled.is_(False))
            .values(handled=True)
        )
        if done.rowcount == 0:
            return []
        may = may_speak(Situation(state), "bot")
        said = [body for body in replies if may or screen_of(body)]
        for body in said:
            if screen_of(body):
                _alert(connection, message, body["data"], at)
        return [
            append(connection, message.conversation, "bot", body, at, None, handled=True)
            for body in said
        ]


def after(conversation: str, last: int) -> list[Message]:
    """Return what was said after a message, the earliest first, up to a page of it."""
    query = (
        select(messages)
        .where(messages.c.conversation == conversation, messages.c.id > last)
        .order_by(messages.c.id)
        .limit(PAGE)
    )
    with engine().connect() as connection:
        return [message_of(row) for row in connection.execute(query)]


def unhandled(conversation: str) -> list[Message]:
    """Return the visitor's messages that nobody has answered yet, the earliest first."""
    query = (
        select(messages)
        .where(messages.c.conversation == conversation, messages.c.handled.is_(False))
        .order_by(messages.c.id)
    )
    with engine().connect() as connection:
        return [message_of(row) for row in connection.execute(query)]


def waiting() -> list[str]:
    """Return the conversations with an unanswered message, the longest waiting first."""
    query = (
        select(messages.c.conversation)
        .where(messages.c.handled.is_(False))
        .group_by(messages.c.conversation)
        .order_by(func.min(messages.c.id))
    )
    with engine().connect() as connection:
        return list(connection.execute(query).scalars())


def latest(wanted: Iterable[str], at: datetime) -> dict[str, int]:
    """Return the id of the last message of each conversation.

    Deleted conversations are missing; those whose session has ended are negative.
    """
    newest = func.coalesce(func.max(messages.c.id), 0)
    query = (
        select(conversations.c.id, conversations.c.expires, newest)
        .outerjoin(messages, messages.c.conversation == conversations.c.id)
        .where(conversations.c.id.in_(list(wanted)))
        .group_by(conversations.c.id, conversations.c.expires)
    )
    with engine().connect() as connection:
        return {row[0]: row[2] if row[1] > at else -1 for row in connection.execute(query)}


def offered(conversation: str, payload: str) -> bool:
    """Return whether the assistant offered exactly this payload as a button here."""
    query = select(messages.c.body).where(
        messages.c.conversation == conversation, messages.c.sender == "bot"
    )
    with engine().connect() as connection:
        return any(
            button["payload"] == payload
            for body in connection.execute(query).scalars()
            for button in body.get("buttons", ())
        )


def rate(conversation: str, message: int, helpful: bool, at: datetime) -> bool:
    """Note that a visitor has rated an answer, and keep the verdict, once.

    Args:
        conversation: its id.
        message: the id of the answer.
        helpful: whether it helped.
        at: the present.

    Returns:
        Whether there is such an answer.
    """
    which = (messages.c.id == message, messages.c.conversation == conversation)
    with engine().begin() as connection:
        body = connection.execute(
            select(messages.c.body).where(*which, messages.c.sender == "bot")
        ).scalar()
        data = (body or {}).get("data", {})
        if data.get("type") != "article":
            return False
        fresh = connection.execute(
            update(messages).where(*which, messages.c.rated.is_(False)).values(rated=True)
        )
        if fresh.rowcount:
            verdict: feedback.Verdict = "helpful" if helpful else "not helpful"
            feedback.record_in(connection, str(data["article"]), verdict, at)
        return True


def delete(conversation: str) -> None:
    """Delete a conversation with all its messages, and leave no trace in the file."""
    with engine().begin() as connection:
        connection.execute(delete_from(messages).where(messages.c.conversation == conversation))
        connection.execute(delete_from(conversations).where(conversations.c.id == conversation))
    scrub(engine())


def screen_of(body: dict[str, Any]) -> str | None:
    """Return which safety screen a reply is, if it is one."""
    data = body.get("data") or {}
    return data.get("screen") if data.get("type") == "screen" else None


def keep_alive(connection: Connection, conversation: str, at: datetime) -> State:
    """Hold the conversation's row, let its session run anew, and return the conversation's state.

    Raises:
        Gone: the conversation was deleted.
    """
    take(connection, conversation)
    row = connection.execute(
        select(conversations.c.created, conversations.c.state).where(
            conversations.c.id == conversation
        )
    ).one()
    take(connection, conversation, seen=at, expires=expiry(row.created, at))
    return cast(State, row.state)


def take(connection: Connection, conversation: str, **values: Any) -> None:
    """Hold the conversation's row until the transaction ends.

    Raises:
        Gone: the conversation was deleted.
    """
    held = connection.execute(
        update(conversations)
        .where(conversations.c.id == conversation)
        # Not the id: SQLite would look for it in every table that refers to it.
        .values(values or {"seen": conversations.c.seen})
    )
    if held.rowcount == 0:
        raise Gone


def append(
    connection: Connection,
    conversation: str,
    sender: Sender,
    body: dict[str, Any],
    at: datetime,
    client_id: str | None,
    handled: bool,
    hearer: Hearer | None = None,
) -> Message:
    """Append a message to a conversation whose row is held."""
    stored = connection.execute(
        insert(messages).values(
            conversation=conversation,
            sender=sender,
            at=at,
            body=body,
            client_id=client_id,
            hearer=hearer,
            handled=handled,
        )
    )
    id_ = stored.inserted_primary_key[0]
    return Message(id_, conversation, sender, at, body, client_id, hearer=hearer)


def message_of(row: Any) -> Message:
    """Return a row of the table as a message."""
    return Message(
        id=row.id,
        conversation=row.conversation,
        sender=row.sender,
        at=row.at,
        body=row.body,
        client_id=row.client_id,
        rated=row.rated,
        hearer=row.hearer,
    )


def _alert(connection: Connection, message: Message, data: dict[str, Any], at: datetime) -> None:
    """Note a screen for the desk, unless the very same was noted a moment ago."""
    same = select(alerts.c.id).where(
        alerts.c.conversation == message.conversation,
        alerts.c.screen == data["screen"],
        alerts.c.tier == data.get("tier"),
        alerts.c.acknowledged_at.is_(None),
        alerts.c.at > at - ONE_ALERT,
    )
    if connection.execute(same).first() is None:
        connection.execute(
            insert(alerts).values(
                conversation=message.conversation,
                message=message.id,
                screen=data["screen"],
                tier=data.get("tier"),
                at=at,
            )
        )
