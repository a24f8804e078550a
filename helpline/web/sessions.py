"""Who is asking: sessions that the server issues, signs, and ends.

A session is a conversation that its visitor holds the token of. Its id is drawn here and never
chosen by a client.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from itsdangerous import BadSignature, Signer
from sqlalchemy import func, insert, select, update

from helpline import settings
from helpline.database import conversations, engine, messages

SHORTEST_SECRET = 32
"""Characters."""


@dataclass(frozen=True)
class Session:
    """A conversation, as its visitor may know it."""

    conversation: str
    started: datetime
    expires: datetime
    timezone: str | None
    language: str | None
    region: str | None
    state: str = "bot"
    """Who holds it: "bot", "waiting" (the bot, until a specialist comes), "live", "closed"."""
    last: int = 0
    """The id of its last message, where it was resumed; 0 where nothing was said yet."""


def begin(
    at: datetime,
    timezone: str | None = None,
    language: str | None = None,
    region: str | None = None,
) -> Session:
    """Begin a conversation.

    Args:
        at: the present.
        timezone: IANA name of the visitor's clock.
        language: the visitor's, as browsers name it.
        region: "us" or "uk", where the site says so.
    """
    session = Session(
        conversation=secrets.token_urlsafe(16),
        started=at,
        expires=expiry(at, at),
        timezone=timezone,
        language=language,
        region=region,
    )
    with engine().begin() as connection:
        connection.execute(
            insert(conversations).values(
                id=session.conversation,
                created=at,
                seen=at,
                expires=session.expires,
                timezone=timezone,
                language=language,
                region=region,
            )
        )
    return session


def token(conversation: str) -> str:
    """Return what a visitor shows to go on in a conversation."""
    return _signer().sign(conversation).decode()


def verify(shown: str, at: datetime) -> Session | None:
    """Return the session of a token, or None where it is forged, expired, or deleted."""
    try:
        conversation = _signer().unsign(shown.encode()).decode()
    except (BadSignature, UnicodeError):
        return None
    query = select(conversations).where(
        conversations.c.id == conversation, conversations.c.expires > at
    )
    with engine().connect() as connection:
        row = connection.execute(query).first()
    return _session(row) if row else None


def resume(session: Session, at: datetime) -> Session:
    """Return the session with its time running anew, and with what was said last.

    A conversation that was deleted meanwhile stays deleted.

    Args:
        session: as it was found.
        at: the present.
    """
    expires = expiry(session.started, at)
    with engine().begin() as connection:
        connection.execute(
            update(conversations)
            .where(conversations.c.id == session.conversation)
            .values(seen=at, expires=expires)
        )
        last = connection.execute(
            select(func.max(messages.c.id)).where(messages.c.conversation == session.conversation)
        ).scalar()
    return replace(session, expires=expires, last=last or 0)


def find(conversation: str) -> Session | None:
    """Return a conversation as it is now, or None where it was deleted."""
    query = select(conversations).where(conversations.c.id == conversation)
    with engine().connect() as connection:
        row = connection.execute(query).first()
    return _session(row) if row else None


def expiry(started: datetime, seen: datetime) -> datetime:
    """Return when a session ends: some hours after its last use, and before it is forgotten."""
    idle = seen + timedelta(hours=settings.SESSION_HOURS)
    return min(idle, started + timedelta(days=settings.KEEP_DAYS))


def secret() -> str:
    """Return what tokens are signed with: ``HELPLINE_SECRET``, else a file made on first use.

    Raises:
        ValueError: the secret is too short to be one.
    """
    if not settings.SECRET:
        return _kept_secret(settings.VAR / "secret")
    if len(settings.SECRET) < SHORTEST_SECRET:
        raise ValueError(
            f"HELPLINE_SECRET is shorter than {SHORTEST_SECRET} characters; "
            "make one with: openssl rand -base64 33"
        )
    return settings.SECRET


def _signer() -> Signer:
    return _signer_with(secret())


@lru_cache(maxsize=2)
def _signer_with(key: str) -> Signer:
    return Signer(key, salt="helpline.session", key_derivation="hmac", digest_method=hashlib.sha256)


@lru_cache(maxsize=2)
def _kept_secret(file: Path) -> str:
    """Return the secret in a file that its owner alone may read."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=file.parent)
        try:
            with os.fdopen(handle, "w") as fresh:
                fresh.write(secrets.token_urlsafe(48))
            # Whole or not at all: of two servers that start together, the second keeps the first's.
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
    return file.read_text(encoding="utf-8").strip()


def _session(row: Any) -> Session:
    return Session(
        conversation=row.id,
        started=row.created,
        expires=row.expires,
        timezone=row.timezone,
        language=row.language,
        region=row.region,
        state=row.state,
    )
