"""How long does it take? Training from nothing, start to ready, one turn over HTTP.

Writes docs/times.md. The servers run as `make run` starts them, on free ports.

    make bench
"""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from datetime import date
from importlib.metadata import version

from page import put
from servers import servers

from helpline import settings
from helpline.chat import send
from helpline.settings import ROOT

PAGE = ROOT / "docs" / "times.md"
MARK = "<!-- table: bench/times.py -->"
RUNS = 2
"""Of the servers."""
QUESTIONS = (
    "can my brother be my donor",
    "what is a mini transplant",
    "how do i find a clinical trial",
    "can I talk to someone?",
    "what does day 0 mean",
)
ROUNDS = 10


def main() -> None:
    training = [train_from_nothing()]
    ready, turns = [], []
    for _ in range(RUNS):
        began = time.perf_counter()
        with servers() as running:
            ready.append(time.perf_counter() - began)
            turns += answer_times(running.url)
    rows = [
        ("training from nothing, the exported encoder at hand (once)", training, 1, "s"),
        (f"both servers, start to ready ({RUNS} runs)", ready, 1, "s"),
        (f"one turn over HTTP ({len(turns)} turns)", turns, 1000, "ms"),
    ]
    table = "\n".join(
        f"| {what} | {statistics.median(times) * scale:.0f} {unit} "
        f"| {max(times) * scale:.0f} {unit} |"
        for what, times, scale, unit in rows
    )
    text = f"""Made by `make bench` on {date.today()}: {os.cpu_count()} cores, \
{platform.machine()}, Python {platform.python_version()}, Rasa {version("rasa")}, onnxruntime \
{version("onnxruntime")}. Plain times of this assistant alone, not a comparison. A turn is one of \
{len(QUESTIONS)} in a conversation.

| what | median | slowest |
| --- | ---: | ---: |
{table}"""
    print(text)
    put(PAGE, MARK, text)


def train_from_nothing() -> float:
    """Return the seconds of a training without Rasa's cache; its model is used from now on."""
    with tempfile.TemporaryDirectory() as models:
        shutil.rmtree(ROOT / ".rasa", ignore_errors=True)
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "helpline", "train"],
            cwd=ROOT,
            env={**os.environ, "HELPLINE_MODELS": models},
            check=True,
            stdout=subprocess.DEVNULL,
        )
        spent = time.perf_counter() - began
        shutil.copytree(models, settings.MODELS, dirs_exist_ok=True)
        return spent


def answer_times(url: str) -> list[float]:
    """Return the seconds of each turn; the first conversation warms up and does not count."""
    times = []
    for turn in range(ROUNDS + 1):
        sender = uuid.uuid4().hex
        for question in QUESTIONS:
            began = time.perf_counter()
            send(url, sender, question)
            if turn:
                times.append(time.perf_counter() - began)
    return times


if __name__ == "__main__":
    main()
