"""How much, how often, and from where: limits that keep the helpline open for everybody."""

from __future__ import annotations

import ipaddress
import math
import time
from collections.abc import Iterable

from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from helpline import settings
from helpline.web.problems import too_fast

MAX_MESSAGE = 10_000
"""Characters. More than anybody types; Rasa would keep all of it."""

MAX_BODY = 256 * 1024
"""Bytes of a request: a message of the longest, each character written as an escape."""

MAX_TABS = 10
"""Open streams of one conversation."""

TYPING = "60/minute"
"""Signs of typing, for each session: pages send one every few seconds."""

PERSON = "10/10 minutes"
"""How often a session may ask for a person, or leave a question."""

CODE = "5/15 minutes"
"""Tries to come back by a code, from one network."""

CODES = "200/hour"
"""The same, by everybody together: a code is guessed once in thousands of years."""

NETWORK_BITS = 64
"""A household has this much of IPv6 to itself."""


class Limits:
    """The rates, counted in this process."""

    def __init__(self) -> None:
        """Read the settings.

        Raises:
            ValueError: one of them is no rate.
        """
        self._of_session = _rates("HELPLINE_MESSAGES_PER_SESSION", settings.MESSAGES_PER_SESSION)
        self._of_address = _rates("HELPLINE_MESSAGES_PER_ADDRESS", settings.MESSAGES_PER_ADDRESS)
        self._sessions = _rates("HELPLINE_SESSIONS_PER_ADDRESS", settings.SESSIONS_PER_ADDRESS)
        # Kept here as well: the library itself holds on to it only weakly.
        self._storage = MemoryStorage()
        self._typing = _rates("TYPING", TYPING)
        self._person = _rates("PERSON", PERSON)
        self._code = _rates("CODE", CODE)
        self._codes = _rates("CODES", CODES)
        self._counted = FixedWindowRateLimiter(self._storage)

    def message(self, conversation: str, address: str) -> None:
        """Count one message.

        Raises:
            Problem: there were too many.
        """
        self._count(
            [
                *((rate, ("message", conversation)) for rate in self._of_session),
                *((rate, ("messages", network(address))) for rate in self._of_address),
            ]
        )

    def session(self, address: str) -> None:
        """Count one new session.

        Raises:
            Problem: there were too many.
        """
        self._count([(rate, ("sessions", network(address))) for rate in self._sessions])

    def person(self, conversation: str) -> None:
        """Count one asking for a person, or a question left for one.

        Raises:
            Problem: there were too many.
        """
        self._count([(rate, ("person", conversation)) for rate in self._person])

    def code(self, address: str) -> None:
        """Count one try to come back by a code.

        Raises:
            Problem: there were too many.
        """
        self._count(
            [
                *((rate, ("code", network(address))) for rate in self._code),
                *((rate, ("code", "anybody")) for rate in self._codes),
            ]
        )

    def typing(self, conversation: str) -> None:
        """Count one sign of typing.

        Raises:
            Problem: there were too many.
        """
        self._count([(rate, ("typing", conversation)) for rate in self._typing])

    def _count(self, asked: Iterable[tuple[RateLimitItem, tuple[str, str]]]) -> None:
        asked = list(asked)
        # What is refused by one limit does not use up another.
        full = [(rate, key) for rate, key in asked if not self._counted.test(rate, *key)]
        if full:
            frees = max(self._counted.get_window_stats(rate, *key)[0] for rate, key in full)
            # The library tells whole seconds, rounded down.
            raise too_fast(max(1, math.ceil(frees + 1 - time.time())))
        for rate, key in asked:
            self._counted.hit(rate, *key)


def network(address: str) -> str:
    """Return what one visitor's addresses have in common: all of IPv4, the network of IPv6."""
    try:
        parsed = ipaddress.ip_address(address.strip("[]").split("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, NETWORK_BITS), strict=False))


def _rates(variable: str, text: str) -> list[RateLimitItem]:
    try:
        return list(parse_many(text))
    except ValueError:
        raise ValueError(
            f'{variable}: "{text}" is no rate; write 20/minute or 20/minute; 6/10 seconds'
        ) from None
