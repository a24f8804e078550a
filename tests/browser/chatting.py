"""The chat page, as somebody uses it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

PATIENCE = 15_000
"""Milliseconds that the page may take; it takes far less where nothing else runs."""

BROTHER = "Can my brother be my donor?"

expect.set_options(timeout=PATIENCE)


class Chat:
    """One tab with the chat in it."""

    def __init__(self, page: Page):
        page.set_default_timeout(PATIENCE)
        self.page = page
        self.trouble = []
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.on("console", self._listen)

    def _listen(self, message):
        if "Content Security Policy" in message.text:
            self.trouble.append(message.text)

    def open(self, address):
        self.page.goto(address)
        self.ready()
        return self

    def ready(self):
        """Wait until there is a session, and what was said before is on the page."""
        expect(self.page.locator("#notice h2")).to_be_visible()
        expect(self.page.locator("#log")).to_have_attribute("aria-live", "polite")

    def write(self, text):
        self.page.fill("#text", text)
        self.page.press("#text", "Enter")

    def ask(self, text):
        """Say something, and return the first new message of the assistant."""
        return self.answer_after(lambda: self.write(text))

    def answer_after(self, act):
        before = self.bot.count()
        act()
        reply = self.bot.nth(before)
        expect(reply).to_be_visible()
        return reply

    @property
    def bot(self):
        return self.page.locator(".message.bot")

    @property
    def visitor(self):
        return self.page.locator(".message.visitor .words")

    @property
    def messages(self):
        return self.page.locator(".message")

    @property
    def focus(self):
        """What has the focus, as an element handle."""
        return self.page.evaluate_handle("document.activeElement").as_element()

    def menu(self, item):
        self.page.click("#open-menu")
        self.page.locator("#menu").get_by_role("button", name=item, exact=True).click()

    def expect_no_sideways_scrolling(self):
        wide = "document.documentElement.scrollWidth - innerWidth"
        assert self.page.evaluate(wide) <= 0
        assert self.page.locator("#scroller").evaluate("e => e.scrollWidth - e.clientWidth") <= 0
