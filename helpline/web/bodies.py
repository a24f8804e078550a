"""What the API takes in, checked."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from pydantic import (
    BaseModel,
    ConstrainedInt,
    ConstrainedStr,
    Extra,
    StrictBool,
    ValidationError,
    validator,
)

from helpline.hours import is_zone
from helpline.knowledge.models import Region
from helpline.web.limits import MAX_MESSAGE
from helpline.web.problems import too_large, unreadable
from helpline.web.said import readable

LARGEST_ID = 2**53 - 1
"""What a browser can count to."""


class Zone(ConstrainedStr):
    """The IANA name of a time zone."""

    strict = True
    max_length = 64


class Language(ConstrainedStr):
    """A language as browsers name it."""

    strict = True
    max_length = 35
    regex = r"^[A-Za-z0-9-]*\Z"


class ClientId(ConstrainedStr):
    """A UUID that a page made."""

    strict = True
    regex = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z"


class Written(ConstrainedStr):
    """What a visitor wrote."""

    strict = True
    min_length = 1


class MessageId(ConstrainedInt):
    """The id of a message in the log."""

    strict = True
    ge = 1
    le = LARGEST_ID


class Body(BaseModel):
    """The JSON object of a request. A field that nobody knows is an error, not a silence."""

    class Config:
        """Rules for every body."""

        extra = Extra.forbid


class NewSession(Body):
    """What a page knows of its visitor."""

    timezone: Zone | None = None
    language: Language | None = None
    region: Region | None = None

    @validator("timezone")
    def only_what_exists(cls, name: str | None) -> str | None:
        """A browser's odd clock is no reason to turn anybody away."""
        return name if name and is_zone(name) else None


class NewMessage(Body):
    """What a visitor says."""

    id: ClientId
    text: Written

    @validator("text")
    def whole_characters(cls, text: str) -> str:
        """Any text gets an answer."""
        return readable(text)


class Typing(Body):
    """Whether the visitor is typing."""

    typing: StrictBool


class Helped(Body):
    """Whether an answer helped."""

    message: MessageId
    helpful: StrictBool

    @validator("message", pre=True)
    def as_json_counts(cls, value: object) -> object:
        """To JSON 17 and 17.0 are the same number."""
        return int(value) if isinstance(value, float) and value.is_integer() else value


Read = TypeVar("Read", bound=Body)


def read(kind: type[Read], raw: bytes) -> Read:
    """Return the body of a request.

    Raises:
        Problem: it is not what is needed.
    """
    try:
        found = json.loads(raw or b"{}")
    except (ValueError, RecursionError):
        raise unreadable("The body is not JSON.") from None
    if not isinstance(found, dict):
        raise unreadable("The body is not a JSON object.")
    try:
        body = kind(**found)
    except ValidationError as error:
        raise unreadable(_first(error)) from None
    except TypeError:
        raise unreadable("The body has a field that nobody knows.") from None
    if isinstance(body, NewMessage) and len(body.text) > MAX_MESSAGE:
        raise too_large()
    return body


def number(text: str | None) -> int:
    """Return the id of a message that a request names, 0 where it names none.

    Raises:
        Problem: it is no id.
    """
    if text is None:
        return 0
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_ID))
    if not is_number or int(text) > LARGEST_ID:
        raise unreadable("after and Last-Event-ID have to be the number of a message.")
    return int(text)


def region(text: str | None) -> Region | None:
    """Return the region that a request names.

    Raises:
        Problem: it is none that is known.
    """
    known: dict[str | None, Region | None] = {None: None, "us": "us", "uk": "uk"}
    if text not in known:
        raise unreadable("region has to be us or uk.")
    return known[text]


def _first(error: ValidationError) -> str:
    problem: Any = error.errors()[0]
    field = ".".join(str(part) for part in problem["loc"] if part != "__root__")
    return f"{field}: {problem['msg']}." if field else f"{problem['msg']}."
