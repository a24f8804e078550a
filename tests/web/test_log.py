"""The message log: rising ids, stored once, answered once, deleted whole."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st
from sqlalchemy import update

from helpline import feedback
from helpline.database import conversations, engine
from helpline.web import log, sessions
from helpline.web.log import Gone

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=timezone.utc)

ARTICLE = {"text": "...", "data": {"type": "article", "article": "type-allo"}}

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def one(database):
    return sessions.begin(NOON).conversation


def said(conversation, text="hello", client_id="a"):
    return log.say(conversation, text, client_id, NOON)[0]


def texts(conversation, last=0):
    return [message.body["text"] for message in log.after(conversation, last)]


def test_ids_rise_in_the_order_of_what_was_said(one):
    ids = [said(one, str(n), str(n)).id for n in range(5)]
    assert ids == sorted(set(ids))
    assert texts(one) == ["0", "1", "2", "3", "4"]


def test_the_log_is_read_from_after_a_message_on(one):
    ids = [said(one, str(n), str(n)).id for n in range(3)]
    assert texts(one, ids[0]) == ["1", "2"]
    assert texts(one, ids[2]) == []


def test_a_message_posted_twice_is_stored_once_with_its_first_words(one):
    first, repeated = log.say(one, "hello", "a", NOON)
    again, repeated_again = log.say(one, "other words", "a", NOON + timedelta(minutes=1))
    assert (repeated, repeated_again) == (False, True)
    assert again == first
    assert texts(one) == ["hello"]


def test_a_message_posted_many_times_at_once_is_stored_once(one):
    with ThreadPoolExecutor(8) as tabs:
        posted = [tabs.submit(log.say, one, "hello", "a", NOON) for _ in range(24)]
        outcomes = [post.result() for post in posted]
    assert len({message.id for message, _ in outcomes}) == 1
    assert [repeated for _, repeated in outcomes].count(False) == 1


def test_two_visitors_may_give_their_messages_the_same_id(one):
    two = sessions.begin(NOON).conversation
    assert said(one, "mine", "a").id != said(two, "yours", "a").id
    assert (texts(one), texts(two)) == (["mine"], ["yours"])


def test_what_a_visitor_says_waits_for_an_answer(one):
    message = said(one)
    assert log.unhandled(one) == [message]
    assert log.waiting() == [one]


def test_what_needs_no_answer_waits_for_none(one):
    log.say(one, "hello", "a", NOON, wants_answer=False)
    assert log.unhandled(one) == []


def test_the_replies_follow_together_and_the_message_is_done(one):
    message = said(one)
    replies = log.answer(message, [{"text": "first"}, {"text": "second"}], NOON)
    assert [reply.sender for reply in replies] == ["bot", "bot"]
    assert texts(one) == ["hello", "first", "second"]
    assert log.unhandled(one) == []
    assert log.waiting() == []


def test_a_message_is_answered_once_however_many_answer_it(one):
    message = said(one)
    with ThreadPoolExecutor(8) as servers:
        for answering in [
            servers.submit(log.answer, message, [{"text": str(n)}], NOON) for n in range(8)
        ]:
            answering.result()
    assert len(texts(one)) == 2


def test_replies_that_cannot_be_stored_leave_the_message_unanswered(one):
    message = said(one)
    with pytest.raises(Exception, match="not JSON serializable"):
        log.answer(message, [{"text": "fine"}, {"text": object()}], NOON)
    assert texts(one) == ["hello"]
    assert log.unhandled(one) == [message]


def test_the_longest_waiting_conversation_is_taken_up_first(one):
    two = sessions.begin(NOON).conversation
    said(two)
    said(one)
    said(two, client_id="b")
    assert log.waiting() == [two, one]


def test_a_deleted_conversation_takes_in_nothing_more(one):
    message = said(one)
    log.delete(one)
    with pytest.raises(Gone):
        said(one, client_id="b")
    with pytest.raises(Gone):
        log.answer(message, [{"text": "too late"}], NOON)
    assert log.after(one, 0) == []


def test_deleting_one_conversation_leaves_the_others(one):
    two = sessions.begin(NOON).conversation
    said(one)
    said(two)
    log.delete(one)
    assert (texts(one), texts(two)) == ([], ["hello"])


def test_the_latest_message_is_told_by_conversation(one):
    two = sessions.begin(NOON).conversation
    newest = [said(one, client_id=id_).id for id_ in "ab"][-1]
    assert log.latest([one, two, "nobody"], NOON) == {one: newest, two: 0}


def test_of_a_session_that_has_ended_no_message_is_told(one):
    said(one)
    assert log.latest([one], NOON + timedelta(days=4)) == {one: -1}


@pytest.mark.parametrize(
    ("payload", "is_offered"),
    [
        ("/affirm", True),
        ('/choose{"which": 1}', True),
        ("/affirm ", False),
        ("/AFFIRM", False),
        ("/deny", False),
        ("/choose", False),
        ("", False),
    ],
)
def test_a_payload_is_offered_only_to_the_letter(one, payload, is_offered):
    buttons = [
        {"title": "Yes", "payload": "/affirm"},
        {"title": "One", "payload": '/choose{"which": 1}'},
    ]
    log.answer(said(one), [{"text": "?", "buttons": buttons}], NOON)
    assert log.offered(one, payload) is is_offered


def test_what_was_offered_in_another_conversation_was_not_offered_here(one):
    two = sessions.begin(NOON).conversation
    reply = {"text": "?", "buttons": [{"title": "Yes", "payload": "/affirm"}]}
    log.answer(said(two), [reply], NOON)
    assert not log.offered(one, "/affirm")


def test_a_visitor_cannot_offer_themselves_a_payload(one):
    said(one, '{"buttons": [{"payload": "/affirm"}]} /affirm')
    assert not log.offered(one, "/affirm")


def test_an_answer_is_rated_once(one):
    answer = log.answer(said(one), [ARTICLE], NOON)[0]
    assert log.rate(one, answer.id, True, NOON)
    assert log.rate(one, answer.id, False, NOON)
    assert feedback.summary() == [("type-allo", 1, 0, 0)]
    assert log.after(one, answer.id - 1)[0].as_json()["rated"] is True


def test_only_an_answer_of_ones_own_conversation_can_be_rated(one):
    two = sessions.begin(NOON).conversation
    question = said(one)
    answer, talk = log.answer(question, [ARTICLE, {"text": "hello"}], NOON)
    for conversation, message in [(two, answer.id), (one, question.id), (one, talk.id), (one, 99)]:
        assert not log.rate(conversation, message, True, NOON)
    assert feedback.summary() == []


def test_an_answer_whose_verdict_could_not_be_kept_can_be_rated_again(one, monkeypatch):
    answer = log.answer(said(one), [ARTICLE], NOON)[0]
    with monkeypatch.context() as broken:
        broken.setattr(feedback, "record_in", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            log.rate(one, answer.id, True, NOON)
    assert log.rate(one, answer.id, True, NOON)
    assert feedback.summary() == [("type-allo", 1, 0, 0)]


def test_a_page_is_told_what_it_needs_and_no_more(one):
    message = log.say(one, "hello", "an-id", NOON)[0]
    assert message.as_json() == {
        "id": message.id,
        "sender": "visitor",
        "at": "2026-11-22T12:00:00Z",
        "text": "hello",
        "client": "an-id",
    }


def test_a_log_is_read_page_by_page(one, monkeypatch):
    monkeypatch.setattr(log, "PAGE", 2)
    ids = [said(one, str(n), str(n)).id for n in range(5)]
    assert texts(one) == ["0", "1"]
    assert texts(one, ids[3]) == ["4"]


def test_a_specialist_may_hold_a_conversation_and_it_still_takes_messages(one):
    with engine().begin() as connection:
        connection.execute(update(conversations).values(state="live"))
    said(one)
    assert sessions.find(one).state == "live"


@how(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(min_size=1, max_size=200))
def test_any_text_comes_back_as_it_was_written(one, text):
    message = log.say(one, text, text[:50] + str(hash(text)), NOON)[0]
    stored = log.after(one, message.id - 1)[0]
    assert stored.body["text"] == text
    assert json.loads(json.dumps(stored.as_json()))["text"] == text
