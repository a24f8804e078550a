"""Turns over HTTP, from outside: one after the other, and by many visitors at once."""

from __future__ import annotations

import asyncio
import math
import time
import uuid
from collections.abc import Sequence

import aiohttp
from streams import Visitor

Conversations = list[list[str]]

SETTLED = 0.05
"""Seconds after an answer in which the rest of it is heard."""

PATIENCE = 60.0
"""Seconds after which an answer counts as lost."""


def percentile(times: Sequence[float], share: float) -> float:
    """Return the least of the times that so many are no longer than (nearest rank)."""
    return sorted(times)[max(0, math.ceil(share * len(times)) - 1)]


def one_by_one(url: str, conversations: Conversations, rounds: int) -> dict:
    """Return the milliseconds of each turn over REST; the first conversation does not count."""
    return asyncio.run(_one_by_one(url, conversations, rounds))


def at_once(url: str, conversations: Conversations, visitors: int, seconds: float) -> dict:
    """Return turns a second over REST, where each visitor speaks as soon as they are answered."""
    return asyncio.run(_at_once(url, conversations, visitors, seconds))


def on_the_stream(url: str, conversations: Conversations, rounds: int) -> dict:
    """Return the milliseconds from posting to hearing on the web channel, first one left out."""
    return asyncio.run(_on_the_stream(url, conversations, rounds))


async def _one_by_one(url: str, conversations: Conversations, rounds: int) -> dict:
    times: list[float] = []
    silent = 0
    async with _client() as http:
        await _talk(http, url, conversations[0])
        for _ in range(rounds):
            for said in conversations:
                for took, answered in await _talk(http, url, said):
                    times.append(took)
                    silent += not answered
    return {"ms": _in_ms(times), "unanswered": silent}


async def _at_once(url: str, conversations: Conversations, visitors: int, seconds: float) -> dict:
    times: list[float] = []
    silent = 0
    until = math.inf

    async def visitor(number: int) -> None:
        nonlocal silent
        while time.perf_counter() < until:
            sender = uuid.uuid4().hex
            for text in conversations[number % len(conversations)]:
                took, answered = await _turn(http, url, sender, text)
                if time.perf_counter() >= until:
                    return
                times.append(took)
                silent += not answered
            number += 1

    async with _client() as http:
        await _talk(http, url, conversations[0])
        until = time.perf_counter() + seconds
        await asyncio.gather(*(visitor(number) for number in range(visitors)))
    return {
        "visitors": visitors,
        "seconds": seconds,
        "turns": len(times),
        "per_second": round(len(times) / seconds, 2),
        "unanswered": silent,
        "ms": _in_ms(times),
    }


async def _on_the_stream(url: str, conversations: Conversations, rounds: int) -> dict:
    times: list[float] = []
    errors: dict[str, int] = {}
    async with _client() as http:
        for said in [conversations[0], *conversations * rounds]:
            visitor = Visitor(http, url)
            await visitor.begin()
            listening = asyncio.create_task(visitor.listen())
            await visitor.open.wait()
            for number, text in enumerate(said, 1):
                await visitor.say(text)
                patient = time.perf_counter() + PATIENCE
                while len(visitor.times) < number and time.perf_counter() < patient:
                    await asyncio.sleep(0.001)
                await asyncio.sleep(SETTLED)
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            await visitor.leave()
            times += visitor.times
            for error, count in visitor.errors.items():
                errors[error] = errors.get(error, 0) + count
    return {"ms": _in_ms(times[len(conversations[0]) :]), "errors": errors}


def _client() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=PATIENCE)
    )


async def _talk(
    http: aiohttp.ClientSession, url: str, said: Sequence[str]
) -> list[tuple[float, bool]]:
    sender = uuid.uuid4().hex
    return [await _turn(http, url, sender, text) for text in said]


async def _turn(
    http: aiohttp.ClientSession, url: str, sender: str, text: str
) -> tuple[float, bool]:
    """Return the seconds of a turn, and whether anything was answered."""
    began = time.perf_counter()
    body = {"sender": sender, "message": text}
    try:
        async with http.post(f"{url}/webhooks/rest/webhook", json=body) as reply:
            answered = reply.status == 200 and bool(await reply.json())
    except (aiohttp.ClientError, asyncio.TimeoutError):
        answered = False
    return time.perf_counter() - began, answered


def _in_ms(times: Sequence[float]) -> list[float]:
    return [round(seconds * 1000, 2) for seconds in times]
