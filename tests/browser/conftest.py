"""One pair of servers, and a browser, for all that visitors see."""

from __future__ import annotations

import os

import pytest
from chatting import Chat
from chromium import ARGUMENTS, MISSING, chromium
from elsewhere import Site
from playwright.sync_api import sync_playwright
from running import WITHOUT_LIMITS, Running

SATURDAY_NIGHT = "2026-11-21T22:00:00-06:00"

PHONE = {"width": 390, "height": 844}


def pytest_terminal_summary(terminalreporter):
    if not chromium():
        terminalreporter.write_line(MISSING)


@pytest.fixture(scope="session")
def found():
    """The path of Chromium. CI has one; elsewhere its tests are skipped where there is none."""
    path = chromium()
    if not path and os.environ.get("CI") == "true":
        pytest.fail(MISSING, pytrace=False)
    if not path:
        pytest.skip(MISSING)
    return path


@pytest.fixture(scope="session")
def site():
    site = Site()
    yield site
    site.stop()


@pytest.fixture(scope="session")
def server(found, trained, site, tmp_path_factory):
    """`helpline run` on Saturday, 22:00 Central."""
    running = Running(
        tmp_path_factory.mktemp("browser"),
        HELPLINE_NOW=SATURDAY_NIGHT,
        HELPLINE_SITES=site.url,
        **WITHOUT_LIMITS,
    )
    site.helpline = running.url
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def browser(found):
    """Ends with its module: while it runs, other tests could not use asyncio."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser, server):
    """Open the chat, or another page, in a new profile. No page may complain in the end."""
    chats = []

    def visit(path="/chat", **options):
        about = {"viewport": PHONE, "timezone_id": "America/Chicago", "reduced_motion": "reduce"}
        context = browser.new_context(**{**about, **options})
        chat = Chat(context.new_page())
        chats.append(chat)
        if path == "/chat":
            return chat.open(f"{server.url}/chat")
        chat.page.goto(path if "://" in path else f"{server.url}{path}")
        return chat

    yield visit
    for chat in chats:
        chat.page.context.close()
        assert chat.trouble == []


@pytest.fixture
def chat(visit):
    return visit()


@pytest.fixture
def tab(server):
    """Open the chat once more in the same profile."""

    def tab(chat):
        return Chat(chat.page.context.new_page()).open(f"{server.url}/chat")

    return tab
