from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest
from some_thresholds import THRESHOLDS

from helpline.thresholds import load_thresholds, save_thresholds


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    save_thresholds(THRESHOLDS, tmp_path / "thresholds.yml")
    assert load_thresholds(tmp_path / "thresholds.yml") == THRESHOLDS


def test_the_file_says_where_it_comes_from(tmp_path: Path) -> None:
    save_thresholds(THRESHOLDS, tmp_path / "thresholds.yml")
    text = (tmp_path / "thresholds.yml").read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert "make tune" in text


@pytest.mark.parametrize(
    "content",
    [
        "",
        "answer: 0.6\n",
        "- 0.6\n",
        "answer: 0.6\nclarify: 0.1\nnearest: 0.1\nnear_equal: 0.3\nscreens: {}\n"
        "personal_medical: 0.5\nask_person: 0.4\nmood: 0.5\n",
    ],
)
def test_a_file_without_exactly_the_thresholds_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "thresholds.yml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match="run `make tune`") as refused:
        load_thresholds(file)
    assert str(refused.value).startswith(str(file))


def test_the_thresholds_in_use_are_chances_and_offering_takes_less_than_answering() -> None:
    in_use = load_thresholds()
    numbers = {**asdict(in_use)}
    for limits in numbers.pop("screens").values():
        assert all(0 <= value < 1 for value in limits.values())
    assert all(0 < value < 1 for value in numbers.values())
    assert in_use.clarify < in_use.answer


def test_doubt_goes_to_the_screens() -> None:
    in_use = load_thresholds()
    for limits in in_use.screens.values():
        assert limits.with_sign <= limits.with_weak_sign <= limits.alone
        assert limits.alone <= 0.5
