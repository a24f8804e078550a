"""What a visitor sees: an answer with its sources, buttons, screens, the end of it all."""

import re

import pytest
from chatting import BROTHER
from playwright.sync_api import expect
from specialist import database_of
from sqlalchemy import func, select

from helpline.database import conversations, messages


def test_before_the_first_message_it_says_what_it_is_and_whom_to_call(chat):
    expect(chat.page.locator("#notice")).to_contain_text("not a doctor")
    expect(chat.page.locator("#notice")).to_contain_text("at most 30 days")
    for number in ("911", "999"):
        expect(chat.page.locator(f'#urgent a[href="tel:{number}"]')).to_be_visible()
    expect(chat.page.locator(".reply")).to_have_count(4)


def test_after_hours_the_banner_says_when_a_specialist_can_chat_and_whom_to_call(chat):
    banner = chat.page.locator("#banner")
    expect(banner).to_contain_text("Monday at 7:00 am Central")
    expect(banner).to_have_class("shut")
    expect(banner.get_by_role("link", name="1-800-227-2345")).to_have_attribute(
        "href", "tel:+18002272345"
    )


def test_a_visitor_elsewhere_reads_the_banner_by_their_own_clock(visit):
    banner = visit(timezone_id="America/New_York").page.locator("#banner")
    expect(banner).to_contain_text("8:00 am your time")


def test_a_first_question_is_answered_with_sources_and_dates(chat):
    answer = chat.ask(BROTHER)
    expect(answer).to_contain_text("Brothers and sisters are usually the first people tested")
    expect(answer.locator(".who")).to_contain_text("Assistant")
    expect(answer.locator(".sources li").first).to_be_hidden()
    answer.locator("summary").click()
    for source in answer.locator(".sources li").all():
        expect(source).to_be_visible()
        expect(source.locator("a")).to_have_attribute("href", re.compile("^https://"))
        expect(source).to_contain_text(re.compile("reviewed .*20..|no date shown"))
    expect(answer).to_contain_text("We last checked our text on")
    expect(answer).to_contain_text("A clinician has not reviewed it yet")


def test_a_button_is_said_by_its_title_and_answered(chat):
    chat.ask(BROTHER)
    reply = chat.page.locator(".reply", has_text="What HLA matching means")
    answer = chat.answer_after(reply.click)
    expect(chat.visitor.last).to_have_text("What HLA matching means")
    expect(answer.locator(".title")).to_have_text("What HLA matching means")


def test_a_suggestion_starts_the_conversation(chat):
    answer = chat.answer_after(chat.page.locator(".reply").first.click)
    expect(answer.locator("summary")).to_contain_text("source")


def test_it_asks_whether_an_answer_helped_and_keeps_that(chat):
    answer = chat.ask(BROTHER)
    with chat.page.expect_response("**/api/feedback") as told:
        answer.get_by_role("button", name="Yes").click()
    assert told.value.status == 204
    expect(answer).to_contain_text("Thank you for telling us")
    chat.page.reload()
    chat.ready()
    expect(chat.bot.first).to_contain_text("Thank you for telling us")


def test_a_verdict_is_thanked_for_when_it_is_kept_and_not_before(chat):
    answer = chat.ask(BROTHER)
    chat.page.route("**/api/feedback", lambda route: route.abort())
    answer.get_by_role("button", name="Yes").click()
    expect(chat.page.locator("#state")).to_contain_text("could not be kept")
    expect(answer).not_to_contain_text("Thank you")
    chat.page.unroute("**/api/feedback")
    answer.get_by_role("button", name="No", exact=True).click()
    expect(answer.get_by_text("A person may be able to help you better")).to_be_focused()


def test_the_desk_is_told_the_visitors_own_language(visit, server):
    page = visit("/", locale="de-AT").page
    with page.expect_request("**/api/sessions") as asked:
        page.goto(f"{server.url}/chat#language=en-GB")
    assert asked.value.post_data_json["language"] == "de-AT"
    expect(page.locator("h1")).to_have_text("Leukaemia helpline")


def test_without_a_session_the_numbers_of_the_sites_country_come_first(visit, server):
    page = visit("/", timezone_id="Etc/GMT+5").page
    page.route("**/api/sessions", lambda route: route.fulfill(status=429, json={}))
    with page.expect_response("**/api/status?*") as told:
        page.goto(f"{server.url}/chat#region=uk")
    assert "timezone=Etc%2FGMT%2B5" in told.value.url
    expect(page.locator("#urgent a").first).to_have_attribute("href", "tel:999")


def test_a_person_is_in_reach_before_anything_is_said(chat):
    chat.page.click("#open-person")
    person = chat.page.locator("#person")
    expect(person.locator('a.call[href="tel:+18002272345"]')).to_contain_text("Open now")
    expect(person.locator('a[href="tel:911"]')).to_be_visible()


def test_an_emergency_looks_like_one_and_has_its_numbers_before_its_words(chat):
    screen = chat.ask("he can't breathe")
    expect(screen).to_have_class(re.compile("screen emergency"))
    expect(screen.locator(".screen-title")).to_have_text("This may be an emergency")
    call = screen.locator('a.call[href="tel:911"]')
    expect(call).to_be_visible()
    assert call.bounding_box()["y"] < screen.locator(".words").bounding_box()["y"]
    assert call.bounding_box()["height"] >= 44
    expect(chat.page.locator("#crisis")).to_be_hidden()


def test_a_fever_at_home_sends_to_the_team_first(chat):
    screen = chat.ask("my temperature is 38.4")
    expect(screen.locator(".screen-title")).to_contain_text("Phone your care team")
    expect(screen.locator('a.call[href="tel:911"]')).to_be_visible()


def test_in_a_crisis_the_lines_come_first_and_stay_in_sight(chat):
    screen = chat.ask("i want to die")
    expect(screen).to_have_class(re.compile("screen crisis"))
    expect(screen.locator("a.call").first).to_have_attribute("href", "tel:988")
    expect(screen).not_to_have_class(re.compile("emergency"))
    expect(chat.page.locator(".reply")).to_have_count(0)
    chat.ask(BROTHER)
    chat.page.reload()
    chat.ready()
    for number in ("988", "116123"):
        expect(chat.page.locator(f'#crisis a[href="tel:{number}"]')).to_be_in_viewport()


def test_a_phone_number_in_a_text_can_be_tapped(chat):
    screen = chat.ask("i want to die")
    expect(screen.locator('.words a[href="tel:116123"]').first).to_have_text("116 123")


def test_the_conversation_is_printed_whole_with_its_sources_and_nothing_else(chat):
    chat.ask(BROTHER)
    chat.page.locator(".visitor .keep").click()
    chat.page.evaluate("window.print = () => { window.printed = true }")
    chat.menu("Print")
    assert chat.page.evaluate("window.printed")
    chat.page.emulate_media(media="print")
    paper = chat.page.locator("#paper")
    expect(paper).to_be_visible()
    expect(paper).to_contain_text("My conversation with the leukemia helpline")
    expect(paper).to_contain_text(BROTHER)
    expect(paper.locator("a[href^='https://']").first).to_be_visible()
    expect(paper).to_contain_text("Questions for my care team")
    for part in ("header", "footer", "#log", "#menu"):
        expect(chat.page.locator(part).first).to_be_hidden()


@pytest.mark.parametrize(("item", "kind"), [("Save as a page", "html"), ("Save as text", "txt")])
def test_the_conversation_is_saved_with_its_sources(chat, item, kind):
    chat.ask(BROTHER)
    with chat.page.expect_download() as saved:
        chat.menu(item)
    assert saved.value.suggested_filename == f"helpline-conversation.{kind}"
    text = saved.value.path().read_text(encoding="utf-8")
    assert BROTHER in text
    assert "https://" in text
    assert "not medical advice" in text


def test_end_and_delete_leaves_nothing_in_any_tab_the_browser_or_the_database(chat, tab, server):
    chat.ask(BROTHER)
    chat.page.locator(".visitor .keep").click()
    chat.page.evaluate("window.print = () => {}; localStorage['helpline.later'] = 'true'")
    chat.menu("Print")
    expect(chat.page.locator("#paper h1")).to_have_count(1)
    chat.page.keyboard.press("Escape")
    other = tab(chat)
    token = chat.page.evaluate("JSON.parse(localStorage['helpline.session']).token")
    conversation = token.split(".")[0]

    def rows():
        with database_of(server) as engine, engine.connect() as connection:
            kept = [
                select(func.count()).where(messages.c.conversation == conversation),
                select(func.count()).where(conversations.c.id == conversation),
            ]
            return [connection.execute(query).scalar() for query in kept]

    assert rows() == [2, 1]
    chat.page.bring_to_front()
    chat.menu("End and delete the chat")
    chat.page.locator("#confirm").get_by_role("button", name="Delete everything").click()
    for page in (chat.page, other.page):
        expect(page.get_by_role("heading", name="The chat is deleted")).to_be_visible()
        expect(page.locator(".message")).to_have_count(0)
    expect(chat.page.locator("#paper *")).to_have_count(0)
    kept = chat.page.evaluate("Object.keys(localStorage)")
    assert set(kept) <= {"helpline.status", "helpline.look"}
    assert rows() == [0, 0]
    chat.page.get_by_role("button", name="Start a new chat").click()
    chat.ready()
    chat.ask("hello")


def test_a_question_that_is_emptied_leaves_the_others_as_they_are(chat):
    chat.page.click("#open-notes")
    for question in "ABC":
        chat.page.fill("#note-new", question)
        chat.page.keyboard.press("Enter")
    boxes = chat.page.locator("#notes textarea")
    boxes.nth(0).fill("")
    boxes.nth(0).blur()
    expect(boxes).to_have_count(2)
    boxes.nth(0).fill("B, in other words")
    boxes.nth(0).blur()
    values = [box.input_value() for box in boxes.all()]
    assert values == ["B, in other words", "C"]
