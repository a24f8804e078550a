"""Whatever is written, by anybody, stays text."""

import uuid
from datetime import datetime, timezone

import pytest
from chatting import Chat
from playwright.sync_api import expect
from specialist import database_of
from sqlalchemy import insert

from helpline.database import messages

EVIL = "<img src=x onerror=hacked()><script>hacked()</script><a href='javascript:hacked()'>x</a>"
ADDRESSES = (
    "javascript:hacked()",
    "JAVASCRIPT:hacked()",
    " java\tscript:hacked()",
    "data:text/html,<script>hacked()</script>",
    "vbscript:hacked()",
    "file:///etc/passwd",
    "not an address",
)


@pytest.fixture
def watched(chat):
    """A chat where it would be noticed if a message ran as a program."""
    chat.hacked = []
    chat.page.expose_function("hacked", lambda: chat.hacked.append(True))
    chat.page.on("dialog", lambda dialog: chat.hacked.append(dialog.dismiss()))
    return chat


def harmless(chat: Chat):
    page = chat.page
    assert page.locator("img, script:not([src]), iframe, object, embed, base").count() == 0
    links = page.eval_on_selector_all("a", "all => all.map((one) => one.protocol)")
    assert set(links) <= {"http:", "https:", "mailto:", "tel:"}
    opened = page.locator("a[target=_blank]:not([rel~=noopener])")
    assert opened.count() == 0
    assert chat.hacked == []


def told(server, chat, sender, **body):
    """Put a message into the log, as if its sender had been taken over."""
    token = chat.page.evaluate("JSON.parse(localStorage['helpline.session']).token")
    with database_of(server) as engine, engine.begin() as connection:
        row = {"conversation": token.split(".")[0], "sender": sender, "body": body, "handled": True}
        connection.execute(insert(messages).values(**row, at=datetime.now(timezone.utc)))


def test_what_a_visitor_writes_is_shown_as_written(watched):
    watched.ask(EVIL)
    expect(watched.visitor).to_have_text(EVIL)
    watched.page.reload()
    watched.ready()
    expect(watched.visitor).to_have_text(EVIL)
    harmless(watched)


@pytest.mark.parametrize("sender", ["bot", "specialist", "system"])
def test_what_others_say_is_shown_as_said(watched, server, sender):
    text = f"{EVIL}\n\n- {EVIL}\n- javascript:hacked() and https://example.org/<script>"
    told(server, watched, sender, text=text, name=EVIL)
    expect(watched.page.locator(f".message.{sender}")).to_contain_text("onerror=hacked()")
    harmless(watched)


def test_no_field_of_an_answer_becomes_markup_or_a_dangerous_link(watched, server):
    sources = [
        {"organisation": EVIL, "title": EVIL, "url": url, "reviewed": EVIL} for url in ADDRESSES
    ]
    article = {
        "type": "article",
        "article": EVIL,
        "topic": EVIL,
        "title": EVIL,
        "reviewed": EVIL,
        "clinical_review": EVIL,
        "sources": sources,
        "related": [],
    }
    buttons = [{"title": EVIL, "payload": EVIL}]
    links = {"type": "links", "links": [{"label": EVIL, "url": url} for url in ADDRESSES]}
    ways = [{"text": EVIL, "contact": EVIL, "kind": EVIL, "open": True, "tel": EVIL}]
    people = {"type": "people", "ways": ways, "live": {"open": False}}
    screen = {"type": "screen", "screen": f"crisis {EVIL}", "tier": EVIL}
    for data in (article, links, people, screen):
        told(server, watched, "bot", text=EVIL, data=data, buttons=buttons)
    expect(watched.bot).to_have_count(4)
    for summary in watched.page.locator("summary").all():
        summary.click()
    expect(watched.page.locator(".reply", has_text="onerror")).to_be_visible()
    harmless(watched)
    watched.page.evaluate("window.print = () => {}")
    watched.menu("Print")
    harmless(watched)
    with watched.page.expect_download() as saved:
        watched.page.locator("#menu").get_by_role("button", name="Save as a page").click()
    text = saved.value.path().read_text(encoding="utf-8")
    assert "<img" not in text
    assert "<script" not in text
    assert 'href="javascript' not in text.lower()


def test_a_question_for_the_care_team_stays_text(watched):
    watched.page.click("#open-notes")
    watched.page.fill("#note-new", EVIL)
    watched.page.press("#note-new", "Enter")
    expect(watched.page.locator("#notes textarea")).to_have_value(EVIL)
    harmless(watched)


def test_a_code_that_is_markup_stays_text(watched):
    watched.menu("I have a code")
    watched.page.fill("#people-code", EVIL[:20])
    watched.page.press("#people-code", "Enter")
    expect(watched.page.locator("#person .failed")).not_to_be_empty()
    harmless(watched)


def test_the_address_of_the_page_cannot_carry_a_program(watched, server):
    asked = "&".join(
        f"{name}={value}"
        for name in ("host", "color", "language", "region", "return")
        for value in ("javascript:hacked()", "red;background:url(https://example.org)", EVIL)
    )
    watched.page.goto(f"{server.url}/chat?{uuid.uuid4()}#{asked}")
    watched.ready()
    assert watched.page.evaluate("document.documentElement.getAttribute('style')") is None
    harmless(watched)
