"""What the clock brings to a conversation with a hand-off: a pure function of facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from helpline import settings
from helpline.desk.held import Held
from helpline.desk.states import Event


@dataclass(frozen=True)
class Patience:
    """How long things may take."""

    wait: timedelta
    """For a specialist to come."""
    idle: timedelta
    """For a visitor to write; twice, with a warning in between."""
    gone: timedelta
    """Without a sign of life from a specialist."""
    grace: timedelta
    """From then until their visitors wait for another."""


def configured_patience() -> Patience:
    """Return what the settings say."""
    return Patience(
        wait=timedelta(minutes=settings.DESK_WAIT),
        idle=timedelta(minutes=settings.DESK_IDLE),
        gone=timedelta(seconds=settings.DESK_GONE),
        grace=timedelta(seconds=settings.DESK_GRACE),
    )


def due_at(
    at: datetime, chat_open: bool, patience: Patience, up_since: datetime
) -> Callable[[Held], Event | None]:
    """Return the function that says what has come due in a conversation.

    Args:
        at: the present.
        chat_open: whether the desk keeps its hours now.
        patience: how long things may take.
        up_since: when this server began. Nobody could show a sign of life before.
    """

    def due(held: Held) -> Event | None:
        if held.state == "waiting":
            return _while_waiting(held, at, chat_open, patience)
        if held.state == "live":
            return _while_live(held, at, patience, up_since)
        return None

    return due


def _while_waiting(held: Held, at: datetime, chat_open: bool, patience: Patience) -> Event | None:
    if held.expires <= at:
        return "cancel"
    if not chat_open and not held.situation.returning:
        return "closing_time"
    if held.waiting_since and at - held.waiting_since >= patience.wait:
        return "nobody_came"
    return None


def _while_live(held: Held, at: datetime, patience: Patience, up_since: datetime) -> Event | None:
    if held.expires <= at:
        return "visitor_gone"
    seen = max(held.holder_seen, up_since) if held.holder_seen else None
    is_there = seen is not None and at - seen < patience.gone
    if held.lost_at is not None:
        if is_there:
            return "returned"
        since = max(held.lost_at, up_since)
        return "grace_over" if at - since >= patience.grace else None
    if not is_there:
        return "lost"
    return _while_idle(held, at, patience)


def _while_idle(held: Held, at: datetime, patience: Patience) -> Event | None:
    """Whoever waits for the visitor has said something; who has not is late themselves."""
    if held.last_specialist_at is None or held.last_specialist < held.last_visitor:
        return None
    if held.held_since and held.last_specialist_at < held.held_since:
        return None
    if held.warned and held.warned_at:
        since = max(held.warned_at, held.last_specialist_at)
        return "visitor_gone" if at - since >= patience.idle else None
    return "visitor_idle" if at - held.last_specialist_at >= patience.idle else None
