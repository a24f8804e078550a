"""For everybody: by keyboard alone, on the smallest phone, by the rules of axe-core."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from chatting import BROTHER
from playwright.sync_api import expect

SMALL = {"width": 320, "height": 568}

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def first_view(chat):
    pass


def answer_with_sources(chat):
    chat.ask(BROTHER).locator("summary").click()


def emergency(chat):
    chat.ask("he can't breathe")


def care_team(chat):
    chat.ask("my temperature is 38.4")


def crisis(chat):
    chat.ask("i want to die")


def crisis_and_emergency(chat):
    chat.ask("i took all the pills")


def ways_to_a_person(chat):
    chat.ask("can I talk to someone?")


def person(chat):
    chat.page.click("#open-person")


def menu(chat):
    chat.page.click("#open-menu")


def notes(chat):
    chat.page.locator(".visitor .keep").first.click()
    chat.page.click("#open-notes")


def offline(chat):
    chat.page.context.set_offline(True)
    chat.write(BROTHER)


def confirm(chat):
    chat.menu("End and delete the chat")


def deleted(chat):
    confirm(chat)
    chat.page.locator("#confirm .danger").click()
    expect(chat.page.get_by_role("heading", name="The chat is deleted")).to_be_visible()


WAYS = [
    (first_view, person, menu, confirm, deleted),
    (answer_with_sources, ways_to_a_person, notes, offline),
    (emergency, care_team),
    (crisis, crisis_and_emergency),
]
"""States that a chat can be in one after the other."""


def expect_no_violations(page, state):
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        # What has no color is the same in both.
        rules = RULES if scheme == "light" else ["color-contrast"]
        found = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]})
        assert found.violations_count == 0, f"{state}, {scheme}: {found.generate_report()}"


@pytest.mark.parametrize("states", WAYS, ids=lambda states: states[0].__name__)
def test_axe_finds_nothing_in_light_and_dark_and_320_pixels_are_enough(visit, states):
    chat = visit(viewport=SMALL)
    for state in states:
        while chat.page.locator("dialog[open]").count():
            chat.page.keyboard.press("Escape")
        state(chat)
        chat.expect_no_sideways_scrolling()
        expect_no_violations(chat.page, state.__name__)


def test_axe_finds_nothing_on_the_demo_page(visit):
    page = visit("/").page
    expect(page.locator("helpline-chat button")).to_be_visible()
    expect_no_violations(page, "demo page")


def test_the_largest_text_fits_320_pixels(visit):
    chat = visit(viewport=SMALL)
    chat.page.click("#open-menu")
    chat.page.get_by_text("Largest").click()
    chat.page.keyboard.press("Escape")
    answer_with_sources(chat)
    chat.expect_no_sideways_scrolling()
    expect(chat.page.locator("#text")).to_be_in_viewport()


def test_on_the_smallest_phone_the_box_and_the_way_to_a_person_stay_in_sight(visit):
    chat = visit(viewport=SMALL)
    chat.ask("i want to die")
    for place in ("#text", "#open-person", "#crisis"):
        expect(chat.page.locator(place)).to_be_in_viewport(ratio=1)


def tab_to(chat, wanted, key="Tab"):
    """Press Tab until something that matches a selector has the focus."""
    for _ in range(60):
        chat.page.keyboard.press(key)
        if chat.focus.evaluate("(e, wanted) => e.matches(wanted)", wanted):
            return
    raise AssertionError(f"{wanted} is not reached by {key}")


def test_everything_can_be_done_by_keyboard_alone(chat):
    keyboard = chat.page.keyboard
    tab_to(chat, "#text")
    keyboard.type(BROTHER)
    answer = chat.answer_after(lambda: keyboard.press("Enter"))
    expect(chat.page.locator("#text")).to_be_focused()
    tab_to(chat, "summary", "Shift+Tab")
    keyboard.press("Enter")
    expect(answer.locator(".sources li").first).to_be_visible()
    tab_to(chat, ".tools .plain")
    keyboard.press("Enter")
    expect(answer.get_by_text("Thank you for telling us")).to_be_focused()
    tab_to(chat, ".reply")
    chat.answer_after(lambda: keyboard.press("Enter"))
    tab_to(chat, "#open-menu", "Shift+Tab")
    keyboard.press("Enter")
    expect(chat.page.locator("#menu h2")).to_be_focused()
    tab_to(chat, "#menu .danger")
    keyboard.press("Enter")
    expect(chat.page.locator("#confirm h2")).to_be_focused()
    tab_to(chat, "#confirm .strong.danger")
    keyboard.press("Enter")
    expect(chat.page.get_by_role("heading", name="The chat is deleted")).to_be_focused()


@pytest.mark.parametrize("name", ["menu", "person", "notes"])
def test_a_sheet_keeps_the_focus_and_gives_it_back_on_escape(chat, name):
    opener = chat.page.locator(f"#open-{name}")
    opener.press("Enter")
    expect(chat.page.locator(f"#{name} h2")).to_be_focused()
    for _ in range(20):
        chat.page.keyboard.press("Tab")
        inside = "(e) => e === document.body || Boolean(e.closest('dialog'))"
        assert chat.focus.evaluate(inside)
    chat.page.keyboard.press("Escape")
    expect(opener).to_be_focused()


def test_what_has_the_focus_can_be_seen(chat):
    tab_to(chat, "#open-menu")
    assert chat.focus.evaluate("(e) => getComputedStyle(e).outlineStyle") == "solid"


def test_forced_colors_keep_the_edges_of_buttons(visit):
    chat = visit(forced_colors="active")
    chat.ask("he can't breathe")
    call = chat.page.locator(".screen a.call").first
    assert call.evaluate("(e) => getComputedStyle(e).borderTopStyle") == "solid"


@pytest.mark.parametrize(("wanted", "moving"), [("reduce", 0), ("no-preference", 3)])
def test_who_wants_less_motion_gets_none_while_an_answer_is_typed(visit, wanted, moving):
    chat = visit(reduced_motion=wanted)
    chat.page.evaluate("document.querySelector('#typing').hidden = false")
    dots = "document.querySelector('#typing').getAnimations({ subtree: true }).length"
    assert chat.page.evaluate(dots) == moving
