"""Two browsers: a visitor in one, a specialist in the other; and what each of them needs."""

import re
import uuid
from datetime import datetime, timezone

import pytest
from at_the_desk import Desk
from chatting import BROTHER
from playwright.sync_api import expect
from running import WITHOUT_LIMITS, Running
from specialist import PASSWORD, database_of
from sqlalchemy import delete, insert
from test_access import SMALL, expect_no_violations
from visitor import Visitor

from helpline.database import outcomes, surveys
from helpline.desk import specialists
from helpline.web import log

MONDAY_MORNING = "2026-11-23T10:00:00-06:00"

WIDE = {"width": 1280, "height": 800}
TABLET = {"width": 820, "height": 1180}


@pytest.fixture(scope="module")
def server(found, trained, tmp_path_factory):
    """`helpline run` on Monday, 10:00 Central, with two people at the desk."""
    folder = tmp_path_factory.mktemp("desk")
    running = Running(folder, HELPLINE_NOW=MONDAY_MORNING, **WITHOUT_LIMITS)
    running.start()
    with database_of(running):
        specialists.add("maria", PASSWORD, "supervisor", "Maria", 3)
        specialists.add("ann", PASSWORD, "specialist", "Ann", 3)
    yield running
    running.stop()


@pytest.fixture
def at_desk(browser, server):
    """Sign somebody in; in the end nobody is there and nobody waits. No page may complain."""
    desks = []

    def at_desk(name="maria", presence="available", viewport=WIDE):
        context = browser.new_context(viewport=viewport, reduced_motion="reduce")
        desk = Desk(context.new_page(), server.url).sign_in(name)
        desks.append(desk)
        return desk.be(presence)

    yield at_desk
    for desk in desks:
        desk.page.context.close()
        assert desk.trouble == []
    with database_of(server):
        for account in specialists.all_accounts():
            specialists.be(account.id, "away", datetime.now(timezone.utc))


@pytest.fixture
def in_line(server):
    """Put visitors into the line; in the end they go."""
    visitors = []

    def in_line(reason="my dad's transplant", consent=True, said=BROTHER, **about):
        visitor = Visitor(server.url, **about)
        visitors.append(visitor)
        if said:
            visitor.answer_to(said)
        asked = visitor.post("handoff", {"reason": reason, "consent": consent})
        assert asked.status_code == 201, asked.text
        return visitor

    yield in_line
    for visitor in visitors:
        visitor.ask("DELETE", "conversation")


@pytest.fixture
def visitor(visit):
    """A visitor's chat; in the end it is deleted, so that nobody stays in line."""
    chat = visit()
    yield chat
    chat.page.evaluate(
        """() => fetch("/api/conversation", { method: "DELETE", headers: { Authorization:
        `Bearer ${JSON.parse(localStorage["helpline.session"] || "{}").token}` } })"""
    )


def ask_for_a_specialist(chat, consent=True, reason=""):
    reply = chat.ask("can I talk to someone?")
    reply.get_by_role("button", name="Chat with a specialist").click()
    sheet = chat.page.locator("#person")
    sheet.get_by_label("What is it about?").fill(reason)
    answer = "Yes, and ask for a specialist" if consent else "No, start afresh"
    sheet.get_by_role("button", name=answer).click()
    expect(chat.page.locator("#people")).to_contain_text("in line")


def bar_button(chat, name):
    return chat.page.locator("#people").get_by_role("button", name=name)


def said_in(server, chat):
    """Return everything of the visitor's chat in the database."""
    token = chat.page.evaluate("JSON.parse(localStorage['helpline.session']).token")
    with database_of(server):
        return log.after(token.split(".")[0], 0)


def test_a_visitor_and_a_specialist_talk_in_two_browsers(server, at_desk, visitor):
    desk = at_desk()
    chat = visitor
    chat.ask(BROTHER)
    ask_for_a_specialist(chat, reason="About my brother")
    expect(chat.page.locator("#people")).to_contain_text("You are next in line.")
    expect(desk.waiting).to_contain_text("About my brother")
    expect(desk.waiting).to_contain_text(BROTHER)
    chat.ask("what is HLA")

    desk.take_next()
    expect(chat.page.locator("#people")).to_contain_text("Maria, a specialist, is with you.")
    expect(chat.page.locator("header")).to_contain_text("Maria, specialist")
    desk.page.keyboard.type("Hello, ")
    expect(chat.page.locator("#typing")).to_contain_text("Maria, specialist is writing")
    desk.write("I'm Maria.")
    expect(chat.page.locator(".message.specialist").last).to_contain_text("Hello, I'm Maria.")
    chat.page.locator("#text").press_sequentially("He is ")
    expect(desk.active.locator(".typing")).to_be_visible()
    chat.write("He is afraid of it.")
    expect(desk.active.locator(".entry.visitor").last).to_contain_text("He is afraid of it.")
    desk.write("That is very common.")
    expect(chat.page.locator(".message.specialist")).to_have_count(2)

    with database_of(server):
        stored = said_in(server, chat)
    spoken = [m.body["text"] for m in stored if m.sender in ("visitor", "specialist")]
    words = ".{0} :is(.visitor, .specialist) .words"
    at_the_visitors = chat.page.locator("#log :is(.visitor, .specialist) .words")
    at_the_desk = desk.active.locator(words.format("log"))
    assert at_the_visitors.all_inner_texts() == spoken
    assert at_the_desk.all_inner_texts() == spoken
    expect(chat.messages).to_have_count(len(stored))
    expect(desk.active.locator(".log > *")).to_have_count(len(stored))

    desk.close_chat()
    expect(desk.page.locator(".pane")).to_have_count(0)
    expect(chat.page.locator("#people")).to_contain_text("How was the chat with the specialist?")
    expect(chat.bot.last).to_contain_text("I'm the assistant, and I'm back.")
    assert "immune system" in chat.ask("what is HLA").inner_text()


def test_one_leaves_the_line_and_the_next_moves_up(at_desk, visitor, in_line):
    at_desk("maria")
    first = in_line()
    ask_for_a_specialist(visitor)
    expect(visitor.page.locator("#people")).to_contain_text("You are number 2 in line.")
    first.ask("DELETE", "handoff")
    expect(visitor.page.locator("#people")).to_contain_text("You are next in line.")
    bar_button(visitor, "Leave the line").click()
    expect(visitor.page.locator("#people")).to_be_hidden()


def test_without_consent_the_desk_sees_only_what_is_written_from_then_on(at_desk, visitor):
    desk = at_desk()
    visitor.ask(BROTHER)
    ask_for_a_specialist(visitor, consent=False)
    expect(desk.waiting).to_contain_text("Keeps the conversation so far private")
    assert BROTHER not in desk.page.content()
    desk.waiting.get_by_role("button", name="Look").click()
    expect(desk.active).to_contain_text("earlier messages are not shown")
    desk.active.get_by_role("button", name="Take chat").click()
    expect(desk.active.locator(".say textarea")).to_be_focused()
    visitor.write("From here on.")
    expect(desk.active.locator(".entry.visitor")).to_have_text([re.compile("From here on.")])
    assert BROTHER not in desk.page.content()


def test_private_notes_never_reach_the_visitor(at_desk, visitor):
    desk = at_desk()
    ask_for_a_specialist(visitor)
    desk.take_next()
    desk.press("Alt+n")
    desk.page.keyboard.type("A secret of the desk.")
    desk.press("Control+Enter")
    expect(desk.active.locator(".private")).to_contain_text("A secret of the desk.")
    desk.press("Alt+r")
    desk.write("Hello.")
    expect(visitor.page.locator(".message.specialist")).to_be_visible()
    visitor.page.reload()
    visitor.ready()
    assert "secret" not in visitor.page.content()


def test_an_article_is_found_and_shown_with_its_sources(at_desk, visitor):
    desk = at_desk()
    ask_for_a_specialist(visitor)
    desk.take_next()
    desk.press("/")
    sheet = desk.page.get_by_role("dialog")
    sheet.get_by_role("button", name="Articles").click()
    desk.page.keyboard.type("brothers and sisters")
    expect(sheet.get_by_role("option", selected=True)).to_contain_text("Brothers, sisters")
    desk.press("Enter")
    expect(desk.active.locator(".attached")).to_contain_text("Brothers, sisters")
    desk.write("This may help:")
    shown = visitor.page.locator(".message.specialist")
    expect(shown).to_contain_text("This may help:")
    expect(shown.locator(".sources summary")).to_contain_text("source")
    expect(desk.active.locator(".entry.own .shown-article")).to_be_visible()


def test_a_reply_is_inserted_and_can_be_changed_before_it_is_sent(at_desk, in_line):
    desk = at_desk()
    in_line()
    desk.take_next()
    desk.press("Alt+i")
    desk.page.keyboard.type("looking something up")
    expect(desk.page.get_by_role("option")).to_have_count(1)
    desk.press("Enter")
    expect(desk.active.locator(".say textarea")).to_have_value(re.compile("looking this up"))


def test_signs_of_a_crisis_show_to_the_visitor_and_alert_the_specialist(at_desk, visitor):
    desk = at_desk()
    ask_for_a_specialist(visitor)
    desk.take_next()
    visitor.write("i want to die")
    expect(visitor.page.locator(".message.screen.crisis")).to_be_visible()
    expect(desk.page.locator("#urgent")).to_contain_text("Possible crisis")
    alert = desk.active.locator(".banner.alert")
    expect(alert).to_contain_text("The visitor was shown the crisis lines.")
    assert "Safety alerts" in desk.page.title()
    alert.get_by_role("button", name="I have seen it").click()
    expect(alert).to_be_hidden()


def test_a_chat_is_handed_to_a_colleague_who_accepts(at_desk, visitor):
    maria, ann = at_desk("maria"), at_desk("ann")
    ask_for_a_specialist(visitor)
    maria.take_next()
    maria.press("Alt+t")
    sheet = maria.page.get_by_role("dialog")
    sheet.get_by_text("Ann").click()
    sheet.get_by_label("What should they know?").fill("She knows trials in Texas.")
    sheet.get_by_role("button", name="Offer the chat").click()
    expect(maria.active).to_contain_text("Offered to Ann.")
    ann.mine.get_by_role("button").first.click()
    expect(ann.active).to_contain_text("She knows trials in Texas.")
    ann.active.get_by_role("button", name="Take it over").click()
    expect(ann.active.locator(".say textarea")).to_be_focused()
    expect(maria.active.locator(".say")).to_have_count(0)
    expect(visitor.page.locator("#people")).to_contain_text("Ann, a specialist, is with you.")


def test_what_is_written_without_a_network_is_sent_once_when_it_is_back(at_desk, visitor):
    desk = at_desk()
    ask_for_a_specialist(visitor)
    desk.take_next()
    desk.page.context.set_offline(True)
    desk.write("Still here.")
    expect(desk.active.locator(".delivery")).to_contain_text("Waiting to be sent")
    desk.page.context.set_offline(False)
    expect(visitor.page.locator(".message.specialist")).to_have_count(1)
    expect(desk.active.locator(".entry.own")).to_have_count(1)
    expect(desk.active.locator(".delivery")).to_be_hidden()


def test_a_chat_is_not_closed_over_messages_that_could_not_be_loaded(server, at_desk, in_line):
    desk = at_desk()
    visitor = in_line()
    desk.take_next()
    loads = re.compile(r"/desk/api/conversations/[^/]+\?after=")
    desk.page.route(loads, lambda route: route.fulfill(status=503, json={}))
    desk.page.reload()
    expect(desk.mine).to_have_count(1)
    visitor.say("The last thing")
    expect(desk.active).to_contain_text("The last thing")
    expect(desk.active).not_to_contain_text(BROTHER)
    desk.press("Alt+x")
    sheet = desk.page.get_by_role("dialog")
    sheet.get_by_text("Question answered").click()
    sheet.get_by_role("button", name="Close chat").click()
    expect(sheet).to_contain_text("The visitor has just written.")
    desk.press("Escape")
    desk.page.unroute(loads)
    expect(desk.active.locator(".entry.visitor")).to_have_count(2)
    expect(desk.active.locator(".entry.visitor").first).to_contain_text(BROTHER)
    desk.close_chat()


CUTTABLE = """
const dial = window.fetch;
window.fetch = (url, options) => {
  if (!String(url).endsWith("/stream")) return dial(url, options);
  const line = new AbortController();
  window.cutTheLine = () => line.abort();
  return dial(url, { ...options, signal: AbortSignal.any([options.signal, line.signal]) });
};
"""


def test_what_is_missed_while_the_line_is_lost_comes_although_the_first_try_fails(at_desk, in_line):
    desk = at_desk()
    visitor = in_line()
    desk.take_next()
    page = desk.page
    page.add_init_script(CUTTABLE)
    page.reload()
    expect(desk.active).to_contain_text(BROTHER)
    streams = re.compile("/desk/api/stream")
    loads = re.compile(r"/desk/api/conversations/[^/]+\?after=")
    for path in (streams, loads):
        page.route(path, lambda route: route.fulfill(status=503, json={}))
    page.evaluate("cutTheLine()")
    visitor.say("missed")
    with page.expect_request_finished(lambda request: loads.search(request.url)):
        page.unroute(streams)
    visitor.say("heard")
    expect(desk.active).to_contain_text("heard")
    expect(desk.active).not_to_contain_text("missed")
    page.unroute(loads)
    expect(desk.active).to_contain_text("missed")


def test_each_question_of_a_visitor_is_answered_or_put_away_by_itself(server, at_desk):
    visitor = Visitor(server.url)
    for text in ("May my sister visit?", "May my dog visit?"):
        left = {"id": str(uuid.uuid4()), "text": text, "consent": True}
        assert visitor.post("question", left).status_code == 201
    desk = at_desk(presence="away")
    cards = desk.page.locator("#questions .card")
    cards.filter(has_text="dog").get_by_role("button", name="Answer").click()
    expect(desk.active.locator(".banners")).to_contain_text("May my dog visit?")
    desk.page.keyboard.type("for the dog")
    cards.filter(has_text="sister").get_by_role("button", name="Answer").click()
    expect(desk.active.locator(".banners")).to_contain_text("May my sister visit?")
    expect(desk.active.locator(".say textarea")).to_have_value("")
    cards.filter(has_text="dog").get_by_role("button", name="Answer").click()
    expect(desk.active.locator(".say textarea")).to_have_value("for the dog")
    desk.page.get_by_role("button", name="Send answer").click()
    expect(cards).to_have_count(1)
    expect(cards).to_contain_text("sister")

    cards.get_by_role("button", name="Answer").click()
    desk.page.get_by_role("button", name="Put away without an answer").click()
    sheet = desk.page.get_by_role("dialog")
    expect(sheet).to_contain_text("cannot be taken back")
    expect_no_violations(desk.page, "put away")
    desk.page.route("**/questions/*/close", lambda route: route.abort())
    sheet.get_by_role("button", name="Put away").last.click()
    expect(sheet.locator(".failed")).not_to_be_empty()
    desk.page.unroute("**/questions/*/close")
    sheet.get_by_role("button", name="Put away").last.click()
    expect(cards).to_have_count(0)
    closed = [m["data"]["event"] for m in visitor.history() if m["sender"] == "system"]
    assert closed == ["noted", "noted", "closed"]
    visitor.ask("DELETE", "conversation")


def test_focus_stays_where_it_is_while_the_board_changes(at_desk, in_line):
    desk = at_desk()
    visitor = in_line("the first", said="can my brother be my donor")
    desk.waiting.first.get_by_role("button", name="Look").click()
    take = desk.active.get_by_role("button", name="Take chat")
    expect(take).to_be_focused()
    other = in_line("the second")
    expect(desk.waiting).to_have_count(2)
    expect(take).to_be_focused()
    visitor.answer_to("what is GVHD?")
    expect(desk.active).to_contain_text("what is GVHD?")
    expect(take).to_be_focused()
    desk.press("Alt+o")
    queue = desk.page.get_by_role("region", name="Overview: Queue")
    queue.focus()
    other.ask("DELETE", "handoff")
    expect(queue).not_to_contain_text("the second")
    expect(queue).to_be_focused()


def test_each_asking_stands_once_in_the_chart_and_silence_is_no_answer(server, at_desk):
    at = datetime.now(timezone.utc).replace(minute=0, second=0, microsecond=0)
    with database_of(server) as engine, engine.begin() as connection:
        connection.execute(delete(outcomes))
        for outcome in ("close", "visitor_gone", "cancel"):
            connection.execute(insert(outcomes).values(at=at, outcome=outcome, waited=5))
        for helped in (True, None, None):
            connection.execute(insert(surveys).values(at=at, helped=helped, distress=2))
    page = at_desk().page
    page.keyboard.press("Alt+o")
    page.get_by_role("navigation", name="Overview").get_by_text("By day", exact=True).click()
    expect(page.locator(".columns b:not(:empty)")).to_have_text("3")
    tiles = page.locator(".tile b").all_inner_texts()
    assert (tiles[0], tiles[3]) == ("3", "100 %")


def test_the_desk_says_that_it_is_silent_until_somebody_presses_a_key(at_desk):
    desk = at_desk()
    silent = desk.page.locator("#silent")
    expect(silent).to_be_hidden()
    desk.page.reload()
    expect(silent).to_contain_text("Press any key")
    expect_no_violations(desk.page, "silent")
    desk.press("Shift")
    expect(silent).to_be_hidden()


def test_what_is_refused_can_be_seen(at_desk, in_line):
    desk = at_desk()
    in_line()
    expect(desk.waiting.get_by_role("button", name="Take chat")).to_be_enabled()
    trouble = desk.page.locator("#trouble")
    refused = {"title": "Somebody was faster.", "detail": "Take the next one."}
    desk.page.route("**/claim", lambda route: route.fulfill(status=409, json=refused))
    desk.press("Alt+c")
    expect(trouble).to_contain_text("Somebody was faster. Take the next one.")
    expect_no_violations(desk.page, "refused")
    trouble.get_by_role("button").click()
    expect(trouble).to_be_hidden()
    desk.page.route("**/presence", lambda route: route.fulfill(status=409, json=refused))
    desk.press("Alt+p")
    expect(trouble).to_contain_text("Somebody was faster.")
    expect(desk.page.locator(".presence .available input")).to_be_checked()


def test_what_somebody_else_began_to_write_is_not_there_for_the_next(server, at_desk):
    visitor = Visitor(server.url)
    left = {"id": str(uuid.uuid4()), "text": "May my sister visit?", "consent": True}
    assert visitor.post("question", left).status_code == 201
    desk = at_desk(presence="away")

    def sign_out_from_elsewhere(name):
        with database_of(server):
            (id_,) = (one.id for one in specialists.all_accounts() if one.name == name)
            specialists.leave(id_, everywhere=True, is_gone=True)
        expect(desk.page.get_by_label("Password")).to_be_visible()

    def answer():
        desk.page.locator("#questions").get_by_role("button", name="Answer").click()
        return desk.active.locator(".say textarea")

    answer()
    desk.page.keyboard.type("from Maria")
    sign_out_from_elsewhere("maria")
    desk.sign_in("maria")
    expect(answer()).to_have_value("from Maria")
    sign_out_from_elsewhere("maria")
    desk.sign_in("ann")
    expect(answer()).to_have_value("")
    visitor.ask("DELETE", "conversation")


def test_a_draft_and_the_open_chats_survive_a_reload(at_desk, in_line):
    desk = at_desk()
    in_line()
    in_line("another")
    desk.take_next()
    desk.take_next()
    desk.page.keyboard.type("half a sen")
    desk.page.reload()
    expect(desk.page.locator(".pane")).to_have_count(2)
    expect(desk.page.locator("[aria-label*='another'] .say textarea")).to_have_value("half a sen")


def test_new_messages_are_counted_where_the_chat_is_not_in_sight(at_desk, in_line):
    desk = at_desk(viewport={"width": 760, "height": 800})
    first = in_line("the first")
    in_line("the second")
    desk.take_next()
    desk.take_next()
    first.say("Are you there?")
    expect(desk.mine.first.locator(".count")).to_have_text("1 new message")
    assert "1 new message" in desk.page.title()
    desk.press("Alt+u")
    expect(desk.active).to_contain_text("Are you there?")
    expect(desk.mine.first.locator(".count")).to_be_hidden()


def test_what_the_visitor_deletes_is_gone_from_the_desk_too(at_desk, in_line):
    desk = at_desk()
    visitor = in_line()
    desk.take_next()
    expect(desk.active).to_contain_text(BROTHER)
    visitor.ask("DELETE", "conversation")
    expect(desk.active).to_contain_text("There is no such chat")
    assert BROTHER not in desk.page.content()


def test_a_wrong_password_is_told_and_signing_out_everywhere_ends_all(browser, server, at_desk):
    desk = at_desk("ann", "away")
    other = browser.new_context()
    page = Desk(other.new_page(), server.url).sign_in("ann", "not her password").page
    expect(page.get_by_role("alert").first).to_contain_text("Name or password is wrong.")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Ann").click()
    page.get_by_role("button", name="Sign out on all devices").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(desk.page.locator("#sign-in")).to_contain_text("You are signed out.")
    other.close()


def test_a_high_number_on_the_thermometer_shows_whom_to_call(at_desk, visitor):
    desk = at_desk()
    ask_for_a_specialist(visitor)
    desk.take_next()
    desk.write("Hello.")
    desk.close_chat()
    bar_button(visitor, "Two short questions").click()
    sheet = visitor.page.locator("#person")
    sheet.get_by_text("Yes", exact=True).click()
    sheet.get_by_text("8", exact=True).click()
    expect(sheet.locator(".advice")).to_contain_text("988")
    expect(sheet.locator(".advice")).to_contain_text("116 123")
    sheet.get_by_role("button", name="Send").click()
    expect(visitor.bot.last).to_contain_text("nobody should carry it alone")
    expect(visitor.page.locator("#people")).to_be_hidden()


def test_a_question_is_left_and_its_answer_read_on_another_device(at_desk, visit, visitor):
    reply = visitor.ask("can I talk to someone?")
    places = reply.locator(".calls, .strong").evaluate_all("all => all.map(e => e.tagName)")
    assert places == ["UL", "BUTTON"], "the phone comes first"
    reply.get_by_role("button", name="Leave a question").click()
    sheet = visitor.page.locator("#person")
    sheet.get_by_label("Your question").fill("May my sister visit me?")
    sheet.get_by_text("Give me a code").click()
    sheet.get_by_role("button", name="Leave the question").click()
    code = visitor.page.locator(".code").inner_text()
    link = visitor.page.locator("#confirm a").get_attribute("href")
    visitor.page.get_by_role("button", name="Done").click()

    desk = at_desk(presence="away")
    desk.page.locator("#questions").get_by_role("button", name="Answer").click()
    expect(desk.active.locator(".say textarea")).to_be_focused()
    desk.page.keyboard.type("Ask the unit for its hours.")
    desk.page.get_by_role("button", name="Send answer").click()
    expect(desk.page.locator("#questions")).to_be_hidden()
    expect(visitor.page.locator(".message.specialist")).to_contain_text("Ask the unit")

    for path, written in ((link, ""), ("/chat", code.lower())):
        other = visit(path)
        if written:
            other.menu("I have a code")
            other.page.get_by_label("Code", exact=True).fill(written)
        else:
            # One press does not open what somebody else may have sent.
            expect(other.page.get_by_role("dialog")).to_contain_text("Is this your own link?")
            other.page.get_by_role("button", name="Open the chat").click()
            expect(other.messages).to_have_count(0)
            other.page.get_by_label("I left a question, and was given this link").check()
        other.page.get_by_role("button", name="Open the chat").click()
        expect(other.page.locator(".message.specialist")).to_contain_text("Ask the unit")
        assert "return" not in other.page.url


# For everybody.


@pytest.mark.parametrize("viewport", [WIDE, TABLET], ids=["wide", "tablet"])
def test_axe_finds_nothing_at_the_desk_and_nothing_is_too_wide(at_desk, in_line, viewport):
    desk = at_desk(presence="away", viewport=viewport)
    page = desk.page
    sheet = page.get_by_role("dialog")

    def check(state):
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, state
        expect_no_violations(page, state)
        page.keyboard.press("Escape")
        expect(sheet).to_be_hidden()

    check("away")
    desk.be("available")
    check("nobody waits")
    in_line(language="es", region="us")
    visitor = in_line("alone", consent=False)
    desk.waiting.first.get_by_role("button", name="Look").click()
    expect(desk.active.get_by_role("button", name="Take chat")).to_be_visible()
    check("a look")
    desk.take_next()
    desk.take_next()
    desk.write("Hello.")
    check("two chats")
    visitor.say("i want to die")
    expect(desk.active.locator(".banner.alert")).to_be_visible()
    check("alert")
    desk.press("Alt+n")
    page.keyboard.type("A note.")
    desk.press("Control+Enter")
    expect(desk.active.locator(".private .notes")).to_contain_text("A note.")
    check("details")
    for keys, title in (
        ("Alt+x", "How did it end?"),
        ("Alt+t", "Nobody else is available"),
        ("Alt+h", "Keyboard shortcuts"),
    ):
        desk.press(keys)
        expect(sheet).to_contain_text(title)
        check(title)
    desk.press("Alt+i")
    expect(page.get_by_role("option").first).to_be_visible()
    check("replies")
    desk.press("Alt+i")
    page.get_by_role("button", name="Articles").click()
    expect(page.get_by_role("button", name="Show the article")).to_be_visible()
    check("articles")
    page.get_by_role("button", name="Maria").click()
    expect(sheet).to_contain_text("Sign out on all devices")
    check("account")
    in_line("the next")
    desk.press("Alt+o")
    for tab in ("Now", "By day", "Unanswered", "Safety alerts", "Audit trail"):
        page.get_by_role("navigation", name="Overview").get_by_text(tab, exact=True).click()
        expect(page.locator("#overview [aria-current=page]")).to_have_text(tab)
        expect(page.locator(".overview-body:not([aria-busy])")).not_to_be_empty()
        check(tab)


def test_axe_finds_nothing_where_one_signs_in(browser, server):
    context = browser.new_context()
    desk = Desk(context.new_page(), server.url).sign_in("maria", "wrong")
    expect(desk.page.get_by_role("alert").first).to_contain_text("wrong")
    expect_no_violations(desk.page, "signing in")
    context.close()


def test_axe_finds_nothing_on_a_visitors_way_to_a_specialist_and_back(at_desk, visit):
    desk = at_desk()
    chat = visit(viewport=SMALL)
    page = chat.page

    def check(state):
        chat.expect_no_sideways_scrolling()
        expect_no_violations(page, state)

    reply = chat.ask("can I talk to someone?")
    reply.get_by_role("button", name="Chat with a specialist").click()
    check("asking")
    page.keyboard.press("Escape")
    ask_for_a_specialist(chat)
    check("in line")
    desk.take_next()
    desk.write("Hello.")
    expect(page.locator(".message.specialist")).to_be_visible()
    check("live")
    bar_button(chat, "End the chat").click()
    page.locator("#confirm").get_by_role("button", name="End it").click()
    expect(bar_button(chat, "Two short questions")).to_be_visible()
    check("afterwards")
    bar_button(chat, "Two short questions").click()
    page.locator("#person").get_by_text("9", exact=True).click()
    check("survey")
