"""The Rasa server and the action server under one supervisor: both run, or neither does."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from helpline import settings
from helpline.clock import told_time
from helpline.desk import webhook
from helpline.desk.offer import line
from helpline.knowledge import configured_knowledge
from helpline.training import model_path
from helpline.web.limits import Limits
from helpline.web.origins import embedding, own
from helpline.web.sessions import secret

READY_WITHIN = 120.0
"""Seconds until a server that does not answer counts as broken."""

STOP_WITHIN = 10.0
"""Seconds that a server gets to end by itself."""


ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""One message is too little arithmetic to share out: threads that wait for some take more of the
processor than the whole rest of a turn."""


class CannotServe(Exception):
    """The servers cannot be started; the message says why in one line."""


@dataclass(frozen=True)
class Server:
    """One of the two processes."""

    name: str
    process: subprocess.Popen[bytes]
    health: str
    """An address that answers 200 when the server is ready."""


def serve(
    port: int = settings.PORT,
    actions_port: int = settings.ACTIONS_PORT,
    say: Callable[[str], None] = print,
) -> int:
    """Start both servers, say where they answer, and stay until one ends or Ctrl-C.

    Returns:
        The exit status: 0 after Ctrl-C, 1 where a server ended by itself.

    Raises:
        CannotServe: a port is taken, or a server does not get ready.
        NoModel: nothing was trained yet.
    """
    # The supervisor that stops us says so with SIGTERM; treat it as Ctrl-C.
    signal.signal(signal.SIGTERM, lambda *_: _interrupt())
    servers = start(port, actions_port)
    try:
        wait_until_ready(servers)
        say(f"The assistant answers at http://localhost:{port}  (Ctrl-C ends it)")
        say("Open that address in a browser to talk to it as visitors do.")
        if settings.HOST not in ("127.0.0.1", "localhost") and not settings.URL:
            say("Set HELPLINE_URL to the address that visitors use; until then theirs is refused.")
        while True:
            ended = next((s for s in servers if s.process.poll() is not None), None)
            if ended is not None:
                say(f"The {ended.name} ended by itself (status {ended.process.returncode}).")
                say("Stopping the other one too. Start again with `make run`.")
                return 1
            time.sleep(0.2)
    except KeyboardInterrupt:
        say("Stopping.")
        return 0
    finally:
        # A second Ctrl-C must not leave one of them behind.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        stop(servers)


def start(
    port: int,
    actions_port: int,
    host: str = settings.HOST,
    rest_token: str = settings.REST_TOKEN,
    endpoints: Path = settings.ROOT / "endpoints.yml",
) -> list[Server]:
    """Start both servers.

    Args:
        port: of the assistant.
        actions_port: of the action server.
        host: the address that the assistant listens on.
        rest_token: what its REST channel asks for.
        endpoints: Rasa's file of stores and of the action server.

    Raises:
        CannotServe: a port is taken.
        NoModel: nothing was trained yet.
        ValueError: a setting cannot be used.
    """
    model_path()
    # What cannot be read is said here, not to a visitor.
    settings.check()
    told_time()
    Limits()
    secret()
    own()
    embedding()
    line(configured_knowledge())
    webhook.is_configured()
    for number, name, variable in (
        (port, "assistant", "HELPLINE_PORT"),
        (actions_port, "action server", "HELPLINE_ACTIONS_PORT"),
    ):
        if _is_taken(number, host):
            raise CannotServe(
                f"Port {number} for the {name} is busy. Stop what runs there, or set {variable}."
            )
    settings.VAR.mkdir(exist_ok=True)
    environment = {
        **ONE_THREAD,
        **os.environ,
        "HELPLINE_HOST": host,
        "HELPLINE_REST_TOKEN": rest_token,
        "HELPLINE_PORT": str(port),
        "HELPLINE_ACTIONS_PORT": str(actions_port),
        # Nobody but Rasa calls the action server.
        "SANIC_HOST": "127.0.0.1",
    }
    actions = _start(
        "helpline.action_server --actions actions --quiet --port", actions_port, environment
    )
    rasa = _start(
        f"helpline.rasa_server run --quiet --interface {host} --port",
        port,
        environment,
        "--endpoints",
        str(endpoints),
    )
    return [
        Server("action server", actions, f"http://127.0.0.1:{actions_port}/health"),
        Server("assistant", rasa, f"http://127.0.0.1:{port}/webhooks/rest/"),
    ]


def wait_until_ready(servers: list[Server]) -> None:
    """Return when both servers answer.

    Raises:
        CannotServe: one ended, or did not answer in time.
    """
    until = time.monotonic() + READY_WITHIN
    for server in servers:
        while not _answers(server.health):
            if server.process.poll() is not None:
                raise CannotServe(
                    f"The {server.name} did not start (status {server.process.returncode}). "
                    "The lines above say why."
                )
            if time.monotonic() > until:
                raise CannotServe(f"The {server.name} does not answer. Try `make run` again.")
            time.sleep(0.1)


def stop(servers: list[Server]) -> None:
    """End both servers and wait for them."""
    for server in servers:
        if server.process.poll() is None:
            server.process.terminate()
    for server in servers:
        try:
            server.process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            server.process.kill()
            server.process.wait()


def free_port() -> int:
    """Return a port that nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _start(
    module: str, port: int, environment: Mapping[str, str], *more: str
) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C reaches the supervisor alone, which ends them in order.
    return subprocess.Popen(
        [sys.executable, "-m", *module.split(), str(port), *more],
        cwd=settings.ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=1):
            return True
    except OSError:
        return False


def _is_taken(port: int, host: str) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def _interrupt() -> None:
    raise KeyboardInterrupt
