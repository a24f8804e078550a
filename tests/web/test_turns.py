"""Turns: one after another in a conversation, each answered once, whatever fails."""

import asyncio
from datetime import datetime, timezone

import pytest

from helpline.web import log, sessions, turns
from helpline.web.turns import Turns

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=timezone.utc)

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def one(database):
    return sessions.begin(NOW).conversation


def said(conversation, text):
    return log.say(conversation, text, text, NOW)[0]


def texts(conversation):
    return [message.body["text"] for message in log.after(conversation, 0)]


async def echo(message):
    await asyncio.sleep(0)
    return [{"text": f"re: {message.body['text']}"}]


async def echo_to_a_deleted_one(message):
    log.delete(message.conversation)
    return await echo(message)


class Noted:
    """What the turns told."""

    def __init__(self, ask=echo):
        self.answered = []
        self.gone = []
        self.turns = Turns(ask, self.answered.append, self._gone)

    async def _gone(self, conversation):
        self.gone.append(conversation)

    async def until_quiet(self):
        while self.turns._running:
            await asyncio.sleep(0.01)


async def say_and_wait(noted, conversation):
    """Say one thing, let it be answered, and return what the turns told."""
    said(conversation, "a")
    noted.turns.begin(conversation)
    await noted.until_quiet()
    return noted


def run(script):
    return asyncio.run(asyncio.wait_for(script(), 10))


def test_a_message_is_answered(one):
    noted = run(lambda: say_and_wait(Noted(), one))
    assert texts(one) == ["a", "re: a"]
    assert noted.answered == [one]


def test_messages_of_one_conversation_are_answered_in_order(one):
    async def slow_at_first(message):
        await asyncio.sleep(0.2 if message.body["text"] == "a" else 0)
        return await echo(message)

    async def script():
        noted = Noted(slow_at_first)
        for text in "abc":
            said(one, text)
            noted.turns.begin(one)
        await noted.until_quiet()

    run(script)
    assert [text for text in texts(one) if text.startswith("re")] == ["re: a", "re: b", "re: c"]


def test_conversations_do_not_wait_for_each_other(one):
    two = sessions.begin(NOW).conversation
    go_on = asyncio.Event

    async def script():
        gate = go_on()

        async def held(message):
            if message.conversation == one:
                await gate.wait()
            return await echo(message)

        noted = Noted(held)
        said(one, "a")
        said(two, "b")
        noted.turns.begin(one)
        noted.turns.begin(two)
        while len(texts(two)) < 2:
            await asyncio.sleep(0.01)
        before = texts(one)
        gate.set()
        await noted.until_quiet()
        return before

    assert run(script) == ["a"]
    assert texts(one) == ["a", "re: a"]


def test_only_so_many_turns_go_on_at_once(monkeypatch):
    monkeypatch.setattr(turns, "AT_ONCE", 3)
    at_once = []
    running = 0

    async def count(message):
        nonlocal running
        running += 1
        at_once.append(running)
        await asyncio.sleep(0.02)
        running -= 1
        return []

    async def script():
        noted = Noted(count)
        for _ in range(10):
            conversation = sessions.begin(NOW).conversation
            said(conversation, "a")
            noted.turns.begin(conversation)
        await noted.until_quiet()

    run(script)
    assert max(at_once) == 3


def test_a_message_that_comes_just_after_the_look_is_not_forgotten(one, monkeypatch):
    real = log.unhandled
    late = iter([True])

    def unhandled(conversation):
        found = real(conversation)
        if next(late, False):
            said(one, "late")
        return found

    monkeypatch.setattr(log, "unhandled", unhandled)

    async def script():
        noted = Noted()
        said(one, "a")
        noted.turns.begin(one)
        # As the channel does once the message is in the log.
        while "late" not in texts(one):
            await asyncio.sleep(0)
        noted.turns.begin(one)
        await noted.until_quiet()

    run(script)
    assert sorted(texts(one)) == ["a", "late", "re: a", "re: late"]


def test_what_was_left_unanswered_is_taken_up_at_the_start(one):
    two = sessions.begin(NOW).conversation
    log.answer(said(two, "answered"), [{"text": "done"}], NOW)
    said(one, "left")

    async def script():
        noted = Noted()
        await noted.turns.resume()
        await noted.until_quiet()

    run(script)
    assert texts(one) == ["left", "re: left"]
    assert texts(two) == ["answered", "done"]


def test_a_turn_that_is_broken_off_leaves_its_message_for_the_next_start(one):
    async def never(message):
        await asyncio.sleep(60)

    async def script():
        noted = Noted(never)
        said(one, "a")
        noted.turns.begin(one)
        await asyncio.sleep(0.05)
        await noted.turns.end()
        return noted

    noted = run(script)
    assert not noted.turns._running
    assert [message.body["text"] for message in log.unhandled(one)] == ["a"]


def test_two_servers_that_take_up_the_same_message_answer_it_once(one):
    said(one, "a")

    async def script():
        servers = [Noted(), Noted()]
        for server in servers:
            await server.turns.resume()
        for server in servers:
            await server.until_quiet()

    run(script)
    assert texts(one) == ["a", "re: a"]


def test_a_conversation_deleted_while_it_is_answered_is_reported(one):
    noted = run(lambda: say_and_wait(Noted(echo_to_a_deleted_one), one))
    assert noted.gone == [one]
    assert texts(one) == []


def test_an_answer_that_cannot_be_kept_is_tried_again_and_nothing_of_it_is_logged(
    one, monkeypatch, caplog
):
    monkeypatch.setattr(turns, "RETRY", 0.01)
    real, failures = log.answer, iter([True, True])

    def answer(*arguments):
        if next(failures, False):
            raise OSError("I am afraid")
        return real(*arguments)

    monkeypatch.setattr(log, "answer", answer)

    async def script():
        noted = Noted()
        said(one, "I am afraid")
        noted.turns.begin(one)
        await noted.until_quiet()

    run(script)
    assert texts(one) == ["I am afraid", "re: I am afraid"]
    assert "OSError" in caplog.text
    assert "afraid" not in caplog.text


def test_a_deletion_that_cannot_be_reported_is_reported_later(one, monkeypatch):
    monkeypatch.setattr(turns, "RETRY", 0.01)
    failures = iter([True, True])

    class Locked(Noted):
        async def _gone(self, conversation):
            if next(failures, False):
                raise OSError("locked")
            await super()._gone(conversation)

    assert run(lambda: say_and_wait(Locked(echo_to_a_deleted_one), one)).gone == [one]
