"""What goes wrong, said so that a person knows what to do: problem details (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

CONTENT_TYPE = "application/problem+json"


class Problem(Exception):
    """A request that cannot be met."""

    def __init__(
        self, status: int, title: str, detail: str, headers: dict[str, str] | None = None
    ) -> None:
        """Say what is wrong.

        Args:
            status: of HTTP.
            title: what is wrong.
            detail: what to do next.
            headers: to send with it.
        """
        super().__init__(title)
        self.status = status
        self.title = title
        self.detail = detail
        self.headers = headers or {}

    def as_json(self) -> dict[str, Any]:
        """Return the body."""
        return {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }


def no_session() -> Problem:
    """Return: whoever asks has no session, or no longer."""
    return Problem(
        401,
        "This chat has ended, or it is not yours.",
        "Start a new chat: POST /api/sessions.",
        {"WWW-Authenticate": "Bearer"},
    )


def wrong_origin() -> Problem:
    """Return: a page of another site asks."""
    return Problem(
        403,
        "This site may not use the chat.",
        "Open the chat from the helpline's own page. Whoever runs it: set HELPLINE_URL.",
    )


def too_fast(seconds: int) -> Problem:
    """Return: too many requests; when to come back."""
    return Problem(
        429,
        "That was very fast.",
        f"Please wait {seconds} second{'s' * (seconds != 1)}, then try again.",
        {"Retry-After": str(seconds)},
    )


def unreadable(what: str) -> Problem:
    """Return: a request that does not say what is needed."""
    return Problem(400, what, "Send what the description of the API asks for: /api/openapi.json.")


def too_large() -> Problem:
    """Return: more than is taken in."""
    return Problem(
        413, "That is too long.", "Please send at most 10,000 characters in one message."
    )


def of_status(status: int) -> Problem:
    """Return what an error of the server, or of a library, is told as."""
    title, detail = {
        404: ("There is nothing here.", "Check the address."),
        405: ("That cannot be done here.", "Use a method that the Allow header names."),
        413: ("That is too long.", too_large().detail),
        503: ("The helpline is starting or stopping.", "Please try again in a few seconds."),
    }.get(
        status,
        ("Something went wrong on our side.", "Please try again in a minute.")
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR
        else ("That request cannot be read.", "Check it and send it again."),
    )
    return Problem(status, title, detail)
