"""Who may see what, and what never leaves the desk."""

import uuid
from datetime import timedelta

import pytest
from people import BEGIN, KNOWLEDGE, conversations, moment, said, say, specialist, stands, visitor
from sqlalchemy import select

from helpline.database import alerts, audit, engine
from helpline.desk import questions, remarks
from helpline.desk import specialists as accounts
from helpline.desk.alerts import acknowledge, since
from helpline.desk.board import held_by, snapshot
from helpline.desk.dossier import dossier, may_see
from helpline.web import log

ARTICLE = {"type": "article", "article": "donor-sibling", "title": "Brothers, sisters"}


@pytest.fixture
def people(database):
    return conversations()


@pytest.fixture
def maria(database):
    return specialist("maria")


@pytest.fixture
def ann(database):
    return specialist("ann")


@pytest.fixture
def boss(database):
    return specialist("boss", role="supervisor")


def begun(people, consent):
    """A visitor who has asked something private and then for a person."""
    one = visitor(language="en-US", region="us", timezone="America/New_York")
    asked = say(one, "something private")
    log.answer(asked, [{"text": "an article", "data": ARTICLE}], moment())
    people.ask(one, moment(), "my reason", consent)
    return one


def opened(one, who, after=0):
    return dossier(one, who, after, moment())


def texts(one, who):
    found = opened(one, who)
    return [message["text"] for message in found["messages"]] if found else None


def looks():
    with engine().connect() as connection:
        rows = connection.execute(select(audit.c.actor, audit.c.event).order_by(audit.c.id))
        return [tuple(row) for row in rows if row.event in ("preview", "look")]


def test_before_a_visitor_asks_for_a_person_nobody_sees_anything(people, maria, boss):
    one = visitor()
    say(one, "something private")
    for who in (maria, boss):
        assert opened(one, who) is None
        assert not may_see(one, who)


def test_with_consent_a_waiting_conversation_can_be_previewed_and_that_is_noted(people, maria):
    one = begun(people, consent=True)
    assert "something private" in texts(one, maria)
    assert looks() == [("specialist maria", "preview")]


def test_without_consent_a_preview_shows_the_reason_and_not_a_word_of_the_chat(people, maria):
    one = begun(people, consent=False)
    found = opened(one, maria)
    assert found["messages"] == []
    assert found["hidden"] == 3
    assert found["articles"] == []
    assert found["asked"] is None
    assert found["reason"] == "my reason"


def test_without_consent_the_holder_sees_only_what_came_since(people, maria, ann, boss):
    one = begun(people, consent=False)
    people.claim(one, maria.id, moment())
    say(one, "hello Maria")
    assert texts(one, maria)[1:] == ["hello Maria"]
    assert opened(one, ann) is None
    assert opened(one, boss) is None


def test_without_consent_it_stays_hidden_from_the_next_specialist_and_afterwards(
    people, maria, ann, boss
):
    one = begun(people, consent=False)
    people.claim(one, maria.id, moment())
    say(one, "hello Maria")
    people.offer_transfer(one, maria.id, ann.id, None, moment())
    people.accept_transfer(one, ann.id, moment())
    assert "hello Maria" in texts(one, ann)
    assert "something private" not in texts(one, ann)
    assert opened(one, maria) is None
    people.close(one, ann.id, "answered", 999, moment())
    people.back(one, moment())
    assert "something private" not in texts(one, ann)
    assert opened(one, boss) is None


def test_a_chat_shows_who_said_what_and_the_articles_shown(people, maria):
    one = begun(people, consent=True)
    people.claim(one, maria.id, moment())
    found = opened(one, maria)
    assert [m["sender"] for m in found["messages"]] == ["visitor", "bot", "system", "system"]
    assert found["articles"] == [{"article": "donor-sibling", "title": "Brothers, sisters"}]
    assert found["asked"] == "something private"
    assert found["visitor"] == {
        "language": "en-US",
        "region": "us",
        "timezone": "America/New_York",
        "online": False,
    }
    assert [handoff["specialist"] for handoff in found["handoffs"]] == ["Maria"]


def test_of_ones_own_chat_no_look_is_noted_and_of_others_every_one(people, maria, boss):
    one = begun(people, consent=True)
    people.claim(one, maria.id, moment())
    opened(one, maria)
    opened(one, boss)
    assert looks() == [("specialist boss", "look")]


def test_only_what_is_new_is_sent_when_asked_for(people, maria):
    one = begun(people, consent=True)
    people.claim(one, maria.id, moment())
    last = opened(one, maria)["last"]
    say(one, "new")
    assert [m["text"] for m in opened(one, maria, last)["messages"]] == ["new"]


def test_a_colleague_sees_a_chat_that_is_offered_to_them(people, maria, ann):
    one = begun(people, consent=True)
    people.claim(one, maria.id, moment())
    assert opened(one, ann) is None
    people.offer_transfer(one, maria.id, ann.id, "knows money", moment())
    found = opened(one, ann)
    assert found["offered_to_me"]
    assert found["transfer"]["note"] == "knows money"
    assert snapshot(ann, moment())["chats"]["chats"][0]["conversation"] == one


def test_private_notes_and_tags_never_reach_the_visitor(people, maria):
    one = begun(people, consent=True)
    people.claim(one, maria.id, moment())
    note = f"a secret {uuid.uuid4()}"
    remarks.add_note(one, maria, note, moment())
    remarks.set_tags(one, ["Very  Worried", "money", "money"])
    found = opened(one, maria)
    assert [n["text"] for n in found["notes"]] == [note]
    assert found["tags"] == ["money", "very worried"]
    people.close(one, maria.id, "answered", 999, moment())
    people.back(one, moment())
    everything = " ".join(str(message.as_json()) for message in said(one))
    assert note not in everything
    assert "very worried" not in everything


def test_tags_that_are_in_use_are_known(people, maria):
    for tag in ("money", "donor"):
        one = begun(people, consent=True)
        people.claim(one, maria.id, moment())
        remarks.set_tags(one, [tag])
    assert remarks.known_tags() == ["donor", "money"]


def test_the_board_shows_queue_chats_and_team(people, maria, ann):
    first, second = begun(people, consent=True), begun(people, consent=False)
    people.claim(first, maria.id, moment())
    board = snapshot(maria, moment())
    assert [w["conversation"] for w in board["queue"]["waiting"]] == [second]
    assert board["queue"]["waiting"][0]["place"] == 1
    assert board["queue"]["waiting"][0]["asked"] is None
    assert [c["conversation"] for c in board["chats"]["chats"]] == [first]
    assert {c["shown"]: c["chats"] for c in board["team"]["team"]} == {"Ann": 0, "Maria": 1}
    assert snapshot(ann, moment())["chats"] == {"chats": []}
    assert held_by(maria.id) == {first: stands(first).last}
    assert held_by(ann.id) == {}


def test_a_screen_alarms_whoever_has_the_chat_and_supervisors_and_nobody_else(
    people, maria, ann, boss
):
    one = begun(people, consent=True)
    people.claim(one, maria.id, moment())
    screen = {"text": "call", "data": {"type": "screen", "screen": "crisis"}}
    log.answer(say(one, "I want to die"), [screen], moment())
    log.answer(say(one, "I mean it"), [screen], moment())
    for who, count in ((maria, 1), (ann, 0), (boss, 1)):
        assert len(snapshot(who, moment())["alerts"]["alerts"]) == count
    alert = snapshot(maria, moment())["alerts"]["alerts"][0]
    assert (alert["screen"], alert["mine"], alert["readable"]) == ("crisis", True, True)
    assert snapshot(maria, moment())["chats"]["chats"][0]["alert"] == "crisis"
    assert "die" not in str(alert)


def test_an_alarm_in_a_chat_with_the_assistant_is_counted_and_not_readable(people, maria, boss):
    one = visitor()
    screen = {"text": "call", "data": {"type": "screen", "screen": "emergency", "tier": "call_911"}}
    log.answer(say(one, "I can't breathe"), [screen], moment())
    assert snapshot(maria, moment())["alerts"]["alerts"] == []
    alert = snapshot(boss, moment())["alerts"]["alerts"][0]
    assert not alert["readable"]
    assert opened(one, boss) is None


PEOPLE = {"text": "You can talk to a person", "data": {"type": "people"}}


def asked_of(one):
    people = conversations()
    people.ask(one, moment(), None, True)
    waiting = snapshot(specialist(), moment())["queue"]["waiting"]
    return next(entry["asked"] for entry in waiting if entry["conversation"] == one)


def test_an_alarm_is_seen_to_only_by_whom_it_is_for(people, maria, ann, boss):
    one = begun(people, consent=True)
    screen = {"text": "call", "data": {"type": "screen", "screen": "emergency"}}
    people.claim(one, maria.id, moment())
    log.answer(say(one, "I can't breathe"), [screen], moment())
    (alert,) = (row["id"] for row in snapshot(maria, moment())["alerts"]["alerts"])
    with pytest.raises(log.Gone):
        acknowledge(alert, ann, moment())
    with pytest.raises(log.Gone):
        acknowledge(alert + 1, boss, moment())
    assert acknowledge(alert, maria, moment())
    assert not acknowledge(alert, boss, moment())


def test_a_sign_of_danger_is_told_again_although_the_one_of_days_ago_is_still_open(people, maria):
    one = visitor()
    screen = {"text": "call", "data": {"type": "screen", "screen": "crisis"}}
    log.answer(say(one, "I want to die"), [screen], moment())
    later = moment() + timedelta(days=2)
    log.answer(log.say(one, "again", str(uuid.uuid4()), later)[0], [screen], later)
    with engine().connect() as connection:
        assert len(connection.execute(select(alerts)).all()) == 2


def test_a_supervisor_can_open_an_alarm_only_up_to_the_end_of_the_chat(people, maria, boss):
    one = begun(people, consent=True)
    people.claim(one, maria.id, moment())
    screen = {"text": "call", "data": {"type": "screen", "screen": "emergency"}}
    log.answer(say(one, "I can't breathe"), [screen], moment())
    people.close(one, maria.id, "answered", 999, moment())
    people.back(one, moment())
    crisis = {"text": "call", "data": {"type": "screen", "screen": "crisis"}}
    log.answer(say(one, "I want to die"), [crisis], moment())
    told = {row["screen"]: row["readable"] for row in since(BEGIN)}
    assert told == {"emergency": True, "crisis": False}
    board = snapshot(boss, moment())["alerts"]["alerts"]
    assert {row["screen"]: row["readable"] for row in board} == told


def test_an_offer_keeps_its_name_when_the_account_behind_it_is_removed(people, maria, ann):
    one = begun(people, consent=True)
    people.claim(one, maria.id, moment())
    people.offer_transfer(one, maria.id, ann.id, None, moment())
    accounts.remove("maria")
    (chat,) = snapshot(ann, moment())["chats"]["chats"]
    assert chat["transfer"]["from"] == {"id": None, "shown": "Maria"}


def test_what_was_asked_is_the_last_question_and_not_that_a_person_was_asked_for(database):
    one = visitor()
    log.answer(say(one, "what is GVHD?"), [{"text": "an article", "data": ARTICLE}], moment())
    for text in ("can I talk to someone", "a human please"):
        log.answer(say(one, text), [PEOPLE], moment())
    assert asked_of(one) == "what is GVHD?"


def test_a_question_that_led_to_people_for_want_of_an_answer_is_one(database):
    one = visitor()
    log.answer(say(one, "what are his odds"), [{"text": "I can't say"}, PEOPLE], moment())
    assert asked_of(one) == "what are his odds"


def test_whoever_only_asked_for_a_person_asked_that(database):
    one = visitor()
    log.answer(say(one, "a human please"), [PEOPLE], moment())
    assert asked_of(one) == "a human please"


def test_reading_on_is_one_look(people, maria):
    one = begun(people, consent=True)
    for _ in range(3):
        opened(one, maria)
    assert looks() == [("specialist maria", "preview")]
    dossier(one, maria, 0, moment() + timedelta(minutes=11))
    assert len(looks()) == 2


def test_what_is_said_to_the_assistant_after_a_chat_is_nobodys_business(people, maria, boss):
    one = begun(people, consent=True)
    people.claim(one, maria.id, moment())
    say(one, "thank you Maria")
    people.close(one, maria.id, "answered", 999, moment())
    people.back(one, moment())
    log.answer(say(one, "private, afterwards"), [{"text": "an answer"}], moment())
    for who in (maria, boss):
        assert "thank you Maria" in texts(one, who)
        assert "private, afterwards" not in texts(one, who)
        assert "an answer" not in texts(one, who)


def test_an_open_question_does_not_open_a_live_chat_to_others(people, maria, ann):
    one = visitor()
    questions.leave(one, "a question", str(uuid.uuid4()), False, moment(), "Monday.", KNOWLEDGE)
    people.ask(one, moment(), None, False)
    people.claim(one, maria.id, moment())
    say(one, "for Maria alone")
    assert "for Maria alone" in texts(one, maria)
    assert opened(one, ann) is None


def test_a_look_at_what_came_last_is_a_look_too(people, maria):
    one = begun(people, consent=True)
    opened(one, maria, after=1)
    assert looks() == [("specialist maria", "preview")]


def test_a_graver_sign_is_told_while_a_lesser_one_is_open(people, maria):
    one = begun(people, consent=True)
    people.claim(one, maria.id, moment())
    for tier in ("phone_team", "phone_team", "call_911", "call_911"):
        screen = {"text": "call", "data": {"type": "screen", "screen": "emergency", "tier": tier}}
        log.answer(say(one, f"signs {uuid.uuid4()}"), [screen], moment())
    with engine().connect() as connection:
        told = connection.execute(select(alerts.c.tier).order_by(alerts.c.id)).scalars().all()
    assert told == ["phone_team", "call_911"]
