"""Sessions: issued and signed here, unguessable, ending, resumable."""

import stat
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import Signer
from sqlalchemy import select

from helpline import settings
from helpline.database import conversations, engine
from helpline.web import log, sessions

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)

pytestmark = pytest.mark.usefixtures("database")


def begun(**visitor):
    session = sessions.begin(NOON, **visitor)
    return session, sessions.token(session.conversation)


def test_a_token_leads_back_to_its_session():
    session, token = begun(timezone="Europe/London", language="en-GB", region="uk")
    assert sessions.verify(token, NOON) == session
    assert (session.timezone, session.language, session.region) == ("Europe/London", "en-GB", "uk")
    assert session.state == "bot"


def test_ids_are_long_and_never_alike():
    ids = {sessions.begin(NOON).conversation for _ in range(50)}
    assert len(ids) == 50
    assert all(len(id_) >= 22 for id_ in ids)


@pytest.mark.parametrize(
    "forge",
    [
        lambda token: "",
        lambda token: "." + token,
        lambda token: token.split(".")[0],
        lambda token: token[:-1],
        lambda token: token + "A",
        lambda token: token.swapcase(),
        lambda token: token.split(".")[0] + ".",
        lambda token: Signer("guessed", salt="helpline.session").sign(token.split(".")[0]).decode(),
        lambda token: "\udce4\udcf6",
        lambda token: "\x00",
    ],
)
def test_a_forged_token_opens_nothing(forge):
    _, token = begun()
    assert sessions.verify(forge(token), NOON) is None


@given(shown=st.text(max_size=80))
def test_no_text_by_chance_opens_anything(shown):
    assert sessions.verify(shown, NOON) is None


def test_a_token_signed_with_another_secret_opens_nothing(monkeypatch):
    _, token = begun()
    monkeypatch.setattr(settings, "SECRET", "another secret, and long enough to be one")
    assert sessions.verify(token, NOON) is None


def test_a_session_ends_some_hours_after_its_last_use(monkeypatch):
    monkeypatch.setattr(settings, "SESSION_HOURS", 72.0)
    session, token = begun()
    assert session.expires == NOON + 72 * HOUR
    assert sessions.verify(token, NOON + 71.9 * HOUR)
    assert sessions.verify(token, NOON + 72 * HOUR) is None


def test_resuming_lets_the_time_run_anew():
    session, token = begun()
    resumed = sessions.resume(session, NOON + 48 * HOUR)
    assert resumed.expires == NOON + 120 * HOUR
    assert sessions.verify(token, NOON + 119 * HOUR) == resumed


def test_a_message_lets_the_time_run_anew():
    session, token = begun()
    log.say(session.conversation, "hello", "a", NOON + 48 * HOUR)
    assert sessions.verify(token, NOON + 119 * HOUR)


def test_no_session_outlives_the_time_that_conversations_are_kept(monkeypatch):
    monkeypatch.setattr(settings, "KEEP_DAYS", 4.0)
    session, token = begun()
    sessions.resume(session, NOON + 71 * HOUR)
    assert sessions.verify(token, NOON + 95 * HOUR)
    assert sessions.verify(token, NOON + 96 * HOUR) is None


def test_a_deleted_conversation_has_no_session():
    session, token = begun()
    log.delete(session.conversation)
    assert sessions.verify(token, NOON) is None
    assert sessions.find(session.conversation) is None


def test_who_holds_a_conversation_is_kept_with_it():
    session, _ = begun()
    with engine().begin() as connection:
        connection.execute(conversations.update().values(state="live"))
    assert sessions.find(session.conversation).state == "live"


def test_nothing_else_of_a_visitor_is_kept():
    begun(timezone="America/Chicago")
    with engine().connect() as connection:
        row = connection.execute(select(conversations)).mappings().one()
    assert set(row) == {
        "id", "created", "seen", "expires", "timezone", "language", "region", "state",
    }  # fmt: skip


def test_the_secret_is_made_once_and_only_its_owner_may_read_it():
    with ThreadPoolExecutor(8) as servers:
        asked = [servers.submit(sessions.secret) for _ in range(16)]
        secrets = {secret.result() for secret in asked}
    file = settings.VAR / "secret"
    assert secrets == {file.read_text()}
    assert len(file.read_text()) >= 64
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [left.name for left in settings.VAR.iterdir()] == ["secret"]


def test_of_two_that_make_the_secret_at_once_the_second_takes_the_firsts(monkeypatch):
    def lose(draft, file):
        file.write_text("the first one's")
        raise FileExistsError

    monkeypatch.setattr(sessions.os, "link", lose)
    assert sessions.secret() == "the first one's"


def test_a_secret_too_short_to_be_one_is_refused_with_a_remedy(monkeypatch):
    monkeypatch.setattr(settings, "SECRET", "hunter2")
    with pytest.raises(
        ValueError, match="HELPLINE_SECRET is shorter than 32 characters"
    ) as refused:
        sessions.secret()
    assert "openssl rand" in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_resuming_tells_what_was_said_last():
    session, _ = begun()
    assert sessions.resume(session, NOON).last == 0
    said, _ = log.say(session.conversation, "hello", str(uuid.uuid4()), NOON)
    assert sessions.resume(session, NOON).last == said.id
