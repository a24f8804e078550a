"""The desk page, as a specialist uses it."""

from __future__ import annotations

from chatting import PATIENCE
from playwright.sync_api import Page, expect
from specialist import PASSWORD


class Desk:
    """One tab with the desk in it."""

    def __init__(self, page: Page, url: str):
        page.set_default_timeout(PATIENCE)
        self.page = page
        self.trouble = []
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.on("console", self._listen)
        page.goto(f"{url}/desk/")

    def _listen(self, message):
        if "Content Security Policy" in message.text:
            self.trouble.append(message.text)

    def sign_in(self, name, password=PASSWORD):
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        return self

    def be(self, presence):
        self.page.locator(f".presence .{presence}").click()
        expect(self.page.locator(f".presence .{presence} input")).to_be_checked()
        return self

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def take_next(self):
        """Take whoever waits longest, and be where one writes."""
        expect(self.waiting.first).to_be_visible()
        before = self.mine.count()
        writing = ".pane.active .say textarea"
        there = self.page.query_selector(writing)
        self.press("Alt+c")
        expect(self.mine).to_have_count(before + 1)
        # The list may know of it before its pane is there; until then one writes in the old one.
        other = f"(there) => ![there, null].includes(document.querySelector('{writing}'))"
        self.page.wait_for_function(other, arg=there)
        expect(self.active.locator(".say textarea")).to_be_focused()

    def write(self, text):
        self.page.keyboard.type(text)
        self.press("Enter")
        expect(self.active.locator(".entry.own").last).to_contain_text(text)

    def close_chat(self):
        self.press("Alt+x")
        sheet = self.page.get_by_role("dialog")
        sheet.get_by_text("Question answered").click()
        sheet.get_by_role("button", name="Close chat").click()
        expect(sheet).to_be_hidden()

    @property
    def waiting(self):
        return self.page.locator("#waiting .card")

    @property
    def mine(self):
        return self.page.locator("#mine .card")

    @property
    def active(self):
        return self.page.locator(".pane.active")
