"""The REST channel: open on this computer alone, else behind its token."""

import pytest

from helpline import settings
from helpline.web.rest import is_open, locked

TOKEN = "a token of one's own"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_on_this_computer_it_is_open(monkeypatch, host):
    monkeypatch.setattr(settings, "HOST", host)
    assert is_open()
    assert locked("") is None


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("HOST", "0.0.0.0"),
        ("HOST", "::"),
        ("HOST", "192.168.1.5"),
        ("HOST", "helpline.example.org"),
        ("URL", "https://chat.example.org"),
        ("PROXIES", 1),
    ],
)
def test_where_others_may_reach_it_it_is_locked_and_without_a_token_for_everybody(
    monkeypatch, setting, value
):
    monkeypatch.setattr(settings, setting, value)
    for shown in ("", "Bearer ", "Bearer None", "Bearer x"):
        problem = locked(shown)
        assert problem is not None
        assert problem.status == 401
    assert "HELPLINE_REST_TOKEN" in problem.detail


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_where_a_token_is_set_it_alone_opens(monkeypatch, host):
    monkeypatch.setattr(settings, "HOST", host)
    monkeypatch.setattr(settings, "REST_TOKEN", TOKEN)
    assert locked(f"Bearer {TOKEN}") is None
    for shown in ("", "Bearer ", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", "Bearer \udce4"):
        assert locked(shown) is not None
