"""The spaCy pipeline: blank English that knows the helpline's words.

A spelling either counts in any case ("gvhd", "GVHD") or only as written ("ALL" is a leukemia,
"all" is a word). What a spelling stands for (``GVHD`` is ``graft-versus-host disease``) is told to
Rasa as synonyms, see :func:`synonyms`.
"""

from __future__ import annotations

from collections.abc import Iterator

import spacy
from spacy.language import Language

from helpline.knowledge import Entity, Knowledge, Term

LABELS = ("term", "treatment", "relation", "organization", "place")


def build_language(knowledge: Knowledge) -> Language:
    """Return a pipeline whose ``doc.ents`` are the terms and entities of the knowledge base.

    Each entity has one of :data:`LABELS` and the id of its block as ``ent_id_``.
    """
    nlp = spacy.blank("en")
    # One ruler for both, so that the longest match wins: "Ph-positive ALL" over "ALL".
    ruler = nlp.add_pipe("entity_ruler", name="terms", config={"phrase_matcher_attr": "LOWER"})
    ruler.add_patterns(
        [
            {"label": item.label, "pattern": pattern, "id": item.id}
            for item, spellings in _spellings(knowledge)
            for pattern in (_as_written(nlp, spellings) if item.case else spellings)
        ]
    )
    return nlp


def synonyms(knowledge: Knowledge) -> dict[str, str]:
    """Return every spelling, in lower case, with the id that it stands for."""
    return {
        spelling.lower(): item.id
        for item, spellings in _spellings(knowledge)
        for spelling in spellings
    }


def _as_written(nlp: Language, spellings: list[str]) -> list[list[dict[str, str]]]:
    """Return patterns that match in the given case only."""
    return [[{"ORTH": token.text} for token in nlp.make_doc(spelling)] for spelling in spellings]


def _spellings(knowledge: Knowledge) -> Iterator[tuple[Term | Entity, list[str]]]:
    for term in knowledge.terms.values():
        yield term, list(dict.fromkeys([term.term, *term.spellings]))
    for entity in knowledge.entities.values():
        yield entity, list(dict.fromkeys(entity.spellings))
