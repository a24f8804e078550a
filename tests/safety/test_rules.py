"""The rules in ``knowledge/safety``: each is held to the messages written beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from helpline import settings
from helpline.knowledge import configured_knowledge
from helpline.safety.rules import FILES, Rule, RulesError, load_rules
from helpline.safety.signs import SignFinder
from helpline.safety.verdict import Sign

FOLDER = settings.KNOWLEDGE / "safety"
RULES = load_rules(FOLDER)
FINDER = SignFinder(RULES)
ALL = [rule for _, ruled in RULES.screens() for rule in ruled]


def strong(text: str) -> list[Sign]:
    return [sign for sign in FINDER.find(text) if sign.weakened_by is None]


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.id)
def test_a_rule_sees_what_is_written_beside_it_and_not_what_it_must_let_pass(rule: Rule) -> None:
    missed = [t for t in rule.caught if rule.id not in {s.rule for s in strong(t)}]
    seen = [t for t in rule.not_caught if rule.id in {s.rule for s in strong(t)}]
    assert (missed, seen) == ([], [])


def test_the_sources_of_the_rules_are_sources() -> None:
    known = configured_knowledge().sources
    assert [s for rule in ALL for s in rule.sources if s not in known] == []


@pytest.mark.parametrize(
    ("text", "screen"),
    [
        ("su1cide", "crisis"),
        ("I want to k i l l myself", "crisis"),
        ("im suicidl", "crisis"),
        ("cantbreathe", "emergency"),
        ("he CAN\N{RIGHT SINGLE QUOTATION MARK}T breathe", "emergency"),
        ("nose bleding wont stop", "emergency"),
        (
            "Thank you for the food leaflet. By the way she has had a seizure. Lovely pages!",
            "emergency",
        ),
    ],
)
def test_typos_and_disguises_are_seen_through(text: str, screen: str) -> None:
    assert screen in {sign.screen for sign in strong(text)}


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("she had a fever last year", "past"),
        ("no fever today", "denied"),
        ("what temperature counts as a fever", "general"),
        ("I want to die of shame, this waiting is killing me", "figure"),
    ],
)
def test_a_context_makes_a_sign_weaker(text: str, context: str) -> None:
    assert strong(text) == []


# A folder that cannot be used.


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in FILES.values():
        (tmp_path / name).write_text((FOLDER / name).read_text("utf-8"), "utf-8")
    return tmp_path


def spoil(file: Path, **changes: object) -> None:
    blocks = yaml.safe_load(file.read_text("utf-8"))
    blocks[0].update(changes)
    file.write_text(yaml.safe_dump(blocks), "utf-8")


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"signs": ["(open"]}, "cannot read"),
        ({"signs": ["... word?"]}, "would match anything"),
        ({"signs": ["<nobody> here"]}, "no list of words <nobody>"),
        ({"weakened_by": ["moon"]}, "no context moon"),
        ({"tier": None}, "call_911 or phone_team"),
        ({"mood": "bad"}, "mood"),
        ({"id": "chest"}, "two rules of this id"),
    ],
)
def test_a_mistake_is_named_with_its_file_and_rule(
    folder: Path, changes: dict[str, object], complaint: str
) -> None:
    spoil(folder / "emergency.yml", **changes)
    with pytest.raises(RulesError) as refused:
        load_rules(folder)
    assert complaint in str(refused.value)
    assert "emergency.yml" in str(refused.value)


def test_a_missing_file_is_said_in_one_line(folder: Path) -> None:
    (folder / "crisis.yml").unlink()
    with pytest.raises(RulesError, match=r"crisis\.yml: is missing"):
        load_rules(folder)


def test_what_is_not_yaml_is_said_in_one_line(folder: Path) -> None:
    (folder / "words.yml").write_text("a: [", "utf-8")
    with pytest.raises(RulesError, match=r"words\.yml: not YAML"):
        load_rules(folder)
