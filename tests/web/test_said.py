"""What a visitor wrote, made safe: no half characters, no commands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.message import plain
from helpline.web.said import readable

ANY = st.text(st.characters(), max_size=60)


@pytest.mark.parametrize(
    "text",
    ["/restart", " /restart", "//restart", "/ /restart", "\n\t/\u2003/restart", "\x1c/restart"],
)
def test_a_command_loses_its_slash(text):
    assert plain(text) == "restart"


@pytest.mark.parametrize("text", ["", "hello", "  hello", "1/2 a pill", "and/or", "what is 5/10?"])
def test_other_text_stays_as_it_is(text):
    assert plain(text) == text


@given(text=ANY)
def test_after_that_nothing_is_a_command_however_rasa_strips_it(text):
    assert not plain(text).strip().startswith("/")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("\ud83d", "\ufffd"),
        ("a\udc00b", "a\ufffdb"),
        ("\ud83d\ude00", "😀"),
        ("héllo 😀", "héllo 😀"),
        ("\x00", "\x00"),
    ],
)
def test_halves_of_characters_are_replaced_and_whole_ones_stay(written, read):
    assert readable(written) == read


@given(text=ANY)
def test_after_that_any_text_can_be_stored(text):
    assert readable(readable(text)) == readable(text)
    readable(text).encode("utf-8")
