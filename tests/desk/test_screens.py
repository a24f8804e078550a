"""The safety screens in a live chat are those that the assistant shows."""

import asyncio

import pytest

from helpline.web.screens import Screens

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
