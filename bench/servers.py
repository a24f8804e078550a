"""A pair of servers to measure, as `make run` starts them, with databases of their own."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from helpline import settings
from helpline.serve import Server, free_port, start, stop, wait_until_ready

WITHOUT_LIMITS = {
    "HELPLINE_MESSAGES_PER_SESSION": "100000/minute",
    "HELPLINE_MESSAGES_PER_ADDRESS": "100000/minute",
    "HELPLINE_SESSIONS_PER_ADDRESS": "100000/minute",
}
"""All visitors come from one address here."""

ENDPOINTS = settings.ROOT / "endpoints.yml"


@dataclass(frozen=True)
class Running:
    """Two servers that answer."""

    url: str
    rasa: Server
    actions: Server


@contextmanager
def servers(
    *, models: Path = settings.MODELS, endpoints: Path = ENDPOINTS, **environment: str
) -> Iterator[Running]:
    """Start both, without limits, and stop them at the end.

    Args:
        models: the folder of the model that is served.
        endpoints: Rasa's file of stores; it can name environment variables.
        environment: settings of the helpline.
    """
    settings.MODELS = models
    with tempfile.TemporaryDirectory() as folder:
        settings.DATABASE = f"{folder}/helpline.db"
        os.environ.update(
            WITHOUT_LIMITS
            | {
                "HELPLINE_MODELS": str(models),
                "HELPLINE_DATABASE": settings.DATABASE,
                "HELPLINE_CONVERSATIONS": f"{folder}/conversations.db",
            }
            | environment
        )
        port = free_port()
        both = start(port, free_port(), endpoints=endpoints)
        try:
            wait_until_ready(both)
            yield Running(f"http://127.0.0.1:{port}", both[1], both[0])
        finally:
            stop(both)


def resident(server: Server) -> float:
    """Return the megabytes that a server holds."""
    status = Path(f"/proc/{server.process.pid}/status").read_text(encoding="utf-8")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024
