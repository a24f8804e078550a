"""What a visitor wrote, made safe to pass on."""

from __future__ import annotations

import re

LEADING = re.compile(r"[\s/]+")


def readable(text: str) -> str:
    """Return the text with halves of characters replaced; no database and no library takes them."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def plain(text: str) -> str:
    """Return the text without the slash that would make Rasa take it for a command."""
    return LEADING.sub("", text, count=1) if text.lstrip().startswith("/") else text
