"""Who waits for a conversation gets it at once, in the order of asking."""

from __future__ import annotations

import asyncio

import pytest
from rasa.core.lock_store import LockError, LockStore
from rasa.utils.endpoints import EndpointConfig

from helpline.lock_store import WakingLockStore


def test_one_after_the_other_in_order() -> None:
    store = WakingLockStore()
    done: list[str] = []

    async def work(number: int) -> None:
        async with store.lock("one"):
            done.append(f"begin {number}")
            await asyncio.sleep(0)
            done.append(f"end {number}")

    async def all_at_once() -> None:
        await asyncio.gather(*(work(number) for number in range(20)))

    asyncio.run(all_at_once())
    assert done == [f"{what} {number}" for number in range(20) for what in ("begin", "end")]


def test_another_conversation_does_not_wait() -> None:
    store = WakingLockStore()

    async def both() -> None:
        async with store.lock("one"), store.lock("two"):
            pass

    asyncio.run(asyncio.wait_for(both(), 30))


def test_nothing_is_left_of_a_conversation_that_nobody_wants() -> None:
    store = WakingLockStore()

    async def fail() -> None:
        async with store.lock("one"):
            raise ValueError("something in the middle of a turn")

    with pytest.raises(ValueError, match="middle of a turn"):
        asyncio.run(fail())
    assert vars(store)["_held"] == {}


def test_who_waits_too_long_is_told() -> None:
    store = WakingLockStore()

    async def twice() -> None:
        async with store.lock("one"):
            with pytest.raises(LockError, match=r"conversation one has waited 0\.01 s"):
                async with store.lock("one", lock_lifetime=0.01):
                    pass

    asyncio.run(twice())


def test_who_gives_up_leaves_it_to_the_next() -> None:
    store = WakingLockStore()
    got: list[str] = []

    async def want(name: str) -> None:
        async with store.lock("one"):
            got.append(name)

    async def some_give_up() -> None:
        async with store.lock("one"):
            waiting = [asyncio.create_task(want(name)) for name in "abc"]
            await asyncio.sleep(0)
            waiting[1].cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    asyncio.run(some_give_up())
    assert got == ["a", "c"]


def test_rasa_makes_it_from_its_name() -> None:
    configured = EndpointConfig(type="helpline.lock_store.WakingLockStore")
    assert isinstance(LockStore.create(configured), WakingLockStore)
