"""How much a visitor on a slow line has to wait for."""

import gzip
import re

from helpline.settings import ROOT

WIDGET = ROOT / "widget"
LOADER = 2 * 1024
CHAT = 25 * 1024

IN_PAGE = re.compile(r'(?:href|src)="widget/([\w.-]+)"')
IN_MODULE = re.compile(r'^(?:import|\} from|import .* from) "\./([\w.-]+)"', re.MULTILINE)


def compressed(name):
    """Bytes, as the server sends the file."""
    return len(gzip.compress((WIDGET / name).read_bytes(), mtime=0))


def loaded(name):
    """What a file makes the browser load at once, itself included."""
    found, new = set(), {name}
    while new:
        found.add(file := new.pop())
        text = (WIDGET / file).read_text(encoding="utf-8")
        pattern = IN_PAGE if text.startswith("<!doctype") else IN_MODULE
        new |= set(pattern.findall(text)) - found
    return found


def test_the_loader_weighs_2_kb_at_most():
    assert loaded("loader.js") == {"loader.js"}
    assert compressed("loader.js") <= LOADER


def test_the_chat_weighs_25_kb_at_most():
    files = loaded("chat.html")
    assert {"chat.html", "chat.css", "chat.js", "outbox.js", "strings.js"} <= files
    assert sum(map(compressed, files)) <= CHAT


def test_what_a_specialist_needs_is_not_loaded_before_there_is_one():
    assert not {name for name in loaded("chat.html") if name.startswith("people")}


def test_what_is_taken_away_is_not_loaded_before_there_is_something_to_take():
    assert not {"transcript.js", "menu.js"} & loaded("chat.html")


def test_nothing_is_loaded_from_elsewhere():
    for file in WIDGET.iterdir():
        text = file.read_text(encoding="utf-8")
        assert not re.search(r'(?:src|href|from|import\()\s*=?\s*"(?:https?:)?//', text), file.name
