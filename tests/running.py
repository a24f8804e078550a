"""A pair of servers as `helpline run` starts them, for tests that ask over HTTP."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

from helpline import settings
from helpline.serve import free_port

WITHOUT_LIMITS = {
    "HELPLINE_MESSAGES_PER_SESSION": "1000/minute",
    "HELPLINE_MESSAGES_PER_ADDRESS": "1000/minute",
    "HELPLINE_SESSIONS_PER_ADDRESS": "1000/minute",
}
"""All visitors come from one address here."""

SITE = "https://www.example.org"
REST_TOKEN = "a token for programs of one's own"


class Running:
    """`helpline run` behind one proxy."""

    def __init__(self, folder, **environment):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database = folder / "helpline.db"
        self.conversations = folder / "conversations.db"
        self.log = folder / "log.txt"
        self.environment = {
            **os.environ,
            "HELPLINE_PORT": str(self.port),
            "HELPLINE_ACTIONS_PORT": str(free_port()),
            "HELPLINE_DATABASE": str(self.database),
            "HELPLINE_CONVERSATIONS": str(self.conversations),
            "HELPLINE_PROXIES": "1",
            "HELPLINE_SITES": SITE,
            "HELPLINE_SECRET": "kept here, so that sessions outlive a restart",
            "HELPLINE_REST_TOKEN": REST_TOKEN,
            **environment,
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
                self.started = time.time()
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

    def crash(self, module="rasa_server"):
        """End one of the two servers as a power cut would."""
        os.kill(self.child(module), signal.SIGKILL)
        self.process.wait(30)

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)
