"""Forgetting: what is too old goes, everywhere, and the rest stays."""

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import func, select

from helpline import settings
from helpline.database import conversations, engine, messages
from helpline.web import log, retention, sessions

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=timezone.utc)
DAY = timedelta(days=1)

pytestmark = pytest.mark.usefixtures("database")


class Elsewhere:
    def __init__(self):
        self.forgotten = []
        self.before = None

    def forget(self, conversations):
        self.forgotten += conversations

    def forget_older(self, than):
        self.before = than


def begun(at, text="hello"):
    conversation = sessions.begin(at).conversation
    log.say(conversation, text, "a", at)
    return conversation


def counts():
    with engine().connect() as connection:
        return tuple(
            connection.execute(select(func.count()).select_from(table)).scalar()
            for table in (conversations, messages)
        )


def test_what_is_older_than_the_setting_goes_and_the_rest_stays(monkeypatch):
    monkeypatch.setattr(settings, "KEEP_DAYS", 30.0)
    old, young, elsewhere = begun(NOON - 31 * DAY), begun(NOON - 29 * DAY), Elsewhere()
    assert retention.forget(NOON, elsewhere) == 1
    assert set(elsewhere.forgotten) == {old}
    assert elsewhere.before == NOON - 30 * DAY
    assert log.after(old, 0) == []
    assert len(log.after(young, 0)) == 1


def test_a_conversation_that_goes_on_does_not_outlive_the_promise(monkeypatch):
    monkeypatch.setattr(settings, "KEEP_DAYS", 30.0)
    conversation = begun(NOON - 31 * DAY)
    log.say(conversation, "still here", "b", NOON - DAY)
    assert retention.forget(NOON, Elsewhere()) == 1
    assert counts() == (0, 0)


def test_any_age_can_be_asked_for():
    begun(NOON - 3 * DAY)
    assert retention.forget(NOON, Elsewhere(), days=4) == 0
    assert retention.forget(NOON, Elsewhere(), days=2) == 1


def test_zero_days_forgets_all():
    begun(NOON - timedelta(seconds=1))
    assert retention.forget(NOON, Elsewhere(), days=0) == 1
    assert counts() == (0, 0)


def test_where_nothing_is_old_nothing_is_deleted():
    assert retention.forget(NOON, Elsewhere()) == 0


def test_forgotten_words_are_in_no_file_any_more(database):
    begun(NOON - 31 * DAY, "a very unusual sentence")
    retention.forget(NOON, Elsewhere())
    for left in database.parent.iterdir():
        assert b"unusual sentence" not in left.read_bytes(), left.name


def test_what_could_not_be_deleted_elsewhere_is_deleted_in_the_next_round():
    class Locked(Elsewhere):
        def forget(self, conversations):
            raise OSError("locked")

    old, elsewhere = begun(NOON - 31 * DAY), Elsewhere()
    with pytest.raises(OSError, match="locked"):
        retention.forget(NOON, Locked())
    assert retention.forget(NOON, elsewhere) == 1
    assert old in elsewhere.forgotten
