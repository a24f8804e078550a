"""The safety screens in a live chat are those that the assistant shows."""

import asyncio

import pytest
from people import conversations, moment, said, say, specialist, visitor
from rasa.core.agent import Agent

from helpline.desk.board import snapshot
from helpline.web.limits import Limits
from helpline.web.people import People
from helpline.web.screens import Screens
from helpline.web.stream import Streams

ALARMING = [
    "I want to kill myself",
    "I can't breathe",
    "his temp is 38.4",
    "took all my pills to die",
]
HARMLESS = [
    "hello",
    "can my brother be my donor",
    "/restart",
    "",
    "\N{CRYING FACE}",
    "ok",
    "x" * 3000,
]


@pytest.fixture(scope="module")
def screens(assistant):
    return Screens(assistant._agent, "web")


def shown(screens, text):
    return asyncio.run(screens.shown_for("one", text))


@pytest.mark.parametrize("text", ALARMING)
def test_what_the_assistant_takes_for_an_alarm_is_one_in_a_live_chat(assistant, screens, text):
    usual = assistant.talk([text])[0].said
    found = shown(screens, text)
    assert [one["data"] for one in found] == [one["custom"] for one in usual if "custom" in one]
    # This channel of Rasa's sends each paragraph by itself.
    assert found[0]["text"] == "\n\n".join(one["text"] for one in usual if "text" in one)


@pytest.mark.parametrize("text", HARMLESS)
def test_nothing_else_is_said(screens, text):
    assert shown(screens, text) == []


def test_what_cannot_be_screened_alerts_the_specialist_once_and_says_nothing(database):
    one, maria = visitor(), specialist()
    conversations().ask(one, moment(), None, True)
    conversations().claim(one, maria.id, moment())
    message = say(one, "I want to die")
    people = People(Streams(), Limits(), None, None, None, None)
    # No model is loaded: whatever is asked of it fails.
    people._screens = Screens(Agent(), "web")
    before = said(one)
    for _ in range(2):
        assert asyncio.run(people.screens_for(message)) == []
    (alert,) = snapshot(maria, moment())["alerts"]["alerts"]
    assert (alert["screen"], alert["message"], alert["mine"]) == ("unscreened", message.id, True)
    assert said(one) == before
