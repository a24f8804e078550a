"""Visitors and specialists in a database, without a server."""

from __future__ import annotations

import itertools
import uuid
from datetime import datetime, timedelta, timezone

from sqlalchemy import insert

from helpline import settings
from helpline.database import engine
from helpline.database import specialists as accounts
from helpline.desk import specialists
from helpline.desk.conversations import Conversations
from helpline.desk.held import held
from helpline.knowledge import load_knowledge
from helpline.web import log, sessions

KNOWLEDGE = load_knowledge(settings.KNOWLEDGE)
BEGIN = datetime(2026, 11, 18, 16, 0, tzinfo=timezone.utc)
"""Wednesday, 10:00 Central."""

SECONDS = itertools.count()
NAMES = itertools.count(1)


def moment():
    """A moment later than all before."""
    return BEGIN + timedelta(seconds=next(SECONDS))


def conversations(at=BEGIN):
    return Conversations(KNOWLEDGE, lambda: at)


def visitor(**about):
    return sessions.begin(moment(), **about).conversation


def specialist(name=None, presence="available", capacity=3, role="specialist"):
    """Somebody who is there; their password is never asked for."""
    name = name or f"somebody-{next(NAMES)}"
    with engine().begin() as connection:
        made = connection.execute(
            insert(accounts).values(
                name=name,
                shown=name.capitalize(),
                role=role,
                capacity=capacity,
                presence=presence,
                seen=moment(),
            )
        )
    return specialists.find(made.inserted_primary_key[0])


def say(conversation, text):
    return log.say(conversation, text, str(uuid.uuid4()), moment())[0]


def stands(conversation):
    with engine().connect() as connection:
        return held(connection, conversation)


def said(conversation, *senders):
    wanted = senders or ("visitor", "bot", "specialist", "system")
    return [message for message in log.after(conversation, 0) if message.sender in wanted]


def events(conversation):
    """What the visitor was told of people."""
    data = [message.body.get("data") or {} for message in said(conversation)]
    return [one["event"] for one in data if one.get("type") in ("handoff", "survey")]
