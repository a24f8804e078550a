"""A whole conversation, as a specialist may read it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import func, not_, select
from sqlalchemy.engine import Connection
from sqlalchemy.sql import Select

from helpline.database import engine, handoffs, messages
from helpline.desk.access import Access, access_to
from helpline.desk.held import held
from helpline.desk.remarks import notes_of
from helpline.desk.shown import chat_json, handoff_json, names, open_alerts, tags_of
from helpline.desk.specialists import Specialist
from helpline.desk.trail import note_look
from helpline.web import log


def dossier(
    conversation: str,
    who: Specialist,
    after: int,
    at: datetime,
    is_online: Callable[[str], bool] = lambda _: False,
) -> dict[str, Any] | None:
    """Return a conversation with what was said after a message.

    A look at what is not their own chat is written into the audit trail.

    Args:
        conversation: its id.
        who: whoever looks.
        after: the id of the last message that they have already; 0 for none.
        at: the present.
        is_online: whether a page of the conversation's visitor is open.

    Returns:
        None where there is no such conversation, or it is not theirs to see.
    """
    with engine().begin() as connection:
        found = held(connection, conversation)
        if found is None:
            return None
        access = access_to(connection, found, who)
        if not access.allowed:
            return None
        if not access.is_theirs:
            note_look(
                connection,
                conversation,
                at,
                who.actor,
                "preview" if found.state == "waiting" else "look",
            )
        said = [
            log.message_of(row)
            for row in connection.execute(_seen(conversation, access, after, messages))
        ]
        alarms = [row for row in open_alerts(connection) if row.conversation == conversation]
        return {
            **chat_json(
                connection,
                found,
                who,
                names(connection),
                tags_of(connection, [conversation]).get(conversation, []),
                alarms[0].screen if alarms else None,
                is_online(conversation),
            ),
            "messages": [message.as_json() for message in said],
            "hidden": _count_hidden(connection, conversation, access),
            "notes": notes_of(connection, conversation),
            "articles": _articles(connection, conversation, access),
            "handoffs": _handoffs(connection, conversation),
        }


def may_see(conversation: str, who: Specialist) -> bool:
    """Return whether a specialist may see anything of a conversation."""
    with engine().connect() as connection:
        found = held(connection, conversation)
        return found is not None and access_to(connection, found, who).allowed


def _seen(conversation: str, access: Access, after: int, *columns: Any) -> Select:
    """Return a query for what may be seen of a conversation after a message."""
    return (
        select(*columns)
        .where(messages.c.conversation == conversation, messages.c.id > after, access.shows())
        .order_by(messages.c.id)
    )


def _count_hidden(connection: Connection, conversation: str, access: Access) -> int:
    """Return how many messages are not shown of those that came before what is shown."""
    last = max(access.from_message, *access.questions, 0)
    query = select(func.count()).where(
        messages.c.conversation == conversation, messages.c.id <= last, not_(access.shows())
    )
    return int(connection.execute(query).scalar_one())


def _articles(connection: Connection, conversation: str, access: Access) -> list[dict[str, str]]:
    """Return the articles that the visitor was shown, each once."""
    query = _seen(conversation, access, 0, messages.c.body)
    data = (body.get("data") or {} for body in connection.execute(query).scalars())
    shown = {one["article"]: one["title"] for one in data if one.get("type") == "article"}
    return [{"article": article, "title": title} for article, title in shown.items()]


def _handoffs(connection: Connection, conversation: str) -> list[dict[str, Any]]:
    query = select(handoffs).where(handoffs.c.conversation == conversation).order_by(handoffs.c.id)
    return [handoff_json(row) for row in connection.execute(query)]
