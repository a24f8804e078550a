"""Pages and files: the right type, the right headers, and nothing from outside the folder."""

import gzip
from types import SimpleNamespace

import pytest

from helpline import settings
from helpline.web import pages
from helpline.web.problems import Problem


@pytest.fixture(autouse=True)
def widget(tmp_path, monkeypatch):
    folder = tmp_path / "widget"
    (folder / "deep").mkdir(parents=True)
    for name in ("demo.html", "chat.html", "chat.js", "chat.css", "icon.svg", "deep/en.js", ".env"):
        (folder / name).write_text(f"this is {name} " * 50)
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    monkeypatch.setattr(pages, "WIDGET", folder)
    return folder


def get(name, **headers):
    asked = {key.replace("_", "-"): value for key, value in headers.items()}
    return pages.sent(SimpleNamespace(headers=asked), name, {})


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        ("demo.html", "text/html; charset=utf-8"),
        ("chat.js", "text/javascript; charset=utf-8"),
        ("deep/en.js", "text/javascript; charset=utf-8"),
        ("chat.css", "text/css; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
    ],
)
def test_each_file_has_its_type(name, type_):
    assert get(name).content_type == type_
    assert get(name).body.startswith(f"this is {name}".encode())


@pytest.mark.parametrize(
    "name",
    [
        "nothing.js",
        "",
        ".",
        "deep",
        ".env",
        "deep/../.env",
        "../secret.txt",
        "deep/../../secret.txt",
        "/etc/passwd",
        "link.txt",
        "\x00",
        "a" * 5_000,
    ],
)
def test_nothing_else_is_served(name):
    with pytest.raises(Problem) as refused:
        get(name)
    assert refused.value.status == 404


def test_a_browser_that_has_the_file_gets_it_not_again():
    tag = get("chat.js").headers["ETag"]
    again = get("chat.js", if_none_match=tag)
    assert (again.status, again.body) == (304, b"")
    assert again.headers["ETag"] == tag
    assert get("chat.js", if_none_match='"other"').status == 200


def test_a_file_that_has_changed_is_sent_as_it_is_now(widget):
    tag = get("chat.js").headers["ETag"]
    (widget / "chat.js").write_text("changed")
    assert get("chat.js", if_none_match=tag).body == b"changed"


def test_text_is_compressed_for_those_who_can_read_it():
    packed = get("chat.js", accept_encoding="gzip, br")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == get("chat.js").body
    assert "Content-Encoding" not in get("chat.js").headers
    assert get("chat.js").headers["Vary"] == "Accept-Encoding"


def test_a_page_allows_nothing_inline_and_nothing_from_elsewhere():
    assert "unsafe" not in pages.POLICY
    assert "http" not in pages.POLICY
    assert pages.POLICY.startswith("default-src 'none'; script-src 'self'; style-src 'self';")


def test_the_chat_may_be_framed_by_the_sites_that_are_set_and_by_itself(monkeypatch):
    assert pages.chat_policy().endswith("frame-ancestors 'self'")
    monkeypatch.setattr(settings, "SITES", "https://www.example.org,https://example.net")
    assert pages.chat_policy().endswith(
        "frame-ancestors 'self' https://www.example.org https://example.net"
    )
