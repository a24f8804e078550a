"""Signing in at the desk: a signed cookie, a token against forged requests, few tries."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from itsdangerous import BadSignature, URLSafeTimedSerializer
from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from helpline.desk import specialists
from helpline.desk.specialists import Specialist
from helpline.web.limits import network
from helpline.web.origins import own
from helpline.web.problems import too_fast
from helpline.web.sessions import secret

COOKIE = "helpline_desk"

HOURS = 12
"""How long a session lasts: a shift."""

TRIES = (
    (("name", "address"), RateLimitItemPerMinute(5, 15)),
    (("address",), RateLimitItemPerMinute(20, 15)),
    (("name",), RateLimitItemPerHour(100)),
)
"""How often a password may be wrong. By the name alone it is many, so that no stranger can lock
anybody out."""


_hashing = ThreadPoolExecutor(2, thread_name_prefix="hashing")


@dataclass(frozen=True)
class SignedIn:
    """A session at the desk."""

    specialist: Specialist
    csrf: str
    """What a request that changes something has to show beside the cookie."""


class Tries:
    """Counts wrong passwords, in this process."""

    def __init__(self) -> None:
        # Kept here as well: the library itself holds on to it only weakly.
        self._storage = MemoryStorage()
        self._counted = FixedWindowRateLimiter(self._storage)

    def begin(self, name: str, address: str) -> None:
        """Count one as wrong until it turns out to be right: others may be under way beside it.

        Raises:
            Problem: there were too many.
        """
        keys = self._keys(name, address)
        for key, rate in keys:
            if not self._counted.test(rate, *key):
                reset = self._counted.get_window_stats(rate, *key)[0]
                raise too_fast(max(1, int(reset - time.time()) + 1))
        for key, rate in keys:
            self._counted.hit(rate, *key)

    def was_right(self, name: str, address: str) -> None:
        """Take one back, and leave the wrong ones beside it."""
        for key, rate in self._keys(name, address):
            self._storage.incr(rate.key_for(*key), rate.get_expiry(), amount=-1)

    def _keys(self, name: str, address: str) -> list[tuple[tuple[str, ...], Any]]:
        value = {"name": name, "address": network(address)}
        return [((*kinds, *(value[kind] for kind in kinds)), rate) for kinds, rate in TRIES]


async def check_password(name: str, password: str) -> Specialist | None:
    """Return the account whose name and password these are.

    To hash takes long on purpose. It has threads of its own, so that those of the database stay
    free for the chats, however many passwords are tried.
    """
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_hashing, specialists.check_password, name, password)


def cookie_for(specialist: Specialist) -> str:
    """Return the cookie of a new session."""
    return _serializer().dumps([specialist.id, specialist.generation, secrets.token_urlsafe(12)])


def verify(cookie: str) -> SignedIn | None:
    """Return the session of a cookie; None where it is forged, over, or ended by its owner."""
    try:
        id_, generation, nonce = _serializer().loads(cookie, max_age=HOURS * 3600)
    except (BadSignature, ValueError, TypeError):
        return None
    found = specialists.find(id_)
    if found is None or found.generation != generation or found.role == "outside":
        return None
    return SignedIn(found, _csrf(f"{id_}.{generation}.{nonce}"))


def is_genuine(session: SignedIn, shown: str | None) -> bool:
    """Return whether a request shows the session's token."""
    return hmac.compare_digest((shown or "").encode(errors="replace"), session.csrf.encode())


def needs_https() -> bool:
    """Return whether the cookie is for HTTPS alone: wherever the desk is not on this computer."""
    return not all(
        origin.startswith(("http://localhost:", "http://127.0.0.1:")) for origin in own()
    )


def _csrf(session: str) -> str:
    key = f"helpline.desk.csrf {secret()}".encode()
    return hmac.new(key, session.encode(), hashlib.sha256).hexdigest()


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        secret(), salt="helpline.desk", signer_kwargs={"digest_method": hashlib.sha256}
    )
