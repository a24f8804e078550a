"""Black box: the web channel of a running pair of servers, asked as visitors' pages ask it."""

import asyncio
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import datetime, timedelta, timezone

import pytest
import requests
from running import REST_TOKEN, SITE
from visitor import Visitor, address

from helpline import settings
from helpline.web import channel, log, sessions

PROTECTED = [
    ("POST", "messages", {"id": "0b29d7a6-4a3e-4a52-9d3c-0d4c6f1c1a11", "text": "hello"}),
    ("GET", "stream", None),
    ("POST", "typing", {"typing": True}),
    ("POST", "feedback", {"message": 1, "helpful": True}),
    ("DELETE", "conversation", None),
]

protected = pytest.mark.parametrize(
    ("method", "path", "body"), PROTECTED, ids=[path for _, path, _ in PROTECTED]
)


@pytest.fixture
def visitor(server):
    return Visitor(server.url, timezone="America/New_York")


def change(file, statement, *values):
    with closing(sqlite3.connect(file, timeout=10)) as database, database:
        return database.execute(statement, values).fetchall()


def in_rasa(server, conversation):
    """Return the number of events in Rasa's own record."""
    query = "SELECT COUNT(*) FROM events WHERE sender_id = ?"
    return change(server.conversations, query, conversation)[0][0]


def in_log(server, conversation):
    """Return the number of messages and of conversations in the helpline's."""
    return tuple(
        change(server.database, f"SELECT COUNT(*) FROM {table} WHERE {column} = ?", conversation)[
            0
        ][0]
        for table, column in (("messages", "conversation"), ("conversations", "id"))
    )


def bot(messages):
    return [message for message in messages if message["sender"] == "bot"]


@contextmanager
def actions_held(server):
    """Let the action server hang: a turn that needs it does not end."""
    actions = server.child("action_server")
    os.kill(actions, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(actions, signal.SIGCONT)


def is_problem(response, status):
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert set(problem) == {"type", "title", "status", "detail"}
    assert problem["status"] == status
    assert "Traceback" not in response.text
    return True


# Sessions


def test_a_session_is_issued_with_a_notice_of_what_is_kept(visitor):
    assert visitor.begun.status_code == 201
    begun = visitor.begun.json()
    started, expires = (
        datetime.fromisoformat(begun[name].replace("Z", "+00:00"))
        for name in ("conversation_started", "expires")
    )
    assert expires - started == timedelta(hours=72)
    assert abs(datetime.now(timezone.utc) - started) < timedelta(minutes=1)
    assert any("not a doctor" in line for line in begun["notice"]["lines"])
    assert len(visitor.conversation) >= 22


def test_a_session_is_resumed_by_its_token_and_its_history_is_there(visitor):
    visitor.answer_to("can my brother be my donor?")
    resumed = visitor.post("sessions")
    assert resumed.status_code == 200
    assert resumed.json()["token"] == visitor.token
    assert [message["sender"] for message in visitor.history()] == ["visitor", "bot"]


@protected
def test_without_a_session_nothing_is_open(server, method, path, body):
    for shown in (
        None,
        "",
        "Bearer",
        "Bearer x",
        "Bearer a.b",
        "Basic dXNlcjpwYXNz",
        "Bearer \xff",
    ):
        response = requests.request(
            method,
            f"{server.url}/api/{path}",
            json=body,
            headers={"Authorization": shown} if shown is not None else {},
            timeout=10,
        )
        assert is_problem(response, 401)
        assert response.headers["WWW-Authenticate"] == "Bearer"


@protected
def test_a_forged_token_opens_nothing(visitor, method, path, body):
    id_, signature = visitor.token.split(".")
    for forged in (f"{id_}.{signature[::-1]}", f"{id_[::-1]}.{signature}", id_, f"{id_}."):
        visitor.token = forged
        assert is_problem(visitor.ask(method, path, json=body), 401)


@protected
def test_an_expired_token_opens_nothing(server, visitor, method, path, body):
    past = str(datetime.now(timezone.utc).replace(tzinfo=None) - timedelta(seconds=1))
    change(
        server.database,
        "UPDATE conversations SET expires = ? WHERE id = ?",
        past,
        visitor.conversation,
    )
    assert is_problem(visitor.ask(method, path, json=body), 401)


def test_with_an_expired_token_a_new_conversation_begins(server, visitor):
    change(
        server.database,
        "UPDATE conversations SET expires = '2026-01-01 00:00:00.000000' WHERE id = ?",
        visitor.conversation,
    )
    anew = visitor.post("sessions")
    assert anew.status_code == 201
    assert anew.json()["token"] != visitor.token


def test_the_stream_of_a_session_that_expires_ends(server, visitor):
    stream = visitor.hear()
    stream.next("status")
    change(
        server.database,
        "UPDATE conversations SET expires = '2026-01-01 00:00:00.000000' WHERE id = ?",
        visitor.conversation,
    )
    stream.next("end", within=30)


def test_nobody_chooses_their_own_conversation(server, visitor):
    for body in ({"id": "mine"}, {"conversation": "mine"}, {"sender": "mine"}):
        stranger = Visitor(server.url, **body)
        assert is_problem(stranger.begun, 400)


def test_visitors_do_not_hear_each_other(server, visitor):
    other = Visitor(server.url)
    stream = other.hear()
    visitor.answer_to("what is GVHD?")
    assert stream.rest() == []


# Messages


def test_a_question_is_answered_with_words_buttons_and_sources(visitor):
    answer = visitor.answer_to("can my brother be my donor?")
    assert answer["data"]["type"] == "article"
    assert answer["data"]["article"] == "donor-sibling"
    assert answer["data"]["sources"][0]["url"].startswith("https://")
    assert "body" not in answer["data"]
    assert "Sources:" not in answer["text"]
    assert {"title": "Talk to a person", "payload": "Talk to a person"} in answer["buttons"]


def test_a_message_posted_twice_is_stored_once_and_answered_once(visitor):
    id_ = str(uuid.uuid4())
    first, second = visitor.say("what is GVHD?", id_), visitor.say("what is GVHD?", id_)
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json()["id"] == second.json()["id"]
    assert (first.json()["repeated"], second.json()["repeated"]) == (False, True)
    visitor.answer_to("thanks")
    assert visitor.say("what is GVHD?", id_).json()["repeated"] is True
    history = visitor.history()
    assert [message["sender"] for message in history] == ["visitor", "bot"] * 2
    assert history[0]["client"] == id_


def test_a_message_posted_by_several_tabs_at_once_is_stored_once_and_answered_once(visitor):
    id_ = str(uuid.uuid4())
    with ThreadPoolExecutor(6) as tabs:
        posted = [tabs.submit(visitor.say, "what is GVHD?", id_) for _ in range(6)]
        assert len({post.result().json()["id"] for post in posted}) == 1
    visitor.hear().messages(lambda heard: len(heard) == 2)
    assert len(visitor.history()) == 2


def test_messages_are_answered_in_the_order_in_which_they_came(visitor):
    for text in ("what is GVHD?", "can I talk to someone?", "where does that come from?"):
        visitor.say(text)
    heard = visitor.hear().messages(lambda heard: len(bot(heard)) == 3)
    kinds = [message["data"]["type"] for message in bot(heard)]
    assert kinds == ["article", "people", "article"]


def test_a_conversation_carries_on(visitor):
    visitor.answer_to("Can my brother be my donor?")
    assert visitor.answer_to("tell me more")["data"]["article"] == "donor-sibling"


def test_signs_of_suicide_bring_the_crisis_screen_and_its_lines_stay(visitor):
    screen = visitor.answer_to("i want to kill myself")
    assert screen["data"] == {"type": "screen", "screen": "crisis"}
    assert "988" in screen["text"]
    assert "116 123" in screen["text"]
    answer = visitor.answer_to("can my brother be my donor?")
    assert answer["data"]["type"] == "article"
    assert "988" in answer["text"]
    assert "body" not in answer["data"]


def test_signs_of_an_emergency_bring_the_emergency_screen(visitor):
    screen = visitor.answer_to("he can't breathe")
    assert screen["data"] == {"type": "screen", "screen": "emergency", "tier": "call_911"}
    assert "911" in screen["text"]


def test_on_saturday_night_a_person_can_be_phoned_and_chat_opens_by_the_visitors_clock(visitor):
    answer = visitor.answer_to("can I talk to someone?")
    assert answer["data"]["type"] == "people"
    phone, chat = answer["data"]["ways"][:2]
    assert (phone["kind"], phone["open"], phone["tel"]) == ("phone", True, "+18002272345")
    assert (chat["kind"], chat["open"]) == ("chat", False)
    assert "Monday at 8:00 am your time" in chat["text"]


def test_the_country_that_a_site_names_counts(server):
    visitor = Visitor(server.url, region="uk")
    answer = visitor.answer_to("can I talk to someone?")
    assert answer["data"]["ways"][0]["contact"] in ("cruk", "macmillan")


@pytest.mark.parametrize("length", [10_000, 10_001])
def test_a_message_has_at_most_ten_thousand_characters(visitor, length):
    response = visitor.say("a" * length)
    if length > 10_000:
        assert is_problem(response, 413)
        assert visitor.history() == []
    else:
        assert response.status_code == 202


def test_a_request_beyond_all_measure_is_refused(visitor):
    assert is_problem(visitor.ask("POST", "messages", data=b"a" * 1_000_000), 413)


@pytest.mark.parametrize(
    "text",
    [" ", "\x00\x01", "\ud800", "😀", "<script>alert(1)</script>", "'; DROP TABLE messages --"],
)
def test_any_text_is_answered_and_comes_back_as_it_was(visitor, text):
    answer = visitor.answer_to(text)
    assert answer["text"]
    shown = visitor.history()[0]["text"]
    assert shown == text.replace("\ud800", "\ufffd")


# Slashes


@pytest.mark.parametrize(
    "command", ["/restart", " /restart", "//too_long", "/ /too_long", "/session_start", "/too_long"]
)
def test_a_command_that_was_not_offered_is_text_like_any_other(visitor, command):
    visitor.answer_to("Can my brother be my donor?")
    assert "more than I can take in at once" not in visitor.answer_to(command)["text"]
    again = visitor.answer_to("tell me more")
    assert again["data"]["article"] == "donor-sibling", "the conversation is still there"


def offer(server, visitor, payload):
    """Let the assistant have offered a button with this payload."""
    body = {"text": "?", "buttons": [{"title": "Press me", "payload": payload}]}
    change(
        server.database,
        "INSERT INTO messages (conversation, sender, at, body, handled, rated) "
        "VALUES (?, 'bot', '2026-11-22 00:00:00.000000', ?, 1, 0)",
        visitor.conversation,
        json.dumps(body),
    )


def test_a_command_that_was_offered_as_a_button_is_obeyed(server, visitor):
    offer(server, visitor, "/too_long")
    assert "more than I can take in at once" in visitor.answer_to("/too_long")["text"]


def test_an_offered_command_is_obeyed_to_the_letter_and_here_alone(server, visitor):
    offer(server, visitor, "/too_long")
    other = Visitor(server.url)
    for who, text in ((visitor, "//too_long"), (visitor, " /too_long"), (other, "/too_long")):
        assert "more than I can take in at once" not in who.answer_to(text)["text"]


# Where the assistant has nothing to say


def told(monkeypatch, on_new_message):
    """Return what is said to a message that Rasa meets like this."""
    monkeypatch.setattr(channel, "ANSWER_WITHIN", 0.1)
    web = channel.Web()
    web.blueprint(on_new_message)
    conversation = sessions.begin(datetime.now(timezone.utc)).conversation
    message, _ = log.say(conversation, "I am afraid", "a", datetime.now(timezone.utc))
    return asyncio.run(web._ask(message))


async def says_nothing(message):
    return None


async def fails(message):
    raise RuntimeError(message.text)


async def hangs(message):
    await asyncio.sleep(60)


@pytest.mark.parametrize("rasa", [says_nothing, fails, hangs])
def test_where_rasa_has_no_answer_there_is_a_number_to_phone(database, monkeypatch, caplog, rasa):
    replies = told(monkeypatch, rasa)
    assert len(replies) == 1
    assert "1-800-227-2345" in replies[0]["text"]
    assert "911" in replies[0]["text"]
    assert "afraid" not in caplog.text


def test_what_rasa_said_before_it_failed_is_not_lost(database, monkeypatch):
    async def speaks_then_fails(message):
        await message.output_channel.send_response(message.sender_id, {"text": "Call 911."})
        raise RuntimeError

    assert told(monkeypatch, speaks_then_fails) == [{"text": "Call 911."}]


# Who holds the conversation


@pytest.mark.parametrize("state", ["bot", "waiting"])
def test_the_assistant_answers_as_long_as_no_specialist_holds_the_conversation(
    server, visitor, state
):
    change(
        server.database,
        "UPDATE conversations SET state = ? WHERE id = ?",
        state,
        visitor.conversation,
    )
    assert visitor.answer_to("what is GVHD?")["data"]["article"] == "gvhd-what"


def test_where_a_specialist_holds_the_conversation_the_assistant_is_silent(server, visitor):
    change(
        server.database,
        "UPDATE conversations SET state = 'live' WHERE id = ?",
        visitor.conversation,
    )
    visitor.say("what is GVHD?")
    assert [message["sender"] for message in visitor.hear().rest(1)] == ["visitor"]
    assert in_rasa(server, visitor.conversation) == 0


# Streams


def test_two_tabs_hear_the_same(visitor):
    tabs = [visitor.hear(), visitor.hear()]
    visitor.say("can my brother be my donor?")
    one, two = (tab.messages(lambda heard: len(heard) == 2) for tab in tabs)
    assert one == two
    assert [message["sender"] for message in one] == ["visitor", "bot"]


def test_a_stream_goes_on_after_the_message_heard_last(visitor):
    visitor.answer_to("what is GVHD?")
    first, second = visitor.history()
    assert visitor.hear(after=first["id"]).rest() == [second]
    assert visitor.hear(after=second["id"]).rest() == []
    assert visitor.hear(after=0, Last_Event_ID=str(first["id"])).rest() == [second]
    assert visitor.hear(after=second["id"], Last_Event_ID="0").rest() == [first, second]


def test_after_a_cut_nothing_is_lost_and_nothing_doubled(visitor):
    heard = []
    for question in ("what is GVHD?", "tell me more", "say it simpler"):
        stream = visitor.hear(after=heard[-1]["id"] if heard else 0)
        visitor.say(question)
        heard += stream.messages(lambda new: len(new) >= 1)
        stream.close()
    heard += visitor.hear(after=heard[-1]["id"]).rest(1.5)
    assert heard == visitor.history()
    assert len(heard) == 6


def test_the_ids_of_a_stream_rise(visitor):
    for question in ("hello", "what is GVHD?", "thanks"):
        visitor.answer_to(question)
    ids = [message["id"] for message in visitor.history()]
    assert ids == sorted(set(ids))


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "9" * 30])
def test_what_is_no_message_cannot_have_been_heard_last(visitor, after):
    assert is_problem(visitor.ask("GET", f"stream?after={after}"), 400)
    assert is_problem(visitor.ask("GET", "stream", headers={"Last-Event-ID": after}), 400)


def test_a_stream_begins_with_the_status_of_the_visitors_clock(visitor):
    status = visitor.hear().next("status")
    assert "Monday at 8:00 am your time" in status["banner"]
    asked = visitor.ask("GET", "status?timezone=America/New_York").json()
    assert asked == status


def test_the_assistant_is_seen_typing_until_it_has_answered(server, visitor):
    stream = visitor.hear()
    visitor.say("can I talk to someone?")
    assert stream.next("typing") == {"sender": "bot", "typing": True}
    assert stream.next("message")["sender"] == "bot"
    assert stream.next("typing") == {"sender": "bot", "typing": False}


def test_other_tabs_are_told_that_the_visitor_is_typing(visitor):
    stream = visitor.hear()
    assert visitor.post("typing", {"typing": True}).status_code == 204
    assert stream.next("typing") == {"sender": "visitor", "typing": True}


def test_one_conversation_has_only_so_many_streams_and_a_closed_one_makes_room(visitor):
    streams = [visitor.hear() for _ in range(10)]
    for stream in streams:
        stream.next("status")
    refused = visitor.ask("GET", "stream", stream=True)
    assert is_problem(refused, 429)
    assert int(refused.headers["Retry-After"]) > 0
    streams[0].close()
    for _ in range(50):
        if visitor.ask("GET", "stream", stream=True).status_code == 200:
            return
        time.sleep(0.1)
    pytest.fail("a stream that its tab has closed is still counted")


# Feedback


def test_a_verdict_counts_once_and_is_kept_without_the_conversation(server, visitor):
    answer = visitor.answer_to("can my brother be my donor?")
    before = change(server.database, "SELECT COUNT(*) FROM feedback")[0][0]
    for helpful in (False, True, True):
        body = {"message": answer["id"], "helpful": helpful}
        assert visitor.post("feedback", body).status_code == 204
    rows = change(server.database, "SELECT article, verdict FROM feedback")
    assert len(rows) == before + 1
    assert rows[-1] == ("donor-sibling", "not helpful")
    assert visitor.history()[-1]["rated"] is True


def test_only_answers_of_this_conversation_can_be_rated(server, visitor):
    answer = visitor.answer_to("can my brother be my donor?")
    other = Visitor(server.url)
    for who, message in ((other, answer["id"]), (visitor, answer["id"] - 1), (visitor, 10**9)):
        assert is_problem(who.post("feedback", {"message": message, "helpful": True}), 404)


# End and delete


def test_end_and_delete_deletes_everything_in_both_databases(server, visitor):
    unusual = f"quixotic {uuid.uuid4().hex}"
    visitor.answer_to(f"can my brother be my donor? {unusual}")
    said, sessions = in_log(server, visitor.conversation)
    assert (said > 1, sessions) == (True, 1)
    assert in_rasa(server, visitor.conversation) > 0

    assert visitor.ask("DELETE", "conversation").status_code == 204

    assert in_log(server, visitor.conversation) == (0, 0)
    assert in_rasa(server, visitor.conversation) == 0
    for file in server.database.parent.iterdir():
        if file.is_file():
            assert unusual.encode() not in file.read_bytes(), file.name
    assert is_problem(visitor.say("hello"), 401)
    assert visitor.post("sessions").status_code == 201, "a new conversation, not the old one"


def test_the_other_tabs_are_told_and_their_streams_end(visitor):
    tab = visitor.hear()
    tab.next("status")
    visitor.ask("DELETE", "conversation")
    assert tab.next("deleted") == {}
    tab.next("end")


def test_deleting_one_conversation_leaves_the_others(server, visitor):
    other = Visitor(server.url)
    other.answer_to("what is GVHD?")
    visitor.answer_to("what is GVHD?")
    visitor.ask("DELETE", "conversation")
    assert len(other.history()) == 2
    assert in_rasa(server, other.conversation) > 0


def test_a_conversation_deleted_while_it_is_answered_leaves_nothing(server, visitor):
    visitor.answer_to("what is GVHD?")
    with actions_held(server):
        visitor.say("can I talk to someone?")
        time.sleep(0.5)
        began = time.perf_counter()
        assert visitor.ask("DELETE", "conversation").status_code == 204
        assert time.perf_counter() - began < 3
    time.sleep(1)
    assert in_log(server, visitor.conversation) == (0, 0)
    assert in_rasa(server, visitor.conversation) == 0


# Retention


def age(server, visitor, days):
    then = datetime.now(timezone.utc).replace(tzinfo=None) - timedelta(days=days)
    change(
        server.database,
        "UPDATE conversations SET created = ? WHERE id = ?",
        str(then),
        visitor.conversation,
    )


def test_the_command_forgets_what_is_old_and_open_tabs_are_told(server, visitor):
    young = Visitor(server.url)
    young.answer_to("what is GVHD?")
    visitor.answer_to("what is GVHD?")
    age(server, visitor, 31)
    tab = visitor.hear()
    tab.next("status")
    done = subprocess.run(
        [sys.executable, "-m", "helpline", "forget"],
        cwd=settings.ROOT,
        env=server.environment,
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.stderr) == ("1 conversation deleted.\n", "")
    assert in_log(server, visitor.conversation) == (0, 0)
    assert in_rasa(server, visitor.conversation) == 0
    assert len(young.history()) == 2
    assert in_rasa(server, young.conversation) > 0
    assert tab.next("deleted", within=30) == {}


# Limits


def test_who_sends_too_much_is_told_when_to_go_on(visitor):
    statuses = []
    for _ in range(8):
        response = visitor.say("hello")
        statuses.append(response.status_code)
    assert statuses == [202] * 6 + [429] * 2
    assert is_problem(response, 429)
    assert 1 <= int(response.headers["Retry-After"]) <= 11
    assert response.headers["Retry-After"] in response.json()["detail"]


def test_many_sessions_do_not_get_around_the_limit_of_their_address(server):
    shared = address()
    statuses = []
    for _ in range(10):
        visitor = Visitor(server.url)
        visitor.address = shared
        statuses += [visitor.post("messages", None).status_code for _ in range(1)]
        for _ in range(6):
            statuses.append(visitor.say("hello").status_code)
    assert statuses.count(202) == 60


def test_an_address_begins_only_so_many_sessions(server):
    shared = {"X-Forwarded-For": address()}
    statuses = []
    for _ in range(12):
        response = requests.post(f"{server.url}/api/sessions", json={}, headers=shared, timeout=10)
        statuses.append(response.status_code)
    assert statuses == [201] * 10 + [429] * 2
    assert is_problem(response, 429)


def test_nobody_gets_another_address_by_saying_so(server):
    last = address()
    statuses = [
        requests.post(
            f"{server.url}/api/sessions",
            json={},
            # What the visitor claims stands before what our own proxy adds.
            headers={"X-Forwarded-For": f"{address()}, {last}"},
            timeout=10,
        ).status_code
        for _ in range(12)
    ]
    assert statuses.count(201) == 10


# Origins and headers


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost", "", SITE])
def test_pages_of_another_origin_are_refused(server, visitor, origin):
    for method, path, body in [("GET", "status", None), ("POST", "sessions", {}), *PROTECTED]:
        response = visitor.ask(method, path, json=body, headers={"Origin": origin})
        assert is_problem(response, 403), path
        assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_the_helplines_own_pages_are_not(server, visitor, host):
    origin = {"Origin": f"http://{host}:{server.port}"}
    assert visitor.ask("GET", "status", headers=origin).status_code == 200
    assert visitor.ask("POST", "typing", json={"typing": True}, headers=origin).status_code == 204


def test_no_other_page_may_read_an_answer_of_the_api(server, visitor):
    for method, path in (("OPTIONS", "messages"), ("OPTIONS", "status"), ("GET", "status")):
        response = requests.request(
            method,
            f"{server.url}/api/{path}",
            headers={
                "Origin": "https://evil.example",
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "authorization",
            },
            timeout=10,
        )
        assert "Access-Control-Allow-Origin" not in response.headers


ANYTHING = [
    ("GET", "/api/status"),
    ("GET", "/api/openapi.json"),
    ("GET", "/api/stream"),
    ("PUT", "/api/status"),
    ("GET", "/api/nothing"),
    ("GET", "/nothing"),
    ("GET", "/widget/nothing.js"),
    ("POST", "/api/messages"),
    ("POST", "/webhooks/rest/webhook"),
    ("GET", "/"),
    ("GET", "/chat"),
    ("GET", "/widget/loader.js"),
]


@pytest.mark.parametrize(("method", "path"), ANYTHING)
def test_every_response_has_the_headers_that_keep_it_to_itself(server, method, path):
    response = requests.request(method, f"{server.url}{path}", timeout=10)
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    private = path.startswith(("/api", "/webhooks")) or not response.ok
    assert response.headers["Cache-Control"] == ("no-store" if private else "no-cache")
    if not response.ok:
        assert is_problem(response, response.status_code)


def test_the_stream_is_neither_stored_nor_held_back(visitor):
    response = visitor.ask("GET", "stream", stream=True)
    assert response.headers["Content-Type"] == "text/event-stream"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Accel-Buffering"] == "no"


def test_only_the_sites_that_are_set_may_show_the_chat(server):
    page = requests.get(f"{server.url}/chat", timeout=10)
    assert page.status_code == 200
    assert page.headers["Content-Security-Policy"].endswith(f"frame-ancestors 'self' {SITE}")
    assert "X-Frame-Options" not in page.headers


def test_the_demo_page_is_where_the_terminal_says(server):
    page = requests.get(server.url, timeout=10)
    assert page.status_code == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")


def test_any_site_may_load_the_files_of_the_widget(server):
    loader = requests.get(f"{server.url}/widget/loader.js", timeout=10)
    assert loader.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert loader.headers["Access-Control-Allow-Origin"] == "*"
    assert loader.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def raw(server, request):
    """Send bytes and return what comes back."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(request)
        connection.settimeout(5)
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
            head, _, body = answer.partition(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head)
            if length and len(body) >= int(length[1]):
                break
    return answer


@pytest.mark.parametrize(
    "path",
    ["/widget/../pyproject.toml", "/widget/..%2fpyproject.toml", "/widget/%2e%2e/var/helpline.db"],
)
def test_nothing_outside_the_widget_is_served(server, path):
    answer = raw(server, f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 404")


@pytest.mark.parametrize(
    "request_",
    [
        b"nonsense\r\n\r\n",
        b"GET /api/status HTTP/9\r\n\r\n",
        b"POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
        b"GET /api/status?timezone=%ff%00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /api/status HTTP/1.1\r\nHost: x\r\nOrigin: \xff\xfe\r\n\r\n",
        b"GET /api/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xff.\xfe\r\n\r\n",
        b"GET /widget/%ff%00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
    ids=lambda request_: request_[:40].decode("latin-1").split("\r")[0],
)
def test_a_broken_request_gets_no_traceback_and_is_not_called_our_fault(server, request_):
    answer = raw(server, request_)
    assert b"Traceback" not in answer
    assert b" 500 " not in answer.split(b"\r\n")[0]


# The REST channel


def test_the_rest_channel_is_locked_where_visitors_could_reach_it(server):
    body = {"sender": "me", "message": "what is GVHD?"}
    url = f"{server.url}/webhooks/rest/webhook"
    assert is_problem(requests.post(url, json=body, timeout=10), 401)
    shown = {"Authorization": f"Bearer {REST_TOKEN}"}
    assert requests.post(url, json=body, headers=shown, timeout=10).json()[0]["text"]
    elsewhere = {**shown, "Origin": "https://elsewhere.example"}
    assert is_problem(requests.post(url, json=body, headers=elsewhere, timeout=10), 403)


@pytest.mark.parametrize("path", ["/conversations/x/tracker", "/model", "/version", "/domain"])
def test_rasas_own_api_is_off(server, path):
    assert requests.get(f"{server.url}{path}", timeout=10).status_code == 404


# Restarts


def test_what_was_unanswered_at_a_crash_is_answered_once_after_the_start(server, visitor):
    visitor.answer_to("what is GVHD?")
    heard = visitor.history()
    forgotten = Visitor(server.url)
    forgotten.answer_to("what is GVHD?")
    age(server, forgotten, 31)
    with actions_held(server):
        visitor.say("can I talk to someone?")
        time.sleep(0.5)
        stream = visitor.hear(after=heard[-1]["id"])
        assert stream.next("message")["sender"] == "visitor"
        os.kill(server.child("rasa_server"), signal.SIGKILL)
        stream.next("end")
    server.process.wait(30)
    assert in_log(server, visitor.conversation) == (3, 1)

    server.start()

    after = visitor.hear(after=heard[-1]["id"]).messages(lambda new: len(bot(new)) >= 1)
    assert [message["sender"] for message in after] == ["visitor", "bot"]
    assert after[1]["data"]["type"] == "people"
    assert visitor.hear(after=after[1]["id"]).rest(1.5) == []
    assert visitor.history() == [*heard, *after], "nothing lost, nothing doubled"
    assert visitor.answer_to("tell me more")["data"]["article"] == "gvhd-what"
    # And what had become too old meanwhile was deleted, without being asked to.
    assert in_log(server, forgotten.conversation) == (0, 0)
    assert in_rasa(server, forgotten.conversation) == 0


def test_a_session_outlives_an_orderly_restart_with_a_stream_open(server, visitor):
    stream = visitor.hear()
    visitor.say("what is GVHD?")
    heard = stream.messages(lambda heard: len(heard) == 2)
    began = time.perf_counter()
    server.stop()
    assert time.perf_counter() - began < 10, "open streams do not hold it up"
    stream.next("end")
    server.start()
    assert visitor.post("sessions").status_code == 200
    assert visitor.history() == heard
    visitor.answer_to("tell me more")
    assert len(visitor.history()) == 4


# Privacy


def test_the_log_holds_nothing_that_visitors_wrote_and_nothing_that_names_them(server, visitor):
    unusual = "zugzwang"
    visitor.answer_to(f"what about {unusual}")
    visitor.say(unusual * 2_000)
    visitor.ask("POST", "messages", data=unusual.encode())
    visitor.ask("GET", f"stream?after={unusual}")
    visitor.ask("DELETE", "conversation")
    said = server.log.read_text()
    assert "answers at" in said
    for trace in (
        unusual,
        "GVHD",
        "brother",
        "kill myself",
        "198.18.",
        "127.0.0.1",
        visitor.conversation,
        visitor.token.split(".")[1],
        "Traceback",
        "GET ",
        "POST ",
    ):
        assert trace not in said, trace
