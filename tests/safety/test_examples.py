"""The examples of the safety screen: what an editor gets to hear of a mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpline import settings
from helpline.safety.examples import Example, load_examples
from helpline.safety.kinds import KINDS
from helpline.safety.rules import RulesError


def folder(tmp_path: Path, **files: str) -> Path:
    (tmp_path / "examples").mkdir()
    for name, content in files.items():
        (tmp_path / "examples" / f"{name}.yml").write_text(content, encoding="utf-8")
    return tmp_path


def test_our_own_examples_are_in_order_and_of_every_kind() -> None:
    kinds = {kind for e in load_examples(settings.KNOWLEDGE / "safety") for kind in e.kinds}
    assert kinds == set(KINDS)


def test_what_is_not_told_further_may_be_either(tmp_path: Path) -> None:
    found = load_examples(folder(tmp_path, a="emergency: [help]\nharmless: [what]\nnone: [thanks]"))
    assert found == [
        Example("help", frozenset(("call_911", "phone_team"))),
        Example("what", frozenset(("general", "none"))),
        Example("thanks", frozenset(("none",))),
    ]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("crisis: [", "not YAML"),
        ("- crisis", "write a kind"),
        ("panic: [a]", "panic: is no kind; use one of call_911"),
        ("crisis: a", "crisis: should be a list"),
        ("crisis: [5]", "crisis: 5 is not a message; put it in quotes"),
        ("crisis: ['']", "crisis: '' is not a message"),
        ("crisis: [a]\nnone: [a]", "none: 'a' stands under crisis as well"),
    ],
)
def test_a_mistake_is_said_in_one_line_with_file_and_kind(
    tmp_path: Path, content: str, complaint: str
) -> None:
    with pytest.raises(RulesError) as refused:
        load_examples(folder(tmp_path, a=content))
    assert complaint in str(refused.value)
    assert "a.yml" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_no_examples_at_all_is_said(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match="holds no examples"):
        load_examples(folder(tmp_path))
