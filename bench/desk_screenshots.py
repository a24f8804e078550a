"""What specialists see: pictures of the desk, for the docs. This script plays the visitors, too.

Writes docs/screenshots/desk*.png. The servers run as `make run` starts them, on free ports, on a
Monday morning.

    make screenshots
"""

from __future__ import annotations

import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect, sync_playwright

from helpline.settings import ROOT

sys.path.insert(0, str(ROOT / "tests"))
sys.path.insert(0, str(ROOT / "tests" / "browser"))

from at_the_desk import Desk
from chromium import ARGUMENTS, MISSING, chromium
from running import Running
from specialist import PASSWORD, database_of
from visitor import Visitor

from helpline.desk import specialists

FOLDER = ROOT / "docs" / "screenshots"
MONDAY_MORNING = "2026-11-23T10:00:00-06:00"
WINDOW = {"width": 1280, "height": 800}
COLORS = 200
"""Enough for a page, and a third of the bytes."""


def save(page, name: str) -> None:
    time.sleep(0.5)
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    few = picture.quantize(COLORS, dither=Image.Dither.NONE)
    few.save(FOLDER / f"{name}.png", optimize=True)


def in_line(server, said, reason, consent=True, **about) -> Visitor:
    visitor = Visitor(server.url, **{"language": "en-US", **about})
    # Somebody whose page is open.
    visitor.stream = visitor.hear()
    if said:
        visitor.answer_to(said)
    visitor.post("handoff", {"reason": reason, "consent": consent})
    return visitor


def say(desk, visitor, text) -> None:
    visitor.say(text)
    expect(desk.active.locator(".entry.visitor").last).to_contain_text(text)


def take_pictures(server, browser) -> None:
    page = browser.new_page(viewport=WINDOW, reduced_motion="reduce")
    desk = Desk(page, server.url).sign_in("maria").be("available")

    brother = in_line(
        server,
        "can my brother be my donor?",
        "My brother may be my donor, and he is afraid of it",
        timezone="America/Chicago",
    )
    desk.take_next()
    desk.write("Hello, I'm Maria. I've read what you wrote so far. What would help most?")
    say(desk, brother, "he said yes but the needle worries him")
    desk.write("That is kind of him, and being afraid of it is very common.")

    alone = in_line(
        server,
        "what happens in the first weeks after a transplant",
        "I feel very alone with this",
        timezone="Europe/London",
        region="uk",
    )
    desk.take_next()
    desk.write("Hello, I'm Maria. I'm glad you wrote. What has today been like?")
    say(desk, alone, "Long. My husband is asleep and I can't.")
    desk.write("Nights can be the hardest part. Is there someone with you or near you?")
    say(desk, alone, "Only him. Thank you for asking")
    in_line(
        server,
        "is there help with travel costs",
        "We live four hours from the transplant center",
        timezone="America/Denver",
        region="us",
    )
    in_line(server, "", None, consent=False, language="es", region="us")
    expect(desk.waiting).to_have_count(2)
    save(page, "desk")

    desk.press("Alt+i")
    page.get_by_role("button", name="Articles").click()
    page.keyboard.type("giving stem cells")
    expect(page.get_by_role("option", selected=True)).to_contain_text("giving stem cells")
    save(page, "desk-insert")
    desk.press("Escape")

    alone.say("sometimes i think they would all be better off without me")
    expect(desk.active.locator(".banner.alert")).to_be_visible()
    save(page, "desk-alert")

    desk.press("Alt+o")
    expect(page.locator("#overview table").first).to_be_visible()
    save(page, "desk-overview")


def main() -> None:
    path = chromium()
    if not path:
        sys.exit(MISSING)
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        server = Running(Path(folder), HELPLINE_NOW=MONDAY_MORNING)
        server.start()
        try:
            with database_of(server):
                specialists.add("maria", PASSWORD, "supervisor", "Maria", 3)
                specialists.add("ann", PASSWORD, "specialist", "Ann", 3)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
                take_pictures(server, browser)
                browser.close()
        finally:
            server.stop()


if __name__ == "__main__":
    main()
