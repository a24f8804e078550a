"""Accounts, passwords, cookies, and tries."""

import asyncio
import time
from datetime import timedelta

import pytest
from click.testing import CliRunner
from people import moment
from sqlalchemy import select

from helpline import settings
from helpline.cli import main
from helpline.database import engine
from helpline.desk import sign_in, specialists
from helpline.desk.sign_in import Tries
from helpline.web.problems import Problem

PASSWORD = "correct horse battery staple"


@pytest.fixture
def maria(database):
    specialists.add("maria", PASSWORD)
    return specialists.check_password("maria", PASSWORD)


def test_a_password_is_kept_as_an_argon2_hash(maria):
    with engine().connect() as connection:
        kept = connection.execute(select(specialists.specialists.c.password)).scalar_one()
    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept


def test_only_the_right_password_opens_an_account(maria):
    assert specialists.check_password("maria", PASSWORD.upper()) is None
    assert specialists.check_password("maria", "") is None
    assert specialists.check_password("nobody", PASSWORD) is None
    assert maria.shown == "Maria"
    assert maria.presence == "away"


def test_a_desk_elsewhere_cannot_sign_in(database):
    specialists.add("outside", PASSWORD, role="outside")
    assert specialists.check_password("outside", PASSWORD) is None


@pytest.mark.parametrize("password", ["", "short", "eleven char"])
def test_a_short_password_is_refused(database, password):
    with pytest.raises(ValueError, match="12 characters"):
        specialists.add("maria", password)


@pytest.mark.parametrize("name", ["", "Maria", "maria b", "../maria", "m" * 41, "-maria"])
def test_a_name_that_cannot_be_typed_safely_is_refused(database, name):
    with pytest.raises(ValueError, match="name"):
        specialists.add(name, PASSWORD)


def test_a_name_is_given_once(maria):
    with pytest.raises(ValueError, match="already"):
        specialists.add("maria", PASSWORD)


def test_a_cookie_opens_the_desk_until_its_owner_signs_out_everywhere(maria):
    here, there = (sign_in.cookie_for(maria) for _ in range(2))
    assert sign_in.verify(here).specialist.name == "maria"
    assert sign_in.verify(here).csrf != sign_in.verify(there).csrf
    specialists.leave(maria.id, everywhere=True, is_gone=True)
    assert sign_in.verify(here) is None
    assert sign_in.verify(there) is None


def test_a_new_password_ends_all_sessions(maria):
    cookie = sign_in.cookie_for(maria)
    specialists.change_password("maria", "another horse battery")
    assert sign_in.verify(cookie) is None
    assert specialists.check_password("maria", PASSWORD) is None


def test_a_removed_account_opens_nothing(maria):
    cookie = sign_in.cookie_for(maria)
    specialists.remove("maria")
    assert sign_in.verify(cookie) is None


@pytest.mark.parametrize("forge", [lambda c: c[:-2], lambda c: "x" + c, lambda c: "", str.swapcase])
def test_a_forged_cookie_opens_nothing(maria, forge):
    assert sign_in.verify(forge(sign_in.cookie_for(maria))) is None


def test_a_cookie_ends_after_a_shift(maria, monkeypatch):
    cookie = sign_in.cookie_for(maria)
    monkeypatch.setattr(sign_in, "HOURS", -1)
    assert sign_in.verify(cookie) is None


def test_a_request_has_to_show_the_sessions_own_token(maria):
    session = sign_in.verify(sign_in.cookie_for(maria))
    other = sign_in.verify(sign_in.cookie_for(maria))
    assert sign_in.is_genuine(session, session.csrf)
    for wrong in (None, "", other.csrf, session.csrf[:-1], "ü"):
        assert not sign_in.is_genuine(session, wrong)


@pytest.mark.parametrize(
    ("url", "needed"),
    [("", False), ("https://chat.example.org", True), ("http://chat.example.org", True)],
)
def test_the_cookie_is_for_https_wherever_it_is_not_this_computer(monkeypatch, url, needed):
    monkeypatch.setattr(settings, "URL", url)
    assert sign_in.needs_https() == needed


def test_five_wrong_passwords_are_enough_also_when_they_come_at_once():
    tries = Tries()
    for _ in range(5):
        # None of them has been looked at yet.
        tries.begin("maria", "198.18.0.1")
    with pytest.raises(Problem) as refused:
        tries.begin("maria", "198.18.0.1")
    assert refused.value.status == 429
    assert int(refused.value.headers["Retry-After"]) > 0
    # Maria herself, at home, is not locked out by it.
    tries.begin("maria", "198.18.7.7")


def test_many_names_from_one_network_are_stopped():
    tries = Tries()
    for number in range(20):
        tries.begin(f"name-{number}", "198.18.0.1")
    with pytest.raises(Problem):
        tries.begin("another", "198.18.0.1")


def test_one_name_from_many_networks_is_stopped():
    tries = Tries()
    for number in range(100):
        tries.begin("maria", f"198.18.{number}.1")
    with pytest.raises(Problem):
        tries.begin("maria", "198.18.200.1")


def test_right_passwords_are_not_counted_and_take_no_wrong_one_back():
    tries = Tries()
    for number in range(200):
        tries.begin(f"name-{number % 30}", "198.18.0.1")
        tries.was_right(f"name-{number % 30}", "198.18.0.1")
    for number in range(20):
        tries.begin(f"wrong-{number}", "198.18.0.1")
    with pytest.raises(Problem):
        tries.begin("maria", "198.18.0.1")


def test_passwords_that_are_tried_keep_no_chat_from_the_database(monkeypatch):
    hashed = []

    def hash_slowly(name, password):
        time.sleep(0.2)
        hashed.append(name)

    monkeypatch.setattr(specialists, "check_password", hash_slowly)

    async def run():
        trying = [asyncio.create_task(sign_in.check_password("maria", "x")) for _ in range(20)]
        await asyncio.sleep(0.05)
        await asyncio.gather(*(asyncio.to_thread(len, "") for _ in range(20)))
        assert len(hashed) <= 2
        await asyncio.gather(*trying)

    asyncio.run(run())
    assert len(hashed) == 20


def test_the_team_is_available_away_or_gone(maria):
    at = moment()
    with engine().connect() as connection:
        assert specialists.team(connection, at)[0].presence == "gone"
    specialists.be(maria.id, "available", at)
    with engine().connect() as connection:
        there = specialists.team(connection, at)[0]
        assert (there.presence, there.room) == ("available", 3)
        later = specialists.team(connection, at + timedelta(minutes=5))[0]
        assert (later.presence, later.room) == ("gone", 0)


def run(*words, typed=""):
    return CliRunner().invoke(main, ["desk", *words], input=typed)


def test_accounts_are_made_listed_changed_and_removed_on_the_command_line(database):
    assert "Nobody works at the desk yet" in run("list").output
    made = run("add", "ann", "--role", "supervisor", "--shown", "Ann B.", typed=f"{PASSWORD}\n")
    assert made.exit_code == 0, made.output
    assert specialists.check_password("ann", PASSWORD).is_supervisor
    assert run("list").output == "ann: supervisor, shown as Ann B., up to 3 chats\n"
    assert run("password", "ann", typed="another horse battery\n").exit_code == 0
    assert specialists.check_password("ann", "another horse battery")
    assert run("remove", "ann").exit_code == 0
    assert specialists.all_accounts() == []


def test_the_command_line_says_in_a_line_what_is_wrong(database):
    for words in (("remove", "nobody"), ("password", "nobody"), ("add", "Ann")):
        failed = run(*words, typed=f"{PASSWORD}\n")
        assert failed.exit_code == 1
        assert len(failed.output.splitlines()) == 1


def test_no_command_takes_a_password_as_an_argument():
    desk = main.commands["desk"]
    named = {parameter.name for command in desk.commands.values() for parameter in command.params}
    assert "password" not in named
