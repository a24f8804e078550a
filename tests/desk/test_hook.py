"""Black box: a desk elsewhere and a running pair of servers, each with signed requests."""

import json
import time
import uuid

import pytest
import requests
from conftest import WEDNESDAY_MORNING
from running import WITHOUT_LIMITS, Running
from test_desk_elsewhere import SECRET, Elsewhere
from visitor import PATIENCE, Visitor

from helpline.desk.signature import headers


class Bridge(Elsewhere):
    """A desk elsewhere that also tells what its people do."""

    def __init__(self):
        super().__init__(refuse=0)

    def tell(self, helpline, event, conversation=None, id_=None, secret=SECRET, **more):
        told = {"id": id_ or str(uuid.uuid4()), "event": event, **more}
        if conversation:
            told["conversation"] = conversation
        body = json.dumps(told).encode()
        signed = headers(secret, int(time.time()), body)
        return requests.post(f"{helpline}/desk/hook", data=body, headers=signed, timeout=PATIENCE)

    def heard(self, event, conversation):
        """Return the first event of this name, once it has come."""
        for _ in range(PATIENCE * 10):
            for told in list(self.kept):
                if (told["event"], told["conversation"]) == (event, conversation):
                    return told
            time.sleep(0.1)
        raise AssertionError(f"no {event} in {self.kept}")


@pytest.fixture(scope="module")
def bridge():
    bridge = Bridge()
    yield bridge
    bridge.shutdown()


@pytest.fixture(scope="module")
def helpline(trained, bridge, tmp_path_factory):
    running = Running(
        tmp_path_factory.mktemp("hook"),
        HELPLINE_NOW=WEDNESDAY_MORNING,
        HELPLINE_DESK_WEBHOOK=bridge.url,
        HELPLINE_DESK_WEBHOOK_SECRET=SECRET,
        **WITHOUT_LIMITS,
    )
    running.start()
    yield running.url
    running.stop()


@pytest.fixture
def one(helpline, bridge):
    assert bridge.tell(helpline, "presence", available=True, capacity=50).status_code == 200
    one = Visitor(helpline)
    assert one.post("handoff", {"consent": True, "reason": "my dad"}).status_code == 201
    yield one
    one.ask("DELETE", "conversation")


def test_a_chat_with_a_desk_elsewhere_from_the_asking_to_the_way_back(helpline, bridge, one):
    def tell(event, **more):
        response = bridge.tell(helpline, event, one.conversation, **more)
        assert response.status_code == 200, response.text
        return response.json()

    assert bridge.heard("ask", one.conversation)["reason"] == "my dad"
    stream = one.hear()
    claim = {"id_": str(uuid.uuid4()), "name": "Ann"}
    assert tell("claim", **claim) == {"repeated": False}
    while (stands := stream.next("handoff", within=5))["state"] != "live":
        pass
    assert stands["name"] == "Ann"
    assert tell("claim", **claim) == {"repeated": True}

    tell("typing", typing=True)
    assert stream.next("typing", within=5) == {"sender": "specialist", "typing": True}
    hello = {"id_": str(uuid.uuid4()), "text": "hello, I'm Ann"}
    assert [tell("message", **hello)["repeated"] for _ in range(2)] == [False, True]
    while (said := stream.next("message", within=5))["sender"] != "specialist":
        pass
    assert (said["text"], said["name"]) == ("hello, I'm Ann", "Ann")

    assert one.say("how are you?").status_code == 202
    assert bridge.heard("message", one.conversation)["message"]["text"] == "how are you?"
    # It is written down as told in the moment after that.
    time.sleep(1)
    assert tell("close", reason="answered") == {"repeated": False}
    while (stream.next("message", within=10).get("data") or {}).get("event") != "back":
        pass
    assert [m["text"] for m in one.history() if m["sender"] == "specialist"] == [hello["text"]]


def test_what_it_may_not_or_cannot_do_is_refused(helpline, bridge, one):
    def status(event, conversation=one.conversation, **more):
        return bridge.tell(helpline, event, conversation, **more).status_code

    assert status("claim", secret="a guess") == 401
    assert status("claim", "no such conversation") == 404
    assert status("message", text="hello") == 409
    assert status("message", text="") == 400
    assert status("typing", typing=True) == 200
    assert one.history()[-1]["data"]["event"] == "ask"
