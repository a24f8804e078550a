from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from abstaining import (
    WAYS,
    Opinions,
    accuracy,
    choose,
    correlation,
    figures,
    leave_intents_out,
    weights_for,
)
from field import draw, table_of
from field_data import BOTS, OUT_OF_SCOPE, Absent, Example, clinc, clinc_of, hint3_of

CLINC = """split,text,intent
oos_train,how tall is the moon,oos
oos_val,a show on broadway,oos
train,"what's my balance, please",balance
train,move money,transfer
train,send money,transfer
val,balance?,balance
test,transfer [ten] {dollars},transfer
oos_test,who won,oos
"""


HALF = "half out of scope"
BOTH = ("as published", HALF)


def opinions(*rows: tuple[str, str, float, float, float]) -> Opinions:
    right, found, *numbers = zip(*rows, strict=True)
    return Opinions(np.array(right), np.array(found), *(np.array(n) for n in numbers))


SOME = opinions(
    ("a", "a", 0.9, 0.1, 0.8),
    ("b", "b", 0.6, 0.4, 0.9),
    ("b", "a", 0.5, 0.3, 0.4),
    (OUT_OF_SCOPE, "a", 0.7, 0.2, 0.2),
    (OUT_OF_SCOPE, "b", 0.3, 0.2, 0.3),
)


def test_clinc_comes_in_parts_and_what_is_out_of_scope_is_not_learned():
    questions = clinc_of("some", CLINC.splitlines(keepends=True))
    assert questions.train == [
        Example("what's my balance, please", "balance"),
        Example("move money", "transfer"),
        Example("send money", "transfer"),
    ]
    assert questions.validation == [
        Example("balance?", "balance"),
        Example("a show on broadway", OUT_OF_SCOPE),
    ]
    assert questions.test == [
        Example("transfer [ten] {dollars}", "transfer"),
        Example("who won", OUT_OF_SCOPE),
    ]


def test_a_thinned_set_keeps_every_intent():
    questions = clinc_of("some", CLINC.splitlines(keepends=True)).thinned(per_intent=1, every=2)
    assert [example.text for example in questions.train] == [
        "what's my balance, please",
        "move money",
    ]
    assert [example.text for example in questions.test] == ["transfer [ten] {dollars}"]


def test_hint3_may_have_a_column_too_many_and_texts_of_several_lines():
    lines = 'sentence,label,\n"Order,\nplease",ORDER,\nHy,NO_NODES_DETECTED,\n'
    assert hint3_of(lines.splitlines(keepends=True)) == [
        Example("Order,\nplease", "ORDER"),
        Example("Hy", OUT_OF_SCOPE),
    ]


def test_a_set_that_is_absent_is_one_line_that_says_where_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr("field_data.FOLDER", tmp_path)
    with pytest.raises(Absent, match=r"https://github\.com/clinc/oos-eval") as absent:
        clinc("full")
    assert "\n" not in str(absent.value)


def test_the_figures_count_what_is_withheld_as_wrong_in_scope_and_right_out_of_it():
    found = figures(SOME, SOME.first, 0.65)
    assert found.in_scope == pytest.approx(1 / 3)
    assert found.out_of_scope == pytest.approx(1 / 2)
    assert figures(SOME, SOME.first, 0.0).out_of_scope == 0
    assert figures(SOME, SOME.first, 1.0).in_scope == 0


def test_the_correlation_is_one_where_all_is_right_and_zero_where_all_is_withheld():
    sure = opinions(("a", "a", 0.9, 0.1, 1.0), (OUT_OF_SCOPE, "a", 0.1, 0.1, 0.0))
    assert figures(sure, sure.first, 0.5).correlation == pytest.approx(1)
    assert figures(sure, sure.first, 0.95).correlation == pytest.approx(0)
    # By hand: of 4, tp 1, tn 1, fp 1, fn 1 of two kinds.
    mixed = np.array(["a", "a", "b", "b"]), np.array(["a", "b", "a", "b"])
    assert correlation(*mixed, np.ones(4)) == pytest.approx(0)
    assert correlation(*mixed, np.array([3.0, 1.0, 1.0, 3.0])) == pytest.approx(0.5)


def test_the_threshold_is_the_middle_of_those_that_are_best():
    two = opinions(("a", "a", 0.8, 0.1, 1.0), (OUT_OF_SCOPE, "a", 0.4, 0.1, 0.0))
    threshold, merit = choose(two, two.first, accuracy, np.ones(2))
    assert threshold == pytest.approx(0.6, abs=0.01)
    assert merit == 1


def test_weights_decide_how_much_out_of_scope_counts():
    right = SOME.right
    weights = weights_for(right, out_share=0.5)
    assert weights[right == OUT_OF_SCOPE].sum() == pytest.approx(0.5)
    assert weights.sum() == pytest.approx(1)
    lenient, _ = choose(SOME, SOME.first, accuracy, weights_for(right, out_share=0.05))
    strict, _ = choose(SOME, SOME.first, accuracy, weights_for(right, out_share=0.95))
    assert figures(SOME, SOME.first, lenient).in_scope == pytest.approx(2 / 3)
    assert figures(SOME, SOME.first, strict).out_of_scope == 1


def test_what_is_like_no_example_scores_lower_where_the_nearest_counts():
    alike, unlike = WAYS["probability and nearest"](
        opinions(("a", "a", 0.6, 0.3, 0.9), ("a", "a", 0.6, 0.3, 0.2))
    )
    assert alike > unlike


def test_each_intent_is_left_out_once_and_no_row_is_both_learned_and_judged():
    intents = ["a"] * 7 + ["b"] * 5 + ["c"] * 2 + ["d"] + ["e"] * 3
    left_out = []
    for learned, judged in leave_intents_out(intents, folds=3):
        assert not set(learned) & set(judged)
        assert len(learned) + len(judged) == len(intents)
        known = {intents[place] for place in learned}
        unknown = set(intents) - known
        left_out += sorted(unknown)
        assert unknown <= {intents[place] for place in judged}
        assert known & {intents[place] for place in judged}, "some judged rows are in scope"
    assert sorted(left_out) == ["a", "b", "c", "d", "e"]


def test_the_same_rows_are_left_out_every_time():
    intents = list("aaabbbcccddd")
    assert list(leave_intents_out(intents, 2)) == list(leave_intents_out(intents, 2))
    assert list(leave_intents_out(intents, 2)) != list(leave_intents_out(intents, 2, seed=1))


def result(chosen: str, *rules: str) -> dict:
    at = {"threshold": 0.3, "test": {"in_scope": 0.9375, "out_of_scope": 0.8, "correlation": 0.7}}
    way = {
        "rules": dict.fromkeys(rules, at),
        "best_correlation_on_test": 0.75,
        "curve_on_test": [[0.95, 0.1], [0.9, 0.9]],
    }
    return {
        "made": {
            "date": "2026-11-26",
            "cores": 2,
            "machine": "a machine",
            "load_before": 0.1,
            "python": "3.10",
            "rasa": "3.6.21",
            "scikit-learn": "1",
            "onnxruntime": "1",
        },
        "rows": {"train": 10, "intents": 2, "test_in_scope": 5, "test_out_of_scope": 3},
        "training_seconds": 1.0,
        "milliseconds_per_message": 5.0,
        "ways": dict.fromkeys(WAYS, way),
        "chosen": dict.fromkeys(rules, chosen),
    }


def test_the_table_says_which_way_was_chosen_and_which_figures_were_found_on_test_rows():
    results = {"clinc150_full": result("margin", *BOTH)}
    results |= {f"hint3_{bot}": result("probability", HALF) for bot in BOTS}
    table = table_of(results)
    assert "| ours, margin | **93.8** | **80.0** | **93.8** | **80.0** |" in table
    assert "| published: BERT, threshold | 96.2 | 52.3 | | |" in table
    assert "curekart, best on test" in table
    chosen = " | ".join(["**70.0**"] * 3 + ["75.0"] * 3)
    assert f"| ours, probability | {chosen} |" in table


def test_a_table_without_a_set_is_a_table_of_the_others():
    table = table_of({"hint3_curekart": result("margin", HALF)})
    assert "CLINC150" not in table
    assert "powerplay11" not in table


def test_times_of_a_busy_machine_are_called_so():
    quiet, busy = result("margin", HALF), result("margin", HALF)
    busy["made"]["load_before"] = 9.0
    assert "busy" not in table_of({"hint3_curekart": quiet})
    assert "busy" in table_of({"hint3_curekart": quiet, "hint3_sofmattress": busy})


def test_the_picture_is_the_same_every_time(tmp_path: Path):
    files = [tmp_path / "one.svg", tmp_path / "two.svg"]
    for file in files:
        draw({"clinc150_full": result("margin", *BOTH)}, file)
    one, two = (file.read_bytes() for file in files)
    assert one == two
    assert b"<svg" in one


@pytest.fixture
def few() -> list[Example]:
    return [
        Example(text, intent)
        for intent, texts in {
            "money": ["send [money]", "move {ten} dollars", "transfer cash", "pay my friend"],
            "weather": ["will it rain", "is it cold", "sun tomorrow?", "how warm is it outside"],
        }.items()
        for text in texts
    ]


def test_rasa_trains_on_texts_with_brackets_and_says_how_near_the_nearest_is(
    few: list[Example], monkeypatch: pytest.MonkeyPatch
):
    from field_rasa import learn_and_judge

    for name in ("RASA_CACHE_DIRECTORY", "RASA_MAX_CACHE_SIZE"):
        monkeypatch.setenv(name, "")  # Put back as it was after the test.
    asked = [Example("send [money]", "money"), Example("purple elephants sing", OUT_OF_SCOPE)]
    found, seconds, milliseconds = learn_and_judge(few, asked, "a few")
    assert found.found[0] == "money"
    assert found.nearest[0] == pytest.approx(1, abs=0.05)
    assert found.nearest[1] < 0.5
    assert (found.first >= found.second).all()
    assert seconds > 0
    assert milliseconds > 0
