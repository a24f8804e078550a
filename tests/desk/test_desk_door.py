"""Black box: who gets in at the desk, what is refused, and what supervisors alone may see."""

import itertools
import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
import requests
from running import SITE
from specialist import PASSWORD, Specialist
from visitor import Visitor, address

from helpline.desk.signature import headers

CHAT = "conversations/0123456789abcdefghijkl"

READS = ["me", "stream", CHAT, "canned", "articles", "figures", "unanswered", "alerts", "audit"]
CHANGES = [
    ("POST", "sign-out", {}),
    ("PUT", "me/presence", {"presence": "available"}),
    ("POST", "heartbeat", {}),
    ("POST", f"{CHAT}/claim", {}),
    ("POST", f"{CHAT}/messages", {"id": str(uuid.uuid4()), "text": "hello"}),
    ("POST", f"{CHAT}/typing", {"typing": True}),
    ("POST", f"{CHAT}/notes", {"text": "note"}),
    ("PUT", f"{CHAT}/tags", {"tags": []}),
    ("POST", f"{CHAT}/transfer", {"to": 1}),
    ("DELETE", f"{CHAT}/transfer", None),
    ("POST", f"{CHAT}/transfer/accept", {}),
    ("POST", f"{CHAT}/close", {"reason": "answered", "seen": 1}),
    ("POST", "questions/1/answer", {"id": str(uuid.uuid4()), "text": "hello"}),
    ("POST", "questions/1/close", {}),
    ("POST", "alerts/1/acknowledge", {}),
]
FOR_SUPERVISORS = ["figures", "unanswered", "alerts", "audit", "export.csv"]

SECRETS = itertools.count()


@pytest.fixture
def visitor(desk):
    return Visitor(desk.url, timezone="America/New_York", region="us")


def is_problem(response, status):
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    assert set(response.json()) == {"type", "title", "status", "detail"}
    return True


def talk(visitor, specialist, consent=True):
    assert visitor.post("handoff", {"consent": consent}).status_code == 201
    assert specialist.claim(visitor).status_code == 200


# Getting in


@pytest.mark.parametrize("path", [*READS, "export.csv"])
def test_without_signing_in_nothing_can_be_read(desk, path):
    assert is_problem(requests.get(f"{desk.url}/desk/api/{path}", timeout=10), 401)


@pytest.mark.parametrize(("method", "path", "body"), CHANGES, ids=[c[1] for c in CHANGES])
def test_nothing_is_changed_without_signing_in_or_without_the_token_or_from_another_site(
    desk, maria, method, path, body
):
    url = f"{desk.url}/desk/api/{path}"
    assert is_problem(requests.request(method, url, json=body, timeout=10), 401)
    token, maria.csrf = maria.csrf, ""
    assert is_problem(maria.ask(method, path, json=body), 403)
    maria.csrf = token[::-1]
    assert is_problem(maria.ask(method, path, json=body), 403)
    maria.csrf = token
    assert is_problem(maria.ask(method, path, json=body, headers={"Origin": SITE}), 403)


def test_a_visitors_token_does_not_open_the_desk(desk, visitor):
    shown = {"Authorization": f"Bearer {visitor.token}", "Cookie": f"helpline_desk={visitor.token}"}
    assert is_problem(requests.get(f"{desk.url}/desk/api/me", headers=shown, timeout=10), 401)


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(maria):
    cookie = maria.signed_in.headers["Set-Cookie"]
    for word in ("HttpOnly", "SameSite=Strict", "Path=/desk"):
        assert word in cookie
    assert "Secure" not in cookie


def test_wrong_passwords_are_told_in_words_and_then_throttled(desk, maria):
    where = {"X-Forwarded-For": address()}

    def sign_in(password):
        body = {"name": "maria", "password": password}
        url = f"{desk.url}/desk/api/sign-in"
        return requests.post(url, json=body, headers=where, timeout=10)

    for _ in range(5):
        assert is_problem(sign_in("a wrong password"), 401)
    refused = sign_in(PASSWORD)
    assert is_problem(refused, 429)
    assert int(refused.headers["Retry-After"]) > 0


def test_wrong_passwords_that_come_at_once_are_throttled_too(desk, maria):
    where = {"X-Forwarded-For": address()}
    body = {"name": "maria", "password": "a wrong password"}

    def sign_in(_):
        url = f"{desk.url}/desk/api/sign-in"
        return requests.post(url, json=body, headers=where, timeout=30).status_code

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(sign_in, range(20)))
    assert sorted(answers) == [401] * 5 + [429] * 15


def test_a_visitor_hears_at_once_that_their_specialist_has_signed_out(visitor, maria):
    assert visitor.post("handoff", {"consent": True}).status_code == 201
    assert maria.claim(visitor).status_code == 200
    stream = visitor.hear()
    assert maria.post("sign-out").status_code == 204
    while not stream.next("handoff", within=5)["lost"]:
        pass


def test_a_colleague_is_told_as_much_as_the_page_lets_one_write(visitor, maria, ann):
    assert visitor.post("handoff", {"consent": True}).status_code == 201
    assert maria.claim(visitor).status_code == 200
    path = f"conversations/{visitor.conversation}/transfer"
    assert is_problem(maria.post(path, {"to": ann.id, "note": "x" * 1001}), 400)
    assert maria.post(path, {"to": ann.id, "note": "x" * 1000}).status_code == 204


def test_signing_out_everywhere_ends_every_session_and_its_streams(desk, maria):
    other = Specialist(desk, "maria", new=False)
    seen = other.hear()
    assert seen.next("queue")
    assert maria.post("sign-out", {"everywhere": True}).status_code == 204
    seen.next("signed_out")
    assert is_problem(other.get("me"), 401)
    assert is_problem(maria.get("me"), 401)


def test_signing_out_leaves_other_devices_alone_and_nobody_available(desk, maria, boss):
    other = Specialist(desk, "maria", new=False, presence="")
    assert maria.post("sign-out").status_code == 204
    assert is_problem(maria.get("me"), 401)
    assert other.get("me").json()["presence"] == "away"


def test_whoever_signs_in_is_away_until_they_say_otherwise(desk, maria):
    assert maria.be("available").status_code == 204
    again = Specialist(desk, "maria", new=False, presence="")
    assert again.get("me").json()["presence"] == "away"


def test_the_desk_is_served_with_a_policy_that_lets_nobody_frame_it(desk):
    page = requests.get(f"{desk.url}/desk", timeout=10)
    assert page.url == f"{desk.url}/desk/"
    assert page.status_code == 200
    policy = page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    for path in ("nothing.js", "../helpline/settings.py", ".git/config"):
        assert is_problem(requests.get(f"{desk.url}/desk/{path}", timeout=10), 404)


# What is refused


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("messages", {"id": "1", "text": "hello"}),
        ("messages", {"id": str(uuid.uuid4()), "text": " "}),
        ("messages", {"id": str(uuid.uuid4()), "text": "x" * 10001}),
        ("messages", {"id": str(uuid.uuid4()), "text": "", "article": "no-such"}),
        ("messages", {"id": str(uuid.uuid4()), "text": "hi", "sender": "bot"}),
        ("notes", {"text": ""}),
        ("close", {"reason": "because", "seen": 1}),
        ("close", {"reason": "answered"}),
        ("transfer", {"to": "Ann"}),
        ("typing", {"typing": "yes"}),
    ],
)
def test_a_request_that_says_something_else_is_refused(visitor, maria, path, body):
    talk(visitor, maria)
    assert is_problem(maria.post(f"conversations/{visitor.conversation}/{path}", body), 400)


def test_odd_characters_break_nothing(visitor, maria):
    talk(visitor, maria)
    odd = "half \ud83d, nothing \0, \u202e and a thumb \N{THUMBS UP SIGN}"
    body = json.dumps({"id": str(uuid.uuid4()), "text": odd})
    here = f"conversations/{visitor.conversation}"
    plain = {"Content-Type": "application/json"}
    assert maria.ask("POST", f"{here}/messages", data=body, headers=plain).status_code == 202
    assert maria.ask("POST", f"{here}/notes", data=json.dumps({"text": odd})).status_code == 201
    assert maria.ask("PUT", f"{here}/tags", data=json.dumps({"tags": [odd[:40]]})).ok
    assert maria.open(visitor).json()["messages"][-1]["text"].endswith("\N{THUMBS UP SIGN}")


def test_what_is_not_theirs_specialists_neither_see_nor_touch(visitor, maria, ann):
    talk(visitor, maria)
    assert is_problem(ann.open(visitor), 404)
    assert is_problem(ann.say(visitor, "hello"), 409)
    assert is_problem(ann.close(visitor), 409)
    assert is_problem(ann.post(f"conversations/{visitor.conversation}/notes", {"text": "x"}), 404)
    assert is_problem(ann.put(f"conversations/{visitor.conversation}/tags", {"tags": []}), 404)
    assert is_problem(ann.delete(f"conversations/{visitor.conversation}/transfer"), 409)


def test_a_full_specialist_takes_no_more(desk):
    busy = Specialist(desk, "busy", capacity=1)
    first, second = Visitor(desk.url), Visitor(desk.url)
    for one in (first, second):
        assert one.post("handoff", {"consent": True}).status_code == 201
    assert busy.claim(first).status_code == 200
    refused = busy.claim(second)
    assert is_problem(refused, 409)
    assert "room" in refused.json()["title"]


# Supervisors


@pytest.mark.parametrize("path", FOR_SUPERVISORS)
def test_what_is_for_supervisors_is_for_nobody_else(maria, boss, path):
    assert is_problem(maria.get(path), 403)
    assert boss.get(path).status_code == 200


@pytest.mark.parametrize(
    "days", ["0", "-1", "x", "0001001", "0000019999999999", "999999999999", "1.5", ""]
)
def test_days_are_a_number_of_days(boss, days):
    response = boss.get("figures", params={"days": days})
    assert response.status_code == 200 if days == "" else is_problem(response, 400)


def test_a_supervisor_sees_how_things_are_and_were(visitor, maria, boss):
    visitor.answer_to("what is the weather in Paris?")
    talk(visitor, maria)
    assert maria.close(visitor).status_code == 204
    visitor.hear().messages(
        lambda heard: heard and heard[-1].get("data", {}).get("event") == "back"
    )
    day = boss.get("figures?days=3").json()["days"][0]
    assert (day["asked"] >= 1, day["unanswered"] >= 1) == (True, True)
    row = boss.get("unanswered").json()["rows"][0]
    assert row["conversation"] == visitor.conversation
    opened = boss.open(visitor).json()
    assert row["message"] in [message["id"] for message in opened["messages"]]
    trail = boss.get(f"audit?conversation={visitor.conversation}").json()["rows"]
    assert [r["event"] for r in trail if r["to"]] == ["back", "close", "claim", "ask"]
    assert trail[0]["event"] == "look"
    table = boss.get("export.csv?what=handoffs&days=3")
    assert table.headers["Content-Type"].startswith("text/csv")
    assert "handoffs.csv" in table.headers["Content-Disposition"]
    assert visitor.conversation in table.text


def test_which_canned_replies_are_sent_can_be_looked_up(visitor, maria, boss):
    talk(visitor, maria)
    assert maria.say(visitor, "Hello, thank you for writing.", canned="hello").status_code == 202
    assert maria.say(visitor, "hi", canned="no such reply").status_code == 202
    rows = boss.get(f"audit?conversation={visitor.conversation}").json()["rows"]
    assert [row["detail"] for row in rows if row["event"] == "canned"] == ["hello"]
    assert "canned" not in visitor.history()[-1]


def test_what_had_no_answer_stays_unread_without_consent(visitor, boss):
    visitor.answer_to("what is the weather in Paris?")
    row = boss.get("unanswered").json()["rows"][0]
    assert row["conversation"] is None
    assert is_problem(boss.open(visitor), 404)


# Questions, codes, surveys


def test_a_question_after_hours_is_answered_in_the_same_conversation_on_another_device(
    desk, visitor, maria
):
    maria.be("away")
    id_ = str(uuid.uuid4())
    left = visitor.post(
        "question", {"id": id_, "text": "When can he go home?", "consent": True, "code": True}
    )
    assert left.status_code == 201, left.text
    code, link = left.json()["code"], left.json()["link"]
    assert link.endswith("#return=" + code.replace("-", ""))
    question = maria.look("questions")[0]
    assert question["text"] == "When can he go home?"
    reply = {"id": str(uuid.uuid4()), "text": "Ask the ward; often in a few weeks."}
    path = f"questions/{question['id']}/answer"
    assert maria.post(path, reply).status_code == 202
    assert maria.post(path, reply).json()["repeated"]
    assert is_problem(maria.post(path, {**reply, "id": str(uuid.uuid4())}), 409)
    phone = Visitor(desk.url)
    back = phone.post("return", {"code": code.lower()})
    assert back.status_code == 200, back.text
    phone.token = back.json()["token"]
    assert phone.conversation == visitor.conversation
    assert phone.history()[-1]["text"] == "Ask the ward; often in a few weeks."
    assert texts_of_bot(phone) == []


def texts_of_bot(visitor):
    return [m["text"] for m in visitor.history() if m["sender"] == "bot"]


def test_the_safety_screen_looks_at_a_question_too(visitor, maria, boss):
    maria.be("away")
    body = {"id": str(uuid.uuid4()), "text": "I want to kill myself", "consent": False}
    boss.be("away")
    assert visitor.post("question", body).status_code == 201
    stream = visitor.hear()
    shown = stream.messages(lambda heard: heard and heard[-1]["sender"] == "bot")[-1]
    assert shown["data"]["screen"] == "crisis"
    assert boss.look("alerts")[0]["screen"] == "crisis"


def test_while_somebody_is_there_a_question_is_asked_in_a_chat(visitor, maria):
    body = {"id": str(uuid.uuid4()), "text": "When?", "consent": True}
    assert is_problem(visitor.post("question", body), 409)


def test_without_a_desk_nobody_is_promised_an_answer(visitor):
    body = {"id": str(uuid.uuid4()), "text": "When?", "consent": True}
    assert is_problem(visitor.post("question", body), 409)


def test_codes_cannot_be_tried_out(desk):
    guesser = Visitor(desk.url)
    tried = [guesser.post("return", {"code": "BCDF-GHJK"}).status_code for _ in range(6)]
    assert tried == [404] * 5 + [429]


def test_a_chat_is_rated_once_with_help_at_much_distress(visitor, maria):
    assert is_problem(visitor.post("survey", {"distress": 9}), 409)
    talk(visitor, maria)
    maria.close(visitor)
    stream = visitor.hear()
    while not stream.next("handoff")["survey"]:
        pass
    assert visitor.post("survey", {"helped": True, "distress": 9}).status_code == 204
    assert "988" in visitor.history()[-1]["text"]
    assert is_problem(visitor.post("survey", {"distress": 1}), 409)


# A desk elsewhere


def test_the_way_in_for_a_desk_elsewhere_is_shut_without_its_secret(desk):
    body = json.dumps({"id": "1", "event": "presence", "available": True, "capacity": 1}).encode()
    url = f"{desk.url}/desk/hook"
    for shown in ({}, headers("", int(time.time()), body), headers("x", int(time.time()), body)):
        assert is_problem(requests.post(url, data=body, headers=shown, timeout=10), 401)


def test_a_stream_of_the_desk_is_not_opened_without_end(maria):
    streams = []
    try:
        for _ in range(10):
            streams.append(maria.hear())
        with pytest.raises(AssertionError, match="very fast"):
            maria.hear()
    finally:
        for stream in streams:
            with suppress(OSError):
                stream.close()
