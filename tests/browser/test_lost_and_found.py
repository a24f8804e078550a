"""Reloads, tabs, a dropped network, a server that ends: nothing lost, nothing doubled."""

import json
import re
from datetime import datetime, timezone

from chatting import BROTHER
from playwright.sync_api import expect
from specialist import database_of
from sqlalchemy import insert
from visitor import Visitor

from helpline.database import messages

SISTER = "Can my sister be my donor?"


def shown(chat):
    """Everything that was said, in order, as it stands on the page."""
    return [text.split("\n", 1)[1] for text in chat.messages.all_inner_texts()]


def test_after_a_reload_everything_is_there_and_goes_on(chat):
    chat.ask(BROTHER)
    before = shown(chat)
    buttons = chat.page.locator(".reply").all_inner_texts()
    chat.page.reload()
    chat.ready()
    assert shown(chat) == before
    assert chat.page.locator(".reply").all_inner_texts() == buttons
    chat.ask("tell me more")
    expect(chat.visitor).to_have_count(2)


def test_a_draft_outlives_a_reload(chat):
    chat.page.fill("#text", "half written")
    chat.page.reload()
    expect(chat.page.locator("#text")).to_have_value("half written")


def test_a_second_tab_shows_the_same_and_both_hear_what_follows(chat, tab):
    chat.ask(BROTHER)
    other = tab(chat)
    expect(other.messages).to_have_count(2)
    other.ask("hello")
    expect(chat.messages).to_have_count(4)
    assert shown(chat) == shown(other)


LISTEN = """() => {
  window.spoken = [];
  const log = document.getElementById("log");
  const hear = ({ addedNodes }) => {
    const live = log.getAttribute("aria-live") !== "off";
    for (const { nodeType, className } of addedNodes)
      if (live && nodeType === 1 && className.startsWith("message")) spoken.push(className);
  };
  new MutationObserver((changes) => changes.forEach(hear)).observe(log, { childList: true });
}"""
"""Notes what a screen reader would say of the conversation."""

LISTEN_FROM_THE_START = f"addEventListener('DOMContentLoaded', {LISTEN})"


def test_new_messages_are_spoken_once_and_history_never(chat):
    chat.page.evaluate(LISTEN)
    chat.ask(BROTHER)
    assert chat.page.evaluate("spoken") == ["message visitor", "message bot"]
    chat.page.add_init_script(LISTEN_FROM_THE_START)
    chat.page.reload()
    chat.ready()
    expect(chat.messages).to_have_count(2)
    assert chat.page.evaluate("spoken") == []


def test_history_is_not_spoken_where_one_writes_before_it_is_there(chat):
    chat.ask(BROTHER)
    held = []
    chat.page.route("**/api/stream*", lambda route: held.append(route))
    chat.page.add_init_script(LISTEN_FROM_THE_START)
    chat.page.reload()
    expect(chat.page.locator("#notice h2")).to_be_visible()
    with chat.page.expect_response("**/api/messages"):
        chat.write("thank you")
    held[0].continue_()
    expect(chat.bot).to_have_count(2)
    expect(chat.page.locator("#log")).to_have_attribute("aria-live", "polite")
    assert "message bot" not in chat.page.evaluate("spoken")[:-1]
    assert len(chat.page.evaluate("spoken")) <= 1


def test_the_history_of_another_devices_chat_is_neither_spoken_nor_unread(chat, server):
    other = Visitor(server.url)
    other.answer_to(BROTHER)
    other.answer_to("thank you")
    resumed = other.post("sessions").json()
    assert resumed["last"] == other.history()[-1]["id"]
    chat.page.add_init_script(LISTEN_FROM_THE_START)
    chat.page.add_init_script("Object.defineProperty(document, 'hidden', { get: () => true })")
    kept = json.dumps({"token": other.token, "last": 0})
    chat.page.evaluate("(kept) => { localStorage['helpline.session'] = kept }", kept)
    chat.page.reload()
    chat.ready()
    expect(chat.messages).to_have_count(4)
    assert chat.page.evaluate("spoken") == []
    assert "(" not in chat.page.title()
    other.say("hello")
    expect(chat.bot).to_have_count(3)
    expect(chat.page).to_have_title(re.compile(r"^\(1\) "))
    assert chat.page.evaluate("spoken") == ["message visitor", "message bot"]


def test_what_is_written_without_a_network_is_sent_once_and_in_order(chat, tab):
    chat.ask(BROTHER)
    context = chat.page.context
    posts = []
    context.on("request", lambda r: r.url.endswith("/api/messages") and posts.append(r.post_data))
    context.set_offline(True)
    expect(chat.page.locator("#state")).to_contain_text("You are offline")
    chat.write("what is HLA")
    chat.write("hello")
    expect(chat.page.get_by_text("Waiting to be sent")).to_have_count(2)
    context.set_offline(False)
    expect(chat.bot).to_have_count(3)
    expect(chat.page.locator(".delivery")).to_have_count(0)
    assert chat.visitor.all_inner_texts() == [BROTHER, "what is HLA", "hello"]
    other = tab(chat)
    assert other.visitor.all_inner_texts() == [BROTHER, "what is HLA", "hello"]
    assert len(other.bot.all()) == 3


def test_what_is_refused_is_announced_and_does_not_stand_in_the_way(chat):
    chat.ask(BROTHER)
    chat.write("x" * 10_001)
    expect(chat.page.locator("#state")).to_contain_text("Not sent.")
    expect(chat.page.locator(".reply").first).to_be_visible()
    chat.ask("thank you")
    assert [text.strip()[:9] for text in shown(chat)][2:4] == ["x" * 9, "thank you"]
    expect(chat.messages.last).to_have_class("message bot")
    again = chat.page.get_by_role("button", name="Try again")
    again.click()
    expect(chat.page.locator("#text")).to_be_focused()
    expect(again).to_be_visible()


def test_the_focus_stays_among_suggestions_that_stay(chat, server):
    chat.ask(BROTHER)
    chat.page.locator(".reply").nth(1).focus()
    chat.page.evaluate("window.focused = document.activeElement")
    token = chat.page.evaluate("JSON.parse(localStorage['helpline.session']).token")
    with database_of(server) as engine, engine.begin() as connection:
        row = {"conversation": token.split(".")[0], "sender": "system", "handled": True}
        at = datetime.now(timezone.utc)
        connection.execute(insert(messages).values(**row, at=at, body={"text": "Hello."}))
    expect(chat.page.locator(".message.system")).to_be_visible()
    assert chat.page.evaluate("focused.isConnected && document.activeElement === focused")


def test_a_passing_notice_gives_way_to_the_one_that_stands(chat):
    chat.ask(BROTHER)
    chat.page.context.set_offline(True)
    state = chat.page.locator("#state")
    expect(state).to_contain_text("You are offline")
    chat.page.locator(".visitor .keep").click()
    expect(state).to_contain_text("Your list has 1 question")
    expect(state).to_contain_text("You are offline")


def test_without_a_network_a_button_says_that_it_cannot_help(chat):
    chat.ask(BROTHER)
    chat.page.route("**/widget/people.js", lambda route: route.abort())
    chat.menu("I have a code")
    expect(chat.page.locator("#state")).to_contain_text("The connection was lost")


def test_back_on_the_network_the_line_is_dialed_anew(chat):
    with chat.page.expect_request("**/api/stream*"):
        chat.page.evaluate("dispatchEvent(new Event('online'))")
    chat.ask(BROTHER)


def test_a_message_whose_confirmation_was_lost_is_stored_and_answered_once(chat):
    lost = []

    def lose_the_first(route):
        if not lost:
            lost.append(route.fetch().status)
            return route.abort()
        return route.continue_()

    chat.page.route("**/api/messages", lose_the_first)
    chat.ask(BROTHER)
    expect(chat.page.locator(".delivery")).to_have_count(0)
    chat.page.reload()
    chat.ready()
    assert lost == [202]
    expect(chat.messages).to_have_count(2)


def test_what_waits_to_be_sent_outlives_a_reload(chat):
    chat.page.route("**/api/messages", lambda route: route.abort())
    chat.write(BROTHER)
    expect(chat.page.get_by_text("Waiting to be sent")).to_be_visible()
    chat.page.reload()
    expect(chat.page.get_by_text("Waiting to be sent")).to_be_visible()
    chat.page.unroute("**/api/messages")
    expect(chat.bot).to_have_count(1)
    assert chat.visitor.all_inner_texts() == [BROTHER]


def test_a_conversation_goes_on_when_the_server_has_crashed_and_is_back(chat, tab, server):
    chat.ask(BROTHER)
    before = shown(chat)
    server.crash()
    chat.write(SISTER)
    expect(chat.page.get_by_text("Waiting to be sent")).to_be_visible()
    server.start()
    expect(chat.bot).to_have_count(2, timeout=60_000)
    expect(chat.page.locator(".delivery")).to_have_count(0)
    assert shown(chat)[:2] == before
    assert chat.visitor.all_inner_texts() == [BROTHER, SISTER]
    other = tab(chat)
    assert shown(other) == shown(chat)


def test_what_a_proxy_refuses_does_not_end_the_conversation(chat):
    chat.ask(BROTHER)
    refused = []

    def refuse_twice(route):
        if len(refused) < 2:
            refused.append(route.request.url)
            return route.fulfill(status=404, content_type="text/html", body="<h1>Not here</h1>")
        return route.continue_()

    chat.page.route("**/api/stream*", refuse_twice)
    chat.page.reload()
    chat.ready()
    expect(chat.visitor).to_have_text([BROTHER])
    chat.ask("what is HLA")
    assert len(refused) == 2


def test_a_proxys_page_instead_of_an_answer_is_told_in_words(chat):
    chat.page.route(
        "**/api/sessions",
        lambda route: route.fulfill(status=502, content_type="text/html", body="<h1>Bad</h1>"),
    )
    chat.page.reload()
    expect(chat.page.locator("#state")).to_contain_text("The connection was lost")
    chat.page.unroute("**/api/sessions")
    chat.ready()


def test_where_storage_is_full_a_message_is_sent_all_the_same(visit):
    chat = visit()
    chat.page.evaluate(
        "() => { Storage.prototype.setItem = () => { throw new DOMException('', 'Quota') } }"
    )
    chat.ask(BROTHER)
    expect(chat.page.locator(".delivery")).to_have_count(0)
