"""Limits: so much and no more, by session and by address, and when to come back."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline import settings
from helpline.web.limits import Limits, network
from helpline.web.problems import Problem


@pytest.fixture
def limits(monkeypatch):
    monkeypatch.setattr(settings, "MESSAGES_PER_SESSION", "5/minute; 3/2 seconds")
    monkeypatch.setattr(settings, "MESSAGES_PER_ADDRESS", "8/minute")
    monkeypatch.setattr(settings, "SESSIONS_PER_ADDRESS", "2/10 minutes")
    return Limits()


def allowed(ask, tries=20):
    """Return how many of many tries are allowed."""
    count = 0
    for _ in range(tries):
        try:
            ask()
        except Problem:
            continue
        count += 1
    return count


def test_as_many_messages_as_the_setting_says(limits):
    assert allowed(lambda: limits.message("one", "192.0.2.1")) == 3


def test_it_is_told_when_to_come_back_and_then_it_works(limits):
    allowed(lambda: limits.message("one", "192.0.2.1"))
    with pytest.raises(Problem) as refused:
        limits.message("one", "192.0.2.1")
    seconds = int(refused.value.headers["Retry-After"])
    assert refused.value.status == 429
    assert 1 <= seconds <= 3
    time.sleep(seconds)
    limits.message("one", "192.0.2.1")


def test_the_longer_limit_holds_beside_the_shorter_one(limits):
    allowed(lambda: limits.message("one", "192.0.2.1"))
    time.sleep(3)
    assert allowed(lambda: limits.message("one", "192.0.2.1")) == 2


def test_one_session_does_not_use_up_anothers_messages(limits):
    allowed(lambda: limits.message("one", "192.0.2.1"))
    assert allowed(lambda: limits.message("two", "192.0.2.1")) == 3


def test_many_sessions_of_one_address_share_its_limit(limits):
    counts = [allowed(lambda n=n: limits.message(str(n), "192.0.2.1")) for n in range(5)]
    assert sum(counts) == 8


def test_what_one_limit_refuses_does_not_use_up_another(limits):
    for _ in range(50):
        allowed(lambda: limits.message("one", "192.0.2.1"))
    assert allowed(lambda: limits.message("two", "192.0.2.1")) == 3


def test_sessions_are_limited_by_address(limits):
    assert allowed(lambda: limits.session("192.0.2.1")) == 2
    assert allowed(lambda: limits.session("192.0.2.2")) == 2


def test_signs_of_typing_are_limited_by_session(limits):
    assert allowed(lambda: limits.typing("one"), tries=100) == 60
    assert allowed(lambda: limits.typing("two"), tries=1) == 1


def test_a_household_cannot_multiply_by_its_many_addresses(limits):
    addresses = iter(range(1, 100))
    assert allowed(lambda: limits.session(f"2001:db8:1:2::{next(addresses):x}")) == 2
    assert allowed(lambda: limits.session("2001:db8:1:3::1")) == 2


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::6]", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("not an address", "unknown"),
    ],
)
def test_addresses_are_counted_by_household(address, counted_as):
    assert network(address) == counted_as


@given(text=st.text(max_size=60))
def test_any_text_can_stand_for_an_address(text):
    assert network(text)


def test_a_setting_that_is_no_rate_is_said_in_one_line(monkeypatch):
    monkeypatch.setattr(settings, "MESSAGES_PER_ADDRESS", "lots")
    with pytest.raises(ValueError, match='HELPLINE_MESSAGES_PER_ADDRESS: "lots" is no rate') as bad:
        Limits()
    assert "20/minute" in str(bad.value)
