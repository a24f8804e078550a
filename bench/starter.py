"""Ours against Rasa's starter pipeline: the same sample of the same data, in the same run.

The starter is what `rasa init` writes, filled with our articles and served by `rasa run` and
`python -m rasa_sdk`. Each part is measured for one side, then for the other. Raw results go to
docs/benchmarks/starter.json after every part, the table and the plots to docs/benchmarks.md.

    .venv/bin/python bench/starter.py --resume
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import NoReturn

from machine import processor, revision
from page import put
from servers import WITHOUT_LIMITS, Running, resident, servers
from starter_page import SIDES, plots, table
from turns import at_once, on_the_stream, one_by_one

from helpline import serve, settings
from helpline.serve import Server, free_port, stop, wait_until_ready
from helpline.settings import ROOT
from helpline.training import MODEL

PAGE = ROOT / "docs" / "benchmarks.md"
MARK = "<!-- table: bench/starter.py -->"
FOLDER = ROOT / "docs" / "benchmarks"
RAW = FOLDER / "starter.json"
KEPT = settings.BUILD / "bench-starter"
"""The projects and models, so that a run that was cut off can go on."""

EXAMPLES = 3
"""With so many per intent and article the starter is trained in minutes; with all, in hours."""

SETTLED = 3.0
"""Seconds after which servers that have nothing to do count as idle."""

READY_WITHIN = 600.0
"""Seconds: that a start takes long is a result, not a failure."""

VERSIONS = ("rasa", "rasa-sdk", "tensorflow", "onnxruntime", "scikit-learn", "sanic", "aiohttp")

QUIET = {"RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}


@dataclass(frozen=True)
class Scale:
    """How much is measured."""

    rounds: int
    """Of ten conversations of five turns, one after the other."""
    visitors: tuple[int, ...]
    seconds: float
    """That the visitors speak."""
    epochs: int = 0
    """Of the starter's training; 0 for as many as Rasa has it."""
    a_try: bool = False
    """Whether the figures do not matter: both sides are measured at once, and only the parts that
    need no further start of the servers."""


WHOLE = Scale(5, (1, 8, 32, 128), 8)
QUICK = Scale(1, (1, 8), 2, epochs=2, a_try=True)

ROWS = ROOT / "tests" / "sets" / "test.jsonl"
"""The questions that the answers are judged by."""


class Results:
    """The raw results, written whenever there are more."""

    def __init__(self, file: Path | None, about: dict) -> None:
        self.file = file
        self.writing = threading.Lock()
        self.found = {"about": about, "parts": {side: {} for side in SIDES}}

    def go_on(self) -> None:
        """Take over what was measured before, if it was with the same settings.

        Raises:
            SystemExit: it was not.
        """
        if self.file is None or not self.file.exists():
            return
        before = json.loads(self.file.read_text(encoding="utf-8"))
        for what in ("examples", "scale"):
            if before["about"][what] != self.found["about"][what]:
                sys.exit(f"{self.file.name} was made with other {what}; run without --resume.")
        self.found = before

    @property
    def parts(self) -> dict[str, dict]:
        return self.found["parts"]

    def measure(self, part: Callable[[str], dict], side: str) -> None:
        """Measure a part of a side, unless it is there."""
        name = part.__name__
        if name in self.parts[side]:
            say(f"{name}, {SIDES[side]}: kept")
            return
        say(f"{name}, {SIDES[side]} ...")
        load, began = os.getloadavg()[0], time.perf_counter()
        measured = {
            **part(side),
            "made": now(),
            "revision": revision(),
            "load_before": round(load, 2),
        }
        say(f"{name}, {SIDES[side]}: {time.perf_counter() - began:.0f} s")
        with self.writing:
            self.parts[side][name] = measured
            if self.file is not None:
                self.file.parent.mkdir(exist_ok=True)
                self.file.write_text(json.dumps(self.found, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument(
        "--examples", type=int, help=f"per intent and article; 0 for all; {EXAMPLES} if left out"
    )
    options.add_argument("--resume", action="store_true", help="skip what is measured already")
    options.add_argument("--quick", action="store_true", help="a small try that writes nothing")
    options.add_argument("--write", action="store_true", help="let --quick write all the same")
    asked = options.parse_args()
    examples = asked.examples if asked.examples is not None else 1 if asked.quick else EXAMPLES
    scale = QUICK if asked.quick else WHOLE
    writes = asked.write or not asked.quick

    serve.READY_WITHIN = READY_WITHIN
    results = Results(RAW if writes else None, about(examples, scale))
    if asked.resume:
        results.go_on()
    with workplace(writes) as work:
        lay_out(work, examples, scale.epochs, results)
        measure(work, scale, results)
    found = table(results.parts, scale.visitors)
    print(found)
    if writes:
        drawn = plots(results.parts, scale.visitors, FOLDER)
        put(PAGE, MARK, section(results.found, found))
        say(f"Written: {PAGE.relative_to(ROOT)}, {RAW.relative_to(ROOT)}, {len(drawn)} plots")


@contextmanager
def workplace(writes: bool) -> Iterator[Path]:
    """Yield a folder for projects and models: one that stays, or one that does not."""
    if writes:
        KEPT.mkdir(parents=True, exist_ok=True)
        yield KEPT
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)


def lay_out(work: Path, examples: int, epochs: int, results: Results) -> None:
    """Write both projects, unless all that is trained from them is there."""
    models = [work / side / "models" / MODEL for side in SIDES]
    trained = ["training" in results.parts[side] for side in SIDES]
    if not any(trained):
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
    elif all(model.exists() or not done for model, done in zip(models, trained, strict=True)):
        return
    else:
        sys.exit(f"{work} lost a model that was measured; run without --resume.")
    say("both projects ...")
    wanted = (str(work), str(examples), str(epochs))
    in_python("bench/projects.py", *wanted, log=work / "projects.log")
    results.found["about"]["data"] = {
        key: value for key, value in facts(work).items() if key != "conversations"
    }


def measure(work: Path, scale: Scale, results: Results) -> None:
    """Measure each part on either side."""
    said = facts(work)["conversations"]
    ways: dict[str, Callable[..., AbstractContextManager[Running]]] = {
        # Our server always has its web channel.
        "helpline": lambda web=False: ours(work),
        "starter": lambda web=False: starter(work, web),
    }

    def serving(side: str) -> dict:
        began = time.perf_counter()
        with ways[side]() as running:
            ready = round(time.perf_counter() - began, 2)
            time.sleep(SETTLED)
            idle = held(running)
            return {"ready_seconds": ready, "idle_mb": idle, **under_load(running)}

    def under_load(running: Running) -> dict:
        alone = one_by_one(running.url, said, scale.rounds)
        together = {}
        for visitors in scale.visitors:
            together[str(visitors)] = at_once(running.url, said, visitors, scale.seconds)
            say(f"  {visitors} at once: {together[str(visitors)]['per_second']:.0f} turns/s")
        time.sleep(SETTLED)
        return {"one_by_one": alone, "at_once": together, "loaded_mb": held(running)}

    def web(side: str) -> dict:
        with ways[side](web=True) as running:
            return on_the_stream(running.url, said, scale.rounds)

    def answers(side: str) -> dict:
        models = str(work / side / "models")
        found = in_python("bench/answers.py", side, models, str(ROWS), log=work / f"{side}.log")
        return json.loads(found)

    def training(side: str) -> dict:
        return train(work, side)

    parts = (training, serving) if scale.a_try else (training, serving, web, answers)
    with ThreadPoolExecutor(len(SIDES) if scale.a_try else 1) as sides:
        for part in parts:
            list(sides.map(partial(results.measure, part), SIDES))


def train(work: Path, side: str) -> dict:
    """Train as `rasa train` does, without its cache, in a process of its own."""
    project = work / side
    shutil.rmtree(project / ".rasa", ignore_errors=True)
    ours_too = {
        "helpline": [str(ROOT / "domain.yml"), str(ROOT / "data"), "--augmentation", "0"],
        "starter": ["domain.yml", "data"],
    }
    domain, data, *more = ours_too[side]
    command = [sys.executable, "-m", "rasa", "train", "--force", "--skip-validation"]
    command += ["--config", "config.yml", "--domain", domain, "--data", data, *more]
    command += ["--out", "models", "--fixed-model-name", MODEL.removesuffix(".tar.gz")]
    with (work / f"{side}.log").open("wb") as log:
        began = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=project,
            env={**os.environ, **QUIET, "PYTHONPATH": str(ROOT / "bench")},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    model = project / "models" / MODEL
    if process.returncode or not model.exists():
        failed("Training", work / f"{side}.log")
    return {
        "seconds": round(seconds, 2),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 2),
        "peak_mb": round(used.ru_maxrss / 1024, 1),
        "model_mb": round(model.stat().st_size / 1e6, 1),
    }


@contextmanager
def ours(work: Path) -> Iterator[Running]:
    """Serve our model as `make run` does; every channel is always there."""
    with servers(models=work / "helpline" / "models") as running:
        yield running


@contextmanager
def starter(work: Path, web: bool = False) -> Iterator[Running]:
    """Serve the starter's model as Rasa's documentation says.

    Args:
        work: where its project lies.
        web: with our web channel beside Rasa's own.
    """
    project = work / "starter"
    port, actions_port = free_port(), free_port()
    credentials = "credentials_web.yml" if web else "credentials.yml"
    model = f"models/{MODEL}"
    with tempfile.TemporaryDirectory() as folder, (work / "starter.log").open("wb") as log:
        environment = {
            **os.environ,
            **QUIET,
            **WITHOUT_LIMITS,
            "HELPLINE_DATABASE": f"{folder}/helpline.db",
            "HELPLINE_PORT": str(port),
            "STARTER_ACTIONS_PORT": str(actions_port),
        }

        def begin(words: str) -> subprocess.Popen[bytes]:
            return subprocess.Popen(
                [sys.executable, "-m", *words.split()],
                cwd=project,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

        local = "http://127.0.0.1"
        actions = Server(
            "action server",
            begin(f"rasa_sdk --actions actions --port {actions_port}"),
            f"{local}:{actions_port}/health",
        )
        rasa = Server(
            "starter",
            begin(
                f"rasa run --model {model} --port {port} --interface 127.0.0.1 "
                f"--endpoints endpoints.yml --credentials {credentials}"
            ),
            f"{local}:{port}/webhooks/rest/",
        )
        try:
            wait_until_ready([actions, rasa])
            yield Running(f"{local}:{port}", rasa, actions)
        finally:
            stop([actions, rasa])


def held(running: Running) -> dict[str, float]:
    """Return the megabytes that each server holds."""
    return {
        "rasa": round(resident(running.rasa), 1),
        "actions": round(resident(running.actions), 1),
    }


def in_python(*words: str, log: Path) -> str:
    """Run a script of ours in a process of its own and return what it prints."""
    with log.open("wb") as said:
        done = subprocess.run(
            [sys.executable, *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=said, check=False
        )
    if done.returncode:
        failed(words[0], log)
    return done.stdout.decode()


def failed(what: str, log: Path) -> NoReturn:
    """Say so, with what it said last."""
    last = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    sys.exit(f"{last}\n{what} failed; the lines above say why.")


def facts(work: Path) -> dict:
    return json.loads((work / "facts.json").read_text(encoding="utf-8"))


def about(examples: int, scale: Scale) -> dict:
    """Return what one has to know to make the same again."""
    return {
        "made": now(),
        "command": shlex.join(["python", *sys.argv]),
        "revision": revision(),
        "examples": examples,
        "scale": {
            "rounds": scale.rounds,
            "visitors": list(scale.visitors),
            "seconds": scale.seconds,
            "rows": str(ROWS.relative_to(ROOT)),
            "epochs": scale.epochs,
        },
        "machine": {
            "processor": processor(),
            "architecture": platform.machine(),
            "cores": len(os.sched_getaffinity(0)),
            "memory_mb": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20,
            "system": platform.platform(),
        },
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in VERSIONS},
        },
    }


def section(found: dict, rows: str) -> str:
    """Return the table with what it was made on."""
    told, machine, data = found["about"], found["about"]["machine"], found["about"]["data"]
    loads = [part["load_before"] for side in found["parts"].values() for part in side.values()]
    most = f"at most {told['examples']}" if told["examples"] else "all"
    fewer = told["scale"]["epochs"]
    epochs = f"; the starter learned for {fewer} epochs only, so this is a try" if fewer else ""
    pictures = "\n\n".join(
        f"![{words}](benchmarks/starter-{name}.svg)"
        for name, words in (
            ("training", "Seconds of training, on the clock and of the processor, for either side"),
            ("turns", "Milliseconds of one turn over REST and on the web channel"),
            ("throughput", "Turns a second by number of visitors"),
            ("memory", "Megabytes of both servers idle and after the load, and of training"),
        )
    )
    return f"""Made by `{told["command"]}` on {told["made"][:10]} at revision \
{told["revision"]}: {machine["cores"]} cores ({machine["processor"]}), which the visitors of \
the test share, {machine["memory_mb"] // 1024} GB of memory, Python {told["versions"]["python"]}, \
Rasa {told["versions"]["rasa"]}. When the parts began, the load of the machine was \
{min(loads):.1f} to {max(loads):.1f}. {data["examples"]} examples, {most} of each intent and of \
each of {data["articles"]} articles{epochs}. Every single number: \
[benchmarks/starter.json](benchmarks/starter.json).

{rows}

{pictures}"""


def now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def say(line: str) -> None:
    print(f"{datetime.now():%H:%M:%S} {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
