"""What holds for every response: headers, sizes, and problem details for whatever goes wrong."""

from __future__ import annotations

import logging
from typing import Any

from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json

from helpline import settings
from helpline.quiet import without_its_words
from helpline.web import origins
from helpline.web.limits import MAX_BODY
from helpline.web.problems import CONTENT_TYPE, Problem, of_status, wrong_origin

logger = logging.getLogger(__name__)

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""Unless a response has its own."""


UNREAD = "NONE"
"""Sanic's method of a request that it could not even read."""


def prepare(app: Sanic) -> None:
    """Make a server follow the house's rules."""
    app.config.REQUEST_MAX_SIZE = MAX_BODY
    app.config.PROXIES_COUNT = settings.PROXIES
    app.error_handler.add(Exception, _failed)
    app.error_handler.add(SanicException, _failed)
    app.register_middleware(_with_headers, "response")


def problem(what: Problem) -> HTTPResponse:
    """Return a problem as a response."""
    return json(what.as_json(), status=what.status, content_type=CONTENT_TYPE, headers=what.headers)


def address(request: Request) -> str:
    """Return where a request comes from, as far as our own proxies can tell."""
    return str(request.remote_addr or request.ip)


def check_origin(request: Request) -> None:
    """See that no page of another site asks.

    Raises:
        Problem: one does.
    """
    origin = request.headers.get("origin")
    if origin is not None and origin not in origins.own():
        raise wrong_origin()


def _failed(request: Request, error: Exception) -> HTTPResponse:
    if isinstance(error, Problem):
        return problem(error)
    if not isinstance(error, SanicException):
        if request.method == UNREAD:
            return problem(of_status(400))
        logger.error("A request failed: %s", without_its_words(error))
        return problem(of_status(500))
    what = of_status(error.status_code)
    what.headers = dict(getattr(error, "headers", {}))
    return problem(what)


def _with_headers(request: Request, response: Any) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
