"""What moves a conversation between the assistant and people, in the database.

Each function is one transaction. It takes the conversation's row first, asks the state machine, and
writes state, hand-off, audit row, and what the visitor is told: all of it or nothing. Two that want
the same come one after the other, and the second is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import Connection

from helpline import settings
from helpline.clock import told_time
from helpline.database import (
    audit,
    conversations,
    engine,
    handoffs,
    messages,
    outcomes,
)
from helpline.desk import queue
from helpline.desk.held import Held, held
from helpline.desk.offer import offer
from helpline.desk.once import note_done
from helpline.desk.room import account_of, colleague_with_room, with_room
from helpline.desk.specialists import actor
from helpline.desk.states import Event, Refused, Situation, may_speak, step
from helpline.desk.words import ASK_AGAIN, LEAVE, SOMEBODY, told
from helpline.knowledge import Knowledge
from helpline.web import log
from helpline.web.log import Gone, Message
from helpline.web.sessions import expiry

VISITOR, SYSTEM = "visitor", "system"

REASONS: Mapping[str, str] = {
    "answered": "Question answered",
    "listened": "Listened and supported",
    "care_team": "Sent to the care team",
    "emergency": "Sent to emergency services",
    "other_line": "Sent to another line",
    "moved_on": "Visitor did not go on",
    "misuse": "Misuse",
    "other": "Something else",
}
"""Why a specialist closes a chat."""

LONGEST_REASON = 500
"""Characters of what a visitor gives as a reason."""


class Conversations:
    """Every way from one holder to another."""

    def __init__(self, knowledge: Knowledge, clock: Callable[[], datetime] = told_time) -> None:
        """Take what the words for visitors are made from.

        Args:
            knowledge: for phone numbers.
            clock: for who can be reached by phone; all else is told the real time.
        """
        self._knowledge = knowledge
        self._clock = clock

    # The visitor.

    def ask(self, conversation: str, at: datetime, reason: str | None, consent: bool) -> Situation:
        """Put a visitor in line.

        Args:
            conversation: its id.
            at: the present.
            reason: what it is about, in the visitor's words.
            consent: whether a specialist may read what was said so far.

        Raises:
            Refused: a specialist is being waited for, or is there.
            Gone: the conversation was deleted.
        """
        with engine().begin() as connection:
            before = _take(connection, conversation)
            now = step(before.situation, "ask").after
            connection.execute(
                insert(handoffs).values(
                    conversation=conversation,
                    reason=reason[:LONGEST_REASON] if reason else None,
                    consent=consent,
                    asked_at=at,
                    waiting_since=at,
                )
            )
            detail = "with consent" if consent else "without consent"
            _move(connection, before, "ask", now, at, VISITOR, detail)
            self._tell(connection, conversation, "ask", at)
            return now

    def cancel(self, conversation: str, at: datetime) -> Event:
        """Leave the line, or end the chat with a specialist.

        Returns:
            Which of the two it was.

        Raises:
            Refused: nobody is waited for, and nobody is there.
            Gone: the conversation was deleted.
        """
        with engine().begin() as connection:
            before = _take(connection, conversation)
            event: Event = "leave" if before.state == "live" else "cancel"
            self._happen(connection, before, event, at, VISITOR)
            return event

    # Specialists.

    def claim(
        self,
        conversation: str,
        who: int,
        at: datetime,
        name: str | None = None,
        request: str | None = None,
    ) -> None:
        """Let a specialist take a waiting conversation.

        Args:
            conversation: its id.
            who: the specialist.
            at: the present.
            name: what the visitor sees, where it is not the account's.
            request: the id of a request that may come twice.

        Raises:
            Refused: another was faster, nobody waits, or the specialist has no room.
            Repeated: the request was done before.
            Gone: the conversation was deleted.
        """
        with engine().begin() as connection:
            before = _take(connection, conversation)
            if request:
                note_done(connection, request, at)
            specialist = with_room(connection, who, at)
            values: dict[str, Any] = {
                "holder": who,
                "name": name or specialist.shown,
                "held_since": at,
            }
            if before.claimed_at is None:
                values |= {"claimed_at": at, "shown_from": _unheard(connection, before)}
            self._happen(connection, before, "claim", at, actor(specialist.name), who, **values)

    def speak(
        self, conversation: str, who: int, body: dict[str, Any], client_id: str, at: datetime
    ) -> tuple[Message, bool]:
        """Append what a specialist says, and keep the visitor's session alive.

        Args:
            conversation: its id.
            who: the specialist.
            body: the text, and an article if one is shown.
            client_id: the page's own id of it. What is there already is not stored twice.
            at: the present.

        Returns:
            The message in the log, and whether it was there already.

        Raises:
            Refused: this specialist does not hold the conversation.
            Gone: the conversation was deleted.
        """
        with engine().begin() as connection:
            now = _take(connection, conversation)
            stored = said_before(connection, conversation, client_id)
            if stored:
                return stored, True
            if not may_speak(now.situation, "specialist", who):
                raise Refused("speak")
            keep_open(connection, now, at)
            body = {**body, "name": now.name}
            return log.append(
                connection, conversation, "specialist", body, at, client_id, handled=True
            ), False

    def offer_transfer(
        self, conversation: str, who: int, other: int, note: str | None, at: datetime
    ) -> None:
        """Ask a colleague to take over. Until they do, the holder keeps the chat.

        Args:
            conversation: its id.
            who: the holder.
            other: the colleague.
            note: what they should know; only they see it.
            at: the present.

        Raises:
            Refused: it is not this specialist's, or the colleague is not there or has no room.
            Gone: the conversation was deleted.
        """
        with engine().begin() as connection:
            before = _take(connection, conversation)
            to = colleague_with_room(connection, other, at)
            self._happen(
                connection,
                before,
                "transfer_offered",
                at,
                actor(account_of(connection, who).name),
                who,
                other,
                detail=f"to {to.name}",
                offered_to=other,
                offer_note=note,
            )

    def accept_transfer(self, conversation: str, who: int, at: datetime) -> None:
        """Take over what a colleague offers.

        Raises:
            Refused: it is not offered any more, or there is no room.
            Gone: the conversation was deleted.
        """
        with engine().begin() as connection:
            before = _take(connection, conversation)
            specialist = with_room(connection, who, at)
            self._happen(
                connection,
                before,
                "transfer_accepted",
                at,
                actor(specialist.name),
                who,
                holder=who,
                name=specialist.shown,
                held_since=at,
                offered_to=None,
                offer_note=None,
                lost_at=None,
            )

    def decline_transfer(self, conversation: str, who: int, at: datetime) -> None:
        """Withdraw the offer to a colleague, or decline a colleague's.

        Raises:
            Refused: there is none.
            Gone: the conversation was deleted.
        """
        with engine().begin() as connection:
            before = _take(connection, conversation)
            self._happen(
                connection,
                before,
                "transfer_declined",
                at,
                actor(account_of(connection, who).name),
                who,
                offered_to=None,
                offer_note=None,
            )

    def close(
        self,
        conversation: str,
        who: int,
        reason: str,
        seen: int,
        at: datetime,
        request: str | None = None,
    ) -> None:
        """End a chat.

        Args:
            conversation: its id.
            who: the specialist.
            reason: one of :data:`REASONS`.
            seen: the id of the last message that the specialist has read.
            at: the present.
            request: the id of a request that may come twice.

        Raises:
            Refused: it is not this specialist's, or the visitor has just written.
            Repeated: the request was done before.
            Gone: the conversation was deleted.
        """
        with engine().begin() as connection:
            before = _take(connection, conversation)
            if request:
                note_done(connection, request, at)
            if before.holder == who and before.last_visitor > seen:
                raise Refused("unread")
            self._happen(
                connection,
                before,
                "close",
                at,
                actor(account_of(connection, who).name),
                who,
                detail=reason,
                close_reason=reason,
            )

    def is_held_by(self, conversation: str, who: int) -> bool:
        """Return whether this specialist has the conversation."""
        with engine().connect() as connection:
            now = held(connection, conversation)
        return now is not None and may_speak(now.situation, "specialist", who)

    # Nobody: what the clock brings, and what follows from it.

    def pass_time(
        self, conversation: str, due: Callable[[Held], Event | None], at: datetime
    ) -> Event | None:
        """Let happen what has come due, if it still is when the conversation's row is held.

        Args:
            conversation: its id.
            due: says what has come due in it, if anything has.
            at: the present.

        Returns:
            What has happened.

        Raises:
            Gone: the conversation was deleted.
        """
        with engine().begin() as connection:
            before = _take(connection, conversation)
            event = due(before)
            if event is None:
                return None
            changes: dict[str, dict[str, Any]] = {
                "lost": {"lost_at": at},
                "returned": {"lost_at": None},
                "visitor_idle": {"warned_at": at},
                "grace_over": {
                    "holder": None,
                    "waiting_since": at,
                    "offered_to": None,
                    "offer_note": None,
                    "lost_at": None,
                    "warned_at": None,
                },
            }
            self._happen(connection, before, event, at, SYSTEM, **changes.get(event, {}))
            return event

    def back(self, conversation: str, at: datetime) -> None:
        """Hand a closed conversation back to the assistant.

        Raises:
            Refused: it is back already.
            Gone: the conversation was deleted.
        """
        with engine().begin() as connection:
            before = _take(connection, conversation)
            self._happen(connection, before, "back", at, SYSTEM)

    def _happen(
        self,
        connection: Connection,
        before: Held,
        event: Event,
        at: datetime,
        actor: str,
        who: int | None = None,
        other: int | None = None,
        detail: str | None = None,
        **values: Any,
    ) -> None:
        """Write what an event makes of a conversation."""
        moved = step(before.situation, event, who, other)
        if "end" in moved.effects:
            values |= {"ended_at": at, "outcome": event}
        if values:
            connection.execute(
                update(handoffs).where(handoffs.c.id == before.handoff).values(values)
            )
        _move(connection, before, event, moved.after, at, actor, detail)
        if "end" in moved.effects:
            _count(connection, before, event, at)
        if "tell" in moved.effects:
            self._tell(connection, before.conversation, event, at, before.name)

    def _tell(
        self,
        connection: Connection,
        conversation: str,
        event: Event,
        at: datetime,
        name_before: str | None = None,
    ) -> None:
        """Append what the visitor is told of an event that is written already."""
        now = held(connection, conversation)
        if now is None:
            raise Gone
        facts = {
            "name": now.name or name_before or _last_name(connection, conversation),
            "before": name_before or SOMEBODY,
            "minutes": _in_words(idle_grace()),
        }
        if now.asked_at and now.handoff:
            place = queue.place(connection, now.asked_at, now.handoff)
            facts |= {
                "place": str(place),
                "wait": queue.usual_wait(connection, at).at(place).words,
            }
        if event in ("nobody_came", "closing_time"):
            offered = offer(connection, self._knowledge, self._clock(), at)
            facts["else"] = ASK_AGAIN if offered.open else LEAVE if offered.question else ""
        body = told(
            event,
            self._knowledge,
            self._clock(),
            now.visitor,
            sees_all=now.consent,
            is_first=name_before is None,
            **facts,
        )
        sender: log.Sender = "bot" if event == "back" else "system"
        log.append(connection, conversation, sender, body, at, None, handled=True)


def idle_grace() -> timedelta:
    """Return how long after the warning a silent visitor's chat is closed: as long as before it."""
    return timedelta(minutes=settings.DESK_IDLE)


def said_before(connection: Connection, conversation: str, client_id: str) -> Message | None:
    """Return what a specialist has said under this id already.

    Raises:
        Refused: the id is the visitor's.
    """
    row = connection.execute(
        select(messages).where(
            messages.c.conversation == conversation, messages.c.client_id == client_id
        )
    ).first()
    if row is None:
        return None
    if row.sender != "specialist":
        raise Refused("speak")
    return log.message_of(row)


def keep_open(connection: Connection, now: Held, at: datetime) -> None:
    """Let the visitor's session run anew: somebody is talking to them."""
    log.take(connection, now.conversation, expires=expiry(now.created, at))


def _take(connection: Connection, conversation: str) -> Held:
    """Hold the conversation's row, and return where it stands."""
    log.take(connection, conversation)
    found = held(connection, conversation)
    if found is None:
        raise Gone
    return found


def _move(
    connection: Connection,
    before: Held,
    event: Event,
    now: Situation,
    at: datetime,
    actor: str,
    detail: str | None = None,
) -> None:
    """Compare and set the state, and write the audit row."""
    done = connection.execute(
        update(conversations)
        .where(conversations.c.id == before.conversation, conversations.c.state == before.state)
        .values(state=now.state)
    )
    if done.rowcount != 1:
        raise Refused(event)
    connection.execute(
        insert(audit).values(
            {
                "conversation": before.conversation,
                "at": at,
                "actor": actor,
                "event": event,
                "from": before.state,
                "to": now.state,
                "detail": detail,
            }
        )
    )


def _count(connection: Connection, before: Held, event: Event, at: datetime) -> None:
    """Keep what became of a hand-off, to the hour, without the conversation."""
    if before.asked_at is None:
        return
    lasted = at - before.claimed_at if before.claimed_at else None
    waited = (before.claimed_at or at) - before.asked_at
    connection.execute(
        insert(outcomes).values(
            at=at.replace(minute=0, second=0, microsecond=0),
            outcome=event,
            waited=int(waited.total_seconds()),
            lasted=int(lasted.total_seconds()) if lasted else None,
        )
    )


def _unheard(connection: Connection, before: Held) -> int:
    """Return the id up to which nothing is left for the specialist to answer.

    What the visitor has just asked the assistant, and got no answer to yet, the specialist answers.
    """
    first = connection.execute(
        select(func.min(messages.c.id)).where(
            messages.c.conversation == before.conversation, messages.c.handled.is_(False)
        )
    ).scalar()
    return first - 1 if first else before.last


def _last_name(connection: Connection, conversation: str) -> str:
    query = (
        select(handoffs.c.name)
        .where(handoffs.c.conversation == conversation, handoffs.c.name.is_not(None))
        .order_by(handoffs.c.id.desc())
        .limit(1)
    )
    return connection.execute(query).scalar() or SOMEBODY


def _in_words(length: timedelta) -> str:
    minutes = max(1, round(length / timedelta(minutes=1)))
    return f"{minutes} minutes" if minutes > 1 else "minute"
