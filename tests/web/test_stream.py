"""What a visitor hears: everything once, in order, whoever wrote it, until the end."""

import asyncio
import json
from contextlib import aclosing
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import update

from helpline.database import conversations, engine
from helpline.web import log, sessions, stream
from helpline.web.stream import Streams, event

NOW = datetime.now(timezone.utc)

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def one(database):
    return sessions.begin(NOW).conversation


def said(conversation, text, client_id=None):
    return log.say(conversation, text, client_id or text, NOW)[0].id


def read(block):
    """Return the name and the data of a server-sent event."""
    fields = dict(line.split(": ", 1) for line in block.decode().splitlines() if ": " in line)
    return fields.get("event", "comment"), json.loads(fields["data"]) if "data" in fields else None


def hear(streams, conversation, happenings, last=0, status=lambda: {}):
    """Listen while things happen, and return what was heard until the stream ended."""

    async def listen():
        blocks = []
        async with aclosing(streams.events(conversation, last, status)) as events:
            async for block in events:
                blocks.append(read(block))
        return blocks

    async def both():
        listening = asyncio.create_task(listen())
        for happening in happenings:
            await asyncio.sleep(0.05)
            happening()
        await asyncio.sleep(0.05)
        streams.end()
        return await asyncio.wait_for(listening, 5)

    return asyncio.run(both())


def messages(blocks):
    return [data["text"] for name, data in blocks if name == "message"]


def test_an_event_is_written_as_browsers_read_it():
    assert event("message", {"a": 1}, 7) == b'id: 7\nevent: message\ndata: {"a": 1}\n\n'
    assert event("typing", {}) == b"event: typing\ndata: {}\n\n"


@pytest.mark.parametrize(
    "text", ["a\nb", "a\r\nb", "data: x\n\nevent: deleted", "\u2028\u2029\x85"]
)
def test_no_text_breaks_out_of_its_event(text):
    block = event("message", {"text": text})
    assert block.count(b"\n") == 3
    assert read(block) == ("message", {"text": text})


def test_the_status_comes_first_then_what_was_said_before(one):
    said(one, "before")
    heard = hear(Streams(), one, [], status=lambda: {"banner": "open"})
    assert heard[0] == ("status", {"banner": "open"})
    assert messages(heard) == ["before"]


def test_what_is_said_while_one_listens_is_heard_once_and_in_order(one):
    streams = Streams()

    def say(text):
        def happening():
            said(one, text)
            streams.wake(one)

        return happening

    heard = hear(streams, one, [say(text) for text in "abc"])
    assert messages(heard) == ["a", "b", "c"]


def test_a_stream_goes_on_after_the_message_heard_last(one):
    ids = [said(one, text) for text in "abc"]
    assert messages(hear(Streams(), one, [], last=ids[1])) == ["c"]


def test_a_long_history_comes_whole(one, monkeypatch):
    monkeypatch.setattr(log, "PAGE", 3)
    for number in range(10):
        said(one, str(number))
    assert messages(hear(Streams(), one, [])) == [str(number) for number in range(10)]


def test_typing_is_told_to_this_conversation_only(one):
    streams = Streams()
    two = sessions.begin(NOW).conversation
    typing = {"sender": "bot", "typing": True}
    heard = hear(
        streams,
        one,
        [lambda: streams.tell(two, "typing", {}), lambda: streams.tell(one, "typing", typing)],
    )
    assert [data for name, data in heard if name == "typing"] == [typing]


def test_the_sign_that_typing_has_stopped_comes_after_the_message(one):
    streams = Streams()

    def answered():
        said(one, "answer")
        streams.wake(one)
        streams.tell(one, "typing", {"sender": "bot", "typing": False})

    heard = hear(streams, one, [answered])
    assert [name for name, _ in heard] == ["status", "message", "typing"]


def test_a_deleted_conversation_says_so_and_ends(one):
    streams = Streams()
    heard = hear(streams, one, [lambda: streams.deleted(one)])
    assert heard[-1] == ("deleted", {})
    assert streams.count(one) == 0


def test_a_status_that_changes_is_told_again(one):
    streams = Streams()
    told = iter(["closed", "closed", "open", "open", "open"])
    heard = hear(streams, one, [lambda: streams.wake(one)] * 3, status=lambda: next(told))
    assert [data for name, data in heard if name == "status"] == ["closed", "open"]


def test_a_silent_line_shows_that_it_is_open(one, monkeypatch):
    monkeypatch.setattr(stream, "HEARTBEAT", 0.01)
    heard = hear(Streams(), one, [lambda: None])
    assert ("comment", None) in heard


def polled(streams, conversation, change):
    """Return what is heard of a change that another process makes."""

    async def listen():
        streams_poll = asyncio.create_task(streams.poll())
        blocks = []
        try:
            async with aclosing(streams.events(conversation, 0, dict)) as events:
                async for block in events:
                    if not blocks:
                        await asyncio.to_thread(change)
                    blocks.append(read(block))
                    if blocks[-1][0] == "message":
                        break
        finally:
            streams_poll.cancel()
        return blocks

    return asyncio.run(asyncio.wait_for(listen(), 10))


@pytest.fixture
def quick_poll(monkeypatch):
    monkeypatch.setattr(stream, "POLL", 0.02)


def test_what_another_process_writes_is_heard(one, quick_poll):
    assert messages(polled(Streams(), one, lambda: said(one, "elsewhere"))) == ["elsewhere"]


def test_what_another_process_deletes_ends_the_stream(one, quick_poll):
    assert polled(Streams(), one, lambda: log.delete(one))[-1] == ("deleted", {})


def test_a_session_that_ends_ends_its_stream_without_a_word(one, quick_poll):
    def expire():
        with engine().begin() as connection:
            past = NOW - timedelta(hours=1)
            connection.execute(update(conversations).values(expires=past))

    assert [name for name, _ in polled(Streams(), one, expire)] == ["status"]


def test_a_database_that_fails_for_a_moment_does_not_end_the_poll(one, quick_poll, monkeypatch):
    real, failures = log.latest, iter([True, True])

    def latest(*wanted):
        if next(failures, False):
            raise OSError
        return real(*wanted)

    monkeypatch.setattr(log, "latest", latest)
    assert messages(polled(Streams(), one, lambda: said(one, "elsewhere"))) == ["elsewhere"]


def test_a_listener_that_leaves_is_forgotten(one):
    streams = Streams()

    async def leave():
        async with aclosing(streams.events(one, 0, dict)) as events:
            await anext(events)
            counts.append(streams.count(one))
        counts.append(streams.count(one))

    counts = []
    asyncio.run(leave())
    assert counts == [1, 0]


def test_who_is_woken_for_nothing_still_hears_that_the_line_is_open(one, monkeypatch):
    monkeypatch.setattr(stream, "HEARTBEAT", 0.3)
    streams = Streams()
    # Twice as long as a heartbeat, and never as long as one without being woken.
    blocks = hear(streams, one, [lambda: streams.wake(one)] * 12)
    assert [name for name, _ in blocks].count("comment") >= 1
