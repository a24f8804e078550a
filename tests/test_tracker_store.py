"""A tracker that begins a few turns ago knows what the whole one knows."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from rasa.core.agent import Agent
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    AllSlotsReset,
    BotUttered,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from helpline.tracker_store import RECENT, RecentTrackerStore

DOMAIN = Domain.from_dict(
    {
        "slots": {
            name: {"type": "text", "influence_conversation": False, "mappings": []}
            for name in ("article", "place", "region")
        }
    }
)


@pytest.fixture
def file(tmp_path: Path) -> str:
    return str(tmp_path / "conversations.db")


@pytest.fixture
def store(file: str) -> RecentTrackerStore:
    return RecentTrackerStore(DOMAIN, db=file)


class Clock:
    """Events need times that rise; a session begins at one."""

    def __init__(self) -> None:
        self.at = 1_000.0

    def __call__(self) -> float:
        self.at += 1
        return self.at


def turn(clock: Clock, number: int, **slots: Any) -> list[Any]:
    return [
        UserUttered(f"question {number}", timestamp=clock()),
        *(SlotSet(name, value, timestamp=clock()) for name, value in slots.items()),
        ActionExecuted("utter_answer", timestamp=clock()),
        BotUttered(f"answer {number}", timestamp=clock()),
        ActionExecuted("action_listen", timestamp=clock()),
    ]


def new_session(clock: Clock) -> list[Any]:
    return [
        SessionStarted(timestamp=clock()),
        ActionExecuted("action_listen", timestamp=clock()),
    ]


def say(store: RecentTrackerStore, events: list[Any], sender: str = "one") -> DialogueStateTracker:
    """Add events to a conversation as Rasa does: read it, go on with it, save it."""

    async def go_on() -> DialogueStateTracker:
        tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
        for event in events:
            tracker.update(event, DOMAIN)
        await store.save(tracker)
        return tracker

    return asyncio.run(go_on())


def retrieved(store: SQLTrackerStore, sender: str = "one") -> DialogueStateTracker:
    tracker = asyncio.run(store.retrieve(sender))
    assert tracker is not None
    return tracker


def stored(file: str) -> list[str]:
    """The texts that are in the database, in their order."""
    with sa.create_engine(f"sqlite:///{file}").connect() as connection:
        rows = connection.execute(sa.text("select data from events order by id")).scalars()
        return list(rows)


def long_conversation(store: RecentTrackerStore, turns: int = 60) -> Clock:
    clock = Clock()
    say(store, new_session(clock))
    say(store, turn(clock, 0, place="Leeds", region="uk"))
    for number in range(1, turns):
        say(store, turn(clock, number, article=f"article-{number}"))
    return clock


def test_a_long_conversation_is_read_from_a_few_turns_ago(store: RecentTrackerStore) -> None:
    long_conversation(store)
    tracker = retrieved(store)
    assert len(tracker.events) <= RECENT + 3
    said = [event.text for event in tracker.events if isinstance(event, UserUttered)]
    assert said[-1] == "question 59"
    assert 8 <= len(said) <= RECENT / 4


def test_a_slot_from_long_ago_is_still_set(store: RecentTrackerStore) -> None:
    long_conversation(store)
    slots = retrieved(store).current_slot_values()
    assert slots == {"article": "article-59", "place": "Leeds", "region": "uk"} | {
        name: None for name in slots if name not in ("article", "place", "region")
    }


def test_every_event_is_stored_once_and_in_order(store: RecentTrackerStore, file: str) -> None:
    long_conversation(store)
    said = [data for data in stored(file) if '"question ' in data]
    assert len(said) == 60
    assert all(f'"question {number}"' in data for number, data in enumerate(said))
    assert len(stored(file)) == 2 + 6 + 59 * 5


def test_it_begins_where_the_assistant_listened(store: RecentTrackerStore) -> None:
    long_conversation(store)
    events = list(retrieved(store).events)
    first = next(event for event in events if not isinstance(event, SlotSet))
    assert first == ActionExecuted("action_listen")


def test_nothing_before_a_new_session_is_read(store: RecentTrackerStore) -> None:
    clock = long_conversation(store)
    say(store, new_session(clock))
    tracker = retrieved(store)
    assert [type(event) for event in tracker.events] == [SessionStarted, ActionExecuted]
    assert tracker.get_slot("place") is None


@pytest.mark.parametrize("forgets", [AllSlotsReset, Restarted, SessionStarted])
def test_a_slot_that_was_forgotten_stays_forgotten(store: RecentTrackerStore, forgets: Any) -> None:
    clock = Clock()
    say(store, new_session(clock))
    say(store, turn(clock, 0, place="Leeds"))
    say(store, [forgets(timestamp=clock())])
    for number in range(1, 40):
        say(store, turn(clock, number, article=f"article-{number}"))
    assert retrieved(store).get_slot("place") is None
    assert retrieved(store).get_slot("article") == "article-39"


def test_the_whole_conversation_can_be_read_and_gone_on_with(
    store: RecentTrackerStore, file: str
) -> None:
    long_conversation(store)
    before = len(stored(file))

    async def go_on() -> int:
        tracker = await store.retrieve_full_tracker("one")
        assert tracker is not None
        count = len(tracker.events)
        tracker.update(SlotSet("place", "Cork"), DOMAIN)
        await store.save(tracker)
        return count

    assert asyncio.run(go_on()) == before
    assert len(stored(file)) == before + 1
    assert retrieved(store).get_slot("place") == "Cork"


def test_nobody_is_nobody(store: RecentTrackerStore) -> None:
    assert asyncio.run(store.retrieve("nobody")) is None
    assert asyncio.run(store.retrieve_full_tracker("nobody")) is None


def test_conversations_do_not_see_each_other(store: RecentTrackerStore) -> None:
    long_conversation(store)
    clock = Clock()
    say(store, turn(clock, 0, place="Galway"), sender="two")
    assert retrieved(store, "two").get_slot("place") == "Galway"
    assert retrieved(store, "one").get_slot("place") == "Leeds"


def test_a_table_from_before_gets_the_index_and_keeps_its_events(file: str) -> None:
    old = SQLTrackerStore(DOMAIN, db=file)
    event = UserUttered("hello", timestamp=1.0)
    asyncio.run(old.save(DialogueStateTracker.from_events("one", [event], DOMAIN.slots)))
    for _ in range(2):
        store = RecentTrackerStore(DOMAIN, db=file)
        assert len(retrieved(store).events) == 1
    indices = {index["name"] for index in sa.inspect(store.engine).get_indexes("events")}
    assert "ix_events_of_a_type" in indices


def test_rasa_takes_it(store: RecentTrackerStore) -> None:
    """As ``endpoints.yml`` has it: by its name, wrapped in what Rasa wraps stores in."""
    agent = Agent(domain=DOMAIN, tracker_store=store)
    tracker = asyncio.run(agent.tracker_store.get_or_create_tracker("new"))
    assert [type(event) for event in tracker.events] == [ActionExecuted]


def some_events() -> st.SearchStrategy[list[str]]:
    kinds = ["turn", "article", "place", "forget", "restart", "session"]
    weights = [kind for kind in kinds for _ in range(12 if kind in kinds[:3] else 1)]
    return st.lists(st.sampled_from(weights), min_size=1, max_size=80)


@given(some_events())
@hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_slots_are_those_of_rasas_own_store(
    tmp_path_factory: pytest.TempPathFactory, script: list[str]
) -> None:
    file = str(tmp_path_factory.mktemp("store") / "conversations.db")
    store = RecentTrackerStore(DOMAIN, db=file)
    clock = Clock()
    say(store, new_session(clock))
    for events in scripted(script, clock):
        say(store, events)
    stock = retrieved(SQLTrackerStore(DOMAIN, db=file))
    mine = retrieved(store)
    assert mine.current_slot_values() == stock.current_slot_values()
    assert list(mine.events)[-5:] == list(stock.events)[-5:]
    assert mine.latest_action_name == stock.latest_action_name


def scripted(script: list[str], clock: Clock) -> Iterator[list[Any]]:
    for number, kind in enumerate(script):
        if kind == "forget":
            yield [AllSlotsReset(timestamp=clock())]
        elif kind == "restart":
            yield [Restarted(timestamp=clock())]
        elif kind == "session":
            yield new_session(clock)
        else:
            yield turn(clock, number, **({} if kind == "turn" else {kind: str(number)}))
