"""Whether somebody can take one more chat, asked in the transaction that gives it to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.engine import Connection

from helpline.database import handoffs, specialists
from helpline.desk.specialists import gone_after
from helpline.desk.states import Refused


def account_of(connection: Connection, who: int) -> Any:
    """Return a specialist's row.

    Raises:
        Refused: there is none any more.
    """
    row = connection.execute(select(specialists).where(specialists.c.id == who)).first()
    if row is None:
        raise Refused("account")
    return row


def with_room(connection: Connection, who: int, at: datetime) -> Any:
    """Return the row of a specialist who acts, if they can take one more.

    The row is held, so that of two clicks one counts first.

    Raises:
        Refused: they are away, or have their hands full.
    """
    connection.execute(update(specialists).where(specialists.c.id == who).values(seen=at))
    return _check_room(connection, account_of(connection, who))


def colleague_with_room(connection: Connection, other: int, at: datetime) -> Any:
    """Return the row of a colleague to whom a chat can be offered.

    Raises:
        Refused: they are not there, have their hands full, or are a desk elsewhere, which hears of
            no offer.
    """
    account = account_of(connection, other)
    if account.role == "outside":
        raise Refused("transfer_offered")
    if account.seen is None or at - account.seen > gone_after():
        raise Refused("away")
    return _check_room(connection, account)


def _check_room(connection: Connection, account: Any) -> Any:
    if account.presence != "available":
        raise Refused("away")
    chats = (
        select(func.count())
        .select_from(handoffs)
        .where(handoffs.c.holder == account.id, handoffs.c.ended_at.is_(None))
    )
    if connection.execute(chats).scalar_one() >= account.capacity:
        raise Refused("full")
    return account
