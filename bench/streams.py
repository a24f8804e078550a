"""How many visitors at once? Open streams, messages at a steady rate, one pair of servers.

Counts what went wrong: requests that failed, streams that broke, messages and answers that were
lost, and those that came twice. Writes its table to docs/times.md, and fails if there was any.

    python bench/streams.py --streams 100 --rate 20 --seconds 120
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import time
import uuid
from collections import Counter
from datetime import date

import aiohttp
from page import put
from servers import resident, servers

from helpline.settings import ROOT

PAGE = ROOT / "docs" / "times.md"
MARK = "<!-- table: bench/streams.py -->"

QUESTIONS = (
    "can my brother be my donor",
    "what is a mini transplant",
    "what is HLA",
    "can I talk to someone?",
    "what does day 0 mean",
)
"""Each of them brings one message in answer."""

SILENCE = 0.5
"""Seconds after which everything in the log has been told."""

PATIENCE = 30
"""Seconds without any answer after which what is still missing counts as lost."""


class Visitor:
    """One session with its stream."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self.http = http
        self.url = url
        self.heard: list[dict] = []
        self.posted: dict[int, float] = {}
        self.times: list[float] = []
        self.errors: Counter[str] = Counter()
        self.open = asyncio.Event()

    async def begin(self) -> None:
        async with self.http.post(f"{self.url}/api/sessions", json={}) as reply:
            self.shown = {"Authorization": f"Bearer {(await reply.json())['token']}"}

    async def listen(self) -> None:
        try:
            async with self.http.get(f"{self.url}/api/stream", headers=self.shown) as stream:
                async for line in stream.content:
                    self.open.set()
                    if line.startswith(b'data: {"id"'):
                        self.hear(json.loads(line[6:]))
            self.errors["stream ended"] += 1
        except aiohttp.ClientError as error:
            self.errors[f"stream: {type(error).__name__}"] += 1

    def hear(self, message: dict) -> None:
        self.heard.append(message)
        if message["sender"] == "bot" and self.posted:
            # Answers come in the order of the messages.
            self.times.append(time.perf_counter() - self.posted.pop(min(self.posted)))

    async def say(self, text: str) -> None:
        began = time.perf_counter()
        key = len(self.times) + len(self.posted)
        self.posted[key] = began
        body = {"id": str(uuid.uuid4()), "text": text}
        try:
            reply = self.http.post(f"{self.url}/api/messages", json=body, headers=self.shown)
            async with reply as response:
                if response.status != 202:
                    self.errors[f"message: {response.status}"] += 1
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            self.errors[f"message: {type(error).__name__}"] += 1

    async def history(self) -> list[int]:
        """Return the ids in the log: what a stream tells until it falls silent."""
        ids: list[int] = []
        async with self.http.get(f"{self.url}/api/stream", headers=self.shown) as stream:
            while True:
                try:
                    line = await asyncio.wait_for(stream.content.readline(), SILENCE)
                except asyncio.TimeoutError:
                    break
                if line.startswith(b'data: {"id"'):
                    ids.append(json.loads(line[6:])["id"])
        return ids

    async def leave(self) -> None:
        async with self.http.delete(f"{self.url}/api/conversation", headers=self.shown):
            pass


async def run(url: str, streams: int, rate: float, seconds: float) -> dict[str, object]:
    """Return what was counted and measured."""
    connections = aiohttp.TCPConnector(limit=0)
    patience = aiohttp.ClientTimeout(total=None, sock_connect=10)
    async with aiohttp.ClientSession(connector=connections, timeout=patience) as http:
        visitors = [Visitor(http, url) for _ in range(streams)]
        for visitor in visitors:
            await visitor.begin()
        listening = [asyncio.create_task(visitor.listen()) for visitor in visitors]
        await asyncio.gather(*(visitor.open.wait() for visitor in visitors))

        said = Counter[int]()
        saying = []
        began = time.perf_counter()
        for number in range(int(rate * seconds)):
            await asyncio.sleep(began + number / rate - time.perf_counter())
            which = number % streams
            said[which] += 1
            question = QUESTIONS[number // streams % len(QUESTIONS)]
            saying.append(asyncio.create_task(visitors[which].say(question)))
        await asyncio.gather(*saying)
        lasted = time.perf_counter() - began
        missing, since = 0, time.perf_counter()
        while left := sum(len(visitor.posted) for visitor in visitors):
            if left != missing:
                missing, since = left, time.perf_counter()
            if time.perf_counter() - since > PATIENCE:
                break
            await asyncio.sleep(0.1)
        await asyncio.sleep(1)

        for task in listening:
            if not task.done():
                task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
        lost = doubled = 0
        for which, visitor in enumerate(visitors):
            heard = Counter(message["id"] for message in visitor.heard)
            senders = Counter(message["sender"] for message in visitor.heard)
            kept = await visitor.history()
            doubled += sum(count - 1 for count in heard.values())
            doubled += max(0, len(kept) - 2 * said[which])
            for sender in ("visitor", "bot"):
                lost += max(0, said[which] - senders[sender])
            lost += len(set(kept) - set(heard))
        for visitor in visitors:
            await visitor.leave()
    times = sorted(time_ for visitor in visitors for time_ in visitor.times)
    errors = sum((visitor.errors for visitor in visitors), Counter())
    return {
        "said": sum(said.values()),
        "answered": len(times),
        "per second": sum(said.values()) / lasted,
        "errors": errors,
        "lost": lost,
        "doubled": doubled,
        "median": statistics.median(times),
        "p95": times[int(len(times) * 0.95)],
        "slowest": times[-1],
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--streams", type=int, default=100)
    options.add_argument("--rate", type=float, default=20, help="messages a second, by all")
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--dry", action="store_true", help="leave docs/times.md as it is")
    asked = options.parse_args()
    with servers() as running:
        asyncio.run(run(running.url, 5, 5, 2))  # Warms up and does not count.
        before = resident(running.rasa)
        found = asyncio.run(run(running.url, asked.streams, asked.rate, asked.seconds))
        grown = resident(running.rasa) - before
    errors = found["errors"]
    assert isinstance(errors, Counter)
    table = f"""Made by `make bench` on {date.today()}: {os.cpu_count()} cores, which the visitors \
of the test share; one Rasa server, one action server, SQLite. {asked.streams} open streams, \
{asked.rate:g} messages a second in all, for {asked.seconds:g} seconds. Every stream is held \
against the log at the end.

| what | |
| --- | ---: |
| messages said | {found["said"]} |
| answers heard | {found["answered"]} |
| requests that failed, streams that broke | {sum(errors.values())} |
| messages and answers lost | {found["lost"]} |
| messages and answers that came twice | {found["doubled"]} |
| from saying to hearing the answer, median | {found["median"] * 1000:.0f} ms |
| 95 in 100 are faster than | {found["p95"] * 1000:.0f} ms |
| slowest | {found["slowest"] * 1000:.0f} ms |
| memory that the Rasa server has taken more | {grown:.0f} MB |"""
    print(table)
    for what, count in errors.items():
        print(f"{what}: {count}", file=sys.stderr)
    if not asked.dry:
        put(PAGE, MARK, table)
    sys.exit(1 if errors or found["lost"] or found["doubled"] else 0)


if __name__ == "__main__":
    main()
