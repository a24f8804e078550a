"""The people at the desk: their accounts, and whether they are there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import and_, delete, func, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from helpline import settings
from helpline.database import engine, handoffs, specialists

Role = Literal["specialist", "supervisor", "outside"]
"""The last is a desk elsewhere, see :mod:`helpline.desk.webhook`."""

Presence = Literal["available", "away"]

CAPACITY = 3
"""Chats at a time, unless an account says otherwise."""

SHORTEST_PASSWORD = 12
"""Characters."""

LONGEST_PASSWORD = 256

HEARTBEAT = 15
"""Seconds between two signs of life."""

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")


@dataclass(frozen=True)
class Specialist:
    """An account."""

    id: int
    name: str
    """To sign in with."""
    shown: str
    """What visitors see."""
    role: Role
    capacity: int
    presence: Presence
    generation: int
    seen: datetime | None

    @property
    def is_supervisor(self) -> bool:
        """Return whether they may look at everything."""
        return self.role == "supervisor"

    @property
    def actor(self) -> str:
        """Return how they are named in the audit trail."""
        return actor(self.name)


def actor(name: str) -> str:
    """Return how the account of that name is named in the audit trail."""
    return f"specialist {name}"


@dataclass(frozen=True)
class Colleague:
    """Somebody at the desk, as the others see them."""

    id: int
    shown: str
    role: Role
    presence: Literal["available", "away", "gone"]
    chats: int
    capacity: int

    @property
    def room(self) -> int:
        """Return how many visitors more they can take now."""
        return max(0, self.capacity - self.chats) if self.presence == "available" else 0

    def as_json(self) -> dict[str, Any]:
        """Return them for a page."""
        return {
            "id": self.id,
            "shown": self.shown,
            "role": self.role,
            "presence": self.presence,
            "chats": self.chats,
            "capacity": self.capacity,
        }


def add(
    name: str,
    password: str,
    role: Role = "specialist",
    shown: str | None = None,
    capacity: int = CAPACITY,
) -> None:
    """Make an account.

    Args:
        name: to sign in with.
        password: kept as an argon2 hash.
        role: what the account may do.
        shown: the name that visitors see; by default the name with a capital letter.
        capacity: chats at a time.

    Raises:
        ValueError: the name cannot be used or is taken, or the password is no good.
    """
    if not NAME.fullmatch(name):
        raise ValueError(
            f'"{name}" cannot be a name; use small letters, digits, dots and hyphens, as in maria.b'
        )
    values = {
        "name": name,
        "shown": shown or name.capitalize(),
        "role": role,
        "password": _hash(password),
        "capacity": capacity,
    }
    try:
        with engine().begin() as connection:
            connection.execute(insert(specialists).values(values))
    except IntegrityError:
        raise ValueError(f'There is an account "{name}" already.') from None


def change_password(name: str, password: str) -> None:
    """Give an account another password, and end all its sessions.

    Raises:
        ValueError: there is no such account, or the password is no good.
    """
    _change(name, {"password": _hash(password), "generation": specialists.c.generation + 1})


def remove(name: str) -> None:
    """Delete an account. Its chats go back into the queue.

    Raises:
        ValueError: there is no such account.
    """
    with engine().begin() as connection:
        if connection.execute(delete(specialists).where(specialists.c.name == name)).rowcount == 0:
            raise _nobody(name)


def all_accounts() -> list[Specialist]:
    """Return the accounts of people, by name."""
    query = select(specialists).where(specialists.c.role != "outside").order_by(specialists.c.name)
    with engine().connect() as connection:
        return [_specialist(row) for row in connection.execute(query)]


def find(id_: int) -> Specialist | None:
    """Return an account."""
    with engine().connect() as connection:
        row = connection.execute(select(specialists).where(specialists.c.id == id_)).first()
    return _specialist(row) if row else None


def check_password(name: str, password: str) -> Specialist | None:
    """Return the account whose name and password these are."""
    query = select(specialists).where(specialists.c.name == name, specialists.c.role != "outside")
    with engine().connect() as connection:
        row = connection.execute(query).first()
    # An unknown name takes as long as a wrong password, so that nobody finds out who has one.
    stored = row.password if row and row.password else _nobodys_password()
    try:
        _hasher().verify(stored, password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return None
    return _specialist(row) if row else None


def heartbeat(who: int, at: datetime) -> None:
    """Note that somebody is there."""
    with engine().begin() as connection:
        connection.execute(update(specialists).where(specialists.c.id == who).values(seen=at))


def be(who: int, presence: Presence, at: datetime) -> None:
    """Note whether somebody takes new chats."""
    with engine().begin() as connection:
        connection.execute(
            update(specialists).where(specialists.c.id == who).values(presence=presence, seen=at)
        )


def leave(who: int, everywhere: bool, is_gone: bool) -> None:
    """Note that somebody has signed out.

    Args:
        who: the account.
        everywhere: end all its sessions.
        is_gone: nobody is there for its chats any more; their visitors are told at once.
    """
    values: dict[str, Any] = {"presence": "away"}
    if is_gone:
        values["seen"] = None
    if everywhere:
        values["generation"] = specialists.c.generation + 1
    with engine().begin() as connection:
        connection.execute(update(specialists).where(specialists.c.id == who).values(values))


def gone_after() -> timedelta:
    """Return after how long without a sign of life somebody counts as gone."""
    return timedelta(seconds=settings.DESK_GONE)


def team(connection: Connection, at: datetime) -> list[Colleague]:
    """Return everybody at the desk, by name."""
    chats = func.count(handoffs.c.id)
    is_theirs = and_(handoffs.c.holder == specialists.c.id, handoffs.c.ended_at.is_(None))
    query = (
        select(specialists, chats.label("chats"))
        .select_from(specialists.outerjoin(handoffs, is_theirs))
        .group_by(specialists.c.id)
        .order_by(specialists.c.shown, specialists.c.id)
    )
    return [
        Colleague(
            id=row.id,
            shown=row.shown,
            role=row.role,
            presence=row.presence if row.seen and at - row.seen <= gone_after() else "gone",
            chats=row.chats,
            capacity=row.capacity,
        )
        for row in connection.execute(query)
    ]


def _change(name: str, values: dict[str, Any]) -> None:
    with engine().begin() as connection:
        done = connection.execute(
            update(specialists).where(specialists.c.name == name).values(values)
        )
        if done.rowcount == 0:
            raise _nobody(name)


def _hash(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise ValueError(f"A password needs {SHORTEST_PASSWORD} characters or more.")
    if len(password) > LONGEST_PASSWORD:
        raise ValueError(f"A password has at most {LONGEST_PASSWORD} characters.")
    return _hasher().hash(password)


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@lru_cache(maxsize=1)
def _nobodys_password() -> str:
    return _hasher().hash("nobody has this one")


def _nobody(name: str) -> ValueError:
    return ValueError(f'There is no account "{name}". See: helpline desk list')


def _specialist(row: Any) -> Specialist:
    return Specialist(
        id=row.id,
        name=row.name,
        shown=row.shown,
        role=row.role,
        capacity=row.capacity,
        presence=row.presence,
        generation=row.generation,
        seen=row.seen,
    )
