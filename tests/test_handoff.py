"""The way to a person, by the clock and the country, with the numbers that we really give."""

import json
import re
from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo

import hypothesis
import pytest
from hypothesis import strategies as st

from helpline import settings
from helpline.handoff import Visitor, chat_in_words, offer_payload, ways, ways_in_words
from helpline.hours import is_open
from helpline.knowledge import load_knowledge
from helpline.knowledge.models import Hours

KNOWLEDGE = load_knowledge(settings.KNOWLEDGE)
CHAT = KNOWLEDGE.contacts["acs"].chat

some = hypothesis.settings(max_examples=60, deadline=None)

SATURDAY_NIGHT = datetime(2026, 11, 21, 22, 0, tzinfo=ZoneInfo("America/Chicago"))

ANYONE = Visitor()
IN_THE_US = Visitor(region="us")
IN_THE_UK = Visitor(region="uk")
LONDON_CLOCK = Visitor(timezone="Europe/London")
UK_VISITORS = [IN_THE_UK, LONDON_CLOCK, Visitor(region="uk", timezone="America/New_York")]

visitors = st.builds(
    Visitor,
    region=st.sampled_from([None, "us", "uk"]),
    timezone=st.sampled_from(
        [None, "America/Chicago", "Europe/London", "America/Los_Angeles", "Asia/Kolkata"]
    ),
)
instants = st.datetimes(datetime(2024, 1, 1), datetime(2045, 1, 1), timezones=st.just(timezone.utc))


def central(*parts):
    return datetime(*parts, tzinfo=ZoneInfo("America/Chicago"))


def in_uk(*parts):
    return datetime(*parts, tzinfo=ZoneInfo("Europe/London"))


def contacts(found):
    return [way.contact for way in found]


# Saturday night


def test_on_saturday_night_the_first_way_is_the_phone():
    first = ways(KNOWLEDGE, SATURDAY_NIGHT, ANYONE)[0]
    assert (first.contact, first.kind, first.open) == ("acs", "phone", True)
    assert "1-800-227-2345" in first.text
    assert "any time, day or night" in first.text


def test_on_saturday_night_chat_says_when_it_opens_in_central_time():
    chat = ways(KNOWLEDGE, SATURDAY_NIGHT, ANYONE)[1]
    assert (chat.contact, chat.kind, chat.open) == ("acs", "chat", False)
    said = "Live chat at https://www.cancer.org: closed now, opens Monday at 7:00 am Central time."
    assert chat.text == said


def test_a_visitor_on_another_clock_reads_the_opening_on_both():
    for zone, theirs in (
        ("America/New_York", "Monday at 8:00 am your time"),
        ("America/Los_Angeles", "Monday at 5:00 am your time"),
        ("Asia/Kolkata", "Monday at 6:30 pm your time"),
    ):
        text = chat_in_words(CHAT, SATURDAY_NIGHT, Visitor(timezone=zone))
        assert text.endswith(f"opens Monday at 7:00 am Central time ({theirs})")


def test_a_visitor_on_the_lines_own_clock_reads_it_once():
    for visitor in (ANYONE, IN_THE_US, Visitor(timezone="America/Chicago")):
        assert "your time" not in chat_in_words(CHAT, SATURDAY_NIGHT, visitor)


def test_whoever_says_that_they_are_in_the_uk_reads_chat_on_the_uk_clock():
    for visitor in (IN_THE_UK, LONDON_CLOCK):
        text = chat_in_words(CHAT, SATURDAY_NIGHT, visitor)
        assert text.endswith("Monday at 7:00 am Central time (Monday at 1:00 pm your time)")


# Chat by the clock


def test_while_chat_is_open_it_says_until_when():
    text = chat_in_words(CHAT, central(2026, 11, 23, 12, 0), ANYONE)
    assert text == "open now, until today at 6:30 pm Central time"


def test_at_closing_time_chat_is_closed_until_the_next_morning():
    text = chat_in_words(CHAT, central(2026, 11, 23, 18, 30), ANYONE)
    assert text == "closed now, opens Tuesday at 7:00 am Central time"


def test_on_a_holiday_chat_opens_on_the_day_after():
    text = chat_in_words(CHAT, central(2026, 11, 26, 12, 0), ANYONE)
    assert text == "closed now, opens Friday at 7:00 am Central time"


@pytest.mark.parametrize(
    "hours", [Hours(unknown=True), Hours(timezone="Nowhere/Else", weekly=CHAT.weekly), Hours()]
)
def test_chat_whose_hours_cannot_be_read_is_closed(hours):
    text = chat_in_words(hours, central(2026, 11, 23, 12, 0), LONDON_CLOCK)
    assert text == "closed, and I can't tell when it opens"


def test_without_chat_hours_the_phone_is_still_given_and_chat_is_closed():
    acs = KNOWLEDGE.contacts["acs"].copy(update={"chat": None})
    knowledge = KNOWLEDGE.copy(update={"contacts": {**KNOWLEDGE.contacts, "acs": acs}})
    phone, chat = ways(knowledge, central(2026, 11, 23, 12, 0), IN_THE_US)
    assert phone.open
    assert not chat.open
    assert "I can't tell when it opens" in chat.text


# The visitor's country


@pytest.mark.parametrize(
    ("visitor", "place", "shows_both"),
    [
        (ANYONE, "us", True),
        (IN_THE_US, "us", False),
        (IN_THE_UK, "uk", False),
        (LONDON_CLOCK, "uk", False),
        (Visitor(timezone="America/New_York"), "us", True),
        (Visitor(timezone="Asia/Kolkata"), "us", True),
        (Visitor(region="us", timezone="Europe/London"), "us", False),
        (Visitor(region="uk", timezone="America/Chicago"), "uk", False),
    ],
)
def test_a_visitors_word_counts_before_their_clock(visitor, place, shows_both):
    assert visitor.place == place
    assert visitor.shows_both == shows_both


def test_where_nothing_is_known_the_uk_number_stands_beside_the_us_ones():
    found = ways(KNOWLEDGE, SATURDAY_NIGHT, ANYONE)
    assert contacts(found) == ["acs", "acs", "cruk"]
    assert "0808 800 40 40" in found[-1].text
    assert "(in the UK)" in found[-1].text


def test_whoever_says_that_they_are_in_the_us_gets_us_lines_alone():
    assert set(contacts(ways(KNOWLEDGE, SATURDAY_NIGHT, IN_THE_US))) == {"acs"}


@pytest.mark.parametrize("visitor", UK_VISITORS)
@some
@hypothesis.given(at=instants)
def test_uk_visitors_get_uk_lines_first_and_the_us_line_last(visitor, at):
    found = ways(KNOWLEDGE, at, visitor)
    assert set(contacts(found[:2])) == {"cruk", "macmillan"}
    assert contacts(found[2:]) == ["acs"]
    assert "(in the US)" in found[2].text


@pytest.mark.parametrize(
    ("at", "expected", "are_open"),
    [
        (in_uk(2026, 11, 23, 12, 0), ["cruk", "macmillan", "acs"], [True, True, True]),
        (in_uk(2026, 11, 22, 12, 0), ["macmillan", "cruk", "acs"], [True, False, True]),
        (in_uk(2026, 11, 23, 18, 0), ["macmillan", "cruk", "acs"], [True, False, True]),
        (in_uk(2026, 12, 25, 12, 0), ["macmillan", "cruk", "acs"], [True, False, True]),
        (in_uk(2026, 11, 23, 3, 0), ["cruk", "macmillan", "acs"], [False, False, True]),
    ],
    ids=["Monday noon", "Sunday noon", "Monday evening", "Christmas Day", "at night"],
)
def test_of_the_uk_lines_those_that_are_open_lead(at, expected, are_open):
    found = ways(KNOWLEDGE, at, LONDON_CLOCK)
    assert contacts(found) == expected
    assert [way.open for way in found] == are_open


def test_on_a_sunday_a_uk_visitor_reads_who_is_there_and_when_the_nurses_are_back():
    macmillan, nurses, acs = ways_in_words(
        ways(KNOWLEDGE, in_uk(2026, 11, 22, 12, 0), LONDON_CLOCK)
    ).split("\n")
    assert macmillan == (
        "- Phone 0808 808 00 00, Macmillan Support Line: open now "
        "(Monday to Sunday, 8:00 am to 8:00 pm UK time)."
    )
    assert nurses == (
        "- Phone 0808 800 40 40, Cancer Research UK nurses: closed now, opens Monday at 9:00 am "
        "UK time (Monday to Friday, 9:00 am to 5:00 pm UK time)."
    )
    assert acs == (
        "- Phone 1-800-227-2345, American Cancer Society helpline (in the US): any time, day or "
        "night."
    )


# Any visitor, any instant


@some
@hypothesis.given(instants, visitors)
def test_there_is_always_a_phone_number_and_one_that_is_answered_now(at, visitor):
    phones = [way for way in ways(KNOWLEDGE, at, visitor) if way.kind == "phone"]
    assert phones
    assert any(way.open for way in phones)
    for way in phones:
        assert KNOWLEDGE.contacts[way.contact].phone in way.text


@some
@hypothesis.given(instants, visitors)
def test_in_the_visitors_country_no_closed_line_stands_before_an_open_one(at, visitor):
    here = [
        way.open
        for way in ways(KNOWLEDGE, at, visitor)
        if KNOWLEDGE.contacts[way.contact].region == visitor.place
    ]
    assert here == sorted(here, reverse=True)


@some
@hypothesis.given(instants, visitors)
def test_lines_of_the_visitors_country_come_before_those_of_the_other(at, visitor):
    regions = [KNOWLEDGE.contacts[way.contact].region for way in ways(KNOWLEDGE, at, visitor)]
    assert regions[0] == visitor.place
    assert regions == sorted(regions, key=lambda region: region != visitor.place)


@some
@hypothesis.given(instants, visitors)
def test_a_way_says_that_it_is_open_exactly_when_it_is(at, visitor):
    for way in ways(KNOWLEDGE, at, visitor):
        contact = KNOWLEDGE.contacts[way.contact]
        assert way.open == is_open(contact.chat if way.kind == "chat" else contact.hours, at)
        assert ("open now" in way.text or "any time" in way.text) == way.open
        assert ("closed now" in way.text) == (not way.open)


@some
@hypothesis.given(instants, visitors)
def test_every_way_is_one_line_in_whole_words(at, visitor):
    found = ways(KNOWLEDGE, at, visitor)
    for way in found:
        assert way.text.endswith(".")
        assert not re.search(r"\n|None|\(\)|\{|/(?!/)\w+ time|  ", way.text)
    assert ways_in_words(found) == "\n".join(f"- {way.text}" for way in found)


@some
@hypothesis.given(instants, visitors)
def test_the_payload_says_the_same_as_the_text(at, visitor):
    found = ways(KNOWLEDGE, at, visitor)
    payload = json.loads(json.dumps(offer_payload(found)))
    assert payload["type"] == "people"
    assert all(set(way) - {"tel"} == {"text", "contact", "kind", "open"} for way in payload["ways"])
    assert [(way["text"], way["contact"], way["kind"], way["open"]) for way in payload["ways"]] == [
        (way.text, way.contact, way.kind, way.open) for way in found
    ]
    assert [way.get("tel") for way in payload["ways"]] == [
        KNOWLEDGE.contacts[way.contact].tel if way.kind == "phone" else None for way in found
    ]


# Numbers


def test_numbers_come_from_the_contacts_alone():
    acs = KNOWLEDGE.contacts["acs"].copy(update={"phone": "555-0100"})
    knowledge = KNOWLEDGE.copy(update={"contacts": {**KNOWLEDGE.contacts, "acs": acs}})
    text = ways_in_words(ways(knowledge, SATURDAY_NIGHT, ANYONE))
    assert "555-0100" in text
    assert "1-800-227-2345" not in text


def test_a_line_that_closes_early_says_so_on_the_day():
    chat = CHAT.copy(update={"early_closing": {date(2026, 12, 23): "12:00"}})
    morning, afternoon = central(2026, 12, 23, 9, 0), central(2026, 12, 23, 13, 0)
    assert "until today at 12:00 pm Central time" in chat_in_words(chat, morning, ANYONE)
    assert "opens Thursday at 7:00 am Central time" in chat_in_words(chat, afternoon, ANYONE)
