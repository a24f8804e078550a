"""Which pages may ask, and which may show the chat."""

import pytest

from helpline import settings
from helpline.web.origins import embedding, own


def test_by_default_the_pages_of_this_computer_may_ask():
    assert own() == (f"http://localhost:{settings.PORT}", f"http://127.0.0.1:{settings.PORT}")


@pytest.mark.parametrize("url", ["https://chat.example.org", "https://chat.example.org/"])
def test_where_an_address_is_set_its_pages_alone_may_ask(monkeypatch, url):
    monkeypatch.setattr(settings, "URL", url)
    assert own() == ("https://chat.example.org",)


def test_by_default_no_site_may_show_the_chat():
    assert embedding() == ()


def test_the_sites_that_are_set_may(monkeypatch):
    monkeypatch.setattr(settings, "SITES", "https://www.example.org, https://example.org:8443 ,")
    assert embedding() == ("https://www.example.org", "https://example.org:8443")


@pytest.mark.parametrize(
    "text",
    [
        "example.org",
        "https://example.org/page",
        "https://*",
        "*",
        "https://example.org; script-src *",
        "https://a.example https://b.example",
        "javascript:alert(1)",
        "https://user@example.org",
    ],
)
def test_what_is_no_origin_is_said_in_one_line(monkeypatch, text):
    monkeypatch.setattr(settings, "SITES", text)
    with pytest.raises(ValueError, match=r"HELPLINE_SITES: .* is no origin; write https://"):
        embedding()
    monkeypatch.setattr(settings, "URL", text)
    with pytest.raises(ValueError, match=r"HELPLINE_URL: .* is no origin; write https://"):
        own()


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Chat.Example.org", "https://chat.example.org"),
        ("https://chat.example.org:443", "https://chat.example.org"),
        ("http://chat.example.org:80/", "http://chat.example.org"),
        ("https://chat.example.org:80", "https://chat.example.org:80"),
    ],
)
def test_an_origin_is_taken_as_browsers_write_it(monkeypatch, url, origin):
    monkeypatch.setattr(settings, "URL", url)
    assert own() == (origin,)
