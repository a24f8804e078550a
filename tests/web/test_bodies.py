"""What the API takes in: to the letter of its description, and nothing by accident."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.web.bodies import (
    Body,
    Helped,
    NewMessage,
    NewSession,
    Typing,
    number,
    read,
    region,
)
from helpline.web.limits import MAX_BODY, MAX_MESSAGE
from helpline.web.problems import Problem

ID = "0b29d7a6-4a3e-4a52-9d3c-0d4c6f1c1a11"


def refused(kind, raw):
    with pytest.raises(Problem) as problem:
        read(kind, raw if isinstance(raw, bytes) else json.dumps(raw).encode())
    return problem.value


def test_a_session_may_be_begun_without_a_word():
    assert read(NewSession, b"") == NewSession()
    assert read(NewSession, b"{}") == NewSession()


def test_what_a_page_knows_of_its_visitor_is_taken_over():
    told = {"timezone": "Europe/London", "language": "en-GB", "region": "uk"}
    assert read(NewSession, json.dumps(told).encode()).dict() == told


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../../etc/passwd", "\x00", "Etc/Unknown"])
def test_a_clock_that_nobody_knows_turns_nobody_away(zone):
    assert read(NewSession, json.dumps({"timezone": zone}).encode()).timezone is None


@pytest.mark.parametrize(
    "body",
    [
        {"timezone": 5},
        {"timezone": "a" * 65},
        {"language": "en_US; drop"},
        {"language": "en\n"},
        {"language": "a" * 36},
        {"region": "de"},
        {"region": ["us"]},
        {"conversation": "chosen-by-me"},
        {"state": "live"},
        {"__pydantic_self__": 1},
    ],
)
def test_a_session_takes_nothing_else(body):
    assert refused(NewSession, body).status == 400


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"id": ID},
        {"text": "hello"},
        {"id": ID, "text": ""},
        {"id": ID, "text": 5},
        {"id": ID, "text": None},
        {"id": ID.upper(), "text": "hello"},
        {"id": ID + "\n", "text": "hello"},
        {"id": "1", "text": "hello"},
        {"id": ID, "text": "hello", "sender": "bot"},
    ],
)
def test_a_message_has_an_id_and_a_text_and_nothing_else(body):
    assert refused(NewMessage, body).status == 400


def test_the_longest_message_is_taken_and_a_longer_one_is_too_large():
    assert read(NewMessage, json.dumps({"id": ID, "text": "a" * MAX_MESSAGE}).encode())
    assert refused(NewMessage, {"id": ID, "text": "a" * (MAX_MESSAGE + 1)}).status == 413


def test_the_longest_message_fits_into_a_request_however_it_is_written():
    assert len(json.dumps({"id": ID, "text": "😀" * MAX_MESSAGE})) < MAX_BODY


def test_halves_of_characters_are_taken_as_what_they_are():
    raw = f'{{"id": "{ID}", "text": "a\\ud800"}}'.encode()
    assert read(NewMessage, raw).text == "a\ufffd"


@pytest.mark.parametrize("value", [0, 1, "true", None, [], {}])
def test_yes_and_no_are_not_guessed(value):
    assert refused(Typing, {"typing": value}).status == 400
    assert refused(Helped, {"message": 1, "helpful": value}).status == 400


@pytest.mark.parametrize(
    "value", [0, -1, 1.5, 1e300, float("inf"), float("nan"), True, "1", 2**53, 10**400, None]
)
def test_a_message_is_named_by_its_number(value):
    assert refused(Helped, {"message": value, "helpful": True}).status == 400


@pytest.mark.parametrize(
    "raw",
    [
        b"not json",
        b"[]",
        b"5",
        b"null",
        b'"text"',
        b"\xff\xfe",
        bytes(range(256)),
        pytest.param(b"[" * 100_000, id="deep list"),
        pytest.param(b'{"a":' * 50_000, id="deep object"),
        pytest.param(b"9" * 5_000, id="long number"),
        b"NaN",
    ],
)
@pytest.mark.parametrize("kind", [NewMessage, Typing, Helped])
def test_what_is_no_json_object_is_refused(kind, raw):
    assert refused(kind, raw).status == 400


@given(raw=st.binary(max_size=200), kind=st.sampled_from([NewSession, NewMessage, Typing, Helped]))
def test_any_bytes_are_read_or_refused(raw, kind):
    try:
        body = read(kind, raw)
    except Problem as problem:
        assert problem.status in (400, 413)  # noqa: PT017
    else:
        assert isinstance(body, Body)


@pytest.mark.parametrize(("text", "value"), [(None, 0), ("0", 0), ("17", 17)])
def test_the_number_of_the_last_message_is_read(text, value):
    assert number(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-1",
        "1.5",
        "abc",
        "٣",
        "²",
        " 1",
        "1 ",
        str(2**53),
        pytest.param("9" * 5_000, id="long"),
    ],
)
def test_what_is_no_number_of_a_message_is_refused(text):
    with pytest.raises(Problem) as problem:
        number(text)
    assert problem.value.status == 400


def test_a_whole_number_may_be_written_with_a_point_as_json_has_it():
    assert read(Helped, b'{"message": 17.0, "helpful": true}').message == 17


def test_a_region_is_one_of_two_or_none():
    assert [region(text) for text in ("us", "uk", None)] == ["us", "uk", None]
    for text in ("US", "de", ""):
        with pytest.raises(Problem):
            region(text)
