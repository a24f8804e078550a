"""When is a person there? Held against a second, slower way to read the weekly table."""

from datetime import date, datetime, time, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import holidays
import hypothesis
import pytest
from hypothesis import strategies as st

from helpline import settings
from helpline.hours import (
    SEARCH_DAYS,
    Opening,
    clock_time,
    in_words,
    is_open,
    is_zone,
    next_opening,
    openings_on,
    weekly_in_words,
)
from helpline.knowledge import load_knowledge
from helpline.knowledge.models import WEEKDAYS, Hours

some = hypothesis.settings(max_examples=60, deadline=None)
few = hypothesis.settings(max_examples=20, deadline=None)

CHICAGO, LONDON = ZoneInfo("America/Chicago"), ZoneInfo("Europe/London")
YEARS = range(2007, 2051)
"""From the year of today's daylight saving rules in the US."""

CLOSED = {
    (None, None): frozenset(),
    ("US", None): frozenset(holidays.country_holidays("US", years=YEARS)),
    ("GB", "ENG"): frozenset(holidays.country_holidays("GB", subdiv="ENG", years=YEARS)),
}
"""Public holidays of all years at once, where the code under test reads one year at a time."""

WORKDAYS = WEEKDAYS[:5]
CHAT = Hours(
    timezone="America/Chicago",
    weekly={day: ["07:00-18:30"] for day in WORKDAYS},
    holidays="US",
)
SATURDAY_NIGHT = datetime(2026, 11, 21, 22, 0, tzinfo=CHICAGO)


@pytest.fixture(scope="module")
def contacts():
    return load_knowledge(settings.KNOWLEDGE).contacts


def open_by_the_table(hours, at):
    """Read the wall clock at that instant and look it up, as a person would."""
    wall = at.astimezone(ZoneInfo(hours.timezone))
    shown = f"{wall:%H:%M}"
    if wall.date() in CLOSED[hours.holidays, hours.subdivision]:
        return False
    if shown >= hours.early_closing.get(wall.date(), "24:00"):
        return False
    intervals = hours.weekly.get(WEEKDAYS[wall.weekday()], [])
    return any(text[:5] <= shown < text[6:] for text in intervals)


def chicago(*parts):
    return datetime(*parts, tzinfo=CHICAGO)


def london(*parts):
    return datetime(*parts, tzinfo=LONDON)


# Strategies. Intervals lie between 03:00 and midnight: an hour that daylight saving skips or
# repeats has no single reading, and has tests of its own.
quarter_hours = st.integers(min_value=3 * 4, max_value=24 * 4 - 1).map(
    lambda n: f"{n // 4:02}:{n % 4 * 15:02}"
)


@st.composite
def intervals_of_a_day(draw):
    """One to three intervals that neither touch nor overlap, in any order."""
    times = sorted(draw(st.sets(quarter_hours, min_size=2, max_size=6)))
    pairs = [f"{start}-{end}" for start, end in zip(times[::2], times[1::2], strict=False)]
    return draw(st.permutations(pairs))


@st.composite
def weekly_hours(draw):
    calendar = draw(st.sampled_from(list(CLOSED)))
    return Hours(
        timezone=draw(
            st.sampled_from(
                ["America/Chicago", "Europe/London", "Asia/Kolkata", "Pacific/Auckland"]
            )
        ),
        weekly=draw(st.dictionaries(st.sampled_from(WEEKDAYS), intervals_of_a_day(), min_size=1)),
        holidays=calendar[0],
        subdivision=calendar[1],
    )


instants = st.datetimes(
    datetime(2007, 3, 1), datetime(2050, 12, 1), timezones=st.just(timezone.utc)
)
minutes = instants.map(lambda at: at.replace(second=0, microsecond=0))
days = st.dates(date(2007, 3, 1), date(2050, 12, 1))


# Open or closed


@some
@hypothesis.given(weekly_hours(), instants)
def test_a_line_is_open_when_its_weekly_table_says_so(hours, at):
    assert is_open(hours, at) == open_by_the_table(hours, at)


@some
@hypothesis.given(weekly_hours(), days)
def test_an_opening_begins_with_its_first_instant_and_is_over_at_its_last(hours, day):
    for opening in openings_on(hours, day):
        instant = timedelta(microseconds=1)
        assert is_open(hours, opening.start)
        assert not is_open(hours, opening.start - instant)
        assert is_open(hours, opening.end - instant)
        assert not is_open(hours, opening.end)


@some
@hypothesis.given(weekly_hours(), instants)
def test_a_line_is_open_exactly_when_an_opening_of_that_day_holds_the_instant(hours, at):
    day = at.astimezone(ZoneInfo(hours.timezone)).date()
    holding = [opening for opening in openings_on(hours, day) if opening.start <= at < opening.end]
    assert is_open(hours, at) == bool(holding)
    assert len(holding) <= 1


@few
@hypothesis.given(weekly_hours(), days)
def test_the_openings_of_a_day_follow_one_another(hours, day):
    found = openings_on(hours, day)
    assert all(opening.start < opening.end for opening in found)
    assert all(one.end < other.start for one, other in pairwise(found))
    assert {opening.start.date() for opening in found} <= {day}


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (chicago(2026, 11, 23, 6, 59, 59, 999999), False),
        (chicago(2026, 11, 23, 7, 0), True),
        (chicago(2026, 11, 23, 18, 29, 59, 999999), True),
        (chicago(2026, 11, 23, 18, 30), False),
        (chicago(2026, 11, 22, 12, 0), False),
    ],
    ids=["before opening", "at opening", "before closing", "at closing", "on a Sunday"],
)
def test_a_line_that_closes_at_half_past_six_is_closed_at_half_past_six(at, expected):
    assert is_open(CHAT, at) is expected


@few
@hypothesis.given(weekly_hours(), instants, st.sampled_from(["Asia/Tokyo", "America/New_York"]))
def test_the_clock_that_an_instant_is_given_on_makes_no_difference(hours, at, zone):
    elsewhere, at_the_line = at.astimezone(ZoneInfo(zone)), at.astimezone(ZoneInfo(hours.timezone))
    assert is_open(hours, elsewhere) == is_open(hours, at) == is_open(hours, at_the_line)
    assert next_opening(hours, elsewhere) == next_opening(hours, at)
    assert next_opening(hours, at_the_line) == next_opening(hours, at)


@hypothesis.given(instants)
@few
def test_a_line_that_is_always_open_is_open_at_any_instant(at):
    assert is_open(Hours(always=True), at)


@pytest.mark.parametrize("hours", [CHAT, Hours(always=True), Hours(unknown=True)])
def test_an_instant_without_a_time_zone_is_refused(hours):
    naive = datetime(2026, 11, 23, 12, 0)
    with pytest.raises(ValueError, match="needs a time zone"):
        is_open(hours, naive)
    with pytest.raises(ValueError, match="needs a time zone"):
        next_opening(hours, naive)


def test_a_lunch_break_closes_a_line():
    hours = Hours(timezone="Europe/London", weekly={"mon": ["13:00-17:00", "09:00-12:00"]})
    assert is_open(hours, london(2026, 11, 23, 11, 59))
    assert not is_open(hours, london(2026, 11, 23, 12, 30))
    assert is_open(hours, london(2026, 11, 23, 13, 0))
    assert next_opening(hours, london(2026, 11, 23, 12, 30)).start == london(2026, 11, 23, 13, 0)


# The next opening


@some
@hypothesis.given(weekly_hours(), minutes)
def test_the_next_opening_is_not_over_and_none_comes_before_it(hours, at):
    opening = next_opening(hours, at)
    last = opening.start if opening else at + timedelta(days=SEARCH_DAYS)
    if opening is not None:
        assert at < opening.end
        assert open_by_the_table(hours, opening.start)
        assert open_by_the_table(hours, opening.end - timedelta(minutes=1))
        assert not open_by_the_table(hours, opening.end)
    # Every table is in quarter hours: if one of them is open, so is its beginning.
    quarter = at + timedelta(minutes=-at.minute % 15)
    while quarter < last:
        assert not open_by_the_table(hours, quarter)
        quarter += timedelta(minutes=15)


@some
@hypothesis.given(weekly_hours(), instants)
def test_a_line_is_open_when_its_next_opening_has_begun(hours, at):
    opening = next_opening(hours, at)
    assert is_open(hours, at) == (opening is not None and opening.start <= at)


@few
@hypothesis.given(instants)
def test_chat_opens_again_within_four_days_of_any_instant(at):
    opening = next_opening(CHAT, at)
    assert opening is not None
    assert opening.start - at <= timedelta(days=4)


def test_on_saturday_night_chat_opens_on_monday_at_seven_central_time(contacts):
    opening = next_opening(contacts["acs"].chat, SATURDAY_NIGHT)
    assert opening == Opening(chicago(2026, 11, 23, 7, 0), chicago(2026, 11, 23, 18, 30))
    assert in_words(opening.start, "America/Chicago", SATURDAY_NIGHT) == "Monday at 7:00 am"


def test_on_saturday_night_chat_opens_on_monday_at_one_in_london(contacts):
    opening = next_opening(contacts["acs"].chat, SATURDAY_NIGHT)
    assert opening.start == london(2026, 11, 23, 13, 0)
    assert in_words(opening.start, "Europe/London", SATURDAY_NIGHT) == "Monday at 1:00 pm"


def test_on_saturday_night_neither_chat_nor_the_nurses_in_london_are_there(contacts):
    assert not is_open(contacts["acs"].chat, SATURDAY_NIGHT)
    assert not is_open(contacts["cruk"].hours, SATURDAY_NIGHT)
    assert is_open(contacts["acs"].hours, SATURDAY_NIGHT)


def test_the_opening_in_progress_is_the_next_one():
    assert next_opening(CHAT, chicago(2026, 11, 23, 12, 0)).start == chicago(2026, 11, 23, 7, 0)


def test_at_closing_time_the_next_opening_is_tomorrow():
    assert next_opening(CHAT, chicago(2026, 11, 23, 18, 30)).start == chicago(2026, 11, 24, 7, 0)


@pytest.mark.parametrize(
    "hours",
    [Hours(always=True), Hours(unknown=True), Hours(), Hours(timezone="America/Chicago")],
    ids=["round the clock", "unknown", "nothing given", "no weekly hours"],
)
def test_hours_that_have_no_opening_have_no_next_one(hours):
    assert next_opening(hours, SATURDAY_NIGHT) is None


def test_intervals_of_a_day_may_be_written_in_any_order_and_with_spaces():
    hours = Hours(timezone="Europe/London", weekly={"mon": [" 13:00 - 17:00", "09:00-12:00 "]})
    opening = next_opening(hours, london(2026, 11, 23, 8, 0))
    assert opening == Opening(london(2026, 11, 23, 9, 0), london(2026, 11, 23, 12, 0))


# Daylight saving


def nth_sunday(year, month, n):
    """Return the n-th Sunday of March, October or November; the last one for -1."""
    in_month = (date(year, month, 1) + timedelta(days=n) for n in range(30 if month == 11 else 31))
    sundays = [day for day in in_month if day.weekday() == 6]
    return sundays[n if n < 0 else n - 1]


def in_us_summer(day):
    return nth_sunday(day.year, 3, 2) <= day < nth_sunday(day.year, 11, 1)


def in_uk_summer(day):
    return nth_sunday(day.year, 3, -1) <= day < nth_sunday(day.year, 10, -1)


@some
@hypothesis.given(days)
def test_chat_opens_at_seven_in_chicago_in_summer_and_in_winter(day):
    for opening in openings_on(CHAT, day):
        hour = 12 if in_us_summer(day) else 13
        assert opening.start == datetime(day.year, day.month, day.day, hour, tzinfo=timezone.utc)
        assert opening.end - opening.start == timedelta(hours=11, minutes=30)
        assert (opening.start.hour, opening.end.hour, opening.end.minute) == (7, 18, 30)


@some
@hypothesis.given(days)
def test_chat_opens_at_one_in_london_but_at_noon_while_only_one_country_has_moved(day):
    for opening in openings_on(CHAT, day):
        expected = 13 if in_us_summer(day) == in_uk_summer(day) else 12
        assert opening.start.astimezone(LONDON).hour == expected


@pytest.mark.parametrize("year", [2025, 2026, 2027, 2040])
def test_in_the_weeks_of_daylight_saving_every_line_keeps_to_its_wall_clock(year):
    nurses = Hours(timezone="Europe/London", weekly={day: ["09:00-17:00"] for day in WORKDAYS})
    for hours, zone, first, last in (
        (CHAT, CHICAGO, time(7), time(18, 30)),
        (nurses, LONDON, time(9), time(17)),
    ):
        for month, n in ((3, 2), (3, -1), (10, -1), (11, 1)):
            sunday = nth_sunday(year, month, n)
            for day in (sunday - timedelta(days=2), sunday + timedelta(days=1)):
                (opening,) = openings_on(hours, day)
                assert opening.start == datetime.combine(day, first, zone)
                assert opening.end == datetime.combine(day, last, zone)


@pytest.mark.parametrize(
    ("night", "length"),
    [(date(2026, 3, 8), 2), (date(2026, 6, 7), 3), (date(2026, 11, 1), 4)],
    ids=["an hour is skipped", "any night", "an hour is repeated"],
)
def test_a_night_line_is_there_for_as_long_as_its_clock_takes(night, length):
    hours = Hours(timezone="America/Chicago", weekly={"sun": ["00:30-03:30"]})
    (opening,) = openings_on(hours, night)
    utc = timezone.utc
    assert opening.end.astimezone(utc) - opening.start.astimezone(utc) == timedelta(hours=length)


def test_hours_that_daylight_saving_turns_around_are_closed_on_that_night():
    hours = Hours(timezone="America/Chicago", weekly={"sun": ["02:45-03:15"]})
    assert openings_on(hours, date(2026, 3, 8)) == []
    assert next_opening(hours, chicago(2026, 3, 8, 0, 0)).start == chicago(2026, 3, 15, 2, 45)


def test_in_the_hour_that_is_repeated_equal_instants_get_equal_answers():
    hours = Hours(timezone="America/Chicago", weekly={"sun": ["00:30-01:30"]})
    second_time = datetime(2026, 11, 1, 1, 20, fold=1, tzinfo=CHICAGO)
    assert not is_open(hours, second_time.astimezone(timezone.utc))
    assert not is_open(hours, second_time)
    assert is_open(hours, second_time.replace(fold=0))


# Holidays and early closing

US_HOLIDAYS = {
    2026: "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25",
    2027: "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
}
ENGLISH_HOLIDAYS = {
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
}
"""Weekdays off, as the governments publish them, with substitute days."""


@pytest.mark.parametrize(
    ("country", "subdivision", "year", "published"),
    [
        *(("US", None, *of_a_year) for of_a_year in US_HOLIDAYS.items()),
        *(("GB", "ENG", *of_a_year) for of_a_year in ENGLISH_HOLIDAYS.items()),
    ],
)
def test_a_line_is_closed_on_the_published_holidays_and_on_no_other_weekday(
    country, subdivision, year, published
):
    hours = CHAT.copy(update={"holidays": country, "subdivision": subdivision})
    closed = [
        day
        for day in (date(year, 1, 1) + timedelta(days=n) for n in range(365))
        if day.weekday() < 5 and not openings_on(hours, day)
    ]
    assert [f"{day:%m-%d}" for day in closed] == published.split()


def test_a_holiday_of_next_year_that_is_kept_this_year_counts():
    # New Year's Day of 2028 is a Saturday.
    assert openings_on(CHAT, date(2027, 12, 31)) == []


def test_the_holidays_of_one_country_do_not_close_the_lines_of_the_other(contacts):
    thanksgiving = datetime(2026, 11, 26, 15, 0, tzinfo=timezone.utc)
    good_friday = datetime(2026, 4, 3, 15, 0, tzinfo=timezone.utc)
    assert not is_open(contacts["acs"].chat, thanksgiving)
    assert is_open(contacts["cruk"].hours, thanksgiving)
    assert is_open(contacts["acs"].chat, good_friday)
    assert not is_open(contacts["cruk"].hours, good_friday)


def test_a_line_without_a_calendar_is_open_on_holidays(contacts):
    assert is_open(contacts["macmillan"].hours, london(2026, 12, 25, 12, 0))


def test_before_a_long_weekend_the_next_opening_is_after_it():
    friday_night = chicago(2026, 5, 22, 20, 0)
    assert next_opening(CHAT, friday_night).start == chicago(2026, 5, 26, 7, 0)


@pytest.mark.parametrize(
    ("closing", "last_minute"),
    [("12:00", "11:59"), ("07:01", "07:00"), ("20:00", "18:29"), ("18:30", "18:29")],
)
def test_on_a_day_of_early_closing_the_line_closes_early_and_never_late(closing, last_minute):
    hours = CHAT.copy(update={"early_closing": {date(2026, 12, 23): closing}})
    hour, minute = map(int, last_minute.split(":"))
    last = chicago(2026, 12, 23, hour, minute)
    assert is_open(hours, last)
    assert not is_open(hours, last + timedelta(minutes=1))
    assert not is_open(hours, chicago(2026, 12, 23, 18, 29)) or last_minute == "18:29"
    assert not is_open(hours, chicago(2026, 12, 23, 19, 59))
    assert is_open(hours, chicago(2026, 12, 22, 18, 29))


@pytest.mark.parametrize("closing", ["00:00", "06:00", "07:00"])
def test_a_line_that_closes_before_it_would_open_does_not_open(closing):
    hours = CHAT.copy(update={"early_closing": {date(2026, 12, 23): closing}})
    assert openings_on(hours, date(2026, 12, 23)) == []


@some
@hypothesis.given(weekly_hours(), quarter_hours, minutes)
def test_early_closing_is_read_like_the_rest_of_the_table(hours, closing, at):
    day = at.astimezone(ZoneInfo(hours.timezone)).date()
    hours = hours.copy(update={"early_closing": {day: closing}})
    assert is_open(hours, at) == open_by_the_table(hours, at)


# Closed in case of doubt

UNREADABLE = (
    "",
    "-",
    "closed",
    "9-5",
    "9:00-17:00",
    "09:00",
    "09:00-",
    "-17:00",
    "09:00–17:00",
    "09:00 to 17:00",
    "09:00-17:00-19:00",
    "17:00-09:00",
    "09:00-09:00",
    "09:00-24:00",
    "09:60-17:00",
    "09:00+01:00-17:00",
    "09:00+01:00-17:00+01:00",
)
MONDAY_NOON = london(2026, 11, 23, 12, 0)


@pytest.mark.parametrize("text", UNREADABLE)
def test_hours_that_cannot_be_read_are_closed(text):
    hours = Hours(timezone="Europe/London", weekly={day: [text] for day in WEEKDAYS})
    assert not is_open(hours, MONDAY_NOON)
    assert next_opening(hours, MONDAY_NOON) is None


@pytest.mark.parametrize("text", UNREADABLE)
def test_an_unreadable_interval_does_not_close_a_readable_one(text):
    hours = Hours(timezone="Europe/London", weekly={"mon": [text, "11:30-12:30"]})
    assert is_open(hours, MONDAY_NOON)
    assert len(openings_on(hours, MONDAY_NOON.date())) == 1


@pytest.mark.parametrize("closing", ["", "noon", "12.00", "24:00", "720", "12:00+00:00"])
def test_a_day_whose_early_closing_cannot_be_read_is_closed(closing):
    hours = CHAT.copy(update={"early_closing": {date(2026, 12, 23): closing}})
    assert openings_on(hours, date(2026, 12, 23)) == []
    assert is_open(hours, chicago(2026, 12, 22, 12, 0))


BAD_ZONES = (
    None,
    "",
    "Mars/Olympus",
    "Central time",
    "America",
    "../../etc/passwd",
    "\0",
    "x" * 999,
)


@pytest.mark.parametrize("zone", BAD_ZONES)
def test_a_line_in_an_unknown_zone_is_closed(zone):
    hours = Hours(timezone=zone, weekly={day: ["00:00-23:59"] for day in WEEKDAYS})
    assert not is_open(hours, MONDAY_NOON)
    assert next_opening(hours, MONDAY_NOON) is None
    assert openings_on(hours, MONDAY_NOON.date()) == []


@pytest.mark.parametrize("zone", BAD_ZONES)
def test_what_is_no_zone_is_told_from_what_is_one(zone):
    assert not is_zone(zone)
    assert is_zone("Europe/London")


@some
@hypothesis.given(st.text(st.characters()))
def test_any_text_can_be_asked_whether_it_is_a_zone(name):
    assert is_zone(name) in (True, False)


@pytest.mark.parametrize(
    ("country", "subdivision"),
    [
        ("XX", None),
        ("us", None),
        ("England", None),
        ("GB", "MARS"),
        ("US", "ENG"),
        ("registry", None),
        ("country_holidays", None),
    ],
)
def test_a_line_with_an_unknown_calendar_is_closed(country, subdivision):
    hours = CHAT.copy(update={"holidays": country, "subdivision": subdivision})
    assert not is_open(hours, chicago(2026, 11, 23, 12, 0))
    assert next_opening(hours, chicago(2026, 11, 23, 12, 0)) is None


def test_a_line_whose_hours_are_unknown_is_closed_whatever_its_table_says():
    hours = CHAT.copy(update={"unknown": True})
    assert not is_open(hours, chicago(2026, 11, 23, 12, 0))


@some
@hypothesis.given(
    zone=st.sampled_from(["Europe/London", "Europe/Londn", None]),
    texts=st.lists(st.text("0123456789:-+ apmZ", max_size=13), max_size=3),
    closing=st.text("0123456789: ", max_size=6),
    country=st.sampled_from([None, "", "GB", "ZZ", "utils"]),
    at=instants,
)
def test_no_hours_make_it_fail(zone, texts, closing, country, at):
    hours = Hours(
        timezone=zone,
        weekly=dict.fromkeys(WEEKDAYS, texts),
        holidays=country,
        early_closing={at.date(): closing},
    )
    opening = next_opening(hours, at)
    assert is_open(hours, at) == (opening is not None and opening.start <= at)
    assert opening is None or at < opening.end
    assert weekly_in_words(hours)


# In words


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (chicago(2026, 11, 21, 22, 30), "today at 10:30 pm"),
        (chicago(2026, 11, 21, 6, 0), "today at 6:00 am"),
        (chicago(2026, 11, 22, 0, 0), "Sunday at 12:00 am"),
        (chicago(2026, 11, 23, 7, 0), "Monday at 7:00 am"),
        (chicago(2026, 11, 27, 12, 0), "Friday at 12:00 pm"),
        (chicago(2026, 11, 28, 7, 0), "Saturday, November 28 at 7:00 am"),
        (chicago(2026, 12, 7, 7, 0), "Monday, December 7 at 7:00 am"),
        (chicago(2026, 11, 20, 18, 30), "Friday, November 20 at 6:30 pm"),
    ],
)
def test_an_instant_is_said_as_people_say_it(at, words):
    assert in_words(at, "America/Chicago", SATURDAY_NIGHT) == words


def test_today_is_the_day_of_the_clock_that_it_is_read_on():
    # 22:00 on Saturday in Chicago is 04:00 on Sunday in London.
    noon_on_sunday = london(2026, 11, 22, 12, 0)
    assert in_words(noon_on_sunday, "Europe/London", SATURDAY_NIGHT) == "today at 12:00 pm"
    assert in_words(noon_on_sunday, "America/Chicago", SATURDAY_NIGHT) == "Sunday at 6:00 am"


@some
@hypothesis.given(instants, st.integers(-20 * 24 * 60, 20 * 24 * 60))
def test_a_weekday_alone_is_said_only_of_the_coming_six_days(now, minutes_ahead):
    at = now + timedelta(minutes=minutes_ahead)
    words = in_words(at, "Europe/London", now)
    days_ahead = (at.astimezone(LONDON).date() - now.astimezone(LONDON).date()).days
    assert words.startswith("today at ") == (days_ahead == 0)
    assert ("," in words) == (days_ahead < 0 or days_ahead > 6)
    assert words.endswith(f" at {clock_time(at.astimezone(LONDON))}")


@pytest.mark.parametrize(
    ("local", "words"),
    [
        (time(0, 0), "12:00 am"),
        (time(0, 5), "12:05 am"),
        (time(7, 0), "7:00 am"),
        (time(11, 59), "11:59 am"),
        (time(12, 0), "12:00 pm"),
        (time(13, 0), "1:00 pm"),
        (time(18, 30), "6:30 pm"),
        (time(23, 59), "11:59 pm"),
        (datetime(2026, 11, 23, 19, 0), "7:00 pm"),
    ],
)
def test_clock_times_are_told_as_people_say_them(local, words):
    assert clock_time(local) == words


def test_every_minute_of_a_day_is_told_apart():
    day = [time(minute // 60, minute % 60) for minute in range(24 * 60)]
    assert len({clock_time(minute) for minute in day}) == len(day)


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (Hours(always=True), "any time"),
        (Hours(unknown=True), "hours not stated"),
        (Hours(), "hours not stated"),
        (Hours(weekly={"mon": []}), "hours not stated"),
        (CHAT, "Monday to Friday, 7:00 am to 6:30 pm"),
        (
            Hours(weekly={day: ["08:00-20:00"] for day in WEEKDAYS}),
            "Monday to Sunday, 8:00 am to 8:00 pm",
        ),
        (Hours(weekly={"wed": ["09:00-12:00"]}), "Wednesday, 9:00 am to 12:00 pm"),
        (
            Hours(weekly={"mon": ["09:00-12:00", "13:00-17:00"]}),
            "Monday, 9:00 am to 12:00 pm and 1:00 pm to 5:00 pm",
        ),
        (
            Hours(weekly={"mon": ["09:00-17:00"], "wed": ["09:00-17:00"]}),
            "Monday, 9:00 am to 5:00 pm; Wednesday, 9:00 am to 5:00 pm",
        ),
        (
            Hours(weekly={"sun": ["10:00-14:00"], "mon": ["10:00-14:00"], "tue": ["09:00-17:00"]}),
            "Monday, 10:00 am to 2:00 pm; Tuesday, 9:00 am to 5:00 pm; Sunday, 10:00 am to 2:00 pm",
        ),
        (Hours(weekly={"mon": ["nine to five"]}), "Monday, hours not stated"),
    ],
)
def test_weekly_hours_are_said_as_people_say_them(hours, words):
    assert weekly_in_words(hours) == words


def test_the_hours_of_our_own_contacts_are_said_as_their_sites_say_them(contacts):
    said = {name: weekly_in_words(contacts[name].hours) for name in ("acs", "cruk", "macmillan")}
    assert said == {
        "acs": "any time",
        "cruk": "Monday to Friday, 9:00 am to 5:00 pm",
        "macmillan": "Monday to Sunday, 8:00 am to 8:00 pm",
    }
    assert weekly_in_words(contacts["acs"].chat) == "Monday to Friday, 7:00 am to 6:30 pm"
