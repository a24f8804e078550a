"""What Lighthouse looks at: how the pages are made, how they are sent, how steady they stand."""

from __future__ import annotations

import gzip
import urllib.request

import pytest
from chatting import BROTHER

SHIFT = 0.1
"""What may move while a page loads: the limit of "good" in Core Web Vitals."""

TARGET = 24
"""CSS pixels, for a finger: WCAG 2.2, 2.5.8."""

SHIFTED = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((seen) => {
    for (const entry of seen.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 500);
})"""

SMALL = """(least) => [...document.querySelectorAll("button, a, summary, input, textarea")]
  .filter((one) => one.checkVisibility())
  // A link in a line of text is as high as the line.
  .filter((one) => !(one.matches("a") && one.closest("p, li")))
  .map((one) => [one, (one.matches("input") && one.closest("label")) || one])
  .map(([one, pressed]) => [one, pressed.getBoundingClientRect()])
  .filter(([, { width, height }]) => width && (width < least || height < least))
  .map(([one]) => one.outerHTML)"""


@pytest.fixture(params=["/", "/chat"])
def seen(request, visit, server):
    """A page with what went wrong while it loaded."""
    page = visit("/").page
    page.wait_for_load_state("networkidle")
    wrong = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("requestfailed", lambda asked: wrong.append(asked.url))
    page.on("response", lambda got: wrong.append(got.url) if got.status >= 400 else None)
    answer = page.goto(server.url + request.param)
    assert answer.status == 200
    page.wait_for_timeout(500)
    return page, wrong


def test_a_page_loads_without_any_complaint(seen):
    _, wrong = seen
    assert wrong == []


def test_a_page_says_what_it_is(seen):
    page, _ = seen
    assert page.title()
    assert page.locator("html").get_attribute("lang") in ("en", "en-US")
    assert "width=device-width" in page.locator("meta[name=viewport]").get_attribute("content")
    assert "user-scalable=no" not in page.locator("meta[name=viewport]").get_attribute("content")
    assert len(page.locator("meta[name=description]").get_attribute("content")) > 40
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.doctype.name") == "html"


def test_a_page_stands_still_while_it_loads(seen):
    page, _ = seen
    assert page.evaluate(SHIFTED) < SHIFT


def test_what_is_pressed_is_large_enough_for_a_finger(seen):
    page, _ = seen
    assert page.evaluate(SMALL, TARGET) == []


def test_an_answer_has_no_small_targets_either(chat):
    chat.ask(BROTHER).locator("summary").click()
    assert chat.page.evaluate(SMALL, TARGET) == []


@pytest.mark.parametrize("path", ["/", "/chat", "/widget/loader.js", "/widget/chat.css"])
def test_files_are_sent_compressed_and_asked_for_again_only_if_changed(server, path):
    asked = urllib.request.Request(server.url + path, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(asked) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(answer.read())
        tag = answer.headers["ETag"]
    asked.add_header("If-None-Match", tag)
    with pytest.raises(urllib.error.HTTPError) as unchanged:
        urllib.request.urlopen(asked)
    assert unchanged.value.code == 304


@pytest.mark.parametrize("module", ["strings.js", "people-words.js"])
def test_every_language_has_every_word_in_both_files(chat, module):
    keys = chat.page.evaluate(
        """async (module) => {
          const { LANGUAGES } = await import(`/widget/${module}`);
          const keys = ([code, words]) => [code, Object.keys(words).sort()];
          return Object.entries(LANGUAGES).map(keys);
        }""",
        module,
    )
    languages = dict(keys)
    assert {"en-US", "en-GB"} <= set(languages)
    assert all(words == languages["en-US"] for words in languages.values())
