"""What the banner says, by the clock and by where the visitor is."""

import json
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline import settings
from helpline.handoff import Visitor
from helpline.knowledge import load_knowledge
from helpline.web.status import status

KNOWLEDGE = load_knowledge(settings.KNOWLEDGE)

SATURDAY_NIGHT = datetime.fromisoformat("2026-11-21T22:00:00-06:00")
TUESDAY_NOON = datetime.fromisoformat("2026-11-24T12:00:00-06:00")
THANKSGIVING = datetime.fromisoformat("2026-11-26T12:00:00-06:00")
CHICAGO = Visitor(timezone="America/Chicago")
NEW_YORK = Visitor(timezone="America/New_York")
LONDON = Visitor(timezone="Europe/London")
IN_THE_UK = Visitor(region="uk", timezone="America/New_York")


def banner(at, visitor):
    return status(KNOWLEDGE, at, visitor)["banner"]


def test_after_hours_it_says_when_chat_opens_on_both_clocks_and_what_to_call():
    assert banner(SATURDAY_NIGHT, NEW_YORK) == (
        "Live chat opens Monday at 7:00 am Central time (Monday at 8:00 am your time). "
        "Call 1-800-227-2345 any time."
    )


def test_where_both_clocks_agree_the_time_is_said_once():
    assert banner(SATURDAY_NIGHT, CHICAGO) == (
        "Live chat opens Monday at 7:00 am Central time. Call 1-800-227-2345 any time."
    )


def test_in_hours_it_says_that_a_specialist_can_chat_and_until_when():
    assert banner(TUESDAY_NOON, CHICAGO) == (
        "A specialist can chat now at https://www.cancer.org, until today at 6:30 pm Central time. "
        "Call 1-800-227-2345 any time."
    )


def test_a_holiday_is_closed():
    assert banner(THANKSGIVING, CHICAGO).startswith("Live chat opens Friday at 7:00 am")


@pytest.mark.parametrize("visitor", [LONDON, IN_THE_UK])
def test_in_the_uk_it_names_the_nurses_and_999(visitor):
    text = banner(SATURDAY_NIGHT, visitor)
    assert text.startswith("Phone 0808 800 40 40, Cancer Research UK nurses: closed now, opens")
    assert text.endswith("In an emergency call 999.")
    assert banner(TUESDAY_NOON - timedelta(hours=2), visitor) == "Call 0808 800 40 40: open now."


def test_whether_chat_is_open_can_be_read_by_a_program():
    assert status(KNOWLEDGE, TUESDAY_NOON, CHICAGO)["chat"]["open"] is True
    assert status(KNOWLEDGE, SATURDAY_NIGHT, CHICAGO)["chat"]["open"] is False
    assert status(KNOWLEDGE, TUESDAY_NOON, LONDON)["chat"] == {
        "open": False,
        "text": None,
        "web": None,
    }


@pytest.mark.parametrize(
    ("visitor", "emergency", "crisis"), [(CHICAGO, "911", "988"), (LONDON, "999", "116 123")]
)
def test_the_numbers_of_the_visitors_country_come_first_and_the_others_are_there(
    visitor, emergency, crisis
):
    told = status(KNOWLEDGE, SATURDAY_NIGHT, visitor)
    assert told["emergency"][0]["text"] == emergency
    assert told["crisis"][0]["text"] == crisis
    assert {"911", "999"} <= {line["text"] for line in told["emergency"]}
    assert {"988", "116 123"} == {line["text"] for line in told["crisis"]}


def test_every_number_of_the_knowledge_base_can_be_made_a_link():
    numbers = {
        line["text"]: line["tel"] for line in status(KNOWLEDGE, TUESDAY_NOON, CHICAGO)["numbers"]
    }
    assert numbers == {contact.phone: contact.tel for contact in KNOWLEDGE.contacts.values()}


def test_without_a_chat_of_known_hours_it_is_closed():
    acs = KNOWLEDGE.contacts["acs"]
    hours = acs.chat.copy(update={"timezone": "Nowhere/None"})
    odd = KNOWLEDGE.copy(
        update={"contacts": {**KNOWLEDGE.contacts, "acs": acs.copy(update={"chat": hours})}}
    )
    told = status(odd, TUESDAY_NOON, CHICAGO)
    assert told["banner"] == "Live chat is closed. Call 1-800-227-2345 any time."
    assert told["chat"]["open"] is False


@given(
    at=st.datetimes(
        min_value=datetime(2026, 1, 1),
        max_value=datetime(2030, 1, 1),
        timezones=st.just(timezone.utc),
    ),
    visitor=st.sampled_from([Visitor(), CHICAGO, NEW_YORK, LONDON, IN_THE_UK]),
)
def test_at_any_time_there_is_a_number_to_call_and_it_is_json(at, visitor):
    told = json.loads(json.dumps(status(KNOWLEDGE, at, visitor)))
    assert any(number["text"] in told["banner"] for number in told["numbers"])
    assert any(way["kind"] == "phone" and way["tel"] for way in told["ways"])


def test_a_specialist_who_can_come_into_this_chat_is_named_first():
    told = status(KNOWLEDGE, TUESDAY_NOON, CHICAGO, here=True)
    assert told["banner"] == (
        "A specialist can chat with you here now. Call 1-800-227-2345 any time."
    )
    assert told["chat"]["open"]
    assert status(KNOWLEDGE, TUESDAY_NOON, LONDON, here=True)["chat"]["open"]
