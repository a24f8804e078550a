from __future__ import annotations

import pytest
import spacy
from spacy.language import Language

from helpline.knowledge import Entity, Term, configured_knowledge
from helpline.language import LABELS, synonyms

KNOWLEDGE = configured_knowledge()

NAMED: list[Term | Entity] = [*KNOWLEDGE.terms.values(), *KNOWLEDGE.entities.values()]


@pytest.fixture(scope="module")
def nlp() -> Language:
    return spacy.load("helpline")


def named(nlp: Language, text: str) -> list[tuple[str, str, str]]:
    return [(entity.text, entity.label_, entity.ent_id_) for entity in nlp(text).ents]


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("can my Brother help", ("my Brother", "relation", "brother")),
        ("what does GVHD mean", ("GVHD", "term", "gvhd")),
        ("what does gvhd mean", ("gvhd", "term", "gvhd")),
        ("trials in england please", ("england", "place", "england")),
        ("is blinatumomab used", ("blinatumomab", "treatment", "blinatumomab")),
        ("who is behind Anthony Nolan", ("Anthony Nolan", "organization", "anthony-nolan")),
    ],
)
def test_what_is_named_has_a_label_and_the_id_of_its_block(
    nlp: Language, text: str, entity: tuple[str, str, str]
) -> None:
    assert named(nlp, text) == [entity]


def test_ALL_is_a_leukemia_and_all_is_a_word(nlp: Language) -> None:
    assert named(nlp, "what is ALL") == [("ALL", "term", "all")]
    assert named(nlp, "is that all of it") == []


def test_NICE_is_an_institute_and_nice_is_a_word(nlp: Language) -> None:
    assert named(nlp, "approved by NICE") == [("NICE", "organization", "nice")]
    assert named(nlp, "the nurses were nice") == []


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("my mother in law offered", "mother in law"),
        ("graft versus host disease of the skin", "graft versus host disease"),
        # Longer than the "ALL" in it, though that counts only as written.
        ("they called it Ph-positive ALL", "Ph-positive ALL"),
    ],
)
def test_the_longest_spelling_wins(nlp: Language, text: str, spelling: str) -> None:
    assert [entity.text for entity in nlp(text).ents] == [spelling]


def test_every_spelling_of_the_knowledge_base_is_found_and_stands_for_its_id(
    nlp: Language,
) -> None:
    stands_for = synonyms(KNOWLEDGE)
    missed = []
    for item in NAMED:
        own = [item.term] if isinstance(item, Term) else []
        for spelling in (*own, *item.spellings):
            found = named(nlp, spelling) == [(spelling, item.label, item.id)]
            if not found or stands_for[spelling.lower()] != item.id:
                missed.append((item.id, spelling))
    assert missed == []


def test_synonyms_are_in_lower_case_as_rasa_looks_them_up() -> None:
    stands_for = synonyms(KNOWLEDGE)
    assert stands_for["gvhd"] == stands_for["graft-versus-host disease"] == "gvhd"
    assert stands_for["brohter"] == "brother"
    assert all(spelling == spelling.lower() for spelling in stands_for)


def test_a_text_without_known_words_has_no_entities(nlp: Language) -> None:
    assert named(nlp, "") == []
    assert named(nlp, "where did I put the keys") == []


def test_only_the_labels_that_rasa_knows_are_used() -> None:
    assert {item.label for item in NAMED} == set(LABELS)


@pytest.mark.parametrize("option", ["disable", "exclude"])
def test_spacys_options_leave_parts_of_the_pipeline_out(option: str) -> None:
    nlp = spacy.load("helpline", **{option: ["terms"]})
    assert named(nlp, "my brother") == []
