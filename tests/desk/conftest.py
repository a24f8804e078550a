"""A pair of servers in opening hours, and nobody at the desk unless a test says so."""

from __future__ import annotations

import pytest
from running import Running
from specialist import Specialist, database_of
from sqlalchemy import delete

from helpline.database import conversations, specialists

WEDNESDAY_MORNING = "2026-11-18T10:00:00-06:00"


@pytest.fixture(scope="session")
def open_server(trained, tmp_path_factory):
    """`helpline run` on Wednesday, 10:00 Central: live chat is open."""
    running = Running(
        tmp_path_factory.mktemp("desk"),
        HELPLINE_NOW=WEDNESDAY_MORNING,
        HELPLINE_SESSIONS_PER_ADDRESS="1000/minute",
    )
    running.start()
    yield running
    running.stop()


@pytest.fixture
def desk(open_server):
    """The server with an empty desk."""
    yield open_server
    with database_of(open_server) as engine, engine.begin() as connection:
        connection.execute(delete(conversations))
        connection.execute(delete(specialists))


@pytest.fixture
def maria(desk):
    return Specialist(desk, "maria")


@pytest.fixture
def ann(desk):
    return Specialist(desk, "ann")


@pytest.fixture
def boss(desk):
    return Specialist(desk, "boss", role="supervisor")
