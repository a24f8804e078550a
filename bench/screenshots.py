"""What visitors see: pictures of the chat's main states, for the docs.

Writes docs/screenshots/*.png. The servers run as `make run` starts them, on free ports, on a
Saturday night.

    make screenshots
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from playwright.sync_api import Page, sync_playwright
from servers import servers

from helpline.settings import ROOT

sys.path.insert(0, str(ROOT / "tests" / "browser"))

from chatting import BROTHER, Chat
from chromium import ARGUMENTS, MISSING, chromium

FOLDER = ROOT / "docs" / "screenshots"
LARGEST = 150_000
"""Bytes of one picture: the docs are read on slow lines, too."""

SATURDAY_NIGHT = "2026-11-21T22:00-06:00"

DESKTOP = {"width": 960, "height": 720}
CHAT = {"width": 420, "height": 720}
PHONE = {"width": 390, "height": 844}


def first_view(page: Page) -> None:
    page.click("helpline-chat button")
    page.frame_locator("helpline-chat iframe").locator(".reply").first.wait_for()


def answer(page: Page) -> None:
    chat = Chat(page)
    chat.ready()
    chat.ask(BROTHER).locator("summary").click()
    page.locator(".sources").evaluate("e => e.scrollIntoView({ block: 'end' })")


def emergency(page: Page) -> None:
    ask(page, "he can't breathe")


def crisis(page: Page) -> None:
    ask(page, "I don't want to live anymore")


def phone(page: Page) -> None:
    ask(page, BROTHER)


def ask(page: Page, text: str) -> None:
    chat = Chat(page)
    chat.ready()
    chat.ask(text)


PICTURES: list[tuple[Callable[[Page], None], str, dict[str, int], str]] = [
    (first_view, "/", DESKTOP, "light"),
    (answer, "/chat", CHAT, "light"),
    (emergency, "/chat", CHAT, "light"),
    (crisis, "/chat", CHAT, "light"),
    (phone, "/chat", PHONE, "dark"),
]


def main() -> None:
    path = chromium()
    if not path:
        sys.exit(MISSING)
    FOLDER.mkdir(exist_ok=True)
    with servers(HELPLINE_NOW=SATURDAY_NIGHT) as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        for state, address, size, scheme in PICTURES:
            page = browser.new_page(
                viewport=size,
                color_scheme=scheme,
                timezone_id="America/Chicago",
                reduced_motion="reduce",
            )
            page.goto(running.url + address)
            state(page)
            picture = FOLDER / f"{state.__name__.replace('_', '-')}.png"
            page.screenshot(path=picture, animations="disabled", caret="hide")
            page.close()
            print(f"{picture.relative_to(ROOT)}: {picture.stat().st_size // 1000} KB")
            if picture.stat().st_size > LARGEST:
                sys.exit(f"{picture.name} is larger than {LARGEST // 1000} KB.")
        browser.close()


if __name__ == "__main__":
    main()
