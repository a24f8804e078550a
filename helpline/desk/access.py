"""Who may see what of a conversation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.engine import Connection, Row
from sqlalchemy.sql import ColumnElement

from helpline.database import handoffs, messages, questions
from helpline.desk.held import Held
from helpline.desk.specialists import Specialist


@dataclass(frozen=True)
class Access:
    """What somebody may see of a conversation: a stretch of it, and single questions."""

    allowed: bool
    from_message: int = 0
    """Nothing up to this id."""
    to_message: int | None = None
    """Nothing after this id, where there is one."""
    questions: frozenset[int] = frozenset()
    """Ids of messages that are shown in any case: questions left for whoever comes."""
    is_theirs: bool = False
    """It is their own chat: nothing special about looking."""

    def shows(self) -> ColumnElement[bool]:
        """Return the condition that a row of ``messages`` meets if it may be seen."""
        stretch = messages.c.id > self.from_message
        if self.to_message is not None:
            stretch = and_(stretch, messages.c.id <= self.to_message)
        return or_(stretch, messages.c.id.in_(self.questions)) if self.questions else stretch


def access_to(connection: Connection, found: Held, who: Specialist) -> Access:
    """Return what a specialist may see of a conversation.

    Without the visitor's consent nothing is shown that was said before a specialist came, and of a
    question left after hours the question alone. What is said to the assistant after a chat, or
    after the question, is nobody's but the visitor's.

    Args:
        connection: to the database.
        found: the conversation.
        who: whoever would like to look.
    """
    if found.state == "waiting":
        return Access(True, _from(found))
    if found.state == "live":
        if who.id in (found.holder, found.offered_to):
            return Access(True, _from(found), is_theirs=found.holder == who.id)
        return Access(who.is_supervisor and found.consent, _from(found))
    asked = connection.execute(
        select(questions.c.message, questions.c.consent).where(
            questions.c.conversation == found.conversation, questions.c.done_at.is_(None)
        )
    ).all()
    if asked:
        until = max((row.message for row in asked if row.consent), default=0)
        return Access(True, 0, until, frozenset(row.message for row in asked))
    last = connection.execute(
        select(handoffs)
        .where(handoffs.c.conversation == found.conversation)
        .order_by(handoffs.c.id.desc())
        .limit(1)
    ).first()
    if last is None:
        return Access(False)
    hidden = 0 if last.consent else (last.shown_from or found.last)
    was_theirs = last.holder == who.id and last.claimed_at is not None
    until = connection.execute(
        select(func.max(messages.c.id)).where(
            messages.c.conversation == found.conversation, messages.c.at <= last.ended_at
        )
    ).scalar()
    return Access(was_theirs or (who.is_supervisor and last.consent), hidden, until or 0)


def readable(connection: Connection, rows: Iterable[Row]) -> set[int]:
    """Return the ids of those rows of a table whose message supervisors may read.

    They may where the visitor's last hand-off is with consent, up to its end.

    Args:
        connection: to the database.
        rows: each with an ``id``, a ``conversation``, and when it was (``at``).
    """
    rows = list(rows)
    query = (
        select(handoffs.c.conversation, handoffs.c.consent, handoffs.c.ended_at)
        .where(handoffs.c.conversation.in_({row.conversation for row in rows} - {None}))
        .order_by(handoffs.c.id)
    )
    last = {handoff.conversation: handoff for handoff in connection.execute(query)}

    def may(row: Row) -> bool:
        handoff = last.get(row.conversation)
        if handoff is None or not handoff.consent:
            return False
        return handoff.ended_at is None or row.at <= handoff.ended_at

    return {row.id for row in rows if may(row)}


def _from(found: Held) -> int:
    if found.consent:
        return 0
    return found.last if found.shown_from is None else found.shown_from
