"""Rasa's REST channel with a guard at the door: bad input gets a clear 4xx and changes nothing.

It takes any sender id, so it is for programs of one's own and not for visitors: open on this
computer alone, else behind a token.
"""

from __future__ import annotations

import hmac
import ipaddress
from functools import cached_property
from typing import Any

from rasa.core.channels.rest import RestInput
from sanic import Blueprint
from sanic.exceptions import InvalidUsage
from sanic.request import Request
from sanic.response import HTTPResponse, json

from helpline import settings
from helpline.knowledge import configured_knowledge
from helpline.message import plain
from helpline.web.limits import MAX_MESSAGE
from helpline.web.problems import Problem, too_large
from helpline.web.replies import silence
from helpline.web.said import readable
from helpline.web.server import check_origin, problem

MAX_SENDER = 200
"""Characters of a conversation's id."""

REMEDY = 'Send JSON such as {"sender": "an id of your own", "message": "what is GVHD?"}.'


class Rest(RestInput):
    """POST ``{sender, message}`` to ``/webhooks/rest/webhook``, get a list of messages back."""

    def blueprint(self, on_new_message: Any) -> Blueprint:
        """Return Rasa's routes, each request checked before it gets to them."""
        blueprint = super().blueprint(on_new_message)

        @blueprint.middleware("request")
        async def check(request: Request) -> HTTPResponse | None:
            if request.method != "POST":
                return None
            try:
                # A program sends none; a page that a browser happens to show does.
                check_origin(request)
            except Problem as refused:
                return problem(refused)
            found = locked(request.headers.get("authorization", "")) or _complaint(request)
            return problem(found) if found else None

        @blueprint.middleware("response")
        async def never_silent(request: Request, response: HTTPResponse) -> HTTPResponse | None:
            if request.method != "POST" or response.body != b"[]":
                return None
            return json([{"recipient_id": request.json["sender"], "text": self._silence}])

        return blueprint

    @cached_property
    def _silence(self) -> str:
        return silence(configured_knowledge())

    def _extract_message(self, request: Request) -> str:
        # A leading slash would name an intent outright; from outside it is text like any other.
        return plain(readable(request.json["message"]))


def is_open() -> bool:
    """Return whether anybody may ask without a token: nobody but this computer can."""
    try:
        here = ipaddress.ip_address(settings.HOST).is_loopback
    except ValueError:
        here = settings.HOST == "localhost"
    # A proxy on this computer lets in the rest of the world.
    return here and not settings.PROXIES and not settings.URL and not settings.REST_TOKEN


def locked(authorization: str) -> Problem | None:
    """Return a problem where a token is needed and not shown."""
    if is_open():
        return None
    shown = authorization.removeprefix("Bearer ").encode(errors="replace")
    if settings.REST_TOKEN and hmac.compare_digest(shown, settings.REST_TOKEN.encode()):
        return None
    return Problem(
        401,
        "This way in is locked.",
        "Send the helpline's REST token: Authorization: Bearer TOKEN. "
        "Whoever runs it sets HELPLINE_REST_TOKEN.",
        {"WWW-Authenticate": "Bearer"},
    )


def _complaint(request: Request) -> Problem | None:
    """Return a problem where a request cannot be taken."""
    try:
        body = request.json
    except InvalidUsage:
        body = None
    if not isinstance(body, dict):
        return Problem(400, "The body is not a JSON object.", REMEDY)
    sender, message, metadata = (body.get(name) for name in ("sender", "message", "metadata"))
    if not isinstance(sender, str) or not 0 < len(sender) <= MAX_SENDER:
        return Problem(400, f"sender has to be a text of 1 to {MAX_SENDER} characters.", REMEDY)
    if not isinstance(message, str):
        return Problem(400, "message has to be a text.", REMEDY)
    if metadata is not None and not isinstance(metadata, dict):
        return Problem(400, "metadata has to be an object.", REMEDY)
    return too_large() if len(message) > MAX_MESSAGE else None
