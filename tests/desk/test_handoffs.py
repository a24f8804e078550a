"""Hand-offs in the database: each step with its audit row and its words, or not at all."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from people import conversations, events, moment, said, say, specialist, stands, visitor
from sqlalchemy import select

from helpline.database import audit, engine, handoffs, outcomes
from helpline.desk.states import Refused
from helpline.web import log
from helpline.web.log import Gone


@pytest.fixture
def people(database):
    return conversations()


@pytest.fixture
def one(database):
    return visitor()


@pytest.fixture
def maria(database):
    return specialist("maria")


@pytest.fixture
def ann(database):
    return specialist("ann")


@pytest.fixture
def live(people, one, maria):
    people.ask(one, moment(), None, True)
    people.claim(one, maria.id, moment())
    return one


def trail():
    with engine().connect() as connection:
        rows = connection.execute(select(audit).order_by(audit.c.id))
        return [tuple(row)[3:7] for row in rows]


def speak(people, conversation, who, text, id_=None):
    return people.speak(conversation, who.id, {"text": text}, id_ or str(uuid.uuid4()), moment())


def test_each_step_writes_one_audit_row_with_who_did_it(people, one, maria):
    people.ask(one, moment(), None, True)
    people.claim(one, maria.id, moment())
    people.close(one, maria.id, "answered", 999, moment())
    people.back(one, moment())
    assert trail() == [
        ("visitor", "ask", "bot", "waiting"),
        ("specialist maria", "claim", "waiting", "live"),
        ("specialist maria", "close", "live", "closed"),
        ("system", "back", "closed", "bot"),
    ]
    assert events(one) == ["ask", "claim", "close", "back"]
    names = [message.body["data"].get("name") for message in said(one)]
    assert names == [None, "Maria", "Maria", "Maria"]


def test_a_step_that_is_refused_leaves_nothing_behind(people, one, maria):
    with pytest.raises(Refused):
        people.claim(one, maria.id, moment())
    assert trail() == []
    assert said(one) == []
    assert stands(one).state == "bot"


def test_whoever_asks_twice_is_in_line_once(people, one):
    people.ask(one, moment(), None, True)
    with pytest.raises(Refused):
        people.ask(one, moment(), None, True)
    with engine().connect() as connection:
        assert len(connection.execute(select(handoffs)).all()) == 1


def test_of_two_specialists_who_click_at_once_one_gets_the_chat(people, one, maria, ann):
    people.ask(one, moment(), None, True)

    def click(who):
        try:
            people.claim(one, who.id, moment())
        except Refused:
            return None
        return who.id

    with ThreadPoolExecutor(8) as pool:
        winners = [who for who in pool.map(click, [maria, ann] * 4) if who]
    assert len(winners) == 1
    assert stands(one).holder == winners[0]
    assert events(one) == ["ask", "claim"]


def test_a_specialist_takes_no_more_chats_than_they_have_room_for_however_fast_they_click(people):
    busy = specialist(capacity=2)
    waiting = [visitor() for _ in range(6)]
    for conversation in waiting:
        people.ask(conversation, moment(), None, True)

    def click(conversation):
        try:
            people.claim(conversation, busy.id, moment())
        except Refused as refused:
            return str(refused)
        return "claimed"

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(click, waiting)) == ["claimed"] * 2 + ["full"] * 4


def test_whoever_is_away_takes_no_chat(people, one):
    away = specialist(presence="away")
    people.ask(one, moment(), None, True)
    with pytest.raises(Refused, match="away"):
        people.claim(one, away.id, moment())


def test_only_the_holder_speaks(people, live, maria, ann):
    with pytest.raises(Refused):
        speak(people, live, ann, "hello from the wrong one")
    message, repeated = speak(people, live, maria, "hello")
    assert not repeated
    assert message.body == {"text": "hello", "name": "Maria"}
    assert [m.body["text"] for m in said(live, "specialist")] == ["hello"]


def test_what_a_specialist_sends_twice_is_said_once(people, live, maria):
    id_ = str(uuid.uuid4())
    first, _ = speak(people, live, maria, "hello", id_)
    again, repeated = speak(people, live, maria, "hello", id_)
    assert repeated
    assert first.id == again.id
    assert len(said(live, "specialist")) == 1


def test_what_was_sent_is_not_lost_when_the_answer_to_it_was_and_the_chat_has_ended(
    people, live, maria
):
    id_ = str(uuid.uuid4())
    first, _ = speak(people, live, maria, "hello", id_)
    people.cancel(live, moment())
    assert speak(people, live, maria, "hello", id_) == (first, True)


def test_a_chat_with_something_unread_is_not_closed(people, live, maria):
    last = say(live, "one more thing")
    with pytest.raises(Refused, match="unread"):
        people.close(live, maria.id, "answered", last.id - 1, moment())
    people.close(live, maria.id, "answered", last.id, moment())
    assert stands(live).state == "closed"


def test_while_a_specialist_is_there_the_assistant_is_silent_but_for_the_screens(people, live):
    message = say(live, "I can't breathe")
    screen = {"text": "Call now", "data": {"type": "screen", "screen": "emergency"}}
    replies = log.answer(message, [{"text": "an answer"}, screen], moment())
    assert [reply.body for reply in replies] == [screen]


def test_an_answer_that_had_begun_before_the_specialist_came_is_not_said(people, one, maria):
    people.ask(one, moment(), None, True)
    asked = say(one, "what is GVHD?")
    people.claim(one, maria.id, moment())
    assert log.answer(asked, [{"text": "GVHD is"}], moment()) == []
    assert log.unhandled(one) == []


def test_each_message_is_for_whoever_has_the_conversation_when_it_comes(people, one, maria):
    hearers = [say(one, "a").hearer]
    people.ask(one, moment(), None, True)
    hearers.append(say(one, "b").hearer)
    people.claim(one, maria.id, moment())
    hearers.append(say(one, "c").hearer)
    people.cancel(one, moment())
    hearers.append(say(one, "d").hearer)
    assert hearers == ["assistant", "assistant", "specialist", "assistant"]


def test_a_chat_is_passed_on_when_the_colleague_accepts(people, live, maria, ann):
    people.offer_transfer(live, maria.id, ann.id, "knows about money", moment())
    speak(people, live, maria, "a colleague can help you better")
    people.accept_transfer(live, ann.id, moment())
    speak(people, live, ann, "hello, I'm Ann")
    with pytest.raises(Refused):
        speak(people, live, maria, "still here")
    told = said(live, "system")[-1].body["text"]
    assert "Ann" in told
    assert "Maria" in told


def test_a_chat_is_not_offered_to_who_has_no_room(people, live, maria):
    full = specialist(capacity=0)
    with pytest.raises(Refused, match="full"):
        people.offer_transfer(live, maria.id, full.id, None, moment())


def test_a_chat_is_offered_only_to_somebody_who_is_really_there(people, live, maria, ann):
    elsewhere = specialist(role="outside")
    with pytest.raises(Refused, match="transfer_offered"):
        people.offer_transfer(live, maria.id, elsewhere.id, None, moment())
    # Her page was closed and nobody said so: she is "available" for days.
    later = moment() + timedelta(hours=2)
    with pytest.raises(Refused, match="away"):
        people.offer_transfer(live, maria.id, ann.id, None, later)


def test_without_consent_each_visitor_is_told_truly_what_the_next_one_reads(people, maria, ann):
    one = visitor()
    say(one, "something private")
    people.ask(one, moment(), None, False)
    people.claim(one, maria.id, moment())
    assert "not what was said before." in said(one, "system")[-1].body["text"]
    people.offer_transfer(one, maria.id, ann.id, None, moment())
    people.accept_transfer(one, ann.id, moment())
    assert "since a specialist first came" in said(one, "system")[-1].body["text"]
    people.pass_time(one, lambda _: "lost", moment())
    people.pass_time(one, lambda _: "grace_over", moment())
    assert "and what is written until then" in said(one, "system")[-1].body["text"]
    people.claim(one, maria.id, moment())
    assert "since a specialist first came" in said(one, "system")[-1].body["text"]


def test_without_consent_a_specialist_hears_only_what_comes_from_then_on(people, one, maria):
    say(one, "something private")
    people.ask(one, moment(), None, False)
    for message in log.unhandled(one):
        log.answer(message, [{"text": "hm"}], moment())
    people.claim(one, maria.id, moment())
    assert stands(one).shown_from == said(one, "bot")[-1].id
    assert "not what was said before" in said(one, "system")[-1].body["text"]


def test_what_was_just_asked_and_not_answered_goes_to_the_specialist_also_without_consent(
    people, one, maria
):
    people.ask(one, moment(), None, False)
    asked = say(one, "are you there?")
    people.claim(one, maria.id, moment())
    assert stands(one).shown_from < asked.id


def test_a_chat_keeps_the_visitors_session_alive(people, one, maria):
    people.ask(one, moment(), None, True)
    people.claim(one, maria.id, moment())
    before = stands(one).expires
    speak(people, one, maria, "hello")
    assert stands(one).expires > before


def test_a_deleted_conversation_has_no_people(people, live, maria):
    log.delete(live)
    with pytest.raises(Gone):
        speak(people, live, maria, "hello")
    with engine().connect() as connection:
        assert connection.execute(select(handoffs)).all() == []
        # That somebody came stays, without with whom.
        assert {row.conversation for row in connection.execute(select(audit))} == {None}


def test_what_became_of_it_is_kept_to_the_hour_and_without_the_conversation(people, live, maria):
    people.close(live, maria.id, "answered", 999, moment())
    with engine().connect() as connection:
        row = connection.execute(select(outcomes)).one()
    assert row.outcome == "close"
    assert (row.at.minute, row.at.second) == (0, 0)
    assert row.waited == 1
    assert len(row) == 4


def test_after_a_chat_one_can_ask_again(people, live, maria):
    people.close(live, maria.id, "answered", 999, moment())
    people.back(live, moment())
    people.ask(live, moment(), None, True)
    assert stands(live).state == "waiting"
    assert not stands(live).situation.returning
