"""The database: made where it is missing, shared by processes, and thorough in deleting."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import delete, event, insert, select
from sqlalchemy.exc import IntegrityError

from helpline import database, settings
from helpline.database import conversations, engine, messages, scrub
from helpline.desk import unanswered as unanswered_there
from helpline.desk.rounds import Rounds
from helpline.knowledge import configured_knowledge
from helpline.web import log, retention, sessions
from helpline.web.tracker import Tracker

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=timezone.utc)


@pytest.fixture
def file(tmp_path, monkeypatch):
    path = tmp_path / "deep" / "helpline.db"
    monkeypatch.setattr(settings, "DATABASE", str(path))
    yield path
    engine().dispose()


def put_conversation(id_="one", **values):
    row = {"id": id_, "created": NOON, "seen": NOON, "expires": NOON, **values}
    with engine().begin() as connection:
        connection.execute(insert(conversations).values(**row))


def put_message(conversation="one", text="hello", **values):
    row = {"conversation": conversation, "sender": "visitor", "at": NOON, "handled": True}
    with engine().begin() as connection:
        done = connection.execute(insert(messages).values(**row, body={"text": text}, **values))
        return done.inserted_primary_key[0]


def test_the_file_and_its_folder_are_made_on_first_use(file):
    engine()
    with closing(sqlite3.connect(file)) as raw:
        names = {name for (name,) in raw.execute("SELECT name FROM sqlite_master")}
    assert {"conversations", "messages", "feedback"} <= names


def test_a_url_is_taken_as_well_as_a_path(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "DATABASE", f"sqlite:///{tmp_path}/by-url.db")
    put_conversation()
    engine().dispose()
    assert (tmp_path / "by-url.db").exists()


def test_a_database_of_an_earlier_version_goes_on_with_its_feedback(file):
    file.parent.mkdir()
    with closing(sqlite3.connect(file)) as raw, raw:
        raw.execute("CREATE TABLE feedback (at TEXT NOT NULL, article TEXT, verdict TEXT)")
        raw.execute("INSERT INTO feedback VALUES ('2026-11-22', 'type-allo', 'helpful')")
    from helpline.feedback import summary

    assert summary() == [("type-allo", 1, 0, 0)]
    put_conversation()


def test_sqlite_is_set_up_to_be_read_while_it_is_written(file):
    with engine().connect() as connection:

        def pragma(name):
            return connection.exec_driver_sql(f"PRAGMA {name}").scalar()

        assert pragma("journal_mode") == "wal"
        assert pragma("synchronous") == 1
        assert pragma("foreign_keys") == 1
        assert pragma("secure_delete") == 1
        assert pragma("busy_timeout") >= 5_000


def test_processes_that_start_together_make_the_tables_once(file):
    code = "from helpline.database import engine; engine().connect().close()"
    environment = {"HELPLINE_DATABASE": str(file), "PYTHONPATH": str(settings.ROOT)}
    started = [
        subprocess.Popen([sys.executable, "-c", code], env=environment, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    assert [process.communicate()[1] for process in started] == [b""] * 4


@pytest.mark.parametrize("offset", [-6, 0, 5.5])
def test_a_moment_comes_back_as_it_went_in(file, offset):
    there = NOON.astimezone(timezone(timedelta(hours=offset)))
    put_conversation(created=there)
    with engine().connect() as connection:
        back = connection.execute(select(conversations.c.created)).scalar()
    assert back == NOON
    assert back.tzinfo is not None


def test_an_id_is_never_given_twice_even_after_its_message_is_deleted(file):
    put_conversation()
    first = put_message()
    with engine().begin() as connection:
        connection.execute(delete(messages))
    assert put_message() > first


def test_a_message_needs_a_conversation(file):
    with pytest.raises(IntegrityError):
        put_message("nowhere")


def test_with_a_conversation_go_its_messages(file):
    put_conversation()
    put_message()
    with engine().begin() as connection:
        connection.execute(delete(conversations))
        assert connection.execute(select(messages)).all() == []


def test_an_error_does_not_repeat_what_a_visitor_wrote(file):
    put_conversation()
    put_message(text="I am afraid", client_id="a")
    with pytest.raises(IntegrityError) as refused:
        put_message(text="I am afraid", client_id="a")
    assert "afraid" not in str(refused.value)


def test_deleted_text_is_in_no_file_any_more(file):
    put_conversation()
    put_message(text="a very unusual sentence")
    with engine().begin() as connection:
        connection.execute(delete(messages))
    scrub(engine())
    for left in file.parent.iterdir():
        assert b"unusual sentence" not in left.read_bytes(), left.name


def test_what_a_reader_keeps_in_the_log_of_changes_is_told(file, caplog, monkeypatch):
    monkeypatch.setattr("helpline.database.BUSY", 0)
    put_conversation()
    with closing(sqlite3.connect(file)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM conversations").fetchall()
        with engine().begin() as connection:
            connection.execute(delete(conversations))
        scrub(engine())
    assert "still in the log of changes" in caplog.text
    caplog.clear()
    scrub(engine())
    assert caplog.text == ""


def test_what_is_asked_all_the_time_reads_no_table_from_end_to_end(database):
    """In a turn, in a round of a second or an hour, at the start: however much has been kept."""
    record = Tracker.configured()
    asked = []
    files = [engine(), *(store.engine for store in record._sql())]
    for file in files:

        @event.listens_for(file, "before_cursor_execute")
        def note(connection, cursor, statement, parameters, context, many):
            if statement.startswith(("SELECT", "UPDATE", "DELETE")):
                asked.append((connection.engine, statement, parameters))

    visitor = sessions.begin(NOON).conversation
    message, _ = log.say(visitor, "hello", "a", NOON)
    log.answer(message, [{"text": "hello"}], NOON)
    log.waiting()
    log.unhandled(visitor)
    log.after(visitor, 0)
    log.latest([visitor], NOON)
    unanswered_there.record("unsure", visitor, message.id, NOON)
    asyncio.run(record._sql()[0].retrieve(visitor))
    rounds = Rounds(configured_knowledge(), None, None, None, None)
    rounds._look(NOON)
    retention.forget(NOON, record, 0)

    # One for each specialist; and indices that hold nothing but what is open.
    few = ("specialists", "handoffs USING INDEX one_at_a_time", "USING INDEX messages_unhandled")
    # Without a word in it, and once an hour.
    hourly = ("audit", "alerts", "unanswered")
    for file, statement, parameters in list(asked):
        with file.connect() as connection:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            for step in [row[3] for row in plan]:
                short = step.startswith("SCAN") and not step.endswith(few)
                forgets = statement.startswith("DELETE") and step.endswith(hourly)
                assert not short or forgets, (statement, step)
    assert len(asked) > 20


def test_to_hold_a_conversation_looks_for_it_in_one_table_alone(database):
    put_conversation()
    with engine().connect() as connection:
        asked = []
        event.listen(engine(), "before_cursor_execute", lambda *said: asked.append(said[2:4]))
        log.take(connection, "one")
        statement, parameters = asked[0]
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
    assert len(plan) == 1


def test_two_servers_may_open_a_new_file_at_once(tmp_path, monkeypatch):
    file = tmp_path / "new.db"
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE half_made (id)")
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO half_made VALUES (1)")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        sqlite3.connect(file, timeout=0).execute("PRAGMA journal_mode = WAL")
    done = threading.Timer(0.2, lambda: other.execute("COMMIT"))
    done.start()
    # Without SQLite's own patience, which it has here some of the time only.
    monkeypatch.setattr(database, "BUSY", 5)
    refused = sqlite3.connect(file, timeout=0)
    database._use_log_of_changes(refused)
    assert refused.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    done.join()


def test_a_file_that_stays_locked_is_told(tmp_path, monkeypatch):
    file = tmp_path / "new.db"
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("CREATE TABLE half_made (id)")
    other.execute("BEGIN EXCLUSIVE")
    monkeypatch.setattr(database, "BUSY", 0.1)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        database._use_log_of_changes(sqlite3.connect(file, timeout=0))
