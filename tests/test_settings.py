"""What the environment says wrongly is told in a line each."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from helpline import settings

COMMAND = (sys.executable, "-c", "from helpline import settings; settings.check()")


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("HELPLINE_PORT", "abc"),
        ("HELPLINE_PROXIES", "-1"),
        ("HELPLINE_KEEP_DAYS", "0"),
        ("HELPLINE_SESSION_HOURS", "nan"),
        ("HELPLINE_DESK_GONE", "29"),
    ],
)
def test_a_number_that_cannot_be_used_is_refused_by_its_name(variable: str, text: str) -> None:
    environment = {**os.environ, variable: text}
    run = subprocess.run(COMMAND, cwd=settings.ROOT, env=environment, capture_output=True)
    assert run.returncode != 0
    last = run.stderr.decode().splitlines()[-1]
    assert f'{variable}: "{text}" has to be a number' in last


def test_the_command_says_it_without_a_traceback() -> None:
    environment = {**os.environ, "HELPLINE_PROXIES": "-1", "HELPLINE_KEEP_DAYS": "never"}
    command = (sys.executable, "-m", "helpline", "run")
    run = subprocess.run(command, cwd=settings.ROOT, env=environment, capture_output=True)
    assert run.returncode == 1
    said = run.stderr.decode().splitlines()
    assert [line.split(":")[0] for line in said] == ["HELPLINE_PROXIES", "HELPLINE_KEEP_DAYS"]


def test_what_is_set_now_can_be_used() -> None:
    settings.check()
