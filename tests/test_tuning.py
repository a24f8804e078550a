from __future__ import annotations

from dataclasses import replace

import pytest
from some_thresholds import THRESHOLDS

from helpline.evaluation import Row
from helpline.knowledge import configured_knowledge
from helpline.retrieval import Candidate
from helpline.routing import Context, Decision, Route, Seen, decide
from helpline.safety.verdict import Sign, Verdict
from helpline.tuning import COSTS, GRID, Example, cost, tune

KNOWLEDGE = configured_knowledge()


ARTICLE = Row("t", ok=("type-allo",))


def decision(
    route: Route, article: str | None = "type-allo", candidates: tuple[str, ...] = ()
) -> Decision:
    return Decision("any", route, article, 0.5, candidates)


@pytest.mark.parametrize(
    ("row", "came"),
    [
        (ARTICLE, decision("answer")),
        (Row("t", routes=("crisis",)), decision("crisis")),
        # Either screen shows the emergency number; neither was missed.
        (Row("t", routes=("crisis",)), decision("emergency")),
        (Row("t", routes=("personal_medical",)), decision("personal_medical")),
        (Row("t", routes=("human",)), decision("human")),
    ],
)
def test_what_should_come_back_costs_nothing(row: Row, came: Decision) -> None:
    assert cost(row, came) == 0


@pytest.mark.parametrize(
    ("row", "came", "mistake"),
    [
        (Row("t", routes=("emergency",)), decision("answer"), "missed screen"),
        (Row("t", routes=("crisis",)), decision("support"), "missed screen"),
        (ARTICLE, decision("crisis"), "false screen"),
        (Row("t", routes=("human",)), decision("emergency"), "false screen"),
        (Row("t", routes=("support",)), decision("crisis"), "screen near danger"),
        (Row("t", group="crisis_look_alike"), decision("crisis"), "screen near danger"),
        (ARTICLE, decision("answer", "type-auto"), "wrong article"),
        (ARTICLE, decision("clarify", None, ("type-auto", "type-allo")), "clarified"),
        (ARTICLE, decision("clarify", None, ("type-auto", "type-ric")), "lost"),
        (ARTICLE, decision("unsure"), "lost"),
        (ARTICLE, decision("personal_medical"), "personal refused"),
        (Row("t", routes=("personal_medical",)), decision("answer"), "personal answered"),
        (Row("t", routes=("out_of_scope",)), decision("answer"), "answered for nobody"),
        (Row("t", routes=("support",)), decision("human"), "handed off"),
        (Row("t", routes=("smalltalk",)), decision("unsure"), "handed off"),
        (Row("t", routes=("human",)), decision("hours"), "person withheld"),
        (Row("t", routes=("smalltalk",)), decision("hours"), "misrouted"),
    ],
)
def test_a_mistake_costs_what_is_written_down_for_it(
    row: Row, came: Decision, mistake: str
) -> None:
    assert cost(row, came) == COSTS[mistake]


def test_a_missed_screen_costs_most_and_a_wrong_answer_more_than_a_hand_off() -> None:
    assert max(COSTS, key=lambda mistake: COSTS[mistake]) == "missed screen"
    assert COSTS["wrong article"] > COSTS["lost"] > COSTS["clarified"]


def heard(emergency: float = 0.0, *signs: Sign) -> Verdict:
    return Verdict({"crisis": 0.0, "emergency": emergency}, signs=signs)


def example(row: Row, first: float, verdict: Verdict | None = None, **intents: float) -> Example:
    others = {"greet": 0.0, **intents}
    return Example(
        row,
        Seen(
            text="what would that be",
            form="words",
            verdict=verdict or heard(),
            intents={**others, "transplant_types": 1.0 - sum(others.values())},
            ranking=[Candidate("type-allo", first), Candidate("type-auto", 1.0 - first)],
        ),
    )


def test_an_article_that_was_held_back_is_answered_after_tuning() -> None:
    examples = [example(ARTICLE, 0.58)]
    found, least = tune(examples, KNOWLEDGE, THRESHOLDS)
    assert found.answer <= 0.58
    assert least == 0


def test_a_wrong_answer_is_held_back_after_tuning() -> None:
    examples = [example(Row("t", ok=("type-auto",)), 0.65), example(ARTICLE, 0.9)]
    found, least = tune(examples, KNOWLEDGE, THRESHOLDS)
    assert 0.65 < found.answer <= 0.9
    # The right one is offered beside it instead.
    assert least == COSTS["clarified"]


def test_too_many_answers_for_nobody_are_held_back_whatever_they_cost() -> None:
    right = [example(ARTICLE, 0.55) for _ in range(200)]
    for_nobody = [example(Row("t", routes=("out_of_scope",)), 0.58)]
    found, _ = tune([*right, *for_nobody], KNOWLEDGE, THRESHOLDS)
    assert found.answer > 0.58


def test_a_missed_emergency_lowers_the_threshold_of_the_screen() -> None:
    found, least = tune(
        [example(Row("t", routes=("emergency",)), 0.9, heard(0.22))], KNOWLEDGE, THRESHOLDS
    )
    assert found.screens["emergency"].alone <= 0.22
    assert least == 0


def test_a_false_alarm_of_a_weak_sign_raises_what_a_weak_sign_needs() -> None:
    past = Sign("temperature", "emergency", "a fever", weakened_by="past")
    examples = [
        example(ARTICLE, 0.9, heard(0.45, past)),
        example(Row("t", routes=("emergency",)), 0.9, heard(0.55)),
    ]
    found, least = tune(examples, KNOWLEDGE, THRESHOLDS)
    assert found.screens["emergency"].with_weak_sign > 0.45
    assert least == 0


def test_of_equally_good_thresholds_the_most_careful_are_taken() -> None:
    found, least = tune([example(ARTICLE, 0.9)], KNOWLEDGE, THRESHOLDS)
    assert least == 0
    assert {name: getattr(found, name) for name in GRID} == {
        name: values[-1] for name, values in GRID.items()
    }


def test_the_grid_goes_from_bold_to_careful() -> None:
    for name in ("answer", "clarify", "nearest", "near_equal"):
        assert GRID[name] == sorted(GRID[name])
    assert GRID["personal_medical"] == sorted(GRID["personal_medical"], reverse=True)


def test_the_cost_is_that_of_the_thresholds_that_were_found() -> None:
    examples = [
        example(ARTICLE, 0.58),
        example(Row("t", ok=("type-auto",)), 0.7),
        example(Row("t", routes=("personal_medical",)), 0.9, personal_dose=0.4),
        example(ARTICLE, 0.9, personal_dose=0.4),
    ]
    found, least = tune(examples, KNOWLEDGE, THRESHOLDS)
    again = sum(cost(e.row, decide(e.seen, Context(), KNOWLEDGE, found)) for e in examples)
    before = sum(cost(e.row, decide(e.seen, Context(), KNOWLEDGE, THRESHOLDS)) for e in examples)
    assert least == pytest.approx(again)
    assert least < before


def test_only_thresholds_of_the_grid_are_tried_and_all_of_them() -> None:
    assert set(GRID) == set(THRESHOLDS.__dict__) - {"screens"}
    found, _ = tune([example(ARTICLE, 0.58)], KNOWLEDGE, replace(THRESHOLDS, answer=0.99))
    assert found.answer in GRID["answer"]
