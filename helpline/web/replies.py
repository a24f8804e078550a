"""From what Rasa says to what the log keeps."""

from __future__ import annotations

from typing import Any

from helpline.answer import fill
from helpline.knowledge import Knowledge

SILENCE = (
    "I'm sorry, something went wrong on my side and I couldn't answer. Please try again. "
    "To talk to a person now, phone {acs}, any time (US), or {cruk}, weekdays 9 to 5 (UK). "
    "In an emergency call {us-emergency} (US) or {uk-emergency} (UK)."
)
"""Where the assistant has nothing to say, because a part of it does not run."""


def silence(knowledge: Knowledge) -> str:
    """Return what is said where nothing is."""
    return fill(SILENCE, knowledge)


def body(response: dict[str, Any]) -> dict[str, Any]:
    """Return a response of Rasa as a message: text, buttons, data.

    Of an article a page gets the words alone: it shows the sources, the way to a person and "was
    this helpful" itself.
    """
    data = dict(response.get("custom") or {})
    buttons = [
        {"title": button["title"], "payload": button.get("payload") or button["title"]}
        for button in response.get("buttons") or ()
    ]
    return {
        "text": data.pop("body", None) or response.get("text") or "",
        **({"buttons": buttons} if buttons else {}),
        **({"data": data} if data else {}),
    }
