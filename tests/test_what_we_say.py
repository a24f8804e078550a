"""Every text that the assistant can say, read for what it must never say."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import yaml

from helpline import answer, settings
from helpline.knowledge import configured_knowledge

KNOWLEDGE = configured_knowledge()
DOMAIN = yaml.safe_load((settings.ROOT / "domain.yml").read_text("utf-8"))

NEVER = {
    "a dose": re.compile(
        r"\b\d+(?:\.\d+)?\s?(?:mg|mcg|micrograms?|milligrams?|ml|units?/|g/m2|mg/m2)\b"
        r"|\b(?:one|two|three|\d+) (?:tablets?|pills?|capsules?)\b",
        re.IGNORECASE,
    ),
    "a survival figure": re.compile(
        r"\d+(?:\.\d+)?\s?(?:%|percent|per cent)[^.]{0,60}\b(?:surviv|alive|cure|die"
        r"|live|remission)"
        r"|\b(?:surviv|alive|cured|die|dies)\w*\b[^.]{0,40}\d+(?:\.\d+)?\s?(?:%|percent|per cent)"
        r"|\b\d+ (?:out of|in) \d+[^.]{0,40}\b(?:surviv|alive|cured|die)"
        r"|\b(?:five|5|ten|10)[- ]year survival",
        re.IGNORECASE,
    ),
    "a diagnosis": re.compile(
        r"\byou (?:probably |likely |may |might |certainly )?have (?:ALL|leukemia|gvhd|sepsis"
        r"|a relapse|relapsed|an infection)\b|\byour (?:leukemia|cancer) (?:is|has) "
        r"(?:cured|back|gone)",
        re.IGNORECASE,
    ),
    "an order about treatment": re.compile(
        r"\byou (?:should|must|need to|ought to) (?:have|take|stop|start|choose|refuse"
        r"|accept|get|skip|try|not take)\b"
        r"(?! (?:a second|time|questions|your time|notes))",
        re.IGNORECASE,
    ),
    "a comfort that nobody can give": re.compile(
        r"\b(?:probably fine|nothing to worry|don't worry about it|will be fine|you'll be fine)\b",
        re.IGNORECASE,
    ),
}


def said() -> Iterator[tuple[str, str]]:
    for name, variations in DOMAIN["responses"].items():
        for number, variation in enumerate(variations):
            yield f"{name} {number}", variation["text"]
    for article in KNOWLEDGE.articles.values():
        for field in ("title", "answer", "more", "short"):
            yield f"{article.id} {field}", getattr(article, field)
    for term in KNOWLEDGE.terms:
        yield f"define {term}", answer.definition(term, KNOWLEDGE)["text"]
    for contact in KNOWLEDGE.contacts.values():
        yield f"contact {contact.id}", contact.note or ""


@pytest.mark.parametrize("what", NEVER)
def test_nothing_that_we_say_holds(what: str) -> None:
    found = {where: hit[0] for where, text in said() if (hit := NEVER[what].search(text))}
    assert found == {}


def test_the_screens_name_every_number_from_the_contacts() -> None:
    wanted = {
        "utter_crisis": ("lifeline-988", "samaritans", "us-emergency", "uk-emergency"),
        "utter_crisis_and_emergency": (
            "lifeline-988",
            "samaritans",
            "us-emergency",
            "uk-emergency",
        ),
        "utter_after_crisis": ("lifeline-988", "samaritans", "us-emergency", "uk-emergency"),
        "utter_crisis_lines": ("lifeline-988", "samaritans"),
        "utter_emergency": ("us-emergency", "uk-emergency"),
        "utter_urgent": ("us-emergency", "uk-emergency"),
        "utter_personal_missed_dose": ("poison-help", "nhs-111", "us-emergency", "uk-emergency"),
        "utter_support": ("acs", "cruk", "lifeline-988", "samaritans"),
    }
    for name, contacts in wanted.items():
        for variation in DOMAIN["responses"][name]:
            for contact in contacts:
                assert f"{{{contact}}}" in variation["text"], name
                assert KNOWLEDGE.contacts[contact].phone in answer.fill(
                    variation["text"], KNOWLEDGE
                )


def test_no_number_is_written_into_the_domain() -> None:
    source = (settings.ROOT / "domain.yml").read_text("utf-8")
    phones = [contact.phone for contact in KNOWLEDGE.contacts.values()]
    written = [p for p in phones if re.search(rf"(?<![\d._-]){re.escape(p)}(?![\d.])", source)]
    assert written == []
