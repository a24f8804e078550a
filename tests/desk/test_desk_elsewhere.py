"""A desk elsewhere: told everything in order and once, signed, retried; and heard likewise."""

import asyncio
import json
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from people import conversations, events, moment, said, say, specialist, stands, visitor

from helpline import settings
from helpline.desk import outbox, webhook
from helpline.desk import specialists as accounts
from helpline.desk.signature import SIGNATURE, TIMESTAMP, headers, is_genuine, sign
from helpline.desk.states import Refused
from helpline.desk.webhook import WebhookDesk
from helpline.web import log

SECRET = "known to both sides and to nobody else"


def hear(event, conversation=None, id_=None, **more):
    told = {"id": id_ or str(uuid.uuid4()), "event": event, "conversation": conversation, **more}
    return webhook.hear(conversations(), told, moment())


def be_there(capacity=5):
    hear("presence", available=True, capacity=capacity)


@pytest.fixture
def asked(database):
    one = visitor(language="en-US")
    log.answer(say(one, "is anybody there"), [{"text": "yes"}], moment())
    conversations().ask(one, moment(), "my dad", True)
    return one


def untold(conversation=None):
    return [item for items in outbox.pending(moment()) for item in items]


def bodies():
    return [item.body for item in untold()]


def note_all():
    for item in untold():
        outbox.note(item)


# Signatures


def test_a_signature_is_of_the_body_and_its_time():
    body = b'{"id": "1"}'
    shown = headers(SECRET, 1000, body)
    assert is_genuine(SECRET, shown[TIMESTAMP], shown[SIGNATURE], body, 1000.0)
    assert not is_genuine(SECRET, shown[TIMESTAMP], shown[SIGNATURE], body + b" ", 1000.0)
    assert not is_genuine(SECRET, "1001", shown[SIGNATURE], body, 1000.0)
    assert not is_genuine("another", shown[TIMESTAMP], shown[SIGNATURE], body, 1000.0)


def test_a_known_signature():
    assert sign("secret", 1764086400, b'{"id":"event-1"}') == (
        "v1=da6ffb4eae940f906c88c0257358dec0e516b916ad1da67182f1e055c134245c"
    )


@pytest.mark.parametrize("age", [-301, 301, 10**6])
def test_an_old_request_is_refused(age):
    shown = headers(SECRET, 10**7, b"{}")
    assert not is_genuine(SECRET, shown[TIMESTAMP], shown[SIGNATURE], b"{}", 10**7 + age)


@pytest.mark.parametrize("timestamp", ["", "now", "-1", "1e3", "9" * 30, "١"])
def test_a_time_that_is_none_is_refused(timestamp):
    assert not is_genuine(SECRET, timestamp, "v1=", b"{}", 1000.0)


def test_without_a_secret_nothing_is_genuine():
    assert not is_genuine("", "1000", sign("", 1000, b"{}"), b"{}", 1000.0)


# What it is told


def test_it_is_told_that_somebody_asks_with_what_was_said_before(asked):
    body = bodies()[0]
    assert body["event"] == "ask"
    assert body["id"] == f"event-{untold()[0].told}"
    assert (body["reason"], body["consent"], body["language"]) == ("my dad", True, "en-US")
    assert [m["text"] for m in body["messages"]] == ["is anybody there", "yes"]


def test_without_consent_it_is_told_not_a_word_of_before(database):
    one = visitor()
    log.answer(say(one, "something private"), [{"text": "hm"}], moment())
    conversations().ask(one, moment(), None, False)
    assert bodies()[0]["messages"] == []
    note_all()
    be_there()
    hear("claim", one, name="Ann")
    say(one, "hello")
    assert [b["message"]["text"] for b in bodies() if b["event"] == "message"] == ["hello"]


def test_of_a_chat_of_its_own_it_is_told_everything_in_order(asked):
    note_all()
    be_there()
    hear("claim", asked, name="Ann")
    say(asked, "first")
    hear("message", asked, text="hello")
    say(asked, "second")
    conversations().cancel(asked, moment())
    assert [b["event"] for b in bodies()] == ["claim", "message", "message", "leave"]
    texts = [b["message"]["text"] for b in bodies() if b["event"] == "message"]
    assert texts == ["first", "second"]
    note_all()
    assert bodies() == []


def test_of_a_chat_that_our_own_desk_takes_it_is_told_no_words(asked):
    note_all()
    maria = specialist("maria")
    conversations().claim(asked, maria.id, moment())
    say(asked, "for Maria alone")
    assert [b["event"] for b in bodies()] == ["claim"]


def test_what_was_for_our_own_specialist_is_not_told_however_late_it_hears_of_the_asking(asked):
    maria = specialist("maria")
    conversations().claim(asked, maria.id, moment())
    say(asked, "for Maria alone")
    body = {"text": "Maria's reply"}
    conversations().speak(asked, maria.id, body, str(uuid.uuid4()), moment())
    told = bodies()[0]
    assert told["event"] == "ask"
    assert [m["text"] for m in told["messages"]] == ["is anybody there", "yes"]


def test_of_a_chat_of_ours_it_is_told_who_waits_and_nothing_of_what_is_between_us(asked):
    note_all()
    people, maria, ann = conversations(), specialist("maria"), specialist("ann")
    people.claim(asked, maria.id, moment())
    people.offer_transfer(asked, maria.id, ann.id, "a note", moment())
    people.accept_transfer(asked, ann.id, moment())
    people.pass_time(asked, lambda _: "lost", moment())
    people.pass_time(asked, lambda _: "grace_over", moment())
    assert [b["event"] for b in bodies()] == ["claim", "grace_over"]


def test_of_a_chat_of_its_own_it_is_told_that_its_connection_was_lost(asked):
    be_there()
    hear("claim", asked)
    note_all()
    for event in ("lost", "returned", "visitor_idle"):
        conversations().pass_time(asked, lambda _, event=event: event, moment())
    assert [b["event"] for b in bodies()] == ["lost", "returned", "visitor_idle"]


def test_what_was_told_up_to_anywhere_goes_on_from_there(asked):
    note_all()
    be_there()
    hear("claim", asked)
    for text in "abc":
        say(asked, text)
    before = bodies()
    outbox.note(untold()[0])
    outbox.note(untold()[0])
    assert bodies() == before[2:]


# What it tells


def test_it_claims_speaks_and_closes(asked):
    be_there()
    note_all()
    hear("claim", asked, name="Ann")
    assert stands(asked).name == "Ann"
    hear("message", asked, text="hello, I'm Ann")
    hear("close", asked, reason="answered")
    assert stands(asked).state == "closed"
    assert [(m.body["text"], m.body["name"]) for m in said(asked, "specialist")] == [
        ("hello, I'm Ann", "Ann")
    ]
    assert events(asked) == ["ask", "claim", "close"]


def test_what_it_tells_twice_is_done_once(asked):
    be_there()
    note_all()
    for repeated in (False, True):
        assert hear("claim", asked, id_="their-6", name="Ann")[1] == repeated
    for repeated in (False, True):
        assert hear("message", asked, id_="their-7", text="hello")[1] == repeated
    note_all()
    for repeated in (False, True):
        assert hear("close", asked, id_="their-8")[1] == repeated
    assert len(said(asked, "specialist")) == 1
    assert events(asked) == ["ask", "claim", "close"]


def test_what_it_told_of_one_chat_does_nothing_to_the_next(asked):
    be_there()
    note_all()
    hear("claim", asked, id_="their-6", name="Ann")
    hear("close", asked, id_="their-8")
    people = conversations()
    people.back(asked, moment())
    people.ask(asked, moment(), None, True)
    assert hear("claim", asked, id_="their-6", name="Ann") == (asked, True)
    assert stands(asked).state == "waiting"
    hear("claim", asked, name="Ann")
    assert hear("close", asked, id_="their-8") == (asked, True)
    assert stands(asked).state == "live"


def test_of_two_at_once_that_are_the_same_one_is_done(asked):
    be_there()
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: hear("claim", asked, id_="their-6")[1], range(4)))
    assert sorted(done) == [False, True, True, True]


def test_an_old_word_of_its_presence_changes_nothing(asked):
    hear("presence", id_="their-1", available=True, capacity=5)
    hear("presence", id_="their-2", available=False, capacity=5)
    assert hear("presence", id_="their-1", available=True, capacity=5) == (None, True)
    with pytest.raises(Refused, match="away"):
        hear("claim", asked)


def test_what_is_refused_may_be_told_again(asked):
    hear("presence", available=True, capacity=0)
    with pytest.raises(Refused, match="full"):
        hear("claim", asked, id_="their-6")
    be_there()
    assert hear("claim", asked, id_="their-6") == (asked, False)


def test_it_does_not_close_over_what_it_has_not_been_told(asked):
    be_there()
    hear("claim", asked)
    note_all()
    say(asked, "one more thing")
    with pytest.raises(Refused, match="unread"):
        hear("close", asked)
    note_all()
    hear("close", asked)
    assert stands(asked).state == "closed"


def test_without_consent_it_closes_although_it_was_not_told_what_was_said_before(database):
    one = visitor()
    log.answer(say(one, "something private"), [{"text": "hm"}], moment())
    conversations().ask(one, moment(), None, False)
    be_there()
    hear("claim", one)
    hear("close", one)
    assert stands(one).state == "closed"


def test_an_account_of_somebody_called_outside_does_not_shut_it_out(asked):
    accounts.add("outside", "a password that is long enough")
    be_there()
    hear("claim", asked, name="Ann")
    assert stands(asked).name == "Ann"


def test_it_cannot_speak_in_a_chat_of_ours(asked):
    be_there()
    conversations().claim(asked, specialist("maria").id, moment())
    for event, more in (("claim", {}), ("message", {"text": "hello"}), ("close", {})):
        with pytest.raises(Refused):
            hear(event, asked, **more)


def test_it_has_the_room_that_it_says_and_only_while_it_says_so(asked):
    hear("presence", available=True, capacity=0)
    with pytest.raises(Refused, match="full"):
        hear("claim", asked)
    hear("presence", available=False, capacity=5)
    with pytest.raises(Refused, match="away"):
        hear("claim", asked)


@pytest.mark.parametrize(("url", "secret"), [("https://desk.example.org", ""), ("", SECRET)])
def test_half_a_setting_is_told(monkeypatch, url, secret):
    monkeypatch.setattr(settings, "DESK_WEBHOOK", url)
    monkeypatch.setattr(settings, "DESK_WEBHOOK_SECRET", secret)
    with pytest.raises(ValueError, match="HELPLINE_DESK_WEBHOOK_SECRET"):
        webhook.is_configured()


# Over HTTP


class Elsewhere(ThreadingHTTPServer):
    """A desk that refuses the first requests and keeps the others."""

    def __init__(self, refuse):
        super().__init__(("127.0.0.1", 0), Handler)
        self.refuse = refuse
        self.slow = ()
        """Conversations whose requests are not answered."""
        self.tried, self.kept = [], []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/helpline"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        shown = self.headers[TIMESTAMP], self.headers[SIGNATURE]
        told = json.loads(body)
        self.server.tried.append(told["id"])
        if told["conversation"] in self.server.slow:
            return time.sleep(20)
        status = 401
        if is_genuine(SECRET, *shown, body, time.time()):
            status = 503 if len(self.server.tried) <= self.server.refuse else 204
        if status == 204:
            self.server.kept.append(told)
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def run_until(desk, done, within=10):
    async def run():
        task = asyncio.create_task(desk.run())
        for _ in range(within * 20):
            if done():
                break
            await asyncio.sleep(0.05)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    asyncio.run(run())
    assert done()


def test_it_is_told_by_signed_requests_that_are_repeated_until_they_are_taken(asked, monkeypatch):
    monkeypatch.setattr(webhook, "FIRST_RETRY", 0.1)
    monkeypatch.setattr(webhook, "LOOK", 0.1)
    note_all()
    be_there()
    hear("claim", asked, name="Ann")
    say(asked, "hello")
    elsewhere = Elsewhere(refuse=3)
    run_until(WebhookDesk(elsewhere.url, SECRET), lambda: len(elsewhere.kept) == 2)
    assert [told["event"] for told in elsewhere.kept] == ["claim", "message"]
    assert elsewhere.tried[:4] == [elsewhere.kept[0]["id"]] * 4
    elsewhere.shutdown()


def test_what_it_was_told_before_a_restart_it_is_not_told_again(asked):
    elsewhere = Elsewhere(refuse=0)
    run_until(WebhookDesk(elsewhere.url, SECRET), lambda: len(elsewhere.kept) == 1)
    say(asked, "hello")
    run_until(WebhookDesk(elsewhere.url, SECRET), lambda: not untold())
    assert [told["event"] for told in elsewhere.kept] == ["ask"]
    elsewhere.shutdown()


def test_a_desk_that_cannot_be_reached_keeps_nobody_waiting(asked, monkeypatch):
    monkeypatch.setattr(webhook, "LOOK", 0.05)
    desk = WebhookDesk("http://127.0.0.1:9/nobody", SECRET)
    run_until(desk, lambda: desk._failures)
    assert [b["event"] for b in bodies()] == ["ask"]


def test_one_chat_whose_request_hangs_holds_up_no_other(asked, monkeypatch):
    monkeypatch.setattr(webhook, "LOOK", 0.05)
    elsewhere = Elsewhere(refuse=0)
    elsewhere.slow = (asked,)
    others = []

    def all_told():
        # Each comes while the first request still hangs.
        if len(others) == len(elsewhere.kept) < 3 and elsewhere.tried:
            others.append(visitor())
            conversations().ask(others[-1], moment(), None, True)
        return len(elsewhere.kept) == 3

    run_until(WebhookDesk(elsewhere.url, SECRET), all_told, within=5)
    assert [told["conversation"] for told in elsewhere.kept] == others
    assert elsewhere.tried.count(elsewhere.tried[0]) == 1
    elsewhere.shutdown()
