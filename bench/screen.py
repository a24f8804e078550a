"""From asking to seeing the answer with its sources, on screen: the demo page in a real browser.

Writes its table to docs/times.md. The servers run as `make run` starts them, on free ports.

    python bench/screen.py              # --dry leaves docs/times.md as it is
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from datetime import date

from page import put
from playwright.sync_api import Browser, sync_playwright
from servers import servers

from helpline.settings import ROOT

sys.path.insert(0, str(ROOT / "tests" / "browser"))

from chromium import ARGUMENTS, MISSING, chromium

PAGE = ROOT / "docs" / "times.md"
MARK = "<!-- table: bench/screen.py -->"

QUESTIONS = (
    "Can my brother be my donor?",
    "What is a mini transplant?",
    "How do I find a clinical trial?",
    "What does remission mean?",
    "What happens on day zero?",
)
VISITORS = 5


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--dry", action="store_true", help="leave docs/times.md as it is")
    asked = options.parse_args()
    path = chromium()
    if not path:
        print(f"{MISSING} The figures of before stay.")
        return
    with servers() as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        visit(browser, running.url)  # Warms up and does not count.
        times = sorted(one for _ in range(VISITORS) for one in visit(browser, running.url))
        version = browser.version
        browser.close()
    table = f"""Made by `make bench` on {date.today()}: {os.cpu_count()} cores, which the browser \
shares (Chromium {version}, without a window). {len(times)} questions on the demo page, by \
{VISITORS} visitors, from the Enter key until the answer with its sources is visible.

| what | |
| --- | ---: |
| median | {statistics.median(times) * 1000:.0f} ms |
| slowest | {times[-1] * 1000:.0f} ms |"""
    print(table)
    if not asked.dry:
        put(PAGE, MARK, table)


def visit(browser: Browser, url: str) -> list[float]:
    """Return the seconds that each question of a new visitor took."""
    page = browser.new_page()
    page.goto(url)
    page.click("helpline-chat button")
    frame = page.frame_locator("helpline-chat iframe")
    frame.locator("#notice h2").wait_for()
    times = []
    for number, question in enumerate(QUESTIONS):
        frame.locator("#text").fill(question)
        began = time.perf_counter()
        frame.locator("#text").press("Enter")
        frame.locator(".message.bot .sources").nth(number).wait_for()
        times.append(time.perf_counter() - began)
    page.close()
    return times


if __name__ == "__main__":
    main()
