"""The honest offer: hours, presence, room, place and wait."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from people import BEGIN, KNOWLEDGE, conversations, moment, said, specialist, stands, visitor
from sqlalchemy import update

from helpline import settings
from helpline.database import engine, handoffs, specialists
from helpline.desk import queue
from helpline.desk import specialists as accounts
from helpline.desk.offer import as_visitors_see_it, line, offer
from helpline.desk.queue import Wait

OPEN = BEGIN
SATURDAY_NIGHT = datetime(2026, 11, 22, 4, 0, tzinfo=timezone.utc)
AFTER_HOURS = datetime(2026, 11, 19, 0, 30, tzinfo=timezone.utc)
"""Wednesday, 18:30 Central: closed to the second."""


def offered(now=OPEN, at=None):
    with engine().connect() as connection:
        return offer(connection, KNOWLEDGE, now, at or moment())


def seen_by(conversation, now=OPEN):
    at = moment()
    with engine().connect() as connection:
        found = offer(connection, KNOWLEDGE, now, at)
        return as_visitors_see_it(connection, stands(conversation), found, at)


def put(conversation, **values):
    with engine().begin() as connection:
        connection.execute(
            update(handoffs).where(handoffs.c.conversation == conversation).values(values)
        )


def handled(people, wait, who):
    """A chat that a specialist took after so long, and that has ended."""
    one, begin = visitor(), moment()
    people.ask(one, begin, None, True)
    people.claim(one, who.id, begin + wait)
    people.close(one, who.id, "answered", 999, begin + wait)


def test_without_anybody_at_the_desk_nobody_is_offered(database):
    assert not offered().open
    assert not offered().staffed


def test_somebody_who_is_there_with_room_is_offered_in_the_hours_only(database):
    specialist()
    assert offered().open
    for closed in (SATURDAY_NIGHT, AFTER_HOURS):
        assert not offered(closed).open
        assert offered(closed).question


@pytest.mark.parametrize(
    "about", [{"presence": "away"}, {"capacity": 0}], ids=["who is away", "who has no room"]
)
def test_nobody_is_offered(database, about):
    specialist(**about)
    assert not offered().open


def test_somebody_without_a_sign_of_life_for_45_seconds_is_not_offered(database):
    seen = specialist().seen
    assert offered(at=seen + timedelta(seconds=45)).open
    assert not offered(at=seen + timedelta(seconds=46)).open


def test_somebody_with_their_hands_full_is_not_offered(database):
    busy, people = specialist(capacity=1), conversations()
    one = visitor()
    people.ask(one, moment(), None, True)
    people.claim(one, busy.id, moment())
    assert not offered().open
    people.close(one, busy.id, "answered", 999, moment())
    assert offered().open


def test_the_first_to_ask_is_the_first_in_line(database):
    people, waiting = conversations(), [visitor() for _ in range(3)]
    for one in waiting:
        people.ask(one, moment(), None, True)
    assert [seen_by(one)["place"] for one in waiting] == [1, 2, 3]
    people.cancel(waiting[0], moment())
    assert [seen_by(one)["place"] for one in waiting] == [None, 1, 2]


def test_whoever_is_put_back_in_line_has_their_old_place(database):
    people, maria = conversations(), specialist()
    first, second = visitor(), visitor()
    for one in (first, second):
        people.ask(one, moment(), None, True)
    people.claim(first, maria.id, moment())
    people.pass_time(first, lambda held: "lost", moment())
    people.pass_time(first, lambda held: "grace_over", moment())
    assert [seen_by(one)["place"] for one in (first, second)] == [1, 2]
    assert stands(first).situation.returning


def test_the_wait_is_the_median_of_those_handled_last(database):
    people, maria = conversations(), specialist()
    for minutes in (1, 2, 3, 4, 60):
        handled(people, timedelta(minutes=minutes), maria)
    assert offered().wait == Wait(3)
    assert offered().wait.words == "Lately it has taken about 3 minutes."


def test_of_too_few_no_wait_is_guessed(database):
    people, maria = conversations(), specialist()
    for _ in range(queue.ENOUGH - 1):
        handled(people, timedelta(minutes=1), maria)
    assert offered().wait == Wait(None)
    assert not any(character.isdigit() for character in offered().wait.words)


def test_whoever_gave_up_would_have_waited_longer(database):
    people, maria = conversations(), specialist()
    for minutes in (1, 2, 3, 4, 5):
        handled(people, timedelta(minutes=minutes), maria)
    assert offered().wait == Wait(3)
    for _ in range(3):
        gave_up, begin = visitor(), moment()
        people.ask(gave_up, begin, None, True)
        people.pass_time(gave_up, lambda _: "nobody_came", begin + timedelta(minutes=10))
    assert offered().wait == Wait(4)
    for _ in range(6):
        gave_up, begin = visitor(), moment()
        people.ask(gave_up, begin, None, True)
        people.cancel(gave_up, begin + timedelta(minutes=10))
    # To fewer than half of them anybody came.
    assert offered().wait == Wait(None)


def test_what_was_long_ago_says_nothing_about_now(database):
    people, maria = conversations(), specialist()
    for _ in range(queue.ENOUGH):
        handled(people, timedelta(minutes=3), maria)
    assert offered().wait == Wait(3)
    assert offered(at=moment() + queue.RECENT).wait == Wait(None)


def test_the_guess_knows_the_place_in_line(database):
    people, maria = conversations(), specialist()
    for _ in range(queue.ENOUGH):
        handled(people, timedelta(minutes=3), maria)
    assert "in line before you" not in seen_by(visitor())["live"]["wait"]["text"]
    first, second = visitor(), visitor()
    for one in (first, second):
        people.ask(one, moment(), None, True)
    assert "in line before you" not in seen_by(first)["wait"]["text"]
    assert "in line before you" in seen_by(second)["wait"]["text"]
    assert "in line before you" in said(second, "system")[0].body["text"]
    assert "in line before you" in seen_by(visitor())["live"]["wait"]["text"]


def test_a_question_is_spoken_of_only_where_one_can_be_left(database):
    there, people = specialist(), conversations()
    for presence, spoken_of, not_spoken_of in (
        ("available", "ask for a specialist again", "leave a question"),
        ("away", "leave a question", "ask for a specialist again"),
    ):
        accounts.be(there.id, presence, moment())
        one = visitor()
        people.ask(one, moment(), None, True)
        people.pass_time(one, lambda _: "nobody_came", moment())
        text = said(one, "system")[-1].body["text"]
        assert spoken_of in text
        assert not_spoken_of not in text
        assert seen_by(one)["question"] == (presence == "away")


def test_of_a_wait_that_lasts_longer_than_the_guess_nothing_is_told():
    assert Wait(5).after(timedelta(minutes=2)) == Wait(3)
    assert Wait(5).after(timedelta(minutes=5)) == Wait(None)
    assert Wait(None).after(timedelta()) == Wait(None)


def test_a_page_is_told_of_line_chat_and_afterwards(database):
    people, maria, one = conversations(), specialist("maria"), visitor()
    assert seen_by(one)["live"]["open"]
    assert not seen_by(one)["question"]
    people.ask(one, moment(), None, True)
    assert seen_by(one)["wait"]["text"]
    people.claim(one, maria.id, moment())
    assert (seen_by(one)["name"], seen_by(one)["place"]) == ("Maria", None)
    people.pass_time(one, lambda held: "lost", moment())
    assert seen_by(one)["lost"]
    people.cancel(one, moment())
    people.back(one, moment())
    assert seen_by(one)["survey"]
    assert seen_by(one)["name"] is None


@pytest.mark.parametrize("outcome", ["cancel", "nobody_came", "closing_time"])
def test_whoever_met_nobody_is_not_asked_how_it_was(database, outcome):
    people, one = conversations(), visitor()
    people.ask(one, moment(), None, True)
    people.pass_time(one, lambda held: outcome, moment())
    assert not seen_by(one)["survey"]


def test_a_line_that_is_not_in_contacts_yml_is_told(monkeypatch):
    monkeypatch.setattr(settings, "DESK_LINE", "nobody")
    with pytest.raises(ValueError, match=r"HELPLINE_DESK_LINE.*contacts\.yml"):
        line(KNOWLEDGE)


def test_a_line_without_chat_hours_is_never_open(database, monkeypatch):
    specialist()
    monkeypatch.setattr(settings, "DESK_LINE", "samaritans")
    assert not offered().open


def test_a_name_that_somebody_had_is_kept_when_their_account_is_removed(database):
    people, maria, one = conversations(), specialist("maria"), visitor()
    people.ask(one, moment(), None, True)
    people.claim(one, maria.id, moment())
    with engine().begin() as connection:
        connection.execute(specialists.delete())
    assert stands(one).holder is None
    assert replace(stands(one)).name == "Maria"
