"""When is a person there? Pure functions of an instant: no clock, no network, no state.

Opening intervals are half-open: at 18:30 sharp a line that closes at 18:30 is closed. Weekly
hours are wall-clock times in the line's own time zone, so daylight saving moves them as it moves
the people. Everything fails closed: hours that cannot be read are not open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

from helpline.knowledge.models import WEEKDAYS, Hours

SEARCH_DAYS = 14
"""How far ahead the next opening is looked for: longer than any run of holidays."""


@dataclass(frozen=True)
class Opening:
    """A stretch of time in which somebody is there."""

    start: datetime
    """The first instant, in the line's time zone."""
    end: datetime
    """The first instant after it, in the line's time zone."""


def is_open(hours: Hours, at: datetime) -> bool:
    """Return whether somebody is there at that instant.

    Args:
        hours: of a line.
        at: an instant with a time zone.

    Raises:
        ValueError: ``at`` has no time zone.
    """
    at = _utc(at)
    if hours.always:
        return True
    opening = next_opening(hours, at)
    return opening is not None and opening.start <= at


def next_opening(hours: Hours, at: datetime) -> Opening | None:
    """Return the opening in progress at that instant, else the next one.

    Returns:
        ``None`` where the hours are unknown, unreadable, round the clock, or hold no opening
        in the next :data:`SEARCH_DAYS` days.

    Raises:
        ValueError: ``at`` has no time zone.
    """
    at = _utc(at)
    zone = _zone(hours.timezone)
    if hours.always or hours.unknown or zone is None:
        return None
    first = at.astimezone(zone).date() - timedelta(days=1)
    openings = (
        opening
        for day in range(SEARCH_DAYS + 2)
        for opening in openings_on(hours, first + timedelta(days=day))
    )
    return next((opening for opening in openings if at < opening.end), None)


def openings_on(hours: Hours, day: date) -> list[Opening]:
    """Return that day's openings, in order; none on a holiday or where hours are unreadable."""
    zone = _zone(hours.timezone)
    if zone is None or _is_holiday(hours, day):
        return []
    limit = _time(hours.early_closing[day]) if day in hours.early_closing else time.max
    found = []
    for text in hours.weekly.get(WEEKDAYS[day.weekday()], ()):  # type: ignore[call-overload]
        start, _, end = text.partition("-")
        opens, closes = _time(start), _time(end)
        if opens is None or closes is None or limit is None or not opens < min(closes, limit):
            continue
        opening = Opening(_instant(day, opens, zone), _instant(day, min(closes, limit), zone))
        # Daylight saving can move the start past the end: 02:45-03:15 on the night it skips 02:45.
        if opening.start < opening.end:
            found.append(opening)
    return sorted(found, key=lambda opening: opening.start)


def in_words(at: datetime, zone: str, now: datetime) -> str:
    """Return an instant as people say it: "today at 6:30 pm", "Monday at 7:00 am".

    Args:
        at: the instant to put into words.
        zone: IANA name of the clock to read it on.
        now: the present; within six days ahead, the weekday alone names the day.
    """
    local = at.astimezone(ZoneInfo(zone))
    days = (local.date() - now.astimezone(ZoneInfo(zone)).date()).days
    if days == 0:
        day = "today"
    elif 0 < days < 7:
        day = f"{local:%A}"
    else:
        day = f"{local:%A}, {local:%B} {local.day}"
    return f"{day} at {clock_time(local)}"


def clock_time(local: datetime | time) -> str:
    """Return "7:00 am"."""
    return f"{local.hour % 12 or 12}:{local:%M} {'am' if local.hour < 12 else 'pm'}"


def is_zone(name: str) -> bool:
    """Return whether this is the name of an IANA time zone."""
    return _zone(name) is not None


def _zone(name: str | None) -> ZoneInfo | None:
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _utc(at: datetime) -> datetime:
    # Instants of one zone compare by the clock on the wall, which shows an hour twice in autumn.
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return at.astimezone(timezone.utc)


def _time(text: str) -> time | None:
    try:
        found = time.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.tzinfo is None else None


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    # By way of UTC, so that a wall-clock time that daylight saving skips becomes a real instant.
    return datetime.combine(day, at, zone).astimezone(timezone.utc).astimezone(zone)


def _is_holiday(hours: Hours, day: date) -> bool:
    if not hours.holidays:
        return False
    try:
        closed = _calendar(hours.holidays, hours.subdivision, day.year)
    except (NotImplementedError, TypeError):
        # A calendar that we cannot read: closed. TypeError: a name that the library uses otherwise.
        return True
    return day in closed


@lru_cache(maxsize=32)
def _calendar(country: str, subdivision: str | None, year: int) -> holidays.HolidayBase:
    return holidays.country_holidays(country, subdiv=subdivision, years=year)


def weekly_in_words(hours: Hours) -> str:
    """Return weekly hours as people say them: "Monday to Friday, 9:00 am to 5:00 pm".

    Days in a row with the same hours are joined.
    """
    if hours.always:
        return "any time"
    if hours.unknown or not any(hours.weekly.values()):
        return "hours not stated"
    groups: list[tuple[str, str, tuple[str, ...]]] = []
    for day in WEEKDAYS:
        times = tuple(hours.weekly.get(day, ()))  # type: ignore[call-overload]
        if not times:
            continue
        before = WEEKDAYS[WEEKDAYS.index(day) - 1]
        if groups and groups[-1][2] == times and groups[-1][1] == before:
            groups[-1] = (groups[-1][0], day, times)
        else:
            groups.append((day, day, times))
    return "; ".join(
        (_DAY_NAMES[first] if first == last else f"{_DAY_NAMES[first]} to {_DAY_NAMES[last]}")
        + ", "
        + " and ".join(_interval_in_words(text) for text in times)
        for first, last, times in groups
    )


_DAY_NAMES = dict(
    zip(
        WEEKDAYS,
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        strict=True,
    )
)


def _interval_in_words(text: str) -> str:
    start, _, end = text.partition("-")
    opens, closes = _time(start), _time(end)
    if opens is None or closes is None:
        return "hours not stated"
    return f"{clock_time(opens)} to {clock_time(closes)}"
