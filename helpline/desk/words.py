"""What visitors are told when somebody comes, goes, or does not come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from helpline.answer import fill
from helpline.handoff import Visitor, ways, ways_in_words
from helpline.knowledge import Knowledge

URGENT = "In an emergency call {us-emergency} (US) or {uk-emergency} (UK)."

TOLD: Mapping[str, str] = {
    "ask": (
        "You are in line for a specialist: number [place]. [wait] Until then I'm still here, so "
        "you can go on asking me, and you can leave the line at any time. You can phone as "
        "well:\n[phones]"
    ),
    "cancel": "You have left the line. I'm here for your questions. You can also phone:\n[phones]",
    "claim": "[name], a specialist, is here now. [sees]",
    "nobody_came": (
        "I'm sorry. No specialist could come, and I don't want to keep you waiting. Please "
        "phone:\n[phones]\n[else]I'm the assistant again and here for your questions."
    ),
    "closing_time": (
        "I'm sorry. Live chat has closed for now, and nobody could come in time. Please "
        "phone:\n[phones]\n[else]I'm the assistant again and here for your questions."
    ),
    "lost": (
        "[name]'s connection is broken. Please stay; what you write is kept, and often it is back "
        f"within a minute. {URGENT}"
    ),
    "returned": "[name] is back.",
    "grace_over": (
        "I'm sorry, [name]'s connection did not come back. You have your old place in line again: "
        "number [place]. The next specialist can read what you two wrote, and what is written "
        "until then. I'm here meanwhile, the assistant. You can phone as well:\n[phones]"
    ),
    "transfer_accepted": "[name], a specialist, has taken over from [before]. [sees]",
    "close": "[name] has ended this chat with you.",
    "leave": "You have ended the chat with [name].",
    "visitor_idle": (
        "Are you still there? Take all the time you need; a word is enough. If nothing comes in "
        "the next [minutes], this chat with [name] ends."
    ),
    "visitor_gone": "Nothing came for a while, so this chat with [name] has ended.",
    "back": (
        "I'm the assistant, and I'm back. [name] has left and no longer reads this chat. You can "
        "save the chat, ask me anything, or ask for a person again. Two short questions, if you "
        "like: did it help, and how are you now?"
    ),
}
"""By event of :mod:`helpline.desk.states`. Numbers come from ``contacts.yml``."""

LEAVE = "You can leave a question here too, for when somebody is back. "
ASK_AGAIN = "You can also ask for a specialist again. "
"""Only one of the two is possible at a time."""

SEES_ALL = "[name] can read this chat from the start."
SEES_FROM_HERE = "[name] reads what is written from here on, not what was said before."
SEES_FROM_THE_FIRST = (
    "[name] can read what was written since a specialist first came, not what was said before that."
)
"""Without consent: the next one goes on where the first began."""

SOMEBODY = "A specialist"


def told(
    event: str,
    knowledge: Knowledge,
    now: datetime,
    visitor: Visitor,
    *,
    sees_all: bool = True,
    is_first: bool = True,
    **facts: str,
) -> dict[str, Any]:
    """Return the body of the message that tells the visitor what has happened.

    Args:
        event: of the state machine.
        knowledge: for phone numbers.
        now: the present, for who can be reached.
        visitor: for which country.
        sees_all: whether the specialist may read what was said before.
        is_first: whether they are the first that this visitor talks to, since they asked.
        facts: what stands in square brackets in the words.
    """
    since = SEES_FROM_HERE if is_first else SEES_FROM_THE_FIRST
    sees = SEES_ALL if sees_all else since
    phones = [way for way in ways(knowledge, now, visitor) if way.kind == "phone"]
    text = TOLD[event]
    who = {"name": facts["name"]} if "[name]" in text else {}
    for name, value in {"sees": sees, "phones": ways_in_words(phones), **facts}.items():
        text = text.replace(f"[{name}]", value)
    type_ = "survey" if event == "back" else "handoff"
    return {"text": fill(text, knowledge), "data": {"type": type_, "event": event, **who}}
