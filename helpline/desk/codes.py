"""Codes to come back with: eight letters that open a conversation on another device, no e-mail."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime

from sqlalchemy import delete, insert, select

from helpline.database import codes, engine
from helpline.web import log, sessions
from helpline.web.sessions import Session

LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""No vowels, so that no word comes about, and nothing that looks like a digit."""

LENGTH = 8
"""20 letters, eight times: 25 thousand million codes."""


def make(conversation: str) -> str:
    """Return a code for a conversation; one that was made before opens it no longer.

    Only its hash is kept, so the code can be told this once.

    Raises:
        Gone: the conversation was deleted.
    """
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    with engine().begin() as connection:
        log.take(connection, conversation)
        connection.execute(delete(codes).where(codes.c.conversation == conversation))
        connection.execute(insert(codes).values(hash=_hash(code), conversation=conversation))
    return f"{code[:4]}-{code[4:]}"


def redeem(shown: str, at: datetime) -> Session | None:
    """Return the session of the conversation that a code opens, its time running anew.

    It opens one whose session has ended, too, for as long as the conversation is kept.
    """
    code = "".join(letter for letter in shown.upper() if letter.isalpha())
    query = select(codes.c.conversation).where(codes.c.hash == _hash(code))
    with engine().connect() as connection:
        conversation = connection.execute(query).scalar()
    found = sessions.find(conversation) if conversation else None
    return sessions.resume(found, at) if found else None


def _hash(code: str) -> str:
    key = f"helpline.desk.code {sessions.secret()}".encode()
    return hmac.new(key, code.encode(), hashlib.sha256).hexdigest()
