"""One pair of servers for all that ask over HTTP."""

from __future__ import annotations

import pytest
from running import Running

SATURDAY_NIGHT = "2026-11-21T22:00:00-06:00"


@pytest.fixture(scope="session")
def server(trained, tmp_path_factory):
    """`helpline run` on Saturday, 22:00 Central."""
    running = Running(tmp_path_factory.mktemp("server"), HELPLINE_NOW=SATURDAY_NIGHT)
    running.start()
    yield running
    running.stop()
