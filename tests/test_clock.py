"""What time it is, and how to say otherwise."""

from datetime import datetime, timedelta, timezone

import pytest

from helpline import settings
from helpline.clock import told_time


def test_without_a_setting_it_is_the_present(monkeypatch):
    monkeypatch.setattr(settings, "NOW", "")
    before = datetime.now(timezone.utc)
    told = told_time()
    after = datetime.now(timezone.utc)
    assert before <= told <= after
    assert told.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("setting", "hour_in_utc", "offset_in_hours"),
    [
        ("2026-11-21T22:00-06:00", 4, -6),
        ("2026-11-22T04:00:00+00:00", 4, 0),
        ("2026-11-22T04:00:00Z", 4, 0),
        ("2026-11-22 09:30+05:30", 4, 5.5),
    ],
)
def test_a_setting_is_taken_for_the_present(monkeypatch, setting, hour_in_utc, offset_in_hours):
    monkeypatch.setattr(settings, "NOW", setting)
    told = told_time()
    assert told == datetime(2026, 11, 22, hour_in_utc, tzinfo=timezone.utc)
    assert told.utcoffset() == timedelta(hours=offset_in_hours)


def test_a_set_present_stands_still(monkeypatch):
    monkeypatch.setattr(settings, "NOW", "2026-11-21T22:00-06:00")
    assert told_time() == told_time()


@pytest.mark.parametrize("setting", ["2026-11-21T22:00", "2026-11-21"])
def test_a_setting_without_an_offset_is_refused(monkeypatch, setting):
    monkeypatch.setattr(settings, "NOW", setting)
    with pytest.raises(ValueError, match=f'^HELPLINE_NOW: "{setting}" has no offset'):
        told_time()


@pytest.mark.parametrize("setting", ["tonight", "2026-02-30T10:00+00:00", "25:00", " "])
def test_an_unreadable_setting_is_refused_in_one_line_that_shows_how_to_write_it(
    monkeypatch, setting
):
    monkeypatch.setattr(settings, "NOW", setting)
    with pytest.raises(ValueError, match=r"^HELPLINE_NOW: ") as refusal:
        told_time()
    assert f'"{setting}"' in str(refusal.value)
    assert "write 2026-11-21T22:00-06:00" in str(refusal.value)
    assert "\n" not in str(refusal.value)
