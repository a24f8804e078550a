"""The chat on somebody else's site, whose policy is strict."""

from chatting import BROTHER
from playwright.sync_api import expect


def test_one_tag_brings_a_button_and_nothing_of_the_chat_before_it_is_pressed(visit, site):
    page = visit(site.url).page
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload(wait_until="networkidle")
    button = page.get_by_role("button", name="Ask us")
    expect(button).to_be_visible()
    assert button.bounding_box()["x"] < 100
    expect(page.locator("iframe")).to_have_count(0)
    from_us = [url for url in asked if url.startswith(site.helpline)]
    assert from_us == [f"{site.helpline}/widget/loader.js"]


def test_a_visitor_opens_it_asks_closes_it_and_the_site_never_sees_a_word(visit, site):
    chat = visit(site.url, viewport={"width": 1280, "height": 860})
    page = chat.page
    button = page.locator("helpline-chat button")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    frame = page.frame_locator("helpline-chat iframe")
    expect(frame.locator("#text")).to_be_focused()
    page.keyboard.type(BROTHER)
    page.keyboard.press("Enter")
    expect(frame.locator(".message.bot .sources")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("helpline-chat iframe")).to_be_hidden()
    expect(button).to_be_focused()
    expect(button).to_have_text("Ask us")
    events = page.evaluate("events")
    assert {name for name, _ in events} <= {"open", "close", "unread"}
    assert all(detail is None or isinstance(detail, int) for _, detail in events)
    assert {tuple(sorted(post)) for post in page.evaluate("posts")} <= {
        ("count", "helpline"),
        ("helpline",),
    }
    assert all(post["helpline"] in ("ready", "unread", "close") for post in page.evaluate("posts"))


def test_what_comes_while_it_is_closed_is_counted_on_the_button(visit, site):
    page = visit(site.url, viewport={"width": 1280, "height": 860}).page
    page.evaluate("Helpline.open()")
    frame = page.frame_locator("helpline-chat iframe")
    expect(frame.locator("#notice h2")).to_be_visible()
    frame.locator("#text").fill(BROTHER)
    frame.locator("#text").press("Enter")
    page.evaluate("Helpline.close()")
    expect(page.locator("helpline-chat button")).to_have_text("Ask us (1 new)")
    assert ["unread", 1] in page.evaluate("events")
    page.evaluate("Helpline.toggle()")
    expect(page.locator("helpline-chat button")).to_have_text("Close chat")


def test_on_a_phone_it_covers_the_page_and_can_be_left(visit, site):
    page = visit(site.url, viewport={"width": 320, "height": 568}).page
    page.get_by_role("button", name="Ask us").click()
    frame = page.frame_locator("helpline-chat iframe")
    expect(frame.locator("#notice h2")).to_be_visible()
    box = page.locator("helpline-chat iframe").bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 320, 568)
    frame.get_by_role("button", name="Close chat").click()
    expect(page.get_by_role("button", name="Ask us")).to_be_focused()


def test_a_site_that_is_not_listed_cannot_show_it(visit, site):
    chat = visit(site.url.replace("localhost", "127.0.0.1"))
    page = chat.page
    with page.expect_console_message(lambda said: "frame-ancestors" in said.text):
        page.get_by_role("button", name="Ask us").click()
    expect(page.frame_locator("helpline-chat iframe").locator("#text")).to_have_count(0)
    assert "frame-ancestors" in chat.trouble.pop()


def test_the_demo_page_opens_the_chat(visit):
    page = visit("/", viewport={"width": 1280, "height": 860}).page
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.click("#ask")
    frame = page.frame_locator("helpline-chat iframe")
    expect(frame.locator("#text")).to_be_focused()
