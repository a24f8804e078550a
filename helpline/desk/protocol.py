"""What a desk is to the rest: ours, and any that an organization connects."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Protocol


class Desk(Protocol):
    """Where specialists hear what happens.

    What has happened stands in the database already. A desk is only told where to look, so that one
    that was not listening finds all of it later.
    """

    def said(self, conversation: str) -> None:
        """Something was said."""

    def changed(self, conversation: str) -> None:
        """Somebody came, went, or waits; or something is noted about the conversation."""

    def typing(self, conversation: str, typing: bool) -> None:
        """The visitor is typing, or has stopped."""

    async def run(self) -> None:
        """Carry it to the specialists, until cancelled."""

    def end(self) -> None:
        """Let everybody go: the server stops."""


class Desks:
    """Several desks as one, which is a :class:`Desk` itself."""

    def __init__(self, desks: Iterable[Desk]) -> None:
        self._desks = tuple(desks)

    def said(self, conversation: str) -> None:
        """Tell all of them."""
        for desk in self._desks:
            desk.said(conversation)

    def changed(self, conversation: str) -> None:
        """Tell all of them."""
        for desk in self._desks:
            desk.changed(conversation)

    def typing(self, conversation: str, typing: bool) -> None:
        """Tell all of them."""
        for desk in self._desks:
            desk.typing(conversation, typing)

    async def run(self) -> None:
        """Run all of them, until cancelled."""
        await asyncio.gather(*(desk.run() for desk in self._desks))

    def end(self) -> None:
        """End all of them."""
        for desk in self._desks:
            desk.end()
