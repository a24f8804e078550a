from __future__ import annotations

import pytest

from helpline import settings
from helpline.safety.temperature import HIGH, LOW, NORMAL, annotated, load_limits, readings
from helpline.safety.words import normalized

LIMITS = load_limits(settings.KNOWLEDGE / "safety" / "temperature.yml")


def signs(text: str) -> list[str]:
    return [reading.sign for reading in readings(normalized(text), LIMITS)]


@pytest.mark.parametrize(
    "text",
    [
        "38.4",
        "101F",
        "38C",
        "39.5\N{DEGREE SIGN}C",
        "38,2",
        "temp is 39",
        "a hundred and two, thermometer says",
        "her temp is thirty eight point five",
        "one hundred and one point four",
        "thirty nine degrees",
        "37.5",
        "99.5 f",
        "temperature of 38\N{VULGAR FRACTION ONE HALF}",
    ],
)
def test_too_high_in_any_form(text: str) -> None:
    assert signs(text) == [HIGH]


@pytest.mark.parametrize(
    "text", ["fiever 39", "38 point summat", "38 dot 6", "temprture 39", "101 point 3"]
)
def test_too_high_though_it_is_written_with_a_slip(text: str) -> None:
    assert signs(text) == [HIGH]


@pytest.mark.parametrize("text", ["35.4", "temp 35", "96.1 f", "thirty five point two"])
def test_too_low(text: str) -> None:
    assert signs(text) == [LOW]


@pytest.mark.parametrize("text", ["36.8", "temp 37", "98.6F", "37.4"])
def test_neither(text: str) -> None:
    assert signs(text) == [NORMAL]


@pytest.mark.parametrize(
    "text",
    [
        "he is 38",
        "day 101",
        "38 weeks",
        "weighs 38.4 kg",
        "platelets 38",
        "counts are 38.5",
        "101 questions",
        "room 39",
        "38%",
        "\N{POUND SIGN}38.50",
        "1-800-227-2345",
        "temp 380",
        "42",
        "",
    ],
)
def test_other_numbers_are_no_temperatures(text: str) -> None:
    assert signs(text) == []


def test_the_encoder_is_told_what_a_temperature_is() -> None:
    text = "it was 36.8 this morning, now 38.4, room 39, she feels 35.1 c"
    assert annotated(text, LIMITS) == (
        "it was 36.8 (normal temperature) this morning, now 38.4 (fever), room 39, "
        "she feels 35.1 c (too cold)"
    )
    assert annotated("no numbers at all", LIMITS) == "no numbers at all"
