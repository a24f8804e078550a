"""What the desk's API takes in, checked."""

from __future__ import annotations

from typing import Literal

from pydantic import ConstrainedInt, ConstrainedStr, StrictBool, conlist, root_validator, validator

from helpline.desk.conversations import LONGEST_REASON
from helpline.desk.specialists import LONGEST_PASSWORD
from helpline.web.bodies import Body, ClientId, MessageId
from helpline.web.limits import MAX_MESSAGE
from helpline.web.said import readable


class Line(ConstrainedStr):
    """A name, an id, a tag."""

    strict = True
    min_length = 1
    max_length = 100


class Tag(Line):
    """A word or two about a conversation."""

    max_length = 40


class Text(ConstrainedStr):
    """What somebody writes."""

    strict = True
    max_length = MAX_MESSAGE


class NoteText(Text):
    """What a specialist notes."""

    min_length = 1
    max_length = 4000


class Reason(Text):
    """What it is about, in a visitor's words."""

    max_length = LONGEST_REASON


class TransferNote(Text):
    """What a colleague should know."""

    max_length = 1000


class Password(ConstrainedStr):
    """What somebody signs in with."""

    strict = True
    max_length = LONGEST_PASSWORD


class Distress(ConstrainedInt):
    """Of the distress thermometer."""

    strict = True
    ge = 0
    le = 10


class Capacity(ConstrainedInt):
    """Chats at a time."""

    strict = True
    ge = 0
    le = 1000


class Clean(Body):
    """Whatever somebody types, no database stumbles over it."""

    @root_validator(pre=True)
    def whole_characters(cls, values: dict[str, object]) -> dict[str, object]:
        """Halves of characters are replaced, and what ends a text in C is left out."""
        return {name: _clean(value) for name, value in values.items()}


def _clean(value: object) -> object:
    if isinstance(value, list):
        return [_clean(one) for one in value]
    return readable(value).replace("\0", "") if isinstance(value, str) else value


class Nothing(Body):
    """A request without anything to say."""


# Visitors.


class Ask(Clean):
    """A visitor asks for a specialist."""

    reason: Reason | None = None
    consent: StrictBool

    @validator("reason")
    def something(cls, text: str | None) -> str | None:
        """Blanks are no reason."""
        return text.strip() or None if text else None


class Question(Clean):
    """A visitor leaves a question."""

    id: ClientId
    text: Text
    consent: StrictBool
    code: StrictBool = False

    @validator("text")
    def something(cls, text: str) -> str:
        """Blanks are no question."""
        if not text.strip():
            raise ValueError("has to have a question in it")
        return text


class Return(Clean):
    """A visitor comes back by a code."""

    code: Line


class Survey(Body):
    """How it went."""

    helped: StrictBool | None = None
    distress: Distress | None = None

    @validator("distress", pre=True)
    def written_with_a_point(cls, value: object) -> object:
        """To JSON, 5.0 is the same as 5."""
        return int(value) if isinstance(value, float) and value.is_integer() else value


# Specialists.


class SignIn(Clean):
    """Name and password."""

    name: Line
    password: Password


class SignOut(Body):
    """Here or everywhere."""

    everywhere: StrictBool = False


class BePresent(Body):
    """Whether somebody takes new chats."""

    presence: Literal["available", "away"]


class Reply(Clean):
    """What a specialist says."""

    id: ClientId
    text: Text = Text("")
    article: Line | None = None
    canned: Line | None = None

    @root_validator(skip_on_failure=True)
    def something(cls, values: dict[str, object]) -> dict[str, object]:
        """Words or an article."""
        if not str(values["text"]).strip() and not values["article"]:
            raise ValueError("say something, or name an article")
        return values


class Note(Clean):
    """A private note."""

    text: NoteText


class Tags(Clean):
    """All tags of a conversation."""

    tags: conlist(Tag, max_items=10)  # type: ignore[valid-type]


class Transfer(Clean):
    """To whom, and what they should know."""

    to: MessageId
    note: TransferNote | None = None


class Close(Clean):
    """Why, and what has been read."""

    reason: Line
    seen: ConstrainedInt


# A desk elsewhere.


class FromOutside(Clean):
    """What a desk elsewhere tells."""

    id: Line
    event: Literal["presence", "claim", "message", "typing", "close"]
    conversation: Line | None = None
    name: Line | None = None
    text: Text | None = None
    typing: StrictBool | None = None
    reason: Line | None = None
    available: StrictBool | None = None
    capacity: Capacity | None = None

    @root_validator(skip_on_failure=True)
    def whole(cls, values: dict[str, object]) -> dict[str, object]:
        """Each event has what it needs."""
        needed = {
            "presence": ("available", "capacity"),
            "claim": ("conversation",),
            "message": ("conversation", "text"),
            "typing": ("conversation", "typing"),
            "close": ("conversation",),
        }[str(values["event"])]
        missing = [name for name in needed if values[name] is None]
        if missing or values["text"] == "":
            raise ValueError(f"{(*missing, 'text')[0]} is missing")
        return values
