"""How good are the answers? Rows of questions with what should come back, and the totals.

A row is ``{text, ok: [article ids]}`` for a question that an article answers, ``{text, route}``
for one that somebody else does, or ``{turns: [text, ...], expect: [row, ...]}`` for a conversation.
``routes: [route, ...]`` names several that are right; ``group`` a kind of message to report on.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import yaml

from helpline.assistant import Assistant, Reply


class BadRow(Exception):
    """A file of rows cannot be used; the message names file, row and what to do."""


@dataclass(frozen=True)
class Row:
    """One message and what should come back."""

    text: str
    ok: tuple[str, ...] = ()
    """Articles that answer it; any of them is right."""
    routes: tuple[str, ...] = ("answer",)
    """Who may answer; the first is the one to report under."""
    before: tuple[str, ...] = ()
    """What the visitor said before in the same conversation."""
    group: str | None = None
    """The kind of message, for the totals."""

    @property
    def expected_route(self) -> str:
        """Return who should answer."""
        return self.routes[0]

    def is_right(self, route: str, article: str | None) -> bool:
        """Return whether a reply is what should come back."""
        # Where several routes are right, the articles are those of an answer.
        about_it = route != "answer" and len(self.routes) > 1
        return route in self.routes and (about_it or not self.ok or article in self.ok)


@dataclass(frozen=True)
class Judged:
    """A row with what came back."""

    text: str
    expected: str
    ok: tuple[str, ...]
    route: str
    article: str | None
    confidence: float
    top: list[tuple[str, float]]
    right: bool
    """The right article was shown; or, without one, the right route was taken."""
    group: str | None


@dataclass
class Totals:
    """Shares are 0 to 1 of the rows that they are about, None where there are no such rows."""

    rows: int = 0
    accuracy: float | None = None
    """Right, of all rows."""
    first: float | None = None
    """The right article ranked first, of the rows that an article answers."""
    top3: float | None = None
    """The right article among the first three, of the same rows."""
    answered: float | None = None
    """Answered with the right article, of the same rows."""
    clarified: float | None = None
    """Offered with others as "Did you mean", the right one among them, of the same rows."""
    abstention: float | None = None
    """Not answered by an article: clarified or unsure, of the same rows."""
    wrong_answers: float | None = None
    """Answered with a wrong article: confidently wrong, of the same rows."""
    answered_though_not_for_articles: float | None = None
    """Answered with an article, of the rows that none should answer."""
    routes: dict[str, float] = field(default_factory=dict)
    """Right route, of the rows that expect it."""
    confusion: dict[str, dict[str, int]] = field(default_factory=dict)
    """Expected route to taken route to number of rows."""
    groups: dict[str, dict[str, float]] = field(default_factory=dict)
    """Group to each route's share of it; "right" and "rows" beside them."""


def read_rows(file: Path) -> list[Row]:
    """Read a YAML or JSONL file.

    Raises:
        BadRow: the file cannot be read, or a row does not say what should come back.
    """
    try:
        text = file.read_text(encoding="utf-8")
        entries = list(_json_lines(text)) if file.suffix == ".jsonl" else yaml.safe_load(text)
    except (OSError, UnicodeDecodeError) as error:
        raise BadRow(f"{file}: cannot be read; {error}") from None
    except (ValueError, yaml.YAMLError) as error:
        raise BadRow(f"{file}: not YAML or JSONL; {str(error).splitlines()[0]}") from None
    if not isinstance(entries, list):
        raise BadRow(f"{file}: should be a list of rows")
    return [row for number, entry in enumerate(entries, 1) for row in _rows(entry, file, number)]


def _json_lines(text: str) -> Iterable[Any]:
    # Not splitlines(): what people paste may hold other line breaks inside a text.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield json.loads(line)
            except json.JSONDecodeError as error:
                raise ValueError(f"line {number}: {error.msg}") from None


def _rows(entry: Any, file: Path, number: int) -> Iterable[Row]:
    where = f"{file}: row {number}"
    if not isinstance(entry, dict):
        raise BadRow(f"{where}: should have text and ok, or text and route")
    if "turns" in entry:
        turns, expect = entry["turns"], entry.get("expect", [])
        if not isinstance(turns, list) or not isinstance(expect, list):
            raise BadRow(f"{where}: turns and expect should be lists")
        if len(turns) != len(expect):
            raise BadRow(f"{where}: {len(turns)} turns and {len(expect)} expect; give one each")
        for index, (turn, wanted) in enumerate(zip(turns, expect, strict=True)):
            if not isinstance(wanted, (str, dict)):
                raise BadRow(f"{where}: give each turn a route, or ok (article ids)")
            wanted = {"route": wanted} if isinstance(wanted, str) else dict(wanted)
            if "article" in wanted:
                wanted["ok"] = [wanted.pop("article")]
            yield _row({**wanted, "text": turn}, where, tuple(str(t) for t in turns[:index]))
    else:
        yield _row(entry, where, ())


def _row(entry: dict[str, Any], where: str, before: tuple[str, ...]) -> Row:
    ok = entry.get("ok") or []
    ok = [ok] if isinstance(ok, str) else ok
    route = entry.get("route")
    routes = entry.get("routes") or ([route] if route else ["answer"])
    group = entry.get("group")
    if not isinstance(entry.get("text"), str):
        raise BadRow(f"{where}: text is missing")
    if not isinstance(ok, list) or not isinstance(route, (str, type(None))):
        raise BadRow(f"{where}: ok should be a list of article ids, and route a word")
    if not isinstance(routes, list) or not isinstance(group, (str, type(None))):
        raise BadRow(f"{where}: routes should be a list of routes, and group a word")
    if not ok and not route and not entry.get("routes"):
        raise BadRow(f"{where}: give ok (article ids) or route")
    return Row(entry["text"], tuple(map(str, ok)), tuple(map(str, routes)), before, group)


def judge(row: Row, reply: Reply) -> Judged:
    """Return whether the reply is what should come back."""
    return Judged(
        text=row.text,
        expected=row.expected_route,
        ok=row.ok,
        route=reply.route,
        article=reply.article,
        confidence=reply.confidence,
        top=reply.top,
        right=row.is_right(reply.route, reply.article),
        group=row.group,
    )


def run(assistant: Assistant, rows: Iterable[Row]) -> Iterable[Judged]:
    """Put each row to the assistant."""
    for row in rows:
        if row.before:
            reply = assistant.talk([*row.before, row.text])[-1]
        else:
            reply = assistant.route(row.text)
        yield judge(row, reply)


def total(judged: list[Judged]) -> Totals:
    """Return the totals."""
    for_articles = [row for row in judged if row.expected == "answer"]
    for_others = [row for row in judged if row.expected != "answer"]
    known = [row for row in for_articles if row.ok]

    def share(rows: list[Judged], among: list[Judged]) -> float | None:
        return round(len(rows) / len(among), 4) if among else None

    confusion: dict[str, Counter[str]] = {}
    for row in judged:
        confusion.setdefault(row.expected, Counter())[row.route] += 1
    return Totals(
        rows=len(judged),
        accuracy=share([row for row in judged if row.right], judged),
        first=share([r for r in known if r.top and r.top[0][0] in r.ok], known),
        top3=share([r for r in known if any(a in r.ok for a, _ in r.top)], known),
        answered=share([row for row in known if row.right], known),
        clarified=share(
            [r for r in known if r.route == "clarify" and any(a in r.ok for a, _ in r.top)], known
        ),
        abstention=share(
            [r for r in for_articles if r.route in ("clarify", "unsure")], for_articles
        ),
        wrong_answers=share([r for r in known if r.route == "answer" and not r.right], known),
        answered_though_not_for_articles=share(
            [row for row in for_others if row.route == "answer"], for_others
        ),
        routes={
            route: round(counts[route] / sum(counts.values()), 4)
            for route, counts in sorted(confusion.items())
        },
        confusion={route: dict(counts) for route, counts in sorted(confusion.items())},
        groups=_groups(judged),
    )


def _groups(judged: list[Judged]) -> dict[str, dict[str, float]]:
    rows: dict[str, list[Judged]] = {}
    for row in judged:
        if row.group:
            rows.setdefault(row.group, []).append(row)
    return {
        group: {
            "rows": len(members),
            "right": round(sum(row.right for row in members) / len(members), 4),
            **{
                route: round(count / len(members), 4)
                for route, count in Counter(row.route for row in members).most_common()
            },
        }
        for group, members in sorted(rows.items())
    }


def as_json(judged: list[Judged], totals: Totals) -> str:
    """Return rows and totals as JSON."""
    return json.dumps(
        {"rows": [asdict(row) for row in judged], "totals": asdict(totals)},
        ensure_ascii=False,
        indent=1,
    )


def in_words(totals: Totals) -> str:
    """Return the totals as a table to read."""
    lines = [f"{totals.rows} rows"]
    for name, value in asdict(totals).items():
        if isinstance(value, float):
            lines.append(f"  {name.replace('_', ' '):36s} {value:7.1%}")
    lines.append("right route, of the rows that expect it")
    lines += [f"  {route:36s} {share:7.1%}" for route, share in totals.routes.items()]
    for group, shares in totals.groups.items():
        lines.append(f"{group}, {shares['rows']:.0f} rows")
        lines += [f"  {name:36s} {share:7.1%}" for name, share in shares.items() if name != "rows"]
    return "\n".join(lines)
