"""What a visitor is told before the first message."""

from __future__ import annotations

from typing import Any

from helpline import settings


def notice() -> dict[str, Any]:
    """Return the notice: what this is, what not to write, what is kept and for how long."""
    kept = f"{settings.KEEP_DAYS:g} day{'s' * (settings.KEEP_DAYS != 1)}"
    return {
        "title": "Before you start",
        "lines": [
            "I'm an automated helper, not a doctor. I give general information and can be wrong.",
            "Please don't write names, addresses, birth dates, or hospital or insurance numbers.",
            f"Your messages and my replies are kept on our server for at most {kept}, so that you "
            "can come back to them. A specialist reads them only if you ask for one and agree.",
            "You can end the chat and delete everything at any time.",
        ],
        "keep_days": settings.KEEP_DAYS,
        "session_hours": settings.SESSION_HOURS,
    }
