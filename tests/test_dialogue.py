"""Whole dialogues in ``conversations/dialogues``: what a visitor types, and what must come back.

The keys are the fields of :class:`Dialogue` and :class:`Turn`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from helpline import settings
from helpline.assistant import Assistant, Reply
from helpline.feedback import summary
from helpline.knowledge import configured_knowledge

FOLDER = Path(__file__).parent / "conversations" / "dialogues"

MONDAY_NOON = "2026-11-23T12:00:00-06:00"
"""Central time: live chat is open, and in the UK it is six in the evening."""


TITLES = {article.title: article.id for article in configured_knowledge().articles.values()}


@dataclass(frozen=True)
class Turn:
    says: str
    repeat: int = 1
    """How often the text is said in the one message, for very long ones."""
    route: list[str] = field(default_factory=list)
    """One of these."""
    article: list[str] = field(default_factory=list)
    """One of these: shown, or nearest."""
    shows: list[str] = field(default_factory=list)
    """Pieces of the reply, in this order."""
    hides: list[str] = field(default_factory=list)
    """What the reply must not say."""
    buttons: list[str] = field(default_factory=list)
    """Titles that are among the buttons."""
    picks: int = 0
    """The article that is shown is that of this button of the reply before, counted from 1."""


@dataclass(frozen=True)
class Dialogue:
    name: str
    turns: list[Turn]
    at: str = MONDAY_NOON
    """The present: ISO 8601 with an offset."""
    timezone: str | None = None
    """The browser's."""
    feedback: list[tuple[str, int, int, int]] = field(default_factory=list)
    """What is recorded by the end: article, helpful, not helpful, wrong."""


def read_dialogues() -> list[Dialogue]:
    return [
        Dialogue(
            **{
                **entry,
                "turns": [_turn(turn) for turn in entry["turns"]],
                "feedback": [tuple(row) for row in entry.get("feedback", [])],
            }
        )
        for file in sorted(FOLDER.glob("*.yml"))
        for entry in yaml.safe_load(file.read_text(encoding="utf-8"))
    ]


def _turn(entry: dict[str, Any]) -> Turn:
    """A lone value stands for a list of one."""
    lists = ("route", "article", "shows", "hides", "buttons")
    fields: dict[str, Any] = {
        name: [value] if name in lists and not isinstance(value, list) else value
        for name, value in entry.items()
    }
    return Turn(**fields)


DIALOGUES = read_dialogues()


@pytest.fixture(autouse=True)
def own_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings, "DATABASE", str(tmp_path / "helpline.db"))


def hold(dialogue: Dialogue, assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> list[Reply]:
    monkeypatch.setattr(settings, "NOW", dialogue.at)
    metadata = {"timezone": dialogue.timezone} if dialogue.timezone else None
    return assistant.talk([turn.says * turn.repeat for turn in dialogue.turns], metadata)


def buttons_of(reply: Reply) -> list[str]:
    """Return the titles."""
    return [button["title"] for message in reply.said for button in message.get("buttons", [])]


def wrong(turn: Turn, reply: Reply, before: Reply) -> Iterator[str]:
    """Yield one line for each thing that is not as it must be."""
    text = "\n\n".join(message.get("text", "") for message in reply.said)
    start = text[:200]
    titles = buttons_of(reply)
    if not text.strip():
        yield "the reply is empty"
    if re.search(r"[{}]", text):
        yield f"a placeholder was not filled in: {text}"
    if turn.route and reply.route not in turn.route:
        yield f"route {reply.route}, not {' or '.join(turn.route)}"
    if turn.article and reply.article not in turn.article:
        yield f"article {reply.article}, not {' or '.join(turn.article)}"
    if turn.picks and reply.article != TITLES.get(offered := buttons_of(before)[turn.picks - 1]):
        yield f'article {reply.article}, not that of "{offered}"'
    at = 0
    for piece in turn.shows:
        found = text.find(piece, at)
        if found < 0:
            yield f'does not say "{piece}" (in this order): {start}'
        else:
            at = found + len(piece)
    yield from (f'says "{piece}": {start}' for piece in turn.hides if piece in text)
    yield from (f'no button "{title}": {titles}' for title in turn.buttons if title not in titles)


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: dialogue.name)
def test_the_dialogue_goes_as_written(
    dialogue: Dialogue, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    replies = hold(dialogue, assistant, monkeypatch)
    problems = [
        f'"{turn.says[:60]}": {problem}'
        for turn, reply, before in zip(
            dialogue.turns, replies, [replies[0], *replies[:-1]], strict=True
        )
        for problem in wrong(turn, reply, before)
    ]
    assert not problems, "\n".join(problems)
    assert sorted(summary()) == sorted(dialogue.feedback)


def test_no_two_dialogues_share_a_name() -> None:
    assert len({dialogue.name for dialogue in DIALOGUES}) == len(DIALOGUES)
