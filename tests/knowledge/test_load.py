"""Reading the folder: what is wrong with it is said in one line each, and never as a traceback."""

import hypothesis
import pytest
from hypothesis import strategies as st

from helpline import settings
from helpline.knowledge import KnowledgeError, configured_knowledge, load_knowledge

ARTICLES = """\
title: Donors
articles:
  - id: donor-one
    title: One
    ask:
      - what is one
    answer: >-
      First line
      of one.

      Second paragraph.
    more: More of one.
    short: Short one.
    sources: [a-source]
    related: [donor-two]
    region: [us, uk]
    reviewed: 2026-11-22
    clinical_review: pending

  - id: donor-two
    title: Two
    ask: [what is two, and two]
    answer: Two.
    more: More of two.
    short: Short two.
    sources: [a-source]
    related: []
    region: [us]
    reviewed: 2026-11-22
    clinical_review: Dr. A. Example, 2026-12-01
"""
SOURCES = """\
a-source:
  organisation: Some Society (SS)
  title: A page
  url: https://example.org/page
  reviewed: 2025-08-13
  read: 2026-11-22
"""
GLOSSARY = """\
- id: graft
  term: graft
  label: term
  meaning: The new cells.
  spellings: [grafts]
"""
ENTITIES = """\
- {id: brother, label: relation, spellings: [brother, bro]}
"""
CONTACTS = """\
line:
  name: A line
  organisation: Some Society
  kind: helpline
  region: us
  phone: "555-0100"
  tel: "+15550100"
  hours:
    timezone: America/Chicago
    weekly:
      mon: ["09:00-17:00"]
    early_closing:
      2026-12-24: "12:00"
  sources: [a-source]
  checked: 2026-11-22
"""
FILES = {
    "articles/donors.yml": ARTICLES,
    "sources.yml": SOURCES,
    "glossary.yml": GLOSSARY,
    "entities.yml": ENTITIES,
    "contacts.yml": CONTACTS,
}

some = hypothesis.settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def folder(tmp_path):
    """Return a small folder that loads."""
    path = tmp_path / "knowledge"
    write(path)
    return path


def write(path):
    (path / "articles").mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        (path / name).write_text(text, encoding="utf-8")


def change(path, old, new):
    """Replace a text that is there once."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def problems(folder, **options):
    """Return what loading complains of; each complaint is a line about a file of the folder."""
    with pytest.raises(KnowledgeError) as error:
        load_knowledge(folder, **options)
    found = error.value.problems
    assert str(error.value).split("\n") == found
    for line in found:
        assert line.startswith("knowledge/")
        assert ": " in line
    return found


def only_problem(folder, **options):
    (line,) = problems(folder, **options)
    return line


# What loads


def test_a_folder_without_mistakes_loads(folder):
    knowledge = load_knowledge(folder)
    assert list(knowledge.articles) == ["donor-one", "donor-two"]
    assert list(knowledge.topics) == ["donors"]
    assert list(knowledge.sources) == ["a-source"]
    assert list(knowledge.terms) == ["graft"]
    assert list(knowledge.entities) == ["brother"]
    assert list(knowledge.contacts) == ["line"]


def test_an_article_knows_its_topic_by_its_file(folder):
    article = load_knowledge(folder).articles["donor-one"]
    assert article.topic == "donors"
    assert article.response_key == "donors/donor-one"


def test_lines_of_a_paragraph_are_joined_and_paragraphs_are_kept(folder):
    answer = load_knowledge(folder).articles["donor-one"].answer
    assert answer == "First line of one.\n\nSecond paragraph."


def test_dates_may_be_written_with_and_without_quotes(folder):
    plain = load_knowledge(folder)
    change(folder / "sources.yml", "2025-08-13", '"2025-08-13"')
    change(folder / "sources.yml", "2026-11-22", '"2026-11-22"')
    assert load_knowledge(folder) == plain
    assert plain.sources["a-source"].reviewed == "2025-08-13"
    assert [f"{day:%d %B %Y}" for day in plain.contacts["line"].hours.early_closing] == [
        "24 December 2026"
    ]


@pytest.mark.parametrize("blank_lines", [1, 2, 3])
def test_one_blank_line_or_more_part_paragraphs_in_a_folded_block(folder, blank_lines):
    change(
        folder / "articles/donors.yml",
        "\n\n      Second",
        "\n" * (blank_lines + 1) + "      Second",
    )
    answer = load_knowledge(folder).articles["donor-one"].answer
    assert answer == "First line of one.\n\nSecond paragraph."


def test_the_real_folder_loads():
    knowledge = load_knowledge(settings.KNOWLEDGE)
    files = list((settings.KNOWLEDGE / "articles").glob("*.yml"))
    written = sum(
        line.startswith("  - id:")
        for file in files
        for line in file.read_text(encoding="utf-8").splitlines()
    )
    assert len(knowledge.topics) == len(files)
    assert len(knowledge.articles) == written > 0


# Articles under review


def test_only_reviewed_articles_are_served_when_asked_for(folder):
    assert list(load_knowledge(folder, reviewed_only=True).articles) == ["donor-two"]


@pytest.mark.parametrize("typo", ["Pending", "PENDING", "pendnig", "Dr. A. Example", "2026-12-01"])
def test_a_typo_in_a_review_is_no_sign_off(folder, typo):
    change(folder / "articles/donors.yml", "review: pending", f"review: {typo}")
    line = only_problem(folder, reviewed_only=True)
    assert line.startswith("knowledge/articles/donors.yml: donor-one: clinical_review: write ")


def test_with_nothing_reviewed_there_is_nothing_to_serve_and_it_says_what_to_do(folder):
    change(folder / "articles/donors.yml", "Dr. A. Example, 2026-12-01", "pending")
    assert len(load_knowledge(folder).articles) == 2
    line = only_problem(folder, reviewed_only=True)
    assert line.startswith("knowledge/articles: no article is signed off by a clinician; ")
    assert "unset HELPLINE_REVIEWED_ONLY" in line


def test_the_settings_say_which_folder_and_whether_reviewed_only(folder, monkeypatch):
    monkeypatch.setattr(settings, "KNOWLEDGE", folder)
    monkeypatch.setattr(settings, "REVIEWED_ONLY", False)
    assert list(configured_knowledge().articles) == ["donor-one", "donor-two"]
    monkeypatch.setattr(settings, "REVIEWED_ONLY", True)
    assert list(configured_knowledge().articles) == ["donor-two"]


# Files that are missing or are no YAML


def test_an_empty_folder_names_every_file_that_is_missing(tmp_path):
    (tmp_path / "knowledge").mkdir()
    found = problems(tmp_path / "knowledge")
    assert found[0].startswith("knowledge/articles: no articles found; add at least one .yml file")
    assert found[1:] == [
        f"knowledge/{name}: file not found; put it back"
        for name in ("sources.yml", "contacts.yml", "glossary.yml", "entities.yml")
    ]


def test_a_folder_that_is_not_there_is_like_an_empty_one(tmp_path):
    (tmp_path / "knowledge").mkdir()
    assert problems(tmp_path / "missing" / "knowledge") == problems(tmp_path / "knowledge")


def test_a_folder_without_articles_says_how_to_add_one(folder):
    (folder / "articles/donors.yml").unlink()
    line = only_problem(folder)
    assert line.startswith("knowledge/articles: no articles found; add at least one .yml file")


@pytest.mark.parametrize("name", [name for name in FILES if not name.startswith("articles")])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    assert only_problem(folder) == f"knowledge/{name}: file not found; put it back"


@pytest.mark.parametrize("name", FILES)
def test_a_folder_in_the_place_of_a_file_is_named(folder, name):
    (folder / name).unlink()
    (folder / name).mkdir()
    line = only_problem(folder)
    assert line == f"knowledge/{name}: cannot be read (Is a directory); put a text file there"


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n\xff\xd8", "title: Spender".encode("utf-16")]
)
def test_a_binary_file_is_named(folder, name, content):
    (folder / name).write_bytes(content)
    assert only_problem(folder) == f"knowledge/{name}: not a text file; save it as UTF-8"


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_control_characters_is_named(folder, name):
    (folder / name).write_bytes(b"\x00\x01\x02")
    assert only_problem(folder).startswith(f"knowledge/{name}: not readable as YAML; ")


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("content", ["", "# nothing yet\n", "just a sentence\n", "42\n"])
def test_a_file_that_holds_no_list_is_named(folder, name, content):
    (folder / name).write_text(content)
    line = only_problem(folder)
    assert line.startswith(f"knowledge/{name}: ")
    assert "should be a list" in line


@pytest.mark.parametrize("name", ["sources.yml", "contacts.yml"])
def test_blocks_without_names_where_names_belong_are_told(folder, name):
    (folder / name).write_text("- a\n- b\n")
    assert only_problem(folder) == f'knowledge/{name}: should be a list of "name: value" lines'


@pytest.mark.parametrize("name", ["glossary.yml", "entities.yml"])
def test_names_where_blocks_belong_are_told(folder, name):
    (folder / name).write_text("a: b\n")
    assert only_problem(folder) == (
        f'knowledge/{name}: the file: should be a list, each block with "- id:"'
    )


# YAML that breaks


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("answer: Two.", 'answer: "Two.', "donor-two: answer: line 23 "),
        ("answer: Two.", "answer: Two: a number", "donor-two: answer: line 23 "),
        ("    answer: Two.", "\tanswer: Two.", "donor-two: answer: line 23 "),
        ("answer: Two.", "answer: *two", "donor-two: answer: line 23 "),
        ("answer: Two.", "answer: Two.\n    answer: Three.", "donor-two: answer: line 24 "),
        ("[what is two, and two]", "[what is two, and two", "donor-two: answer: line 23 "),
        ("more: More of one.", "more: More: of one.", "donor-one: more: line 12 "),
        ("title: Donors", "title: 'Donors", "title: line 1 "),
    ],
    ids=[
        "open quote",
        "colon in a text",
        "tab",
        "asterisk",
        "field twice",
        "open bracket",
        "first article",
        "before the articles",
    ],
)
def test_broken_yaml_names_file_article_field_and_line(folder, old, new, where):
    change(folder / "articles/donors.yml", old, new)
    line = only_problem(folder)
    assert line.startswith(f"knowledge/articles/donors.yml: {where}is not readable as YAML (")
    assert line.endswith("; check its indentation, quotes and colons")


@pytest.mark.parametrize(
    ("name", "old", "new", "where"),
    [
        ("sources.yml", "title: A page", "title: A page: one", "title: line 3 "),
        ("glossary.yml", "meaning: The", "meaning: 'The", "graft: meaning: line 4 "),
        ("contacts.yml", "name: A line", "name: A line: mine", "name: line 2 "),
        ("entities.yml", "bro]", "bro", "line 1 "),
    ],
)
def test_broken_yaml_in_the_other_files_names_file_and_line(folder, name, old, new, where):
    change(folder / name, old, new)
    line = only_problem(folder)
    assert line.startswith(f"knowledge/{name}: {where}")
    assert " is not readable as YAML (" in line


def test_code_in_yaml_is_refused(folder):
    change(folder / "sources.yml", "title: A page", "title: !!python/object/apply:os.getcwd []")
    assert "title: line 3 is not readable as YAML" in only_problem(folder)


# Fields


@pytest.mark.parametrize(
    ("old", "new", "complaints"),
    [
        ("    answer: Two.\n", "", ["donor-two: answer: missing; add it"]),
        (
            "answer: Two.",
            "anwser: Two.",
            [
                "donor-two: answer: missing; add it",
                "donor-two: anwser: not a known field; remove it or check the spelling",
            ],
        ),
        (
            "answer: Two.",
            "answer: Two.\n    2: Three.",
            ["donor-two: 2: not a known field; remove it or check the spelling"],
        ),
        ("answer: Two.", "answer:", ["donor-two: answer: empty; fill it in"]),
        (
            "answer: Two.",
            "answer: [Two]",
            ["donor-two: answer: should be text; put quotes around it"],
        ),
        (
            "[what is two, and two]",
            "what is two",
            ['donor-two: ask: should be a list, each line beginning with "-"'],
        ),
        ("id: donor-two", "name: donor-two", None),
        ("title: Donors\n", "", ["donors: title: missing; add it"]),
        (
            "title: Donors",
            "title: Donors\nthan: [action]",
            ["donors: than: not a known field; remove it or check the spelling"],
        ),
    ],
)
def test_a_field_that_is_wrong_is_named_with_file_and_article(folder, old, new, complaints):
    change(folder / "articles/donors.yml", old, new)
    if complaints is None:
        complaints = [
            "block without id: id: missing; add it",
            "block without id: name: not a known field; remove it or check the spelling",
        ]
    assert problems(folder) == [
        f"knowledge/articles/donors.yml: {complaint}" for complaint in complaints
    ]


@pytest.mark.parametrize("when", ["soon", "2026-13-45", "2026-02-30", "22 November 2026"])
def test_a_date_that_does_not_exist_is_named_with_its_field(folder, when):
    change(folder / "sources.yml", "read: 2026-11-22", f"read: {when}")
    assert only_problem(folder).startswith("knowledge/sources.yml: a-source: read: invalid date")


@pytest.mark.parametrize(
    ("name", "old", "new", "where"),
    [
        ("sources.yml", "url:", "link:", "a-source: url: missing; add it"),
        ("glossary.yml", "label: term", "label: word", "graft: label: "),
        ("entities.yml", "label: relation", "label: friend", "brother: label: "),
        ("contacts.yml", "kind: helpline", "kind: hotline", "line: kind: "),
        ("contacts.yml", "mon:", "monday:", "line: hours.weekly."),
        ("contacts.yml", "timezone:", "zone:", "line: hours.zone: not a known field; "),
    ],
)
def test_fields_of_the_other_files_are_checked_as_well(folder, name, old, new, where):
    change(folder / name, old, new)
    assert problems(folder)[0].startswith(f"knowledge/{name}: {where}")


@pytest.mark.parametrize("blocks", ["none", "", "[]", "{a: b}"])
def test_a_topic_without_articles_is_told_how_to_write_them(folder, blocks):
    (folder / "articles/empty.yml").write_text(f"title: Empty\narticles: {blocks}\n")
    assert only_problem(folder) == (
        'knowledge/articles/empty.yml: articles: should be a list, each block with "- id:"'
    )


def test_a_block_that_is_not_a_block_is_counted(folder):
    (folder / "glossary.yml").write_text(GLOSSARY + "- grafts\n")
    assert only_problem(folder) == ('knowledge/glossary.yml: block 2: should begin with "- id:"')


# Ids used twice


def test_an_article_id_used_twice_in_a_file_is_named(folder):
    change(folder / "articles/donors.yml", "- id: donor-two", "- id: donor-one")
    assert only_problem(folder) == (
        "knowledge/articles/donors.yml: donor-one: id: used twice; rename one"
    )


def test_an_article_id_used_in_two_files_is_named(folder):
    (folder / "articles/more.yml").write_text(ARTICLES)
    assert problems(folder) == [
        f"knowledge/articles/more.yml: {id_}: id: used twice; rename one"
        for id_ in ("donor-one", "donor-two")
    ]


@pytest.mark.parametrize(("name", "id_"), [("glossary.yml", "graft"), ("entities.yml", "brother")])
def test_a_term_or_entity_id_used_twice_is_named(folder, name, id_):
    (folder / name).write_text(FILES[name] * 2)
    assert only_problem(folder) == f"knowledge/{name}: {id_}: id: used twice; rename one"


@pytest.mark.parametrize(("name", "id_"), [("sources.yml", "a-source"), ("contacts.yml", "line")])
def test_a_source_or_contact_used_twice_is_named_with_its_line(folder, name, id_):
    (folder / name).write_text(FILES[name] * 2)
    line = only_problem(folder)
    second = FILES[name].count("\n") + 1
    assert line.startswith(f"knowledge/{name}: {id_}: line {second} ")
    assert f'"{id_}" is there twice' in line


# All at once, and never a traceback


def test_all_that_is_wrong_is_said_at_once(folder):
    change(folder / "articles/donors.yml", "    answer: Two.\n", "")
    (folder / "articles/broken.yml").write_text('title: "Broken\n')
    (folder / "glossary.yml").unlink()
    change(folder / "contacts.yml", "kind: helpline", "kind: hotline")
    assert [line.split(": ")[0] for line in problems(folder)] == [
        "knowledge/articles/broken.yml",
        "knowledge/articles/donors.yml",
        "knowledge/contacts.yml",
        "knowledge/glossary.yml",
    ]


def test_a_problem_stays_on_one_line_whatever_the_name_it_quotes(folder):
    change(folder / "articles/donors.yml", "id: donor-two", 'id: "donor\\ntwo"\n    "a\\nb": 1')
    assert only_problem(folder) == (
        "knowledge/articles/donors.yml: donor two: a b: "
        "not a known field; remove it or check the spelling"
    )


def problems_if_any(folder):
    try:
        load_knowledge(folder)
    except KnowledgeError as error:
        return error.problems
    return []


@some
@hypothesis.given(name=st.sampled_from(sorted(FILES)), content=st.binary(max_size=60))
def test_no_bytes_in_a_file_bring_a_traceback(folder, name, content):
    write(folder)
    (folder / name).write_bytes(content)
    for line in problems_if_any(folder):
        assert line.startswith("knowledge/")
        assert len(line.splitlines()) == 1


@some
@hypothesis.given(
    name=st.sampled_from(sorted(FILES)),
    place=st.floats(0, 1),
    cut=st.integers(0, 12),
    slip=st.sampled_from(
        ["", " ", "\n", "\t", '"', "'", ":", ": ", "- ", "[", "{", "*", "&a", "!", "#", "|", "0b_"]
    ),
)
def test_no_slip_of_the_editor_brings_a_traceback(folder, name, place, cut, slip):
    write(folder)
    text = FILES[name]
    at = int(place * len(text))
    (folder / name).write_text(text[:at] + slip + text[at + cut :])
    for line in problems_if_any(folder):
        assert line.startswith("knowledge/")
        assert len(line.splitlines()) == 1


@pytest.mark.parametrize("value", ["0b_", "0x_", "!!int two", "!!timestamp 2026-13-45"])
def test_a_value_that_yaml_cannot_convert_is_told(folder, value):
    change(folder / "sources.yml", "title: A page", f"title: {value}")
    line = only_problem(folder)
    assert line.startswith("knowledge/sources.yml: ")
    assert line.endswith("; put quotes around that value")
