"""The check of ``knowledge/``, on a small folder that is right but for what a test puts wrong."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from helpline import settings
from helpline.encoder import Encoder, Vectors, exported
from helpline.knowledge.check import NEAR, Problem, check

TODAY = date(2026, 11, 22)

PLAIN = "The new cells find their way to the bone. They grow there and make new blood for you. "

Folder = dict[str, Any]
"""File name to its content as YAML would read it."""


def article(id_: str, **fields: object) -> dict[str, Any]:
    return {
        "id": id_,
        "title": f"All about {id_}",
        "ask": [f"question {number} of {id_}" for number in range(20)],
        "answer": PLAIN * 4,
        "more": PLAIN,
        "short": PLAIN,
        "sources": ["acs-new"],
        "related": [],
        "region": ["us"],
        "reviewed": TODAY,
        "clinical_review": "pending",
        **fields,
    }


def source(**fields: object) -> dict[str, Any]:
    return {
        "organisation": "American Cancer Society (ACS)",
        "title": "Donors",
        "url": "https://www.cancer.org",
        "reviewed": "2025-08-13",
        "read": TODAY,
        **fields,
    }


def contact(**fields: object) -> dict[str, Any]:
    return {
        "name": "Helpline",
        "organisation": "American Cancer Society",
        "kind": "helpline",
        "region": "us",
        "phone": "1-800-227-2345",
        "tel": "+18002272345",
        "hours": {"always": True},
        "sources": ["acs-new"],
        "checked": TODAY,
        **fields,
    }


@pytest.fixture
def folder() -> Folder:
    return {
        "articles/donors.yml": {
            "title": "Donors",
            "articles": [
                article("donor-hla", related=["donor-sibling"]),
                article("donor-sibling", related=["donor-hla"]),
            ],
        },
        "sources.yml": {"acs-new": source()},
        "contacts.yml": {"acs": contact()},
        "glossary.yml": [
            {
                "id": "hla",
                "term": "HLA",
                "label": "term",
                "meaning": PLAIN,
                "spellings": ["human leukocyte antigen"],
                "articles": ["donor-hla"],
            }
        ],
        "entities.yml": [
            {
                "id": "brother",
                "label": "relation",
                "spellings": ["brother", "bro"],
                "article": "donor-sibling",
            }
        ],
    }


@pytest.fixture
def problems(folder: Folder, tmp_path: Path) -> Callable[..., list[Problem]]:
    """Write the folder and check it."""

    def run(
        encode: Callable[[Sequence[str]], Vectors] | None = None, against: Path | None = None
    ) -> list[Problem]:
        root = tmp_path / "knowledge"
        for name, content in folder.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(yaml.safe_dump(copy.deepcopy(content)), encoding="utf-8")
        return check(root, TODAY, encode, against)

    return run


Problems = Callable[..., list[Problem]]


def hla(folder: Folder) -> dict[str, Any]:
    block: dict[str, Any] = folder["articles/donors.yml"]["articles"][0]
    return block


def sibling(folder: Folder) -> dict[str, Any]:
    block: dict[str, Any] = folder["articles/donors.yml"]["articles"][1]
    return block


def lines(found: list[Problem]) -> list[str]:
    return [str(problem) for problem in found]


def test_a_folder_that_is_right_has_no_problem(problems: Problems) -> None:
    assert problems() == []


def test_our_own_knowledge_has_no_fatal_problem() -> None:
    found = check(settings.ROOT / "knowledge", TODAY, encode=None)
    assert [str(problem) for problem in found if problem.fatal] == []


def test_a_problem_reads_as_file_block_field_and_message() -> None:
    problem = Problem("knowledge/articles/donors.yml", "donor-hla", "sources", "none; add one")
    assert str(problem) == "knowledge/articles/donors.yml: donor-hla: sources: none; add one"


def test_a_folder_that_does_not_load_gives_the_loaders_lines_as_fatal_problems(
    folder: Folder, problems: Problems
) -> None:
    del hla(folder)["title"]
    (problem,) = problems()
    assert str(problem) == "knowledge/articles/donors.yml: donor-hla: title: missing; add it"
    assert problem.fatal


def test_an_article_may_cite_only_what_is_in_sources_yml(
    folder: Folder, problems: Problems
) -> None:
    hla(folder)["sources"] = ["acs-new", "nmdp-hla"]
    assert lines(problems()) == [
        "knowledge/articles/donors.yml: donor-hla: sources: "
        '"nmdp-hla" is not in sources.yml; add it or correct the id'
    ]


def test_a_contact_may_cite_only_what_is_in_sources_yml(folder: Folder, problems: Problems) -> None:
    folder["contacts.yml"]["acs"]["sources"] = ["acs-old"]
    assert lines(problems()) == [
        'knowledge/contacts.yml: acs: sources: "acs-old" is not in sources.yml; '
        "add it or correct the id"
    ]


def test_a_source_that_nothing_cites_is_a_warning(folder: Folder, problems: Problems) -> None:
    folder["sources.yml"]["cruk"] = source()
    (problem,) = problems()
    assert str(problem) == "knowledge/sources.yml: cruk: nothing cites it; cite it or remove it"
    assert not problem.fatal


def test_a_review_date_that_cannot_be_put_into_words_is_found(
    folder: Folder, problems: Problems
) -> None:
    folder["sources.yml"]["acs-new"]["reviewed"] = "August 2025"
    (problem,) = problems()
    assert str(problem).startswith('knowledge/sources.yml: acs-new: reviewed: "August 2025" is no')


def test_an_article_may_not_rest_on_the_superseded_page_alone(
    folder: Folder, problems: Problems
) -> None:
    old = "acs-leukemia-doesnt-respond-comes-2014"
    folder["sources.yml"][old] = source()
    hla(folder)["sources"] = [old]
    sibling(folder)["sources"] = [old, "acs-new"]
    assert [(problem.block, problem.field) for problem in problems()] == [("donor-hla", "sources")]


@pytest.mark.parametrize(
    ("file", "index", "field", "value"),
    [("glossary.yml", 0, "articles", ["donor-hlo"]), ("entities.yml", 0, "article", "donor-hlo")],
)
def test_terms_and_entities_may_point_only_to_articles_that_exist(
    folder: Folder, problems: Problems, file: str, index: int, field: str, value: object
) -> None:
    folder[file][index][field] = value
    (problem,) = problems()
    assert (problem.file, problem.field) == (f"knowledge/{file}", field)
    assert '"donor-hlo"' in problem.message


def test_related_articles_exist_and_are_others(folder: Folder, problems: Problems) -> None:
    hla(folder)["related"] = ["donor-hla", "donor-hlo"]
    assert [problem.message for problem in problems()] == [
        "names the article itself; name another",
        'no article "donor-hlo"; correct the id or remove it',
    ]


def test_a_term_may_have_the_id_of_its_article(folder: Folder, problems: Problems) -> None:
    folder["glossary.yml"][0]["id"] = "donor-hla"
    assert problems() == []


def test_titles_that_differ_in_case_and_punctuation_only_are_the_same(
    folder: Folder, problems: Problems
) -> None:
    hla(folder)["title"] = "Who's a match?"
    sibling(folder)["title"] = "Whos a match"
    (problem,) = problems()
    assert (problem.block, problem.field) == ("donor-sibling", "title")


@pytest.mark.parametrize("count", [19, 31])
def test_an_article_needs_twenty_to_thirty_questions(
    folder: Folder, problems: Problems, count: int
) -> None:
    hla(folder)["ask"] = [f"way {number} to ask" for number in range(count)]
    (problem,) = problems()
    assert problem.message == f"{count} example questions; have 20 to 30"
    assert problem.fatal


@pytest.mark.parametrize("count", [20, 30])
def test_twenty_and_thirty_questions_are_enough_and_not_too_many(
    folder: Folder, problems: Problems, count: int
) -> None:
    hla(folder)["ask"] = [f"way {number} to ask" for number in range(count)]
    assert problems() == []


def test_a_question_is_in_one_article_once(folder: Folder, problems: Problems) -> None:
    hla(folder)["ask"][0] = "Can't they tell?"
    hla(folder)["ask"][1] = "cant they TELL"
    sibling(folder)["ask"][0] = "can’t they tell"
    assert [(problem.block, problem.message) for problem in problems()] == [
        ("donor-hla", '"cant they TELL" is already in donor-hla; keep one'),
        ("donor-sibling", '"can’t they tell" is already in donor-hla; keep one'),
    ]


def test_a_question_is_not_the_title_of_another_article(folder: Folder, problems: Problems) -> None:
    hla(folder)["ask"][0] = "all about donor-hla?"
    hla(folder)["ask"][1] = "all about donor-sibling?"
    assert [problem.message for problem in problems()] == [
        '"all about donor-sibling?" is the title of donor-sibling; remove it here'
    ]


def telling_apart(*alike: tuple[str, str]) -> Callable[[Sequence[str]], Vectors]:
    """Return an encoder for which all texts differ, but for pairs just as near as is too near."""

    def encode(texts: Sequence[str]) -> Vectors:
        vectors = np.eye(len(texts), dtype=np.float32)
        for one, other in alike:
            first, second = texts.index(one), texts.index(other)
            vectors[second] = 0
            vectors[second, first] = NEAR + 1e-4
            vectors[second, second] = (1 - NEAR**2) ** 0.5
        return vectors

    return encode


def test_questions_of_two_articles_that_mean_the_same_are_shown_with_both(
    problems: Problems,
) -> None:
    (problem,) = problems(telling_apart(("question 3 of donor-hla", "question 7 of donor-sibling")))
    assert str(problem) == (
        "knowledge/articles/donors.yml: donor-hla: ask: "
        '"question 3 of donor-hla" means the same as "question 7 of donor-sibling" '
        "in donor-sibling (0.85); keep one or make them differ"
    )
    assert problem.fatal


def test_questions_of_one_article_may_mean_the_same(problems: Problems) -> None:
    encode = telling_apart(("question 3 of donor-hla", "question 7 of donor-hla"))
    assert problems(encode) == []


def test_the_encoder_holds_paraphrases_and_no_more_to_be_the_same() -> None:
    encode = Encoder(exported(finetuned=False)).encode
    again, second, gvhd, gvl = encode(
        [
            "can i get another transplant",
            "can i have a second transplant",
            "what is GVHD",
            "is GVL the same as gvhd",
        ]
    )
    assert again @ second >= NEAR
    assert gvhd @ gvl < NEAR


def test_a_spelling_stands_for_one_thing(folder: Folder, problems: Problems) -> None:
    folder["entities.yml"][0]["spellings"].append("hla")
    assert lines(problems()) == [
        'knowledge/entities.yml: brother: spellings: "hla" also stands for hla; keep one'
    ]


def test_a_spelling_is_listed_once(folder: Folder, problems: Problems) -> None:
    folder["entities.yml"][0]["spellings"].append("Bro")
    (problem,) = problems()
    assert problem.message == '"Bro" is there twice; keep one'


def test_where_case_counts_spellings_may_differ_in_case_only(
    folder: Folder, problems: Problems
) -> None:
    folder["entities.yml"][0] |= {"case": True, "spellings": ["BRO", "Bro"]}
    assert problems() == []


@pytest.mark.parametrize("field", ["answer", "more", "short"])
def test_the_texts_of_an_article_are_held_against_the_rules(
    folder: Folder, problems: Problems, field: str
) -> None:
    hla(folder)[field] += "It works for 30% of people."
    (problem,) = problems()
    assert (problem.block, problem.field, problem.fatal) == ("donor-hla", field, True)


def test_the_meaning_of_a_term_is_held_against_the_rules(
    folder: Folder, problems: Problems
) -> None:
    folder["glossary.yml"][0]["meaning"] += "It works for 30% of people."
    (problem,) = problems()
    assert (problem.file, problem.block, problem.field) == (
        "knowledge/glossary.yml",
        "hla",
        "meaning",
    )


def test_a_placeholder_names_a_contact(folder: Folder, problems: Problems) -> None:
    hla(folder)["short"] += "Phone {acs} or {cruk}."
    assert [problem.message for problem in problems()] == [
        '"{cruk}" is not in contacts.yml; correct the id'
    ]


def copied_from(tmp_path: Path, text: str, name: str = "acs.txt") -> Path:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / name).write_text(text, encoding="utf-8")
    return seeds


@pytest.mark.parametrize("name", ["acs.txt", "acs.md"])
def test_eight_words_in_a_row_from_a_source_are_a_copy(
    folder: Folder, problems: Problems, tmp_path: Path, name: str
) -> None:
    hla(folder)["answer"] += "We saw that a cat, a dog and a cow can be friends in the end."
    seeds = copied_from(tmp_path, "Then: A cat, a dog and a\ncow can BE happy.", name)
    (problem,) = problems(against=seeds)
    assert str(problem) == (
        "knowledge/articles/donors.yml: donor-hla: answer: "
        f'"a cat a dog and a cow can be" is also in {name}; use words of your own'
    )
    assert problem.fatal


def test_the_name_of_an_organization_is_no_copy(
    folder: Folder, problems: Problems, tmp_path: Path
) -> None:
    name = "Our Own Big Fund for All Who Are Ill"
    folder["contacts.yml"]["acs"]["organisation"] = name
    hla(folder)["answer"] += f"Ask the {name}."
    assert problems(against=copied_from(tmp_path, f"Write to {name} today")) == []


def test_a_folder_without_source_texts_is_not_taken_for_a_comparison(
    problems: Problems, tmp_path: Path
) -> None:
    (problem,) = problems(against=copied_from(tmp_path, "words", "acs.pdf"))
    assert problem.message == "no .txt or .md file; name the folder of sources"


WEEK = {"timezone": "America/Chicago", "weekly": {"mon": ["07:00-18:30"]}}


@pytest.mark.parametrize(
    ("hours", "field"),
    [
        (WEEK | {"weekly": {"mon": ["7-18"]}}, "weekly.mon"),
        (WEEK | {"weekly": {"sun": ["18:30-07:00"]}}, "weekly.sun"),
        (WEEK | {"weekly": {}}, "weekly"),
        (WEEK | {"timezone": "America/Chikago"}, "timezone"),
        (WEEK | {"timezone": None}, "timezone"),
        (WEEK | {"holidays": "USA1"}, "holidays"),
        (WEEK | {"holidays": "GB", "subdivision": "XX"}, "holidays"),
        (WEEK | {"early_closing": {date(2026, 12, 24): "noon"}}, "early_closing.2026-12-24"),
    ],
)
def test_hours_that_cannot_be_read_are_found(
    folder: Folder, problems: Problems, hours: dict[str, Any], field: str
) -> None:
    folder["contacts.yml"]["acs"]["chat"] = hours
    (problem,) = problems()
    assert (problem.block, problem.field) == ("acs", f"chat.{field}")
    assert problem.fatal


@pytest.mark.parametrize(
    "hours",
    [
        WEEK,
        WEEK | {"holidays": "GB", "subdivision": "ENG"},
        WEEK | {"early_closing": {date(2026, 12, 24): "12:00"}},
        {"unknown": True},
        {"always": True},
    ],
)
def test_hours_that_can_be_read_are_fine(
    folder: Folder, problems: Problems, hours: dict[str, Any]
) -> None:
    folder["contacts.yml"]["acs"]["hours"] = hours
    assert problems() == []


def test_an_article_is_due_after_a_year(folder: Folder, problems: Problems) -> None:
    hla(folder)["reviewed"] = date(2025, 11, 21)
    sibling(folder)["reviewed"] = date(2025, 11, 22)
    (problem,) = problems()
    assert str(problem) == (
        "knowledge/articles/donors.yml: donor-hla: reviewed: "
        "2025-11-21 is over 12 months ago; read it again and update the date"
    )
    assert not problem.fatal


def test_an_article_on_approvals_or_numbers_is_due_after_half_a_year(
    folder: Folder, problems: Problems
) -> None:
    hla(folder).update(expires="half-yearly", reviewed=date(2026, 5, 21))
    sibling(folder).update(expires="half-yearly", reviewed=date(2026, 5, 22))
    assert [(problem.block, problem.fatal) for problem in problems()] == [("donor-hla", False)]


def test_a_contact_is_due_after_half_a_year(folder: Folder, problems: Problems) -> None:
    folder["contacts.yml"]["acs"]["checked"] = date(2026, 5, 21)
    assert [(problem.field, problem.fatal) for problem in problems()] == [("checked", False)]


def test_a_source_is_due_after_a_year(folder: Folder, problems: Problems) -> None:
    folder["sources.yml"]["acs-new"]["read"] = date(2025, 11, 21)
    assert [(problem.field, problem.fatal) for problem in problems()] == [("read", False)]
