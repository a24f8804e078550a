"""What visitors thought of the answers, and that nothing else of them is kept."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta, timezone

import hypothesis
import pytest
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from helpline import settings
from helpline.feedback import record, summary

NOON = datetime(2026, 11, 22, 12, 34, 56, 789, tzinfo=timezone.utc)


@pytest.fixture
def file(tmp_path, monkeypatch):
    """Return a database file that does not exist yet, in a folder that does not either."""
    path = tmp_path / "var" / "helpline.db"
    monkeypatch.setattr(settings, "DATABASE", str(path))
    return path


def rows(path):
    with closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT * FROM feedback ORDER BY rowid").fetchall()


def test_before_anyone_has_spoken_the_summary_is_empty(file):
    assert summary() == []


def test_the_first_verdict_makes_the_database_and_its_folder(file):
    assert not file.parent.exists()
    record("type-allo", "helpful", NOON)
    assert file.is_file()


def test_only_hour_article_and_verdict_are_kept(file):
    record("type-allo", "not helpful", NOON)
    assert rows(file) == [("2026-11-22T12:00:00+00:00", "type-allo", "not helpful")]


def test_the_table_has_no_column_for_anything_else(file):
    summary()
    with closing(sqlite3.connect(file)) as database:
        columns = database.execute("SELECT name FROM pragma_table_info('feedback')").fetchall()
    assert columns == [("at",), ("article",), ("verdict",)]


@pytest.mark.parametrize("offset", [-6, 0, 1, 5.5, 5.75, 13])
def test_the_instant_is_kept_to_the_hour_of_utc_whatever_the_clock_of_the_visitor(file, offset):
    record("type-allo", "helpful", NOON.astimezone(timezone(timedelta(hours=offset))))
    assert rows(file)[0][0] == "2026-11-22T12:00:00+00:00"


def test_the_summary_counts_each_verdict_by_article(file):
    for verdict, times in (("helpful", 3), ("not helpful", 2), ("wrong", 1)):
        for _ in range(times):
            record("type-allo", verdict, NOON)
    record("donor-hla", "helpful", NOON)
    assert {article: counts for article, *counts in summary()} == {
        "type-allo": [3, 2, 1],
        "donor-hla": [1, 0, 0],
    }


def test_the_summary_puts_the_most_wrong_first_then_the_least_helpful_then_the_alphabet(file):
    for article, verdict in (
        ("praised", "helpful"),
        ("also-praised", "helpful"),
        ("unclear", "not helpful"),
        ("wrong-twice", "wrong"),
        ("wrong-once", "wrong"),
        ("wrong-twice", "wrong"),
    ):
        record(article, verdict, NOON)
    assert [article for article, *_ in summary()] == [
        "wrong-twice",
        "wrong-once",
        "unclear",
        "also-praised",
        "praised",
    ]


def test_a_verdict_that_does_not_exist_is_refused_and_leaves_no_trace(file):
    with pytest.raises(IntegrityError):
        record("type-allo", "so-so", NOON)
    assert summary() == []


def test_verdicts_outlive_the_connection_that_wrote_them(file):
    record("type-allo", "helpful", NOON)
    record("type-allo", "helpful", NOON)
    assert summary() == [("type-allo", 2, 0, 0)]


def test_verdicts_given_at_the_same_time_are_all_kept(file):
    record("type-allo", "helpful", NOON)
    with ThreadPoolExecutor(8) as visitors:
        for kept in [visitors.submit(record, "type-allo", "wrong", NOON) for _ in range(40)]:
            kept.result()
    assert summary() == [("type-allo", 1, 0, 40)]


@hypothesis.settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
)
@hypothesis.given(
    verdicts=st.lists(
        st.tuples(
            st.sampled_from(["type-allo", "donor-hla", "'; DROP TABLE feedback; --"]),
            st.sampled_from(["helpful", "not helpful", "wrong"]),
        ),
        max_size=8,
    )
)
def test_the_summary_adds_up_to_what_was_recorded(file, verdicts):
    summary()
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("DELETE FROM feedback")
    for article, verdict in verdicts:
        record(article, verdict, NOON)
    assert sum(sum(counts) for _, *counts in summary()) == len(verdicts)
    for article, *counts in summary():
        assert counts == [
            verdicts.count((article, verdict)) for verdict in ("helpful", "not helpful", "wrong")
        ]
