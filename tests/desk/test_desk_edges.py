"""Black box: what goes wrong around a live chat, in a running pair of servers."""

import sqlite3
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta, timezone

import pytest
import requests
from specialist import Specialist
from visitor import Visitor


@pytest.fixture
def visitor(desk):
    return Visitor(desk.url, timezone="America/New_York", language="en-US", region="us")


def change(file, statement, *values):
    with closing(sqlite3.connect(file, timeout=10)) as database, database:
        return database.execute(statement, values).rowcount


def ago(seconds):
    moment = datetime.now(timezone.utc) - timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


def ask(visitor, consent=True):
    response = visitor.post("handoff", {"consent": consent, "reason": None})
    assert response.status_code == 201, response.text


def talk(visitor, specialist, consent=True):
    ask(visitor, consent)
    assert specialist.claim(visitor).status_code == 200


def stands(visitor):
    stream = visitor.hear()
    try:
        return stream.next("handoff")
    finally:
        stream.close()


def until(stream, name, fits):
    while not fits(heard := stream.next(name)):
        pass
    return heard


def told(message, *events):
    return (message.get("data") or {}).get("event") in events


def texts(messages, sender):
    return [message["text"] for message in messages if message["sender"] == sender]


def same_on_both_sides(visitor, specialist):
    seen = specialist.open(visitor).json()["messages"]
    heard = visitor.history()
    assert [(m["id"], m["text"]) for m in seen] == [(m["id"], m["text"]) for m in heard]
    return heard


# The offer


def test_the_first_message_may_ask_for_a_human_and_the_phone_stands_beside_the_chat(visitor, maria):
    offered = visitor.answer_to("I want a human")
    assert offered["data"]["live"]["open"]
    assert any(way["kind"] == "phone" for way in offered["data"]["ways"])
    assert "1-800-227-2345" in offered["text"]


def test_without_anybody_at_the_desk_the_phone_is_offered_and_a_chat_is_not(desk, visitor):
    offered = visitor.answer_to("I want a human")
    assert not offered["data"]["live"]["open"]
    refused = visitor.post("handoff", {"consent": True})
    assert refused.status_code == 409
    assert "1-800-227-2345" in refused.json()["detail"]


def test_while_waiting_the_assistant_still_helps_and_one_can_leave_at_any_time(visitor, maria):
    ask(visitor)
    assert visitor.answer_to("what is GVHD?")["data"]["type"] in ("article", "definition")
    assert visitor.ask("DELETE", "handoff").json()["state"] == "bot"
    assert maria.claim(visitor).status_code == 409
    assert visitor.answer_to("hello")["sender"] == "bot"


def test_the_places_in_line_move_up(desk, maria):
    first, second = Visitor(desk.url), Visitor(desk.url)
    ask(first)
    ask(second)
    stream = second.hear()
    assert stream.next("handoff")["place"] == 2
    maria.claim(first)
    assert until(stream, "handoff", lambda s: s["place"] == 1)["state"] == "waiting"


# A live chat


def test_while_live_the_assistant_is_silent(visitor, maria):
    talk(visitor, maria)
    visitor.say("can my brother be my donor?")
    visitor.say("hello")
    time.sleep(2)
    assert texts(visitor.history(), "bot") == []


@pytest.mark.parametrize(
    ("text", "screen"),
    [("I can't breathe", "emergency"), ("I want to kill myself", "crisis")],
)
def test_while_live_a_safety_screen_shows_and_alerts_the_specialist(visitor, maria, text, screen):
    talk(visitor, maria)
    seen = maria.hear()
    visitor.say(text)
    alert = until(seen, "alerts", lambda a: a["alerts"])["alerts"][0]
    assert (alert["screen"], alert["mine"]) == (screen, True)
    shown = [m for m in visitor.history() if m["sender"] == "bot"]
    assert [m["data"]["screen"] for m in shown] == [screen]
    assert maria.post(f"alerts/{alert['id']}/acknowledge").status_code == 204
    assert maria.look("alerts") == []


def test_after_a_crisis_screen_in_a_live_chat_the_assistant_keeps_the_lines_in_sight(
    visitor, maria
):
    talk(visitor, maria)
    visitor.say("I want to kill myself")
    until(visitor.hear(), "message", lambda m: m["sender"] == "bot")
    assert maria.close(visitor).status_code == 204
    until(visitor.hear(), "message", lambda m: told(m, "back"))
    assert "988" in visitor.answer_to("can my brother be my donor?")["text"]


@pytest.mark.parametrize("text", ["/restart", "/greet", "/session_start"])
def test_a_command_that_a_visitor_types_is_a_message_for_the_specialist(visitor, maria, text):
    talk(visitor, maria)
    visitor.say(text)
    visitor.say("still here")
    time.sleep(1)
    heard = same_on_both_sides(visitor, maria)
    assert texts(heard, "visitor") == [text, "still here"]
    assert texts(heard, "bot") == []
    assert stands(visitor)["state"] == "live"


def test_rasas_own_session_may_expire_during_a_chat(desk, visitor, maria):
    visitor.answer_to("hello")
    talk(visitor, maria)
    two_hours = 2 * 3600
    moved = change(
        desk.conversations,
        "UPDATE events SET timestamp = timestamp - ? WHERE sender_id = ?",
        two_hours,
        visitor.conversation,
    )
    assert moved
    visitor.say("are you there?")
    time.sleep(1)
    assert texts(visitor.history(), "bot")[1:] == []
    maria.close(visitor)
    until(visitor.hear(), "message", lambda m: told(m, "back"))
    assert "Maria" in visitor.answer_to("I want to talk to a person")["text"]


def test_when_the_visitors_session_expires_the_chat_ends_and_the_specialist_sees_it(
    desk, visitor, maria
):
    talk(visitor, maria)
    seen = maria.hear()
    assert until(seen, "chats", lambda c: c["chats"])
    change(
        desk.database,
        "UPDATE conversations SET expires = ? WHERE id = ?",
        ago(1),
        visitor.conversation,
    )
    assert visitor.say("hello").status_code == 401
    assert until(seen, "chats", lambda c: not c["chats"]) == {"chats": []}
    assert maria.open(visitor).json()["handoffs"][-1]["outcome"] == "visitor_gone"


def test_a_second_tab_and_a_reload_stand_where_the_first_does(visitor, maria):
    talk(visitor, maria)
    first, second = visitor.hear(), visitor.hear()
    for stream in (first, second):
        assert stream.next("handoff")["name"] == "Maria"
    maria.say(visitor, "hello to all of you")
    for stream in (first, second, visitor.hear()):
        assert until(stream, "message", lambda m: m["sender"] == "specialist")
    other = Specialist(maria.server, "maria", new=False, presence="")
    assert other.look("chats")[0]["conversation"] == visitor.conversation


def test_of_two_specialists_who_click_at_once_one_gets_the_chat(visitor, maria, ann):
    ask(visitor)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda who: who.claim(visitor).status_code, (maria, ann)))
    assert sorted(answers) == [200, 409]
    assert [told(m, "claim") for m in visitor.history()].count(True) == 1


def test_both_see_the_other_typing(visitor, maria):
    talk(visitor, maria)
    heard, seen = visitor.hear(), maria.hear()
    assert seen.next("chats")
    heard.next("handoff")
    visitor.post("typing", {"typing": True})
    assert until(seen, "typing", lambda t: t["sender"] == "visitor")["typing"]
    maria.post(f"conversations/{visitor.conversation}/typing", {"typing": True})
    assert until(heard, "typing", lambda t: t["sender"] == "specialist")["typing"]


def test_a_visitor_who_deletes_everything_takes_the_chat_along(visitor, maria):
    talk(visitor, maria)
    seen = maria.hear()
    assert until(seen, "chats", lambda c: c["chats"])
    assert visitor.ask("DELETE", "conversation").status_code == 204
    assert until(seen, "chats", lambda c: not c["chats"]) == {"chats": []}
    assert maria.open(visitor).status_code == 404
    assert maria.say(visitor, "hello?").status_code == 404


@pytest.mark.parametrize("is_live", [True, False])
def test_whoever_deletes_everything_is_still_counted(desk, visitor, maria, boss, is_live):
    def figures():
        day = boss.get("figures?days=1").json()["days"][0]
        return day["asked"], day["handled"], day["cancelled"]

    asked, handled, cancelled = figures()
    talk(visitor, maria) if is_live else ask(visitor)
    assert visitor.ask("DELETE", "conversation").status_code == 204
    assert figures() == (asked + 1, handled + is_live, cancelled + (not is_live))


# Somebody is gone


def gone(desk, specialist, seconds=46):
    assert change(
        desk.database, "UPDATE specialists SET seen = ? WHERE id = ?", ago(seconds), specialist.id
    )


def up_for_a_while(desk):
    """A server takes nobody for lost in its first 45 seconds."""
    while time.time() - desk.started < 46:
        time.sleep(0.5)


def test_when_a_specialists_network_is_gone_the_visitor_is_told_and_has_their_old_place(
    desk, maria, ann
):
    first, second = Visitor(desk.url), Visitor(desk.url)
    ask(first)
    ask(second)
    assert maria.claim(first).status_code == 200
    assert first.say("my question").status_code == 202
    up_for_a_while(desk)
    stream = first.hear()
    gone(desk, maria)
    assert until(stream, "handoff", lambda s: s["lost"])["state"] == "live"
    change(desk.database, "UPDATE handoffs SET lost_at = ? WHERE holder = ?", ago(61), maria.id)
    assert until(stream, "handoff", lambda s: s["state"] == "waiting")["place"] == 1
    waiting = ann.look("queue")
    assert [w["conversation"] for w in waiting] == [first.conversation, second.conversation]
    assert (waiting[0]["returning"], waiting[0]["previous"]) == (True, "Maria")
    assert maria.say(first, "I'm back").status_code == 409
    assert ann.claim(first).status_code == 200
    assert "my question" in texts(ann.open(first).json()["messages"], "visitor")
    events = [m["data"]["event"] for m in first.history() if m["sender"] == "system"]
    assert events == ["ask", "claim", "lost", "grace_over", "claim"]


def test_a_specialist_who_is_back_in_time_goes_on(desk, visitor, maria):
    talk(visitor, maria)
    up_for_a_while(desk)
    stream = visitor.hear()
    gone(desk, maria)
    until(stream, "handoff", lambda s: s["lost"])
    assert maria.post("heartbeat").status_code == 204
    assert until(stream, "handoff", lambda s: not s["lost"])["state"] == "live"
    assert maria.say(visitor, "sorry, I'm back").status_code == 202


def test_a_visitor_who_is_gone_is_asked_first_and_then_the_chat_ends(desk, visitor, maria):
    talk(visitor, maria)
    maria.say(visitor, "are you all right?")
    stream = visitor.hear()
    change(
        desk.database,
        "UPDATE messages SET at = ? WHERE conversation = ? AND sender = 'specialist'",
        ago(8 * 60 + 1),
        visitor.conversation,
    )
    change(desk.database, "UPDATE handoffs SET held_since = ?", ago(9 * 60))
    until(stream, "message", lambda m: told(m, "visitor_idle"))
    assert stands(visitor)["state"] == "live"
    change(desk.database, "UPDATE handoffs SET warned_at = ?", ago(8 * 60 + 1))
    until(stream, "message", lambda m: told(m, "visitor_gone"))
    until(stream, "message", lambda m: told(m, "back"))
    assert stands(visitor)["survey"]


def test_when_nobody_comes_the_visitor_is_sent_to_the_phone_and_the_assistant_is_back(
    desk, visitor, maria
):
    ask(visitor)
    stream = visitor.hear()
    change(desk.database, "UPDATE handoffs SET waiting_since = ?", ago(10 * 60 + 1))
    sorry = until(stream, "message", lambda m: told(m, "nobody_came"))
    assert "1-800-227-2345" in sorry["text"]
    assert stands(visitor)["state"] == "bot"
    assert maria.look("queue") == []
    assert visitor.answer_to("hello")["sender"] == "bot"


# Restarts


@pytest.mark.parametrize("module", ["rasa_server", "action_server"])
def test_a_server_that_is_killed_in_a_live_chat_goes_on_where_it_was(desk, visitor, maria, module):
    visitor.answer_to("hello")
    talk(visitor, maria)
    maria.say(visitor, "before")
    visitor.say("also before")
    stream, page = visitor.hear(), maria.hear()
    # The answer to the first is lost, the others meet nobody. All are sent again, as they were.
    lost, mine, theirs = (str(uuid.uuid4()) for _ in range(3))
    visitor.say("one more thing", lost)
    desk.crash(module)
    with pytest.raises(requests.ConnectionError):
        visitor.say("meanwhile", mine)
    with pytest.raises(requests.ConnectionError):
        maria.say(visitor, "meanwhile", theirs)
    for heard in (stream, page):
        while heard.next("end", "message", "handoff", "status", "chats", "queue"):
            pass
    desk.start()
    assert visitor.say("one more thing", lost).json()["repeated"]
    for repeated in (False, True):
        assert visitor.say("meanwhile", mine).json()["repeated"] == repeated
        assert maria.say(visitor, "meanwhile", theirs).json()["repeated"] == repeated
    visitor.say("after")
    assert maria.say(visitor, "after").status_code == 202
    heard = same_on_both_sides(visitor, maria)
    expected = ["hello", "also before", "one more thing", "meanwhile", "after"]
    assert texts(heard, "visitor") == expected
    assert texts(heard, "specialist") == ["before", "meanwhile", "after"]
    assert len(texts(heard, "bot")) == 1
    assert stands(visitor)["name"] == "Maria"
    assert maria.look("chats")[0]["conversation"] == visitor.conversation
    assert maria.close(visitor).status_code == 204
    until(visitor.hear(), "message", lambda m: told(m, "back"))


def test_a_restart_between_the_end_of_a_chat_and_the_way_back_loses_nobody(desk, visitor, maria):
    talk(visitor, maria)
    desk.stop()
    change(
        desk.database,
        "UPDATE conversations SET state = 'closed' WHERE id = ?",
        visitor.conversation,
    )
    change(
        desk.database,
        "UPDATE handoffs SET ended_at = ?, outcome = 'close' WHERE conversation = ?",
        ago(0),
        visitor.conversation,
    )
    desk.start()
    until(visitor.hear(), "message", lambda m: told(m, "back"))
    assert visitor.answer_to("hello")["sender"] == "bot"


# Passing on


def test_a_chat_is_passed_on_with_the_visitor_told(visitor, maria, ann):
    talk(visitor, maria)
    seen = ann.hear()
    path = f"conversations/{visitor.conversation}/transfer"
    assert maria.post(path, {"to": ann.id, "note": "knows money"}).status_code == 204
    offered = until(seen, "chats", lambda c: c["chats"])["chats"][0]
    assert (offered["offered_to_me"], offered["mine"]) == (True, False)
    assert ann.say(visitor, "hello").status_code == 409
    accepted = ann.post(f"{path}/accept")
    assert accepted.status_code == 200
    assert accepted.json()["mine"]
    assert ann.say(visitor, "hello, I'm Ann").status_code == 202
    assert maria.look("chats") == []
    assert [m["name"] for m in visitor.history() if m["sender"] == "specialist"] == ["Ann"]


def test_a_note_a_tag_and_the_note_of_a_transfer_never_reach_the_visitor(visitor, maria, ann):
    talk(visitor, maria)
    secret = f"secret {uuid.uuid4()}"
    here = f"conversations/{visitor.conversation}"
    stream = visitor.hear()
    assert maria.post(f"{here}/notes", {"text": secret}).status_code == 201
    assert maria.put(f"{here}/tags", {"tags": [secret[:40]]}).status_code == 200
    assert maria.post(f"{here}/transfer", {"to": ann.id, "note": secret}).status_code == 204
    ann.post(f"{here}/transfer/accept")
    ann.close(visitor)
    everything = str(stream.messages(lambda heard: any(told(m, "back") for m in heard)))
    everything += str(visitor.history()) + str(stands(visitor))
    assert "Ann" in everything
    assert secret[:40] not in everything


def test_an_inserted_article_shows_its_sources_to_the_visitor(visitor, maria):
    talk(visitor, maria)
    assert maria.say(visitor, "", article="donor-sibling").status_code == 202
    shown = visitor.history()[-1]
    assert shown["name"] == "Maria"
    assert shown["data"]["article"] == "donor-sibling"
    assert shown["data"]["sources"]
    assert maria.open(visitor).json()["articles"][0]["article"] == "donor-sibling"
