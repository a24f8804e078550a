"""What time it is, with a way to say otherwise."""

from __future__ import annotations

from datetime import datetime, timezone

from helpline import settings


def real_now() -> datetime:
    """Return the real time: what is kept is never dated by ``HELPLINE_NOW``."""
    return datetime.now(timezone.utc)


def iso(at: datetime) -> str:
    """Return an instant as pages are told of it: ``2026-11-21T22:00:00Z``."""
    return f"{at.astimezone(timezone.utc):%Y-%m-%dT%H:%M:%SZ}"


def told_time() -> datetime:
    """Return the present instant, with its time zone.

    Raises:
        ValueError: ``HELPLINE_NOW`` is set and is not an ISO 8601 date and time with an offset.
    """
    if not settings.NOW:
        return real_now()
    try:
        instant = datetime.fromisoformat(settings.NOW.replace("Z", "+00:00"))
    except ValueError:
        raise ValueError(
            f'HELPLINE_NOW: "{settings.NOW}" is no date and time; write 2026-11-21T22:00-06:00'
        ) from None
    if instant.tzinfo is None:
        raise ValueError(f'HELPLINE_NOW: "{settings.NOW}" has no offset, such as -06:00')
    return instant
