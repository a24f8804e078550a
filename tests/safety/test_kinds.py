from __future__ import annotations

import numpy as np
import pytest

from helpline.encoder import DIMENSIONS, Finetuned
from helpline.safety.kinds import KINDS, KindClassifier, kind_of_intent

UP = np.eye(DIMENSIONS, len(KINDS), dtype=np.float32)
"""The first eight directions, one for each kind."""

TAUGHT = Finetuned({}, 10 * UP, np.zeros(len(KINDS), np.float32))


@pytest.mark.parametrize("kind", KINDS)
def test_the_kind_is_that_of_the_nearest_weights(kind: str) -> None:
    vector = np.zeros((1, DIMENSIONS), np.float32)
    vector[0, KINDS.index(kind)] = 1
    (chances,) = KindClassifier(TAUGHT).chances(["text"], vector)
    assert chances.sum() == pytest.approx(1)
    assert KINDS[int(chances.argmax())] == kind


def test_what_an_editor_has_told_counts_whatever_it_sounds_like() -> None:
    classifier = KindClassifier(TAUGHT, {"Goodbye.": frozenset(("none",))})
    classifier.tell("fever", frozenset(("call_911", "phone_team")))
    classifier.tell("goodbye.", frozenset(("crisis",)))
    vectors = np.zeros((3, DIMENSIONS), np.float32)
    vectors[:, 2] = 1
    told, either, other = classifier.chances(["goodbye.", "Fever", "goodbye then"], vectors)
    assert told[KINDS.index("none")] == 1, "the first to tell it is right"
    assert either[:2].tolist() == [0.5, 0.5]
    assert KINDS[int(other.argmax())] == "crisis"


def test_wording_counts_beside_the_vector() -> None:
    told = {
        "i will end it": frozenset(("crisis",)),
        "i will end it now": frozenset(("crisis",)),
        "call him, he bleeds": frozenset(("call_911",)),
        "he bleeds": frozenset(("call_911",)),
        "when will it end?": frozenset(("general",)),
        "when will i bleed?": frozenset(("general",)),
    }
    classifier = KindClassifier(TAUGHT, told)
    vectors = np.zeros((2, DIMENSIONS), np.float32)
    texts = ["then i will end it", "when will it all end?"]
    before = classifier.chances(texts, vectors)
    classifier.learn()
    after = classifier.chances(texts, vectors)
    crisis = KINDS.index("crisis")
    assert np.allclose(before, 1 / 8)
    assert after[0, crisis] > 1 / 8 > after[1, crisis]
    assert after.sum(axis=1) == pytest.approx(1)


@pytest.mark.parametrize(
    ("intent", "kind"),
    [
        ("donors/donor-hla", "general"),
        ("personal_dose", "personal"),
        ("support", "support"),
        ("greet", "none"),
    ],
)
def test_an_intents_examples_are_of_its_kind(intent: str, kind: str) -> None:
    assert kind_of_intent(intent) == kind
