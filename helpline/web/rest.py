"""Rasa's REST channel with a guard at the door: bad input gets a clear 4xx and changes nothing."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from rasa.core.channels.rest import RestInput
from sanic import Blueprint
from sanic.exceptions import InvalidUsage
from sanic.request import Request
from sanic.response import HTTPResponse, json

from helpline.answer import fill
from helpline.knowledge import configured_knowledge
from helpline.message import plain

MAX_MESSAGE = 10_000
"""Characters. More than anybody types; Rasa would keep all of it."""

MAX_SENDER = 200
"""Characters of a conversation's id."""

SILENCE = (
    "I'm sorry, something went wrong on my side and I couldn't answer. Please try again. "
    "To talk to a person now, phone {acs}, any time (US), or {cruk}, weekdays 9 to 5 (UK). "
    "In an emergency call {us-emergency} (US) or {uk-emergency} (UK)."
)
"""Where the assistant has nothing to say, because a part of it does not run."""

REMEDIES = {
    400: 'Send JSON such as {"sender": "an id of your own", "message": "what is GVHD?"}.',
    413: f"That message is too long. Please send at most {MAX_MESSAGE:,} characters.",
}


class Rest(RestInput):
    """POST ``{sender, message}`` to ``/webhooks/rest/webhook``, get a list of messages back."""

    def blueprint(self, on_new_message: Any) -> Blueprint:
        """Return Rasa's routes, each request checked before it gets to them."""
        blueprint = super().blueprint(on_new_message)

        @blueprint.middleware("request")
        async def check(request: Request) -> HTTPResponse | None:
            if request.method != "POST":
                return None
            status, reason = _complaint(request)
            return None if reason is None else _problem(status, reason)

        @blueprint.middleware("response")
        async def never_silent(request: Request, response: HTTPResponse) -> HTTPResponse | None:
            if request.method != "POST" or response.body != b"[]":
                return None
            return json([{"recipient_id": request.json["sender"], "text": self._silence}])

        return blueprint

    @cached_property
    def _silence(self) -> str:
        return fill(SILENCE, configured_knowledge())

    def _extract_message(self, request: Request) -> str:
        # A leading slash would name an intent outright; from outside it is text like any other.
        return plain(str(request.json["message"]))


def _complaint(request: Request) -> tuple[int, str | None]:
    """Return status and reason where a request cannot be taken, else a reason of None."""
    try:
        body = request.json
    except InvalidUsage:
        body = None
    if not isinstance(body, dict):
        return 400, "The body is not a JSON object."
    sender, message, metadata = (body.get(name) for name in ("sender", "message", "metadata"))
    if not isinstance(sender, str) or not 0 < len(sender) <= MAX_SENDER:
        return 400, f"sender has to be a text of 1 to {MAX_SENDER} characters."
    if not isinstance(message, str):
        return 400, "message has to be a text."
    if metadata is not None and not isinstance(metadata, dict):
        return 400, "metadata has to be an object."
    if len(message) > MAX_MESSAGE:
        return 413, f"message has {len(message):,} characters."
    return 200, None


def _problem(status: int, reason: str) -> HTTPResponse:
    """Return problem details (RFC 9457): what is wrong, and what to do."""
    return json(
        {"type": "about:blank", "status": status, "title": reason, "detail": REMEDIES[status]},
        status=status,
        content_type="application/problem+json",
    )
