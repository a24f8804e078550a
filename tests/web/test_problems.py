"""Problems: each says what is wrong and what to do next."""

import pytest

from helpline.web.problems import (
    no_session,
    of_status,
    too_fast,
    too_large,
    unreadable,
    wrong_origin,
)

PROBLEMS = [
    no_session(),
    wrong_origin(),
    too_fast(1),
    too_fast(30),
    too_large(),
    unreadable("text is missing."),
    *(of_status(status) for status in (400, 404, 405, 413, 418, 500, 502, 503)),
]


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: str(problem.status))
def test_a_problem_has_what_rfc_9457_asks_for_and_a_remedy(problem):
    body = problem.as_json()
    assert set(body) == {"type", "title", "status", "detail"}
    assert body["status"] == problem.status >= 400
    assert body["title"].endswith(".")
    assert len(body["detail"]) > 10


def test_who_is_too_fast_is_told_how_long_to_wait():
    assert too_fast(1).headers == {"Retry-After": "1"}
    assert "1 second," in too_fast(1).detail
    assert "30 seconds," in too_fast(30).detail


def test_who_has_no_session_is_told_what_to_show():
    assert no_session().headers == {"WWW-Authenticate": "Bearer"}
