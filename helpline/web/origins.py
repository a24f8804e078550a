"""Which web pages may talk to the helpline, and which may show its chat."""

from __future__ import annotations

import re

from helpline import settings

ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+")

USUAL_PORT = re.compile(r"^(http://[^/]*):80$|^(https://[^/]*):443$")


def own() -> tuple[str, ...]:
    """Return the origins of the helpline's own pages; no other page may ask it anything.

    Raises:
        ValueError: ``HELPLINE_URL`` is no origin.
    """
    if settings.URL:
        return (_origin("HELPLINE_URL", settings.URL),)
    return (f"http://localhost:{settings.PORT}", f"http://127.0.0.1:{settings.PORT}")


def embedding() -> tuple[str, ...]:
    """Return the origins of the sites that may show the chat in a frame.

    Raises:
        ValueError: one of ``HELPLINE_SITES`` is no origin.
    """
    sites = (site.strip() for site in settings.SITES.split(","))
    return tuple(_origin("HELPLINE_SITES", site) for site in sites if site)


def _origin(variable: str, text: str) -> str:
    # As browsers write it: in lower case, the usual port left out.
    origin = USUAL_PORT.sub(r"\1\2", text.rstrip("/").lower())
    if not ORIGIN.fullmatch(origin):
        raise ValueError(f'{variable}: "{text}" is no origin; write https://www.example.org')
    return origin
