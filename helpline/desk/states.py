"""Who holds a conversation, as a state machine: pure, no clock, no database.

bot ─ask─▶ waiting ─claim─▶ live ─close, leave, visitor_gone─▶ closed ─back─▶ bot
 ▲            │  ▲            │
 │            │  └─grace_over─┘   the specialist's connection is lost
 └────────────┘ cancel, nobody_came, closing_time
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

State = Literal["bot", "waiting", "live", "closed"]
"""The assistant has it; the same, until a specialist comes; a specialist has it; it goes back."""

Event = Literal[
    "ask",
    "cancel",
    "claim",
    "nobody_came",
    "closing_time",
    "lost",
    "returned",
    "grace_over",
    "transfer_offered",
    "transfer_accepted",
    "transfer_declined",
    "close",
    "leave",
    "visitor_idle",
    "visitor_gone",
    "back",
]

Sender = Literal["visitor", "bot", "specialist", "system"]

Hearer = Literal["assistant", "specialist"]

Effect = Literal["tell", "end"]
"""What has to be done beside: tell the visitor, end the hand-off."""


class Refused(Exception):
    """The event does not fit the situation: somebody or something was faster."""


@dataclass(frozen=True)
class Situation:
    """Where a conversation stands."""

    state: State = "bot"
    holder: int | None = None
    """The specialist who has it."""
    offered_to: int | None = None
    """The specialist to whom the holder would like to pass it on."""
    lost: bool = False
    """The holder's connection is."""
    warned: bool = False
    """The visitor has been asked whether they are still there."""
    returning: bool = False
    """It was live before, in this same hand-off."""


@dataclass(frozen=True)
class Step:
    """What an event makes of a situation."""

    after: Situation
    effects: tuple[Effect, ...] = ()


def step(now: Situation, event: Event, who: int | None = None, other: int | None = None) -> Step:
    """Return what an event makes of a situation.

    Args:
        now: the situation.
        event: what happens.
        who: the specialist who does it.
        other: the specialist to whom it is done.

    Raises:
        Refused: the event does not fit.
    """
    if event in _OF_NOBODY:
        before, make, effects = _OF_NOBODY[event]
        if now.state != before or not _fits(now, event):
            raise Refused(event)
        return Step(replace(now, **make), effects)
    return _of_specialist(now, event, who, other)


def may_speak(now: Situation, sender: Sender, who: int | None = None) -> bool:
    """Return whether somebody may say something to the visitor.

    The safety screens may always; they do not ask.
    """
    if sender == "specialist":
        return now.state == "live" and now.holder is not None and now.holder == who
    if sender == "bot":
        return now.state in ("bot", "waiting")
    return True


def hearer(now: State) -> Hearer:
    """Return who hears what the visitor says."""
    return "specialist" if now == "live" else "assistant"


_NOBODY: dict[str, Any] = {"holder": None, "offered_to": None, "lost": False, "warned": False}

_OF_NOBODY: dict[str, tuple[State, dict[str, Any], tuple[Effect, ...]]] = {
    "ask": ("bot", {"state": "waiting"}, ("tell",)),
    "cancel": ("waiting", {"state": "bot", "returning": False}, ("tell", "end")),
    "nobody_came": ("waiting", {"state": "bot", "returning": False}, ("tell", "end")),
    "closing_time": ("waiting", {"state": "bot", "returning": False}, ("tell", "end")),
    "lost": ("live", {"lost": True}, ("tell",)),
    "returned": ("live", {"lost": False}, ("tell",)),
    "grace_over": ("live", {**_NOBODY, "state": "waiting", "returning": True}, ("tell",)),
    "leave": ("live", {**_NOBODY, "state": "closed"}, ("tell", "end")),
    "visitor_idle": ("live", {"warned": True}, ("tell",)),
    "visitor_gone": ("live", {**_NOBODY, "state": "closed"}, ("tell", "end")),
    "back": ("closed", {"state": "bot", "returning": False}, ("tell",)),
}
"""What takes no specialist: the state it needs, what changes, what has to be done beside."""


def _fits(now: Situation, event: Event) -> bool:
    if event == "closing_time":
        # A chat that was open at closing time is finished, also when a connection was lost.
        return not now.returning
    if event in ("returned", "grace_over"):
        return now.lost
    if event == "lost":
        return not now.lost
    return not (event == "visitor_idle" and now.warned)


def _of_specialist(now: Situation, event: Event, who: int | None, other: int | None) -> Step:
    if who is None:
        raise Refused(event)
    if event == "claim" and now.state == "waiting":
        return Step(replace(now, state="live", holder=who), ("tell",))
    if now.state != "live":
        raise Refused(event)
    holds, is_asked = now.holder == who, now.offered_to == who
    if event == "close" and holds:
        return Step(replace(now, **_NOBODY, state="closed"), ("tell", "end"))
    if event == "transfer_offered" and holds and other not in (None, who):
        return Step(replace(now, offered_to=other))
    if event == "transfer_declined" and now.offered_to is not None and (holds or is_asked):
        return Step(replace(now, offered_to=None))
    if event == "transfer_accepted" and is_asked:
        return Step(replace(now, holder=who, offered_to=None, lost=False), ("tell",))
    raise Refused(event)
