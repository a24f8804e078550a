"""One page, one conversation: also where the network is slow and another is begun meanwhile."""

import json
import time

import pytest
from chatting import BROTHER
from playwright.sync_api import expect
from visitor import Visitor

HELLO = "hello from before"


@pytest.fixture
def held(chat):
    """Requests for a session that the network holds back; they go on when the list is emptied."""
    waiting = []
    chat.page.route("**/api/sessions", lambda route: waiting.append(route))
    return waiting


def go_on(chat, held, count=1):
    """Let so many requests for a session through, once they are there."""
    deadline = time.monotonic() + 15
    while len(held) < count and time.monotonic() < deadline:
        chat.page.wait_for_timeout(50)
    assert len(held) == count
    # The earlier ones are answered last.
    for route in reversed(held):
        route.continue_()
    held.clear()


def take_over(chat, token):
    """Do what the browser does when another tab has begun another conversation."""
    chat.page.evaluate(
        """(session) => {
          localStorage["helpline.session"] = session;
          dispatchEvent(new StorageEvent("storage", { key: "helpline.session" }));
        }""",
        json.dumps({"token": token, "last": 0}),
    )


def said(visitor):
    return [message["text"] for message in visitor.history() if message["sender"] == "visitor"]


def visitor_of(chat, server):
    """The visitor of the page's conversation, as a program."""
    visitor = Visitor(server.url)
    visitor.token = chat.page.evaluate("JSON.parse(localStorage['helpline.session']).token")
    return visitor


def test_what_is_said_while_another_conversation_opens_goes_into_that_one(chat, held, server):
    before, other = visitor_of(chat, server), Visitor(server.url)
    other.answer_to(HELLO)
    take_over(chat, other.token)
    chat.write(BROTHER)
    go_on(chat, held)
    expect(chat.visitor).to_have_text([HELLO, BROTHER])
    expect(chat.bot).to_have_count(2)
    expect(chat.page.locator(".delivery")).to_have_count(0)
    assert said(other) == [HELLO, BROTHER]
    assert said(before) == []


def test_what_is_on_its_way_while_another_conversation_opens_is_not_lost(chat, server):
    other = Visitor(server.url)
    posts = []

    def hold_the_first(route):
        posts.append(route)
        if len(posts) > 1:
            route.continue_()

    chat.page.route("**/api/messages", hold_the_first)
    chat.write(BROTHER)
    expect(chat.page.get_by_text("Sending")).to_be_visible()
    take_over(chat, other.token)
    expect(chat.page.locator("#log")).to_have_attribute("aria-live", "polite")
    posts[0].continue_()
    expect(chat.bot).to_have_count(1)
    expect(chat.page.locator(".delivery")).to_have_count(0)
    assert said(other) == [BROTHER]


def test_a_new_chat_takes_what_is_written_before_it_is_there(chat, held, server):
    visitor_of(chat, server).ask("DELETE", "conversation")
    chat.page.get_by_role("button", name="Start a new chat").click()
    chat.write(BROTHER)
    go_on(chat, held)
    expect(chat.bot).to_have_count(1)
    expect(chat.visitor).to_have_text([BROTHER])
    expect(chat.page.locator(".remark")).to_have_count(0)


def test_a_slow_network_does_not_let_two_conversations_into_one_page(chat, held, server):
    first, second = visitor_of(chat, server), Visitor(server.url)
    first.answer_to(HELLO)
    second.answer_to(BROTHER)
    chat.page.reload()
    take_over(chat, second.token)
    go_on(chat, held, 2)
    expect(chat.visitor).to_have_text([BROTHER])
    first.answer_to(HELLO)
    second.answer_to("thank you")
    expect(chat.visitor).to_have_text([BROTHER, "thank you"])


def test_a_tab_that_learns_late_of_its_end_leaves_the_others_new_chat_alone(chat, server):
    other = Visitor(server.url)
    chat.page.evaluate(
        "(session) => { localStorage['helpline.session'] = session }",
        json.dumps({"token": other.token, "last": 0}),
    )
    chat.page.route("**/api/messages", lambda route: route.fulfill(status=401, json={}))
    chat.write(BROTHER)
    expect(chat.page.locator(".remark")).to_contain_text("The earlier chat has ended")
    kept = chat.page.evaluate("JSON.parse(localStorage['helpline.session']).token")
    assert kept == other.token
