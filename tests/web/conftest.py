"""A database of its own for each test, and one pair of servers for all that ask over HTTP."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from helpline import settings
from helpline.database import engine
from helpline.serve import free_port

SATURDAY_NIGHT = "2026-11-21T22:00:00-06:00"
SITE = "https://www.example.org"
REST_TOKEN = "a token for programs of one's own"


@pytest.fixture
def database(tmp_path, monkeypatch):
    """An empty database in a file; the secret lies beside it."""
    monkeypatch.setattr(settings, "VAR", tmp_path)
    monkeypatch.setattr(settings, "DATABASE", str(tmp_path / "helpline.db"))
    yield tmp_path / "helpline.db"
    engine().dispose()


class Running:
    """`helpline run` behind one proxy, on Saturday, 22:00 Central."""

    def __init__(self, folder):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database = folder / "helpline.db"
        self.log = folder / "log.txt"
        self.environment = {
            **os.environ,
            "HELPLINE_PORT": str(self.port),
            "HELPLINE_ACTIONS_PORT": str(free_port()),
            "HELPLINE_DATABASE": str(self.database),
            "HELPLINE_NOW": SATURDAY_NIGHT,
            "HELPLINE_PROXIES": "1",
            "HELPLINE_SITES": SITE,
            "HELPLINE_SECRET": "kept here, so that sessions outlive a restart",
            "HELPLINE_REST_TOKEN": REST_TOKEN,
        }

    def start(self):
        already = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "helpline", "run"],
                cwd=settings.ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        for _ in range(1200):
            said = self.log.read_bytes()[already:].decode()
            if "answers at" in said:
                return
            assert self.process.poll() is None, said
            time.sleep(0.1)
        raise AssertionError(said)

    def child(self, module):
        """Return the process id of one of the two servers."""
        listed = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(self.process.pid)],
            capture_output=True,
            text=True,
        ).stdout
        return next(int(line.split()[0]) for line in listed.splitlines() if module in line)

    def crash(self):
        """End the assistant as a power cut would."""
        os.kill(self.child("rasa_server"), signal.SIGKILL)
        self.process.wait(30)

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)


@pytest.fixture(scope="session")
def server(trained, tmp_path_factory):
    running = Running(tmp_path_factory.mktemp("server"))
    running.start()
    yield running
    running.stop()
