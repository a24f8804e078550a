"""What does a turn cost as things grow: its conversation, all conversations, the articles?

Ours beside the same servers with Rasa's own tracker store and lock store, turn by turn in one run.
Writes docs/benchmarks/growth.json after each step, then the tables of docs/benchmarks.md and their
plots.

    python bench/growth.py            # all; with --resume, what is not done yet
    python bench/growth.py --quick    # a look, which writes nothing without --write
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from filling import events, fill
from machine import processor, revision
from page import put
from picture import saved
from servers import Running, servers
from streams import QUESTIONS
from turns import percentile
from web_visitor import WebVisitor

from helpline import settings
from helpline.chat import send
from helpline.clock import real_now
from helpline.settings import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"
MARK = "<!-- table: bench/growth.py -->"
FOLDER = ROOT / "docs" / "benchmarks"
RESULTS = FOLDER / "growth.json"

STOCK = """\
action_endpoint:
  url: http://localhost:${HELPLINE_ACTIONS_PORT}/webhook
  enable_selective_domain: true
tracker_store:
  type: SQL
  dialect: sqlite
  db: ${HELPLINE_CONVERSATIONS}
nlg:
  type: helpline.nlu.responses.KnowledgeResponses
"""
"""As endpoints.yml, without our tracker store and our lock store."""

SIDES = ("ours", "stock")
WAYS = ("rest", "web")

WINDOWS = (5, 50, 100, 150, 200)
"""Medians are of the ten turns around these; around 5 is from 1 to 10."""

TURNS, QUICK_TURNS = 205, 20
CONVERSATIONS, QUICK_CONVERSATIONS = 2, 1

SIZES, QUICK_SIZES = (10, 10_000, 1_000_000), (10_000,)
"""Finished conversations in the databases."""

VISITORS, QUICK_VISITORS = 10, 2
"""New conversations at each size, of one turn for each question."""

ROOM = 6 * 2**30
"""Bytes on the disk without which a million conversations are not begun."""

ARTICLES, QUICK_ARTICLES = (1, 1000, 10_000), (1000,)
"""All the real ones are there in any case."""

LEARNED = 300
"""So many articles are really learned. More take too long for a benchmark; a turn takes as long
with any weights."""

LONGEST = 4 * 3600
"""Seconds that learning one number of articles may take."""

Times = list[list[float]]
"""Milliseconds of each turn of each conversation."""


class Run:
    """What was asked for, what has been found, where it goes."""

    def __init__(self, quick: bool, write: bool, resume: bool) -> None:
        self.quick = quick
        self._write = write
        self.found: dict[str, Any] = {}
        if resume and RESULTS.exists():
            before = json.loads(RESULTS.read_text(encoding="utf-8"))
            self.found = before if before["quick"] == quick else {}
        self.found |= circumstances(quick)

    def part(self, name: str) -> dict[str, Any]:
        """Return a part with its steps so far."""
        part: dict[str, Any] = self.found.setdefault(name, {})
        return part

    def keep(self) -> None:
        """Write all that was found so far."""
        if self._write:
            FOLDER.mkdir(exist_ok=True)
            RESULTS.write_text(json.dumps(self.found, indent=1) + "\n", encoding="utf-8")


def circumstances(quick: bool) -> dict[str, Any]:
    """Return where and when, and of what."""
    return {
        "command": " ".join(["python", "bench/growth.py", *sys.argv[1:]]),
        "quick": quick,
        "date": date.today().isoformat(),
        "revision": revision(),
        "machine": f"{platform.machine()}, {processor()}",
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "python": platform.python_version(),
        "versions": {
            name: version(name) for name in ("rasa", "scikit-learn", "onnxruntime", "SQLAlchemy")
        },
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--quick", action="store_true", help="under two minutes; writes nothing")
    options.add_argument("--write", action="store_true", help="write, though it is quick")
    options.add_argument("--resume", action="store_true", help="leave out what is done")
    options.add_argument("--only", choices=[name for name, _ in PARTS], help="one part")
    asked = options.parse_args()
    write = asked.write or not asked.quick
    run = Run(asked.quick, write, asked.resume)
    for name, measure in PARTS:
        if asked.only in (None, name):
            measure(run)
    text = as_tables(run.found)
    print(text)
    if write:
        plot(run.found)
        put(PAGE, MARK, text)


# Length of the conversation.


def length(run: Run) -> None:
    """One conversation after the other, each side's turn beside the other's."""
    part = run.part("length")
    count = QUICK_CONVERSATIONS if run.quick else CONVERSATIONS
    if len(part.get("ours", ())) == count:
        return
    part |= {side: [] for side in SIDES}
    with ExitStack() as stack:
        running = _both(stack)
        _warm_up(running)
        for number in range(count):
            senders = {side: uuid.uuid4().hex for side in SIDES}
            times: dict[str, list[float]] = {side: [] for side in SIDES}
            for turn in range(QUICK_TURNS if run.quick else TURNS):
                for side in _in_turn(turn):
                    question = QUESTIONS[turn % len(QUESTIONS)]
                    times[side].append(_rest(running[side], senders[side], question))
            for side in SIDES:
                part[side].append(times[side])
            run.keep()
            _say(f"conversation {number + 1} of {count}")


def around(conversations: Times, turn: int) -> float | None:
    """Return the median of ten turns around one, over all conversations."""
    some = [t for times in conversations for t in times[max(0, turn - 5) : max(10, turn + 5)]]
    return statistics.median(some) if len(some) >= 10 * len(conversations) else None


# Finished conversations.


def conversations(run: Run) -> None:
    """Fill both databases more and more, and talk beside that."""
    part = run.part("conversations")
    sizes = [size for size in (QUICK_SIZES if run.quick else SIZES) if str(size) not in part]
    if not sizes:
        return
    with tempfile.TemporaryDirectory() as folder:
        files = {
            "HELPLINE_DATABASE": f"{folder}/helpline.db",
            "HELPLINE_CONVERSATIONS": f"{folder}/conversations.db",
        }
        settings.DATABASE, settings.CONVERSATIONS = files.values()
        there, now = 0, real_now()
        for size in sizes:
            if size >= 10**6 and shutil.disk_usage(folder).free < ROOM:
                _say(f"not enough room on the disk for {size} conversations")
                break
            began = time.perf_counter()
            fill(*files.values(), range(there, size), now)
            there = size
            filled = time.perf_counter() - began
            _say(f"{size} conversations written in {filled:.0f} s")
            part[str(size)] = {
                "events_each": len(events()),
                "megabytes": sum(Path(file).stat().st_size for file in files.values()) / 2**20,
                **_among_others(run, files),
            }
            run.keep()


def _among_others(run: Run, files: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    # The servers' own round of an hour comes at once; what is measured is that of the command.
    environment = files | {"HELPLINE_KEEP_DAYS": "60"}
    with ExitStack() as stack:
        began = time.perf_counter()
        running = {"ours": stack.enter_context(servers(**environment))}
        found["ready_s"] = time.perf_counter() - began
        running["stock"] = stack.enter_context(servers(endpoints=_stock(stack), **environment))
        _warm_up(running)
        times: dict[str, list[float]] = {f"{way}_{side}": [] for way in WAYS for side in SIDES}
        for number in range(QUICK_VISITORS if run.quick else VISITORS):
            senders = {side: uuid.uuid4().hex for side in SIDES}
            visitors = {side: WebVisitor(running[side].url) for side in SIDES}
            for question in QUESTIONS:
                for side in _in_turn(number):
                    rest = _rest(running[side], senders[side], question)
                    times[f"rest_{side}"].append(rest)
                    times[f"web_{side}"].append(visitors[side].ask(question) * 1000)
            for visitor in visitors.values():
                visitor.leave()
        _say("turns taken")
        return found | times | _forgetting(running["ours"], environment)


def _forgetting(running: Running, environment: dict[str, str]) -> dict[str, Any]:
    """Return what the command for forgetting takes, and how long a turn takes beside it."""
    command = [sys.executable, "-m", "helpline", "forget", "--older-than", "30"]
    began = time.perf_counter()
    meanwhile = []
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.PIPE, text=True
    ) as forget:
        while forget.poll() is None:
            meanwhile.append(_rest(running, uuid.uuid4().hex, QUESTIONS[0]))
        said = forget.stdout.read() if forget.stdout else ""
    _say(f"forgotten: {said.strip()}")
    return {
        "forget_s": time.perf_counter() - began,
        "forgotten": int(said.split()[0]),
        "slowest_beside_forgetting_ms": max(meanwhile),
    }


# Articles.


def articles(run: Run) -> None:
    """Learn and rank more and more articles, each time in a process of its own."""
    part = run.part("articles")
    for count in QUICK_ARTICLES if run.quick else ARTICLES:
        if str(count) in part:
            continue
        command = [sys.executable, str(ROOT / "bench" / "growing_articles.py"), str(count)]
        if run.quick or count > LEARNED:
            command.append("--untrained")
        done = subprocess.run(
            command, cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=LONGEST, check=True
        )
        part[str(count)] = json.loads(done.stdout.splitlines()[-1])
        run.keep()
        _say(f"{count} articles")


PARTS: tuple[tuple[str, Callable[[Run], None]], ...] = (
    ("length", length),
    ("conversations", conversations),
    ("articles", articles),
)


# What it comes to.


def as_tables(found: dict[str, Any]) -> str:
    """Return the tables of those parts that were measured."""
    versions = ", ".join(f"{name} {number}" for name, number in found["versions"].items())
    lines = [
        f"Made by `make bench` on {found['date']}: {found['machine']}, {found['cores']} cores, "
        f"Python {found['python']}, {versions}. “Rasa's own” are the same two servers with Rasa's "
        "SQL tracker store and lock store, asked in turn with ours. Raw figures: "
        "[growth.json](benchmarks/growth.json).",
    ]
    for name, heading, table in (
        ("length", "The length of the conversation", _length_table),
        ("conversations", "Finished conversations in the databases", _conversations_table),
        ("articles", "Articles", _articles_table),
    ):
        if found.get(name):
            lines += ["", f"### {heading}", "", *table(found[name])]
    return "\n".join(lines)


def _length_table(part: dict[str, Any]) -> list[str]:
    lines = [
        f"One turn over REST; {len(part['ours'])} conversations, medians of ten turns in each.",
        "",
        "| turns | ours | Rasa's own | ours, against turns 1 to 10 | Rasa's own |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    first = {side: around(part[side], 5) for side in SIDES}
    for turn in WINDOWS:
        found = {side: around(part[side], turn) for side in SIDES}
        if None in found.values():
            continue
        which = f"{max(1, turn - 4)} to {turn + 5}"
        shares = " | ".join(f"{found[side] / first[side]:.2f} ×" for side in SIDES)
        lines.append(f"| {which} | {found['ours']:.0f} ms | {found['stock']:.0f} ms | {shares} |")
    return [*lines, "", "![Time of a turn by its number](benchmarks/length.svg)"]


def _conversations_table(part: dict[str, Any]) -> list[str]:
    some = next(iter(part.values()))
    lines = [
        f"Each is one question and its answer: {some['events_each']} events in Rasa's record, two "
        f"messages in the log. {len(some['rest_ours'])} turns in new conversations each way, "
        "median and p95. `helpline forget` deletes what has grown too old in one hour of 30 days; "
        "its time includes its start.",
        "",
        "| | " + " | ".join(f"{int(size):,}" for size in part) + " |",
        "| --- |" + " ---: |" * len(part),
    ]
    for way, words in (("rest", "REST"), ("web", "web")):
        for side, whose in (("ours", "ours"), ("stock", "Rasa's own")):
            times = [step[f"{way}_{side}"] for step in part.values()]
            cells = " | ".join(
                f"{statistics.median(t):.0f}, {percentile(t, 0.95):.0f} ms" for t in times
            )
            lines.append(f"| turn over {words}, {whose} | {cells} |")
    for words, name, unit in (
        ("start to ready, ours", "ready_s", "s"),
        ("`helpline forget`", "forget_s", "s"),
        ("conversations it deleted", "forgotten", ""),
        ("slowest turn beside it", "slowest_beside_forgetting_ms", "ms"),
        ("both files", "megabytes", "MB"),
    ):
        cells = " | ".join(
            f"{step[name]:.{1 if unit == 's' else 0}f} {unit}".strip() for step in part.values()
        )
        lines.append(f"| {words} | {cells} |")
    return [*lines, "", "![Time of a turn by conversations kept](benchmarks/conversations.svg)"]


def _articles_table(part: dict[str, Any]) -> list[str]:
    lines = [
        "The real articles, and made-up ones up to the number, with the 20 example questions that "
        "an article has at least. Learning is that of the two opinions on articles and of the "
        f"intents. More than {LEARNED} articles are not learned here: a turn is measured with "
        "weights of the same size, drawn by chance.",
        "",
        "| | " + " | ".join(f"{found['articles']:,}" for found in part.values()) + " |",
        "| --- |" + " ---: |" * len(part),
    ]
    for words, cell in (
        ("questions and sentences", lambda f: f"{f['questions'] + f['sentences']:,}"),
        ("ranking in a turn, median", lambda f: f"{statistics.median(f['ranking_ms']):.1f} ms"),
        ("ranking in a turn, p95", lambda f: f"{percentile(f['ranking_ms'], 0.95):.1f} ms"),
        ("intents in a turn, median", lambda f: f"{statistics.median(f['intents_ms']):.1f} ms"),
        ("vectors of all texts", lambda f: f"{f['encoding_s']:.0f} s"),
        ("learning: meaning", lambda f: f"{f['meaning_s']:.0f} s"),
        ("learning: words", lambda f: f"{f['words_s']:.0f} s"),
        ("learning: intents", lambda f: f"{f['intents_s']:.0f} s"),
        ("memory at the most while learning", _memory),
        ("weights of the words", lambda f: f"{f['weights_mb']:,.0f} MB"),
    ):
        cells = []
        for found in part.values():
            try:
                cells.append(cell(found))
            except KeyError:
                cells.append("")
        if not any(cells):
            continue
        lines.append(f"| {words} | {' | '.join(cells)} |")
    return [*lines, "", "![Ranking by articles](benchmarks/articles.svg)"]


def _memory(found: dict[str, Any]) -> str:
    if found["trained"]:
        return f"{found['peak_mb']:,.0f} MB"
    return f"not tried; about {found['needed_mb']:,.0f} MB"


def plot(found: dict[str, Any]) -> None:
    """Draw each part that was measured."""
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams["svg.hashsalt"] = "helpline"
    from matplotlib import pyplot

    def drawn(name: str, x: str, y: str, lines: dict[str, tuple[Sequence, Sequence]], log: bool):
        figure, axes = pyplot.subplots(figsize=(7, 3.5))
        for label, (across, up) in lines.items():
            axes.plot(across, up, label=label, marker="o" if len(across) < 10 else None)
        axes.set_xlabel(x)
        axes.set_ylabel(y)
        axes.set_ylim(bottom=0)
        if log:
            axes.set_xscale("log")
        axes.legend(frameon=False)
        axes.spines[["top", "right"]].set_visible(False)
        saved(figure, FOLDER / f"{name}.svg")

    names = {"ours": "ours", "stock": "Rasa's own stores"}
    if part := found.get("length"):
        count = len(part["ours"][0])
        middles = range(5, count - 4, 5)
        lines = {names[s]: (middles, [around(part[s], turn) for turn in middles]) for s in SIDES}
        drawn("length", "turn of the conversation", "ms, median of ten turns", lines, False)
    if part := found.get("conversations"):
        sizes = [int(size) for size in part]
        lines = {
            f"{way.upper() if way == 'rest' else way}, {names[side]}": (
                sizes,
                [statistics.median(step[f"{way}_{side}"]) for step in part.values()],
            )
            for way in WAYS
            for side in SIDES
        }
        drawn("conversations", "finished conversations", "ms a turn, median", lines, True)
    if part := found.get("articles"):
        counts = [step["articles"] for step in part.values()]
        middle = [statistics.median(step["ranking_ms"]) for step in part.values()]
        tail = [percentile(step["ranking_ms"], 0.95) for step in part.values()]
        lines = {"median": (counts, middle), "p95": (counts, tail)}
        drawn("articles", "articles", "ms to rank them, a turn", lines, False)


# What the parts share.


def _both(stack: ExitStack) -> dict[str, Running]:
    """Start ours, and beside it the same with Rasa's own stores."""
    return {
        "ours": stack.enter_context(servers()),
        "stock": stack.enter_context(servers(endpoints=_stock(stack))),
    }


def _stock(stack: ExitStack) -> Path:
    file = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "endpoints.yml"
    file.write_text(STOCK, encoding="utf-8")
    return file


def _in_turn(number: int) -> tuple[str, ...]:
    return SIDES if number % 2 else SIDES[::-1]


def _warm_up(running: dict[str, Running]) -> None:
    for one in running.values():
        sender, visitor = uuid.uuid4().hex, WebVisitor(one.url)
        for question in QUESTIONS * 2:
            _rest(one, sender, question)
            visitor.ask(question)
        visitor.leave()


def _rest(running: Running, sender: str, question: str) -> float:
    """Return the milliseconds of one turn over REST."""
    began = time.perf_counter()
    said = send(running.url, sender, question)
    spent = (time.perf_counter() - began) * 1000
    assert said
    assert "recipient_id" in said[0], said
    return round(spent, 2)


def _say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
