"""The stream of a specialist's page."""

import asyncio
import json
from contextlib import aclosing

from people import conversations, moment, say, specialist, visitor

from helpline.desk.pages import Pages
from helpline.desk.sign_in import SignedIn
from helpline.web import stream
from helpline.web.stream import BEAT


def heard_of(who, until, meanwhile):
    """Return what a page hears until there is enough of it, while something goes on."""
    pages = Pages(lambda _: True)

    async def run():
        heard = []
        events = pages.events(who.id, lambda: SignedIn(who, ""))
        async with aclosing(events):
            going_on = asyncio.create_task(meanwhile(pages))
            try:
                async for block in events:
                    heard.append(block)
                    if until(heard):
                        return heard
            finally:
                going_on.cancel()

    return asyncio.run(asyncio.wait_for(run(), 10))


def test_a_page_that_is_woken_for_nothing_hears_that_its_line_is_open(database, monkeypatch):
    monkeypatch.setattr(stream, "HEARTBEAT", 0.3)

    async def wake(pages):
        while True:
            await asyncio.sleep(0.05)
            pages.changed()

    heard = heard_of(specialist(), lambda heard: heard.count(BEAT) == 2, wake)
    # The board is told once: nothing of it is new.
    assert len(heard) == len(set(heard)) + 1


def test_a_page_hears_what_is_said_in_its_chats_once_and_in_order(database):
    people, one, maria = conversations(), visitor(), specialist()
    people.ask(one, moment(), None, True)
    people.claim(one, maria.id, moment())

    async def talk(pages):
        await asyncio.sleep(0.2)
        for text in ("first", "second", "third"):
            await asyncio.to_thread(say, one, text)
            pages.said(one)
            pages.changed()

    def is_over(heard):
        return b"third" in heard[-1] and heard[-1].startswith(b"event: message")

    heard = heard_of(maria, is_over, talk)
    messages = [block for block in heard if block.startswith(b"event: message")]
    said = [json.loads(block.decode().splitlines()[1].removeprefix("data: ")) for block in messages]
    assert [one["message"]["text"] for one in said] == ["first", "second", "third"]
