"""Where things are, and what the environment may change.

Every variable is documented in ``docs/settings.md``; a test holds the two together.
"""

from __future__ import annotations

import math
import os
from pathlib import Path

PROBLEMS: list[str] = []
"""What cannot be used, a line each; :func:`check` raises it where it can be said."""


def _number(name: str, default: float, least: float = 0.0) -> float:
    """Return a setting that is a number of at least so much."""
    text = os.environ.get(name, "")
    try:
        number = float(text) if text else default
    except ValueError:
        number = math.nan
    if number >= least:
        return number
    PROBLEMS.append(f'{name}: "{text}" has to be a number, {least:g} or more, such as {default:g}.')
    return default


def check() -> None:
    """See that the environment can be used.

    Raises:
        ValueError: it cannot; a line for each variable.
    """
    if PROBLEMS:
        raise ValueError("\n".join(PROBLEMS))


SOME = 0.001
"""The least of what has to be more than nothing."""

ROOT = Path(__file__).resolve().parent.parent
"""The repository: Rasa's own files lie here."""

KNOWLEDGE = Path(os.environ.get("HELPLINE_KNOWLEDGE", ROOT / "knowledge"))
"""What the helpline knows: articles, sources, glossary, contacts."""

MODELS = Path(os.environ.get("HELPLINE_MODELS", ROOT / "models"))
"""Trained models. The newest is served."""

BUILD = ROOT / ".build"
"""What is built once and kept: the exported sentence encoder."""

VAR = ROOT / "var"
"""What arises in service: databases, and the secret that sessions are signed with."""

DATABASE = os.environ.get("HELPLINE_DATABASE", str(VAR / "helpline.db"))
"""An SQLAlchemy URL, or the path of an SQLite file: sessions, messages, feedback."""

CONVERSATIONS = os.environ.get("HELPLINE_CONVERSATIONS", str(VAR / "conversations.db"))
"""The path of the SQLite file that Rasa keeps conversations in, unless ``endpoints.yml`` names
another database."""

HOST = os.environ.get("HELPLINE_HOST", "127.0.0.1")
"""The address that the assistant listens on: this machine alone, unless told otherwise."""

PORT = int(_number("HELPLINE_PORT", 5005))
"""Port of the assistant (the Rasa server)."""

ACTIONS_PORT = int(_number("HELPLINE_ACTIONS_PORT", 5055))
"""Port of the action server."""

URL = os.environ.get("HELPLINE_URL", "")
"""The address that visitors reach the helpline at; without it, this computer's own."""

SITES = os.environ.get("HELPLINE_SITES", "")
"""Origins of the sites that may show the chat in a frame, with commas between them."""

PROXIES = int(_number("HELPLINE_PROXIES", 0))
"""How many proxies of one's own stand in front and add to X-Forwarded-For."""

SECRET = os.environ.get("HELPLINE_SECRET", "")
"""What sessions are signed with; without it, a file in ``var`` that is made on first use."""

SESSION_HOURS = _number("HELPLINE_SESSION_HOURS", 72, least=SOME)
"""How long a session lasts after the visitor's last word."""

KEEP_DAYS = _number("HELPLINE_KEEP_DAYS", 30, least=SOME)
"""How long a conversation is kept, and so the longest that a session can last."""

MESSAGES_PER_SESSION = os.environ.get("HELPLINE_MESSAGES_PER_SESSION", "20/minute; 6/10 seconds")
"""How many messages one visitor may send."""

MESSAGES_PER_ADDRESS = os.environ.get("HELPLINE_MESSAGES_PER_ADDRESS", "60/minute")
"""How many messages may come from one network address."""

SESSIONS_PER_ADDRESS = os.environ.get("HELPLINE_SESSIONS_PER_ADDRESS", "10/10 minutes")
"""How many sessions may be begun from one network address."""

DESK_LINE = os.environ.get("HELPLINE_DESK_LINE", "acs")
"""The contact in ``contacts.yml`` whose chat hours the desk keeps."""

DESK_WAIT = _number("HELPLINE_DESK_WAIT", 10, least=SOME)
"""Minutes that a visitor waits for a specialist before they are sent to the phone."""

DESK_IDLE = _number("HELPLINE_DESK_IDLE", 8, least=SOME)
"""Minutes of silence until a visitor is asked whether they are there; as many more, and the chat
ends."""

DESK_GONE = _number("HELPLINE_DESK_GONE", 45, least=30)
"""Seconds without a sign of life after which a specialist's connection counts as lost: at least two
of the signs, of which a page sends one every 15 seconds, have to be missing."""

DESK_GRACE = _number("HELPLINE_DESK_GRACE", 60, least=SOME)
"""Seconds from then until their visitors are back in the queue."""

DESK_WEBHOOK = os.environ.get("HELPLINE_DESK_WEBHOOK", "")
"""The address of a desk elsewhere."""

DESK_WEBHOOK_SECRET = os.environ.get("HELPLINE_DESK_WEBHOOK_SECRET", "")
"""What the helpline and that desk sign their requests to each other with."""

REST_TOKEN = os.environ.get("HELPLINE_REST_TOKEN", "")
"""The bearer token that the REST channel asks for."""

REVIEWED_ONLY = os.environ.get("HELPLINE_REVIEWED_ONLY", "") == "1"
"""When on, articles that no clinician has signed off are left out of the model."""

NOW = os.environ.get("HELPLINE_NOW", "")
"""An ISO 8601 instant to take for the present, for demonstrations and tests of opening hours."""
