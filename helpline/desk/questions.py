"""Questions that are left while nobody is there, and answered in the same conversation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import Connection

from helpline.answer import fill
from helpline.database import engine, messages, questions
from helpline.desk.conversations import keep_open, said_before
from helpline.desk.held import held
from helpline.desk.specialists import Specialist
from helpline.desk.states import Refused
from helpline.desk.trail import note_in_audit
from helpline.knowledge import Knowledge
from helpline.web import log
from helpline.web.log import Gone, Message

AT_ONCE = 3
"""Open questions in one conversation."""

NOTED = (
    "Your question is kept for a specialist. [when] The answer will stand here, in this chat: come "
    "back with this browser, or with the code if you took one. If it can't wait, please phone: "
    "{acs}, any time (US), or {cruk}, weekdays 9 to 5 (UK). In an emergency call {us-emergency} "
    "(US) or {uk-emergency} (UK)."
)

CLOSED = (
    "A specialist has read your question, and it gets no answer in this chat. Please phone: {acs}, "
    "any time (US), or {cruk}, weekdays 9 to 5 (UK). Your own care team can help as well. I'm the "
    "assistant, and here for other questions."
)


def leave(
    conversation: str,
    text: str,
    client_id: str,
    consent: bool,
    at: datetime,
    when: str,
    knowledge: Knowledge,
) -> tuple[Message, bool]:
    """Keep a question.

    Args:
        conversation: its id.
        text: the question.
        client_id: the page's own id of it. What is there already is not stored twice.
        consent: whether a specialist may read what was said before, too.
        at: the present.
        when: a sentence that says when somebody is there next.
        knowledge: for phone numbers.

    Returns:
        The question in the log, and whether it was there already.

    Raises:
        Refused: somebody is there or waited for, or there are too many questions.
        Gone: the conversation was deleted.
    """
    with engine().begin() as connection:
        state = log.keep_alive(connection, conversation, at)
        stored = connection.execute(
            select(messages).where(
                messages.c.conversation == conversation, messages.c.client_id == client_id
            )
        ).first()
        if stored:
            return log.message_of(stored), True
        if state != "bot":
            raise Refused("ask a specialist")
        if _open(connection, conversation) >= AT_ONCE:
            raise Refused("questions")
        # Not handled yet: the safety screen looks at it as at everything.
        message = log.append(
            connection,
            conversation,
            "visitor",
            {"text": text, "data": {"type": "question", "event": "left"}},
            at,
            client_id,
            handled=False,
            hearer="specialist",
        )
        connection.execute(
            insert(questions).values(
                conversation=conversation, at=at, message=message.id, consent=consent
            )
        )
        note_in_audit(connection, conversation, at, "visitor", "question")
        noted = fill(NOTED.replace("[when]", when), knowledge)
        body = {"text": noted, "data": {"type": "question", "event": "noted"}}
        log.append(connection, conversation, "system", body, at, None, handled=True)
        return message, False


def answer(
    question: int, who: Specialist, body: dict[str, Any], client_id: str, at: datetime
) -> tuple[Message, bool]:
    """Answer a question: once, in the visitor's conversation.

    Args:
        question: its id.
        who: the specialist.
        body: the text, and an article if one is shown.
        client_id: the page's own id of the answer. What is there already is not stored twice.
        at: the present.

    Returns:
        The answer in the log, and whether it was there already.

    Raises:
        Refused: it has been answered, or its visitor is talking to somebody.
        Gone: the conversation was deleted.
    """
    with engine().begin() as connection:
        conversation = _conversation_of(connection, question)
        log.take(connection, conversation)
        stored = said_before(connection, conversation, client_id)
        if stored:
            return stored, True
        now = held(connection, conversation)
        if now is None:
            raise Gone
        if now.state not in ("bot", "waiting"):
            raise Refused("live")
        body = {"data": {"type": "question", "event": "answered"}, **body, "name": who.shown}
        _finish(connection, question, who, at)
        keep_open(connection, now, at)
        message = log.append(
            connection, conversation, "specialist", body, at, client_id, handled=True
        )
        connection.execute(
            update(questions).where(questions.c.id == question).values(answer=message.id)
        )
        note_in_audit(connection, conversation, at, who.actor, "question_answered")
        return message, False


def put_away(question: int, who: Specialist, at: datetime, knowledge: Knowledge) -> Message:
    """Close a question without an answer, and tell whoever waits for one where to turn.

    Returns:
        What the visitor is told.

    Raises:
        Refused: it is closed.
        Gone: the conversation was deleted.
    """
    with engine().begin() as connection:
        conversation = _conversation_of(connection, question)
        log.take(connection, conversation)
        _finish(connection, question, who, at)
        note_in_audit(connection, conversation, at, who.actor, "question_closed")
        body = {"text": fill(CLOSED, knowledge), "data": {"type": "question", "event": "closed"}}
        return log.append(connection, conversation, "system", body, at, None, handled=True)


def _conversation_of(connection: Connection, question: int) -> str:
    query = select(questions.c.conversation).where(questions.c.id == question)
    found = connection.execute(query).scalar()
    if found is None:
        raise Gone
    return str(found)


def _finish(connection: Connection, question: int, who: Specialist, at: datetime) -> None:
    done = connection.execute(
        update(questions)
        .where(questions.c.id == question, questions.c.done_at.is_(None))
        .values(done_at=at, done_by=who.name)
    )
    if done.rowcount == 0:
        raise Refused("answered")


def _open(connection: Connection, conversation: str) -> int:
    query = select(func.count()).where(
        questions.c.conversation == conversation, questions.c.done_at.is_(None)
    )
    return int(connection.execute(query).scalar_one())
