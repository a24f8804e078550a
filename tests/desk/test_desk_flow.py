"""Black box: a visitor asks for a person, and one comes, in a running pair of servers."""

import pytest
from visitor import Visitor


@pytest.fixture
def visitor(desk):
    return Visitor(desk.url, timezone="America/New_York", language="en-US", region="us")


def texts(messages, *senders):
    return [m["text"] for m in messages if m["sender"] in senders]


def test_a_visitor_is_offered_a_specialist_waits_is_claimed_talks_and_is_back(visitor, maria):
    offered = visitor.answer_to("I want to talk to a human")
    assert offered["data"]["type"] == "people"
    assert offered["data"]["live"]["open"]
    heard, seen = visitor.hear(), maria.hear()
    assert heard.next("handoff")["state"] == "bot"
    assert seen.next("queue") == {"waiting": []}

    asked = visitor.post("handoff", {"reason": "my dad's transplant", "consent": True})
    assert asked.status_code == 201, asked.text
    assert heard.next("handoff")["place"] == 1
    waiting = seen.next("queue")["waiting"][0]
    assert waiting["conversation"] == visitor.conversation
    assert waiting["asked"] == "I want to talk to a human"
    assert waiting["reason"] == "my dad's transplant"

    claimed = maria.claim(visitor)
    assert claimed.status_code == 200, claimed.text
    assert "human" in claimed.json()["messages"][0]["text"]
    live = heard.next("handoff")
    assert (live["state"], live["name"]) == ("live", "Maria")
    assert seen.next("chats")["chats"][0]["mine"]

    maria.say(visitor, "Hello, I'm Maria.")
    visitor.say("hi, thank you for coming")
    assert seen.next("message")["message"]["text"] == "Hello, I'm Maria."
    said = seen.next("message")
    assert said["message"]["text"] == "hi, thank you for coming"

    closed = maria.close(visitor, seen=said["message"]["id"])
    assert closed.status_code == 204, closed.text
    states = [heard.next("handoff")["state"]]
    while states[-1] != "bot":
        states.append(heard.next("handoff")["state"])
    history = visitor.history()
    assert history[-1]["data"] == {"type": "survey", "event": "back", "name": "Maria"}
    assert texts(history, "specialist") == ["Hello, I'm Maria."]
    assert visitor.answer_to("what is GVHD?")["data"]["type"] in ("article", "definition")
    again = visitor.answer_to("I want to talk to a human")
    assert "Maria" in again["text"]
