"""What the growth benchmark makes up is as the real thing, to those who read it."""

import asyncio
import sys
from datetime import date, datetime, timedelta, timezone

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from sqlalchemy import func, inspect, select

from helpline import settings
from helpline.database import conversations, engine, messages, unanswered
from helpline.encoder import Encoder, exported
from helpline.knowledge import load_knowledge
from helpline.knowledge.check import check
from helpline.tracker_store import RecentTrackerStore
from helpline.web import log, retention, sessions
from helpline.web.tracker import Tracker

sys.path.insert(0, str(settings.ROOT / "bench"))
from filling import AGE, ANSWER, QUESTION, fill, sender
from growth import MARK, around, as_tables
from made_up import made_up, write

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=timezone.utc)
DOMAIN = Domain.from_dict({"slots": {"article": {"type": "text", "mappings": []}}})


@pytest.fixture
def filled(database):
    fill(settings.DATABASE, settings.CONVERSATIONS, range(1000), NOW)
    fill(settings.DATABASE, settings.CONVERSATIONS, range(1000, 1500), NOW)


def test_made_up_articles_pass_the_check(tmp_path):
    write(tmp_path / "knowledge", 40)
    problems = check(
        tmp_path / "knowledge",
        date.today(),
        Encoder(exported(finetuned=False), threads=0).encode,
    )
    assert [str(problem) for problem in problems] == []
    articles = load_knowledge(tmp_path / "knowledge").articles
    assert sum(name.startswith("made-up-") for name in articles) == 40


def test_ten_thousand_articles_share_no_id_and_no_title():
    blocks = list(made_up(10_000))
    for field in ("id", "title"):
        assert len({block[field] for block in blocks}) == 10_000


def test_made_up_articles_are_always_the_same():
    assert list(made_up(5)) == list(made_up(5))


@pytest.mark.usefixtures("filled")
def test_a_filled_record_is_read_by_the_tracker_store():
    store = RecentTrackerStore(DOMAIN)
    tracker = asyncio.run(store.retrieve(sender(1234)))
    assert tracker.get_slot("article") == "donor-sibling"
    assert tracker.latest_message.text == QUESTION
    assert tracker.latest_message.intent["name"] == "donors"
    assert tracker.latest_action_name == "action_listen"
    said = [e.text for e in tracker.events if isinstance(e, (UserUttered, BotUttered))]
    assert said == [QUESTION, ANSWER]
    times = [event.timestamp for event in tracker.events]
    assert times == sorted(times)


@pytest.mark.usefixtures("filled")
def test_a_filled_log_is_read_as_a_real_one():
    question, answer = log.after(sender(7), 0)
    assert (question.sender, question.body) == ("visitor", {"text": QUESTION})
    assert (answer.sender, answer.body["text"]) == ("bot", ANSWER)
    assert sessions.find(sender(7)).started == question.at
    assert log.waiting() == []


@pytest.mark.usefixtures("filled")
def test_retention_deletes_what_is_too_old_and_only_that():
    before = NOW - AGE
    with engine().connect() as connection:
        old = connection.execute(select(conversations.c.id).where(conversations.c.created < before))
        old = set(old.scalars())
    assert 1 <= len(old) <= 4  # One in 721.
    record = Tracker.configured()
    assert retention.forget(NOW, record, 30) == len(old)
    store = RecentTrackerStore(DOMAIN)
    kept = set(asyncio.run(store.keys()))
    assert kept == {sender(number) for number in range(1500)} - old
    with engine().connect() as connection:
        count = select(func.count()).select_from(messages)
        assert connection.execute(count).scalar() == 2 * len(kept)


@pytest.mark.usefixtures("filled")
def test_all_can_be_forgotten_at_once():
    assert retention.forget(NOW + timedelta(days=1), Tracker.configured(), 0) == 1500
    assert asyncio.run(_number_of_senders()) == 0
    with engine().connect() as connection:
        left = select(func.count()).select_from(unanswered)
        assert connection.execute(left).scalar() == 0


async def _number_of_senders():
    return len(list(await RecentTrackerStore(DOMAIN).keys()))


def test_the_indices_are_there_again_after_filling(filled, database):
    with engine().connect() as connection:
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'index'")
        found = set(names.scalars())
    assert {index.name for table in (conversations, messages) for index in table.indexes} <= found
    store = RecentTrackerStore(DOMAIN)
    assert "ix_events_timestamp" in {i["name"] for i in inspect(store.engine).get_indexes("events")}


def test_turns_around_a_number_are_the_ten_nearest():
    numbered = [[float(n) for n in range(1, 206)], [float(n) for n in range(1, 206)]]
    assert around(numbered, 5) == 5.5
    assert around(numbered, 200) == 200.5


def test_a_table_is_made_of_what_is_there():
    turns = [[1.0] * 60]
    found = {"date": "2026-11-22", "length": {"ours": turns, "stock": turns}}
    text = as_tables(found | {"machine": "m", "cores": 2, "python": "3", "versions": {}})
    assert "| 1 to 10 | 1 ms | 1 ms |" in text
    assert MARK not in text
