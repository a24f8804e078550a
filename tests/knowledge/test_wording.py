"""What a text that visitors read may look like."""

from __future__ import annotations

import pytest

from helpline.knowledge import wording
from helpline.knowledge.wording import copied, fold, forbidden, runs, too_long_or_hard

HARD = "Haploidentical transplantation necessitates immunosuppressive prophylaxis. " * 8


@pytest.mark.parametrize(
    ("field", "count"),
    [("answer", 59), ("answer", 151), ("more", 121), ("short", 51), ("meaning", 51)],
)
def test_a_text_that_is_too_short_or_too_long_is_found(field: str, count: int) -> None:
    (fault,) = too_long_or_hard(
        "donor-hla", field, "We do it. " * (count // 3) + "Go. " * (count % 3)
    )
    assert fault.startswith(f"{count} words; have at ")


@pytest.mark.parametrize(
    ("field", "count"),
    [("answer", 60), ("answer", 150), ("more", 120), ("short", 50), ("meaning", 50)],
)
def test_a_text_may_be_just_as_short_or_long_as_its_limit(field: str, count: int) -> None:
    text = "We do it. " * (count // 3) + "Go. " * (count % 3)
    assert list(too_long_or_hard("donor-hla", field, text)) == []


def test_a_text_that_is_hard_to_read_is_found() -> None:
    (fault,) = too_long_or_hard("donor-hla", "short", HARD)
    assert fault.startswith("reading grade ")


def test_a_text_may_be_hard_to_read_for_a_stated_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "HARDER_FOR_A_REASON", {"donor-hla/short": "names a law"})
    assert list(too_long_or_hard("donor-hla", "short", HARD)) == []
    assert list(too_long_or_hard("donor-hla", "more", HARD)) != []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It helps 30% of people.", "30%"),
        ("It helps 2.5 % of people.", "2.5 %"),
        ("It helps 30 percent.", "30 percent"),
        ("It helps thirty per cent.", "per cent"),
        ("Take 50 mg a day.", "50 mg"),
        ("Take 1.5mcg.", "1.5mcg"),
        ("You get 2 g/m2 of it.", "2 g/m2"),
        ("You get 400 mg/m² of it.", "400 mg/m²"),
        ("They take 20 ml.", "20 ml"),
        ("Take 5 milligrams.", "5 milligrams"),
        ("The survival rate is high.", "survival rate"),
        ("Five-year survival is high.", "Five-year survival"),
        ("The 5 year survival is high.", "5 year survival"),
        ("About 3 in 10 people survive.", "3 in 10 people survive"),
        ("Of those, alive are 40 out of every 100.", "alive are 40 out of every 100"),
        ("Phone 1-800-227-2345 now.", "1-800-227-2345"),
        ("Phone (800) 227.2345 now.", "800) 227.2345"),
        ("Phone +44 808 800 4040.", "+44 808 800 4040"),
        ("Phone 0808 800 40 40.", "0808 800 40 40"),
        ("Phone 1-800-4-CANCER.", "1-800-4"),
        ("Phone 116 123.", "116 123"),
        ("Call 911.", "911"),
        ("Call 1-800-FLOWERS.", "1-800-FLOWERS"),
    ],
)
def test_figures_doses_and_numbers_are_found(text: str, found: str) -> None:
    (fault,) = forbidden(text, contacts=())
    assert f'"{found}' in fault


@pytest.mark.parametrize(
    "text",
    [
        "A brother or sister matches 1 in 4 times. Many people survive.",
        "At 100.4 F (38 C) or 37.5 C, phone.",
        "It was approved in the US in 2017. 2021 brought more.",
        "The first 100 days, and then 3 to 6 months.",
        "The register holds 41,000,000 people.",
        "Talk to a survivor of a transplant. It took 10 minutes and 2 nurses.",
        "A match of 10 out of 10.",
    ],
)
def test_ordinary_numbers_may_be_said(text: str) -> None:
    assert list(forbidden(text, contacts=())) == []


def test_placeholders_of_contacts_may_be_said_even_with_digits_in_their_names() -> None:
    assert list(forbidden("Call {lifeline-988}.", contacts={"lifeline-988"})) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Call {acs}.", '"{acs}" is not in contacts.yml'),
        ("Call {the ACS}.", "a brace"),
        ("Call acs}.", "a brace"),
        ("Call {}.", "a brace"),
    ],
)
def test_other_braces_are_found(text: str, found: str) -> None:
    (fault,) = forbidden(text, contacts={"cruk"})
    assert fault.startswith(found)


SOURCE = "One two three four five six seven eight nine. Ten."


def test_seven_words_in_a_row_are_no_copy() -> None:
    assert list(copied("one two three four five six seven and eight", set(runs(SOURCE)))) == []


def test_the_whole_stretch_that_was_copied_is_shown_once() -> None:
    text = "So: two three four - five six seven eight nine ten! Yes."
    assert list(copied(text, set(runs(SOURCE)))) == ["two three four five six seven eight nine ten"]


def test_two_copied_stretches_are_two() -> None:
    text = "One two three four five six seven eight, no. Three four five six seven eight nine ten"
    assert list(copied(text, set(runs(SOURCE)))) == [
        "one two three four five six seven eight",
        "three four five six seven eight nine ten",
    ]


def test_a_phone_number_is_no_copy() -> None:
    number = "0 8 0 8 8 0 0 4 0 4 0"
    assert list(copied(f"Phone {number} now", set(runs(number)))) == []


def test_folding_leaves_words_in_lower_case() -> None:
    assert fold("  Can’t THEY... tell?! ") == fold("cant they tell") == "cant they tell"
