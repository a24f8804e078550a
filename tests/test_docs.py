"""The documents say what is there: settings, commands, links, numbers to call."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import click
import pytest

from helpline import __version__, settings
from helpline.cli import main
from helpline.knowledge import load_knowledge

ROOT = settings.ROOT
README = ROOT / "README.md"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])

FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
VARIABLE = re.compile(r"(HELPLINE_[A-Z_]+)=\S+")
ON_THE_FIRST_SCREEN = ("us-emergency", "uk-emergency", "lifeline-988", "samaritans")


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def prose_of(page: Path) -> str:
    return FENCED.sub("", text_of(page))


def commands_in(page: Path) -> list[str]:
    blocks = [block for language, block in FENCED.findall(text_of(page)) if language == "sh"]
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def output_of(*command: str) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout


def make_targets() -> set[str]:
    return {
        line.split()[0] for line in output_of("make", "--no-print-directory", "help").splitlines()
    }


def settings_read() -> set[str]:
    return set(re.findall(r'"(HELPLINE_\w+)"', text_of(ROOT / "helpline" / "settings.py")))


def anchors_of(page: Path) -> set[str]:
    """The fragments that GitHub makes of the headings."""
    kept = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in HEADING.findall(prose_of(page)))
    return {heading.strip().replace(" ", "-") for heading in kept}


def understood_by_helpline(words: list[str]) -> None:
    """Let click parse the words as if they were run; it raises where they are wrong."""
    command: click.Command = main
    while isinstance(command, click.Group):
        assert words, "a sub-command is missing"
        word = words.pop(0)
        if word in ("-h", "--help", "--version"):
            return
        assert word in command.commands, f"no sub-command {word}"
        command = command.commands[word]
    command.make_context(command.name, words)


def understood_by_curl(words: list[str]) -> None:
    body = json.loads(words[words.index("-d") + 1])
    assert {"sender", "message"} <= body.keys()
    address = urlsplit(f"http://{next(word for word in words if word.startswith('localhost'))}")
    assert (address.port, address.path) == (5005, "/webhooks/rest/webhook")


def test_every_setting_is_documented_and_every_documented_setting_exists():
    rows = re.findall(r"^\| `(HELPLINE_\w+)` \|", text_of(ROOT / "docs" / "settings.md"), re.M)
    assert sorted(rows) == sorted(settings_read())


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_page_names_a_setting_that_does_not_exist(page: Path):
    assert set(re.findall(r"HELPLINE_[A-Z_]+", text_of(page))) <= settings_read()


def test_the_targets_that_make_help_lists_exist_and_are_those_of_the_readme():
    rules = set(re.findall(r"^([a-z-]+):", text_of(ROOT / "Makefile"), re.M))
    rows = set(re.findall(r"^\| `make ([\w-]+)` \|", text_of(README), re.M))
    assert make_targets() <= rules
    assert rows == make_targets()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_within_the_repository_leads_somewhere(page: Path):
    for target in LINK.findall(prose_of(page)):
        address = urlsplit(target)
        if address.scheme:
            continue
        file = (page.parent / address.path) if address.path else page
        assert file.exists(), target
        if address.fragment:
            assert address.fragment in anchors_of(file), target


@pytest.mark.parametrize(
    ("page", "command"),
    [(page, command) for page in PAGES for command in commands_in(page)],
    ids=lambda value: name_of(value) if isinstance(value, Path) else value,
)
def test_every_command_in_the_documents_can_be_run(
    page: Path, command: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(ROOT)
    words = shlex.split(command)
    while given := VARIABLE.fullmatch(words[0]):
        assert given[1] in settings_read()
        words.pop(0)
    program, *arguments = words
    if program == "make":
        assert arguments
        assert set(arguments) <= make_targets()
    elif program == ".venv/bin/helpline":
        understood_by_helpline(arguments)
    elif program == "curl":
        understood_by_curl(arguments)
    else:
        assert page != README, "the README keeps to make, helpline and curl"
        assert Path(program).exists()
        assert all(Path(word).exists() for word in arguments if "/" in word)


def test_the_readme_shows_how_to_run_talk_ask_and_test():
    commands = commands_in(README)
    assert {"make run", "make chat", "make test", "make check", "make help"} <= set(commands)
    assert any(command.startswith("curl ") for command in commands)


@pytest.mark.parametrize("wrong", [["nonsense"], ["ask"], ["ask", "x", "--xml"], ["knowledge"]])
def test_a_command_that_helpline_does_not_know_is_noticed(wrong: list[str]):
    with pytest.raises((AssertionError, click.UsageError)):
        understood_by_helpline(wrong)


def test_helpline_help_lists_every_sub_command():
    listed = output_of(".venv/bin/helpline", "--help")
    assert all(re.search(rf"^  {name} ", listed, re.M) for name in main.commands)


def test_the_first_screen_of_the_readme_says_what_matters_most():
    first = text_of(README).split("\n## ")[0]
    contacts = load_knowledge(ROOT / "knowledge").contacts
    assert all(f"**{contacts[line].phone}**" in first for line in ON_THE_FIRST_SCREEN)
    assert "clinical_review: pending" in first
    assert "HELPLINE_REVIEWED_ONLY=1" in first
    assert "not medical advice" in first


def test_the_changelog_tells_of_this_version():
    assert f"\n## {__version__} - " in text_of(ROOT / "CHANGELOG.md")


def test_the_license_is_the_one_that_the_package_names():
    assert 'license = { text = "Apache-2.0" }' in text_of(ROOT / "pyproject.toml")
    assert "Apache License\n                           Version 2.0" in text_of(ROOT / "LICENSE")


def test_every_page_of_the_docs_is_found_from_the_readme():
    linked = {urlsplit(target).path for target in LINK.findall(prose_of(README))}
    assert {f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md")} <= linked
