from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, cast

import pytest

from helpline.assistant import Assistant, Reply
from helpline.evaluation import (
    BadRow,
    Judged,
    Row,
    Totals,
    as_json,
    in_words,
    judge,
    read_rows,
    run,
    total,
)

# Reading rows.


def written(folder: Path, name: str, content: str) -> Path:
    file = folder / name
    file.write_text(content, encoding="utf-8")
    return file


def test_a_yaml_file_is_a_list_of_rows(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "rows.yml",
        "- {text: what is ALL, ok: [all-what, all-phases]}\n- {text: hi, route: smalltalk}\n",
    )
    assert read_rows(file) == [
        Row("what is ALL", ok=("all-what", "all-phases")),
        Row("hi", routes=("smalltalk",)),
    ]


def test_a_jsonl_file_has_one_row_a_line_and_empty_lines_do_not_count(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "rows.jsonl",
        '{"text": "what is ALL", "ok": ["all-what"], "style": "plain"}\n\n'
        '{"text": "hi", "route": "smalltalk"}\n',
    )
    assert read_rows(file) == [
        Row("what is ALL", ok=("all-what",)),
        Row("hi", routes=("smalltalk",)),
    ]


def test_a_pasted_line_separator_inside_a_text_does_not_break_a_row(tmp_path: Path) -> None:
    text = "what is\N{LINE SEPARATOR}ALL"
    row = json.dumps({"text": text, "ok": ["all-what"]}, ensure_ascii=False)
    assert read_rows(written(tmp_path, "rows.jsonl", row))[0].text == text


def test_a_single_article_needs_no_list(tmp_path: Path) -> None:
    file = written(tmp_path, "rows.yml", "- {text: what is ALL, ok: all-what}\n")
    assert read_rows(file)[0].ok == ("all-what",)


def test_a_row_may_want_an_article_on_another_route(tmp_path: Path) -> None:
    file = written(tmp_path, "rows.yml", "- {text: t, ok: [a], route: personal_medical}\n")
    assert read_rows(file)[0].expected_route == "personal_medical"


def test_a_conversation_is_a_row_a_turn_that_knows_the_turns_before(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "rows.yml",
        "- turns: [what is ALL, tell me more, thanks]\n"
        "  expect: [{ok: [all-what]}, {article: all-what}, smalltalk]\n",
    )
    assert read_rows(file) == [
        Row("what is ALL", ok=("all-what",)),
        Row("tell me more", ok=("all-what",), before=("what is ALL",)),
        Row("thanks", routes=("smalltalk",), before=("what is ALL", "tell me more")),
    ]


def complaint(file: Path) -> str:
    with pytest.raises(BadRow) as refused:
        read_rows(file)
    message = str(refused.value)
    assert "\n" not in message
    assert message.startswith(f"{file}: ")
    return message.removeprefix(f"{file}: ")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("just a sentence", "row 1: should have text and ok, or text and route"),
        ("[a, b]", "row 1: should have text and ok, or text and route"),
        ("{ok: [all-what]}", "row 1: text is missing"),
        ("{text: 5, ok: [all-what]}", "row 1: text is missing"),
        ("{text: hi}", "row 1: give ok (article ids) or route"),
        ("{text: hi, ok: [], route: ''}", "row 1: give ok (article ids) or route"),
        ("{text: hi, ok: 5}", "row 1: ok should be a list of article ids, and route a word"),
        ("{text: hi, ok: {a: b}}", "row 1: ok should be a list of article ids, and route a word"),
        ("{text: hi, route: [a]}", "row 1: ok should be a list of article ids, and route a word"),
        ("{turns: hi, expect: [human]}", "row 1: turns and expect should be lists"),
        ("{turns: [hi], expect: human}", "row 1: turns and expect should be lists"),
        ("{turns: [hi]}", "row 1: 1 turns and 0 expect; give one each"),
        ("{turns: [hi, you], expect: [human]}", "row 1: 2 turns and 1 expect; give one each"),
        ("{turns: [5], expect: [human]}", "row 1: text is missing"),
        ("{turns: [hi], expect: [{}]}", "row 1: give ok (article ids) or route"),
        ("{turns: [hi], expect: [5]}", "row 1: give each turn a route, or ok (article ids)"),
        ("{turns: [hi], expect: [[a]]}", "row 1: give each turn a route, or ok (article ids)"),
        ("{turns: [hi], expect: [null]}", "row 1: give each turn a route, or ok (article ids)"),
    ],
)
def test_a_bad_row_is_refused_in_one_line_that_names_it(
    tmp_path: Path, row: str, says: str
) -> None:
    assert complaint(written(tmp_path, "rows.yml", f"- {row}\n")) == says


def test_the_number_of_the_bad_row_is_given(tmp_path: Path) -> None:
    file = written(tmp_path, "rows.yml", "- {text: hi, route: human}\n- {text: hi}\n")
    assert complaint(file).startswith("row 2: ")


@pytest.mark.parametrize("content", ["", "text: hi\nroute: human\n", "hello\n"])
def test_a_file_that_is_no_list_is_refused(tmp_path: Path, content: str) -> None:
    assert complaint(written(tmp_path, "rows.yml", content)) == "should be a list of rows"


@pytest.mark.parametrize(
    ("name", "content"),
    [("rows.yml", '- {text: "hi\n'), ("rows.yml", "a: b: c\n"), ("rows.jsonl", "{'text': 1}\n")],
)
def test_a_file_that_cannot_be_parsed_is_refused(tmp_path: Path, name: str, content: str) -> None:
    assert complaint(written(tmp_path, name, content)).startswith("not YAML or JSONL; ")


def test_a_broken_line_of_a_jsonl_file_is_named(tmp_path: Path) -> None:
    good = '{"text": "hi", "route": "human"}\n'
    file = written(tmp_path, "rows.jsonl", f"{good}\n{good}{{not json\n")
    assert "line 4" in complaint(file)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    picture = tmp_path / "rows.yml"
    picture.write_bytes(b"\xff\xd8\xff\xe0")
    for file in (tmp_path / "none.yml", tmp_path, picture):
        assert complaint(file).startswith("cannot be read; ")


# Judging.


def reply(route: str = "answer", article: str | None = "all-what", **more: Any) -> Reply:
    fields = {"text": "t", "confidence": 0.9, "top": [("all-what", 0.7), ("all-phases", 0.2)]}
    return Reply(route=cast(Any, route), article=article, **{**fields, **more})


@pytest.mark.parametrize(
    ("row", "came", "right"),
    [
        (Row("t", ok=("all-what",)), reply(), True),
        (Row("t", ok=("all-phases", "all-what")), reply(), True),
        (Row("t", ok=("all-phases",)), reply(), False),
        (Row("t", ok=("all-what",)), reply("clarify"), False),
        (Row("t", routes=("human",)), reply("human"), True),
        (Row("t", routes=("human",)), reply("hours"), False),
        (Row("t", routes=("answer",)), reply(), True),
        (Row("t", routes=("personal_medical",), ok=("all-what",)), reply("personal_medical"), True),
        (Row("t", routes=("personal_medical",), ok=("ph-tki",)), reply("personal_medical"), False),
    ],
)
def test_a_reply_is_right_if_the_route_is_and_the_article_where_one_is_wanted(
    row: Row, came: Reply, right: bool
) -> None:
    assert judge(row, came).right is right


def test_what_came_back_is_kept_beside_what_was_expected() -> None:
    judged = judge(Row("hello", ok=("all-phases",)), reply("clarify", "all-what"))
    assert (judged.text, judged.expected, judged.ok) == ("hello", "answer", ("all-phases",))
    assert (judged.route, judged.article, judged.confidence) == ("clarify", "all-what", 0.9)
    assert judged.top == [("all-what", 0.7), ("all-phases", 0.2)]


class Parrot:
    """Stands in for the assistant: answers every first message, and hands over after that."""

    def __init__(self) -> None:
        self.heard: list[list[str]] = []

    def route(self, text: str) -> Reply:
        self.heard.append([text])
        return reply(text=text)

    def talk(self, texts: list[str]) -> list[Reply]:
        self.heard.append(texts)
        return [reply("human", text=text) for text in texts]


def test_a_first_message_is_routed_and_a_later_one_is_said_in_its_conversation() -> None:
    parrot = Parrot()
    rows = [Row("one", ok=("all-what",)), Row("three", routes=("human",), before=("one", "two"))]
    judged = list(run(cast(Assistant, parrot), rows))
    assert parrot.heard == [["one"], ["one", "two", "three"]]
    assert [row.right for row in judged] == [True, True]


# Totals.


def test_of_no_rows_there_are_no_shares() -> None:
    totals = total([])
    assert totals.rows == 0
    assert all(asdict(totals)[name] is None for name in ("accuracy", "first", "wrong_answers"))


@pytest.fixture
def judged() -> list[Judged]:
    wanted = Row("t", ok=("all-what",))
    second = [("all-phases", 0.5), ("all-what", 0.4), ("ph-tki", 0.1)]
    return [
        judge(wanted, reply()),
        judge(wanted, reply("answer", "all-phases", top=second)),
        judge(wanted, reply("clarify", "all-phases", top=second)),
        judge(wanted, reply("unsure", "ph-tki", top=[("ph-tki", 0.1)])),
        judge(Row("t", routes=("human",)), reply("human")),
        judge(Row("t", routes=("out_of_scope",)), reply("answer")),
    ]


def test_shares_are_of_the_rows_that_they_are_about(judged: list[Judged]) -> None:
    totals = total(judged)
    assert totals.rows == 6
    assert totals.accuracy == round(2 / 6, 4)
    assert totals.first == 1 / 4
    assert totals.top3 == 3 / 4
    assert totals.answered == 1 / 4
    assert totals.clarified == 1 / 4
    assert totals.abstention == 2 / 4
    assert totals.wrong_answers == 1 / 4
    assert totals.answered_though_not_for_articles == 1 / 2


def test_routes_are_counted_by_what_was_expected(judged: list[Judged]) -> None:
    totals = total(judged)
    assert totals.routes == {"answer": 0.5, "human": 1.0, "out_of_scope": 0.0}
    assert totals.confusion == {
        "answer": {"answer": 2, "clarify": 1, "unsure": 1},
        "human": {"human": 1},
        "out_of_scope": {"answer": 1},
    }


def test_an_offer_without_the_right_article_is_no_help(judged: list[Judged]) -> None:
    elsewhere = replace(judged[2], top=[("ph-tki", 0.5), ("cart-what", 0.4)])
    assert total([elsewhere]).clarified == 0


def test_rows_for_an_answer_without_named_articles_do_not_count_as_wrong() -> None:
    totals = total([judge(Row("t", routes=("answer",)), reply())])
    assert totals.accuracy == 1
    assert totals.wrong_answers is None


def test_json_holds_rows_and_totals(judged: list[Judged]) -> None:
    told = json.loads(as_json(judged, total(judged)))
    assert len(told["rows"]) == 6
    assert told["rows"][0]["right"] is True
    assert told["totals"]["top3"] == 0.75


def test_the_table_shows_shares_that_exist_as_percentages() -> None:
    lines = in_words(Totals(rows=3, accuracy=0.5, routes={"human": 1.0})).splitlines()
    assert lines[0] == "3 rows"
    assert lines[1].split() == ["accuracy", "50.0%"]
    assert lines[-1].split() == ["human", "100.0%"]
    assert not any("wrong answers" in line for line in lines)
