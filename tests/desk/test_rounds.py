"""The rounds: what has come due happens once, by whichever server is first."""

import asyncio
from datetime import timedelta

import pytest
from people import BEGIN, KNOWLEDGE, conversations, events, moment, specialist, stands, visitor

from helpline import settings
from helpline.desk.rounds import Rounds

CLOSED = "2026-11-18T18:30:00-06:00"
OPEN = "2026-11-18T18:29:00-06:00"


@pytest.fixture
def told():
    return {"changed": [], "moved": [], "back": []}


@pytest.fixture
def rounds(database, told):
    async def hand_back(conversation):
        told["back"].append(conversation)
        conversations().back(conversation, moment())

    made = Rounds(
        KNOWLEDGE, conversations(), told["changed"].append, told["moved"].append, hand_back
    )
    made._up_since = BEGIN - timedelta(days=1)
    return made


def go_round(rounds, at=None):
    async def run():
        await rounds.once(at or moment())
        await asyncio.gather(*rounds._handing_back.values())

    asyncio.run(run())


def test_at_closing_time_who_waits_is_told_and_who_talks_goes_on(rounds, told, monkeypatch):
    people, maria = conversations(), specialist()
    waits, talks = visitor(), visitor()
    for one in (waits, talks):
        people.ask(one, moment(), None, True)
    people.claim(talks, maria.id, moment())
    monkeypatch.setattr(settings, "NOW", OPEN)
    go_round(rounds)
    assert (stands(waits).state, stands(talks).state) == ("waiting", "live")
    monkeypatch.setattr(settings, "NOW", CLOSED)
    go_round(rounds)
    assert (stands(waits).state, stands(talks).state) == ("bot", "live")
    assert events(waits) == ["ask", "closing_time"]
    assert told["changed"] == [waits]


def test_two_servers_do_it_once(rounds, monkeypatch):
    one = visitor()
    conversations().ask(one, moment(), None, True)
    monkeypatch.setattr(settings, "NOW", CLOSED)
    at = moment()
    seen = rounds._look(at)
    assert rounds._pass_time(seen, at) == [one]
    assert rounds._pass_time(seen, at) == []
    assert events(one) == ["ask", "closing_time"]


def test_what_has_ended_is_handed_back(rounds, told, monkeypatch):
    monkeypatch.setattr(settings, "NOW", OPEN)
    people, maria, one = conversations(), specialist(), visitor()
    people.ask(one, moment(), None, True)
    people.claim(one, maria.id, moment())
    people.close(one, maria.id, "answered", 999, moment())
    go_round(rounds)
    assert told["back"] == [one]
    assert stands(one).state == "bot"
    go_round(rounds)
    assert told["back"] == [one]


def test_one_conversation_that_is_busy_or_fails_stops_no_other(rounds, told, monkeypatch):
    monkeypatch.setattr(settings, "NOW", OPEN)
    people, maria = conversations(), specialist()
    busy, failing, other = visitor(), visitor(), visitor()
    for one in (busy, failing, other):
        people.ask(one, moment(), None, True)
        people.claim(one, maria.id, moment())
        people.close(one, maria.id, "answered", 999, moment())

    async def hand_back(conversation):
        told["back"].append(conversation)
        if conversation == busy:
            await asyncio.sleep(3600)
        if conversation == failing:
            raise OSError
        people.back(conversation, moment())

    rounds._hand_back = hand_back

    async def run():
        for _ in range(2):
            await asyncio.wait_for(rounds.once(moment()), 5)
            await asyncio.sleep(0.05)

    asyncio.run(run())
    assert stands(other).state == "bot"
    # What has failed is tried again, what is under way is not begun anew.
    assert [told["back"].count(one) for one in (busy, failing, other)] == [1, 2, 1]


def test_who_waits_is_told_when_the_line_moves(rounds, told, monkeypatch):
    monkeypatch.setattr(settings, "NOW", OPEN)
    people = conversations()
    first, second = visitor(), visitor()
    people.ask(first, moment(), None, True)
    people.ask(second, moment(), None, True)
    go_round(rounds)
    go_round(rounds)
    people.cancel(first, moment())
    go_round(rounds)
    assert told["moved"] == [[first, second], [second]]


def test_a_specialist_who_is_gone_loses_the_chat_after_a_grace_time(rounds, monkeypatch):
    monkeypatch.setattr(settings, "NOW", OPEN)
    people, maria, one = conversations(), specialist(), visitor()
    begun = moment()
    people.ask(one, begun, None, True)
    people.claim(one, maria.id, begun)
    for seconds, expected in ((44, []), (46, ["lost"]), (100, ["lost"]), (107, None)):
        go_round(rounds, begun + timedelta(seconds=seconds))
        expected = ["lost", "grace_over"] if expected is None else expected
        assert events(one)[2:] == expected
    assert stands(one).state == "waiting"
