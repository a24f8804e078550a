"""One message of a conversation after the other, with no wait in between.

Rasa's own lock store looks once a second whether the message before is done. Here who waits is
woken. It holds within one server process: with several, use Rasa's Redis lock store.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, InMemoryLockStore, LockError


class WakingLockStore(InMemoryLockStore):
    """Passes a conversation on in the order in which it was asked for."""

    def __init__(self, *_: Any, **__: Any) -> None:
        """Take what Rasa passes to every lock store, and need none of it."""
        super().__init__()
        self._held: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = 0,
    ) -> AsyncIterator[TicketLock]:
        """Hold a conversation.

        Args:
            conversation_id: whose.
            lock_lifetime: seconds to wait for it at the most.
            wait_time_in_seconds: not needed; Rasa's own stores look so often.

        Raises:
            LockError: whoever had it did not let go in time.
        """
        lock, wanted = self._held.get(conversation_id, (asyncio.Lock(), 0))
        self._held[conversation_id] = lock, wanted + 1
        try:
            try:
                await asyncio.wait_for(lock.acquire(), lock_lifetime)
            except asyncio.TimeoutError:
                raise LockError(
                    f"A message of conversation {conversation_id} has waited {lock_lifetime:g} s "
                    "for the one before it."
                ) from None
            try:
                yield TicketLock(conversation_id)
            finally:
                lock.release()
        finally:
            lock, wanted = self._held.pop(conversation_id)
            if wanted > 1:
                self._held[conversation_id] = lock, wanted - 1
