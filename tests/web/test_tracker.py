"""Rasa's own record: what is forgotten there is gone from its file."""

import asyncio
from datetime import datetime, timedelta, timezone

import pytest
from rasa.core.agent import Agent
from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from helpline.web.tracker import Tracker

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=timezone.utc)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "conversations.db"


@pytest.fixture
def sql(file):
    return SQLTrackerStore(Domain.empty(), db=str(file))


@pytest.fixture
def wrapped(sql):
    """The store as a running server has it."""
    return Agent(domain=Domain.empty(), tracker_store=sql).tracker_store


def write(store, sender, text="a very unusual sentence", at=NOON):
    event = UserUttered(text, timestamp=at.timestamp())
    asyncio.run(store.save(DialogueStateTracker.from_events(sender, [event])))


def senders(store):
    return set(asyncio.run(store.keys()))


def test_a_conversation_is_forgotten_and_the_others_stay(wrapped, sql):
    write(wrapped, "one")
    write(wrapped, "two")
    Tracker(wrapped).forget(["one"])
    assert senders(sql) == {"two"}


def test_forgotten_words_are_in_no_file_any_more(wrapped, file):
    write(wrapped, "one")
    assert b"unusual sentence" in file.read_bytes()
    Tracker(wrapped).forget(["one"])
    for left in file.parent.iterdir():
        assert b"unusual sentence" not in left.read_bytes(), left.name


def test_to_forget_nobody_forgets_nobody(wrapped, sql):
    write(wrapped, "one")
    Tracker(wrapped).forget([])
    assert senders(sql) == {"one"}


def test_conversations_in_which_nothing_has_happened_since_are_forgotten(wrapped, sql):
    write(wrapped, "old", at=NOON - timedelta(days=31))
    write(wrapped, "young", at=NOON - timedelta(days=1))
    Tracker(wrapped).forget_older(NOON - timedelta(days=30))
    assert senders(sql) == {"young"}


def test_more_can_be_forgotten_than_a_statement_takes_parameters(wrapped, sql):
    write(wrapped, "one")
    Tracker(wrapped).forget([*(f"nobody {number}" for number in range(300_000)), "one"])
    assert senders(sql) == set()


def test_who_was_there_before_and_since_is_not_forgotten(wrapped, sql):
    times = (NOON - timedelta(days=31), NOON - timedelta(days=1))
    events = [UserUttered("hello", timestamp=at.timestamp()) for at in times]
    asyncio.run(wrapped.save(DialogueStateTracker.from_events("one", events)))
    Tracker(wrapped).forget_older(NOON - timedelta(days=30))
    assert senders(sql) == {"one"}


def test_what_rasa_kept_in_memory_while_its_database_failed_is_forgotten_too(wrapped):
    fallback = InMemoryTrackerStore(Domain.empty())
    wrapped._fallback_tracker_store = fallback
    write(fallback, "one")
    Tracker(wrapped).forget(["one"])
    assert senders(fallback) == set()


def test_an_error_of_rasas_database_does_not_repeat_what_was_written(wrapped, sql):
    Tracker(wrapped)
    with (
        pytest.raises(Exception, match="no such table") as failed,
        sql.engine.begin() as connection,
    ):
        connection.exec_driver_sql("INSERT INTO nowhere VALUES (?)", ("I am afraid",))
    assert "afraid" not in str(failed.value)


def test_the_store_of_the_endpoints_is_found_without_a_server(monkeypatch, tmp_path):
    (tmp_path / "endpoints.yml").write_text(
        f"tracker_store: {{type: SQL, dialect: sqlite, db: {tmp_path}/conversations.db}}\n"
    )
    monkeypatch.setattr("helpline.settings.ROOT", tmp_path)
    Tracker.configured().forget(["nobody"])
    assert (tmp_path / "conversations.db").exists()
