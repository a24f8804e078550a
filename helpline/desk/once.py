"""Requests of a desk elsewhere that may come twice, and are done once."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, insert
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from helpline.database import requests_done

KEPT = timedelta(days=2)
"""For so long a request may be repeated."""


class Repeated(Exception):
    """The request was done before."""


def note_done(connection: Connection, id_: str, at: datetime) -> None:
    """Write down that a request is done, in the transaction that does it: both or neither.

    Args:
        connection: of that transaction.
        id_: the other side's id of the request.
        at: the present.

    Raises:
        Repeated: it was done before.
    """
    connection.execute(delete(requests_done).where(requests_done.c.at < at - KEPT))
    try:
        with connection.begin_nested():
            connection.execute(insert(requests_done).values(id=id_, at=at))
    except IntegrityError:
        raise Repeated from None
