"""What the clock brings, told from facts alone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from people import BEGIN

from helpline.desk.due import Patience, due_at
from helpline.desk.held import Held

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
PATIENCE = Patience(wait=10 * MINUTE, idle=8 * MINUTE, gone=45 * SECOND, grace=60 * SECOND)
LONG_AGO = BEGIN - timedelta(hours=1)

WAITING = Held(
    conversation="one",
    state="waiting",
    created=BEGIN,
    expires=BEGIN + timedelta(days=3),
    timezone=None,
    language=None,
    region=None,
    last=3,
    last_visitor=1,
    last_visitor_at=BEGIN,
    last_specialist=0,
    last_specialist_at=None,
    handoff=1,
    asked_at=BEGIN,
    waiting_since=BEGIN,
)
LIVE = replace(WAITING, state="live", holder=7, name="Maria", claimed_at=BEGIN, held_since=BEGIN)
WRITTEN = replace(LIVE, last_specialist=5, last_specialist_at=BEGIN)


def due(held, after, chat_open=True, seen=timedelta(), up_since=LONG_AGO):
    """What is due some time after the beginning; the specialist was seen so long before that."""
    now = BEGIN + after
    if held.holder:
        held = replace(held, holder_seen=now - seen)
    return due_at(now, chat_open, PATIENCE, up_since)(held)


def test_nobody_comes_in_ten_minutes():
    assert due(WAITING, 10 * MINUTE - SECOND) is None
    assert due(WAITING, 10 * MINUTE) == "nobody_came"


def test_whoever_is_back_in_line_waits_ten_minutes_from_then_on():
    back = replace(WAITING, claimed_at=BEGIN, waiting_since=BEGIN + 30 * MINUTE)
    assert due(back, 39 * MINUTE) is None
    assert due(back, 40 * MINUTE) == "nobody_came"


def test_closing_time_sends_home_who_waits_and_not_who_talks():
    assert due(WAITING, MINUTE, chat_open=False) == "closing_time"
    assert due(LIVE, MINUTE, chat_open=False) is None


def test_a_chat_of_before_closing_time_that_lost_its_specialist_gets_another():
    back = replace(WAITING, claimed_at=BEGIN)
    assert due(back, MINUTE, chat_open=False) is None


def test_a_specialist_is_lost_after_45_seconds_without_a_sign_of_life():
    assert due(LIVE, MINUTE, seen=44 * SECOND) is None
    assert due(LIVE, MINUTE, seen=45 * SECOND) == "lost"


def test_a_specialist_without_an_account_is_lost():
    assert due_at(BEGIN, True, PATIENCE, LONG_AGO)(replace(LIVE, holder=None)) == "lost"


def test_a_server_that_has_just_begun_takes_nobody_for_lost():
    up = {"seen": 90 * MINUTE, "up_since": BEGIN}
    assert due(LIVE, 44 * SECOND, **up) is None
    assert due(LIVE, 45 * SECOND, **up) == "lost"
    lost = replace(LIVE, lost_at=LONG_AGO)
    assert due(lost, 59 * SECOND, **up) is None
    assert due(lost, 60 * SECOND, **up) == "grace_over"


def test_whoever_was_lost_returns_or_their_visitor_waits_for_another():
    lost = replace(LIVE, lost_at=BEGIN)
    assert due(lost, 59 * SECOND, seen=SECOND) == "returned"
    assert due(lost, 59 * SECOND, seen=104 * SECOND) is None
    assert due(lost, 60 * SECOND, seen=105 * SECOND) == "grace_over"


def test_a_visitor_who_says_nothing_is_asked_and_then_left():
    assert due(WRITTEN, 8 * MINUTE - SECOND) is None
    assert due(WRITTEN, 8 * MINUTE) == "visitor_idle"
    warned = replace(WRITTEN, warned_at=BEGIN + 8 * MINUTE)
    assert due(warned, 16 * MINUTE - SECOND) is None
    assert due(warned, 16 * MINUTE) == "visitor_gone"


def test_a_visitor_who_answers_the_warning_is_there():
    answered = replace(
        WRITTEN,
        warned_at=BEGIN + 8 * MINUTE,
        last_visitor=9,
        last_visitor_at=BEGIN + 9 * MINUTE,
    )
    assert due(answered, 60 * MINUTE) is None


def test_what_a_specialist_writes_after_the_warning_gives_the_visitor_more_time():
    more = replace(
        WRITTEN,
        warned_at=BEGIN + 8 * MINUTE,
        last_specialist=9,
        last_specialist_at=BEGIN + 12 * MINUTE,
    )
    assert due(more, 16 * MINUTE) is None
    assert due(more, 20 * MINUTE) == "visitor_gone"


def test_a_visitor_who_waits_for_a_reply_is_never_idle():
    assert due(replace(WRITTEN, last_visitor=6), 60 * MINUTE) is None
    assert due(LIVE, 60 * MINUTE) is None


def test_what_another_specialist_said_before_does_not_make_the_visitor_idle():
    taken_over = replace(WRITTEN, held_since=BEGIN + 20 * MINUTE)
    assert due(taken_over, 21 * MINUTE) is None


@pytest.mark.parametrize(("held", "event"), [(WAITING, "cancel"), (LIVE, "visitor_gone")])
def test_when_the_visitors_session_ends_nobody_waits_for_them(held, event):
    assert due(replace(held, expires=BEGIN + MINUTE), MINUTE) == event


@pytest.mark.parametrize("state", ["bot", "closed"])
def test_nothing_is_due_where_no_specialist_is_concerned(state):
    assert due(replace(WAITING, state=state), 1000 * MINUTE) is None
