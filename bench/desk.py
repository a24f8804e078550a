"""A specialist and back: live chats at once, each message timed on its way, one pair of servers.

Each visitor writes at a steady rate, and the specialist's page replies as soon as it hears it, so
that the two ways can be told apart. Counts what was lost, doubled, or out of order on either side.
Writes its table to docs/times.md, and fails where the target is missed.

    python bench/desk.py --chats 20 --every 2 --seconds 60
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import sys
import time
import uuid
from datetime import date

import aiohttp
from page import put
from servers import servers

from helpline.desk import specialists
from helpline.settings import ROOT

PAGE = ROOT / "docs" / "times.md"
MARK = "<!-- table: bench/desk.py -->"

TARGET = 0.3
"""Seconds, for 95 in 100, there and back."""

CAPACITY = 3
PASSWORD = "only for this measurement"

WEDNESDAY_MORNING = "2026-11-18T10:00:00-06:00"
"""Live chat is open."""

SAYINGS = (
    "my dad starts conditioning on Monday and I don't know what to pack",
    "thank you, that helps",
    "is it normal that he is so tired",
    "can I come along to the talk with the donor team?",
    "I'll write that down",
)


class Chat:
    """A visitor in a live chat."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self.http, self.url = http, url
        self.said: dict[str, float] = {}
        self.heard: list[dict] = []
        self.open = asyncio.Event()

    async def begin(self) -> None:
        async with self.http.post(f"{self.url}/api/sessions", json={}) as reply:
            token = (await reply.json())["token"]
        self.conversation = token.split(".")[0]
        self.shown = {"Authorization": f"Bearer {token}"}
        body = {"consent": True}
        async with self.http.post(
            f"{self.url}/api/handoff", json=body, headers=self.shown
        ) as reply:
            assert reply.status == 201, await reply.text()

    async def listen(self) -> None:
        async with self.http.get(f"{self.url}/api/stream", headers=self.shown) as stream:
            async for line in stream.content:
                self.open.set()
                if line.startswith(b'data: {"id"'):
                    self.heard.append({**json.loads(line[6:]), "now": time.perf_counter()})

    async def say(self, text: str) -> None:
        id_ = str(uuid.uuid4())
        self.said[id_] = time.perf_counter()
        body = {"id": id_, "text": text}
        async with self.http.post(
            f"{self.url}/api/messages", json=body, headers=self.shown
        ) as reply:
            assert reply.status == 202, await reply.text()


class Specialist:
    """A page of the desk that replies to whatever it hears."""

    def __init__(self, http: aiohttp.ClientSession, url: str, name: str) -> None:
        self.http, self.url, self.name = http, url, name
        self.heard: list[dict] = []
        self.replies: dict[str, str] = {}
        """The id of each reply, by that of the message it replies to."""
        self.replied: dict[str, float] = {}
        self.open = asyncio.Event()
        self._posting: set[asyncio.Task] = set()

    async def begin(self) -> None:
        body = {"name": self.name, "password": PASSWORD}
        async with self.http.post(f"{self.url}/desk/api/sign-in", json=body) as reply:
            assert reply.status == 200, await reply.text()
            me = await reply.json()
            cookie = reply.cookies["helpline_desk"].value
        self.shown = {"X-CSRF-Token": me["csrf"], "Cookie": f"helpline_desk={cookie}"}
        async with self.http.put(
            f"{self.url}/desk/api/me/presence",
            json={"presence": "available"},
            headers=self.shown,
        ) as reply:
            assert reply.status == 204

    async def claim(self, chat: Chat) -> None:
        async with self.http.post(
            f"{self.url}/desk/api/conversations/{chat.conversation}/claim", headers=self.shown
        ) as reply:
            assert reply.status == 200, await reply.text()

    async def listen(self) -> None:
        async with self.http.get(f"{self.url}/desk/api/stream", headers=self.shown) as stream:
            async for line in stream.content:
                self.open.set()
                if line.startswith(b'data: {"conversation"') and b'"message"' in line:
                    self.hear(json.loads(line[6:]))

    def hear(self, told: dict) -> None:
        message = {**told["message"], "now": time.perf_counter()}
        self.heard.append({**message, "conversation": told["conversation"]})
        if message["sender"] == "visitor":
            id_ = self.replies[message["client"]] = str(uuid.uuid4())
            self.replied[id_] = time.perf_counter()
            posting = asyncio.create_task(self.say(told["conversation"], id_))
            self._posting.add(posting)
            posting.add_done_callback(self._posting.discard)

    async def say(self, conversation: str, id_: str) -> None:
        body = {"id": id_, "text": "I hear you. Tell me more."}
        async with self.http.post(
            f"{self.url}/desk/api/conversations/{conversation}/messages",
            json=body,
            headers=self.shown,
        ) as reply:
            assert reply.status == 202, await reply.text()

    async def beat(self) -> None:
        while True:
            await asyncio.sleep(15)
            async with self.http.post(f"{self.url}/desk/api/heartbeat", headers=self.shown):
                pass


async def write(chat: Chat, every: float, seconds: float) -> None:
    until = time.perf_counter() + seconds
    await asyncio.sleep(random.uniform(0, every))
    number = 0
    while time.perf_counter() < until:
        began = time.perf_counter()
        await chat.say(SAYINGS[number % len(SAYINGS)])
        number += 1
        await asyncio.sleep(max(0, every - (time.perf_counter() - began)))


def faults(chat: Chat, specialist: Specialist) -> int:
    """Return how many messages one of the two missed, heard twice, or out of order."""
    theirs = [m["id"] for m in specialist.heard if m["conversation"] == chat.conversation]
    hers = [m["id"] for m in chat.heard if m["sender"] in ("visitor", "specialist")]
    replies = [specialist.replies.get(id_) for id_ in chat.said]
    heard = [m.get("client") for m in chat.heard if m["sender"] == "specialist"]
    both = [id_ for id_ in theirs if id_ in set(hers)]
    return sum(
        (
            len(set(chat.said) - {m.get("client") for m in specialist.heard}),
            len(set(replies) - set(heard)),
            len(theirs) - len(set(theirs)) + len(hers) - len(set(hers)),
            int(theirs != sorted(theirs)) + int(hers != sorted(hers)) + int(both != hers),
        )
    )


async def run(url: str, chats: int, names: list[str], every: float, seconds: float) -> dict:
    connections = aiohttp.TCPConnector(limit=0)
    patience = aiohttp.ClientTimeout(total=None, sock_connect=10)
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(
        connector=connections, timeout=patience, cookie_jar=jar
    ) as http:
        team = [Specialist(http, url, name) for name in names]
        for specialist in team:
            await specialist.begin()
        talks: list[tuple[Chat, Specialist]] = []
        for number in range(chats):
            chat, specialist = Chat(http, url), team[number // CAPACITY]
            await chat.begin()
            await specialist.claim(chat)
            talks.append((chat, specialist))
        listening = [
            asyncio.create_task(one.listen()) for one in (*team, *(chat for chat, _ in talks))
        ]
        beating = [asyncio.create_task(specialist.beat()) for specialist in team]
        await asyncio.gather(*(one.open.wait() for one in team))
        await asyncio.gather(*(chat.open.wait() for chat, _ in talks))
        await asyncio.sleep(2)
        await asyncio.gather(*(write(chat, every, seconds) for chat, _ in talks))
        await asyncio.sleep(3)
        for task in (*listening, *beating):
            task.cancel()
        await asyncio.gather(*listening, *beating, return_exceptions=True)
    there, back, both = [], [], []
    for chat, specialist in talks:
        heard = {m.get("client"): m["now"] for m in chat.heard if m["sender"] == "specialist"}
        seen = {m.get("client"): m["now"] for m in specialist.heard if m["sender"] == "visitor"}
        for id_, began in chat.said.items():
            reply = specialist.replies.get(id_)
            if reply in heard:
                there.append(seen[id_] - began)
                back.append(heard[reply] - specialist.replied[reply])
                both.append(heard[reply] - began)
    return {
        "said": sum(len(chat.said) for chat, _ in talks),
        "faults": sum(faults(chat, specialist) for chat, specialist in talks),
        "there": sorted(there),
        "back": sorted(back),
        "both": sorted(both),
    }


def row(what: str, times: list[float]) -> str:
    p95 = times[int(len(times) * 0.95)]
    numbers = (statistics.median(times), p95, times[-1])
    return f"| {what} | {' | '.join(f'{number * 1000:.0f} ms' for number in numbers)} |"


def make_accounts(count: int) -> list[str]:
    names = [f"specialist-{number}" for number in range(count)]
    for name in names:
        specialists.add(name, PASSWORD, capacity=CAPACITY)
    return names


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--chats", type=int, default=20)
    options.add_argument("--every", type=float, default=2, help="seconds between two messages")
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--dry", action="store_true", help="leave docs/times.md as it is")
    asked = options.parse_args()
    with servers(HELPLINE_NOW=WEDNESDAY_MORNING) as running:
        names = make_accounts(-(-asked.chats // CAPACITY))
        found = asyncio.run(run(running.url, asked.chats, names, asked.every, asked.seconds))
    table = f"""Made by `make bench` on {date.today()}: {os.cpu_count()} cores, which all pages of \
the test share; one Rasa server, one action server, SQLite. {asked.chats} live chats with \
{len(names)} specialists for {asked.seconds:g} seconds; in each chat the visitor writes every \
{asked.every:g} seconds, and the specialist's page replies at once. Every message passes the \
safety screen. {found["said"]} messages and as many replies; lost, doubled, or out of order on \
either side: {found["faults"]}.

| from writing to being there | median | 95 in 100 are faster than | slowest |
| --- | ---: | ---: | ---: |
{row("visitor to specialist", found["there"])}
{row("specialist to visitor", found["back"])}
{row("there and back", found["both"])}"""
    print(table)
    if not asked.dry:
        put(PAGE, MARK, table)
    p95 = found["both"][int(len(found["both"]) * 0.95)]
    sys.exit(0 if p95 < TARGET and not found["faults"] else 1)


if __name__ == "__main__":
    main()
