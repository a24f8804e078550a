"""What a specialist can insert: found by its words, filled with numbers."""

import pytest
from people import KNOWLEDGE

from helpline.desk import insert


def test_all_canned_replies_are_there_in_their_order_with_numbers_filled_in():
    replies = insert.canned(KNOWLEDGE, "")
    assert [reply["id"] for reply in replies] == list(KNOWLEDGE.canned)
    assert not any("{" in reply["text"] for reply in replies)
    crisis = next(reply for reply in replies if reply["id"] == "crisis")
    assert KNOWLEDGE.contacts["lifeline-988"].phone in crisis["text"]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("money", "money"),
        ("second opinion", "second-opinion"),
        ("are you still there", "still-there"),
    ],
)
def test_a_canned_reply_is_found_by_title_tag_and_words(query, first):
    assert insert.canned(KNOWLEDGE, query)[0]["id"] == first


@pytest.mark.parametrize(
    ("query", "article"),
    [
        ("can my brother be my donor", "donor-sibling"),
        ("Brothers, sisters and the odds of a match", "donor-sibling"),
    ],
)
def test_an_article_is_found_by_title_and_example_questions(query, article):
    assert insert.articles(KNOWLEDGE, query)[0]["article"] == article


def test_without_a_query_every_article_is_there_and_with_one_a_page_of_them():
    assert len(insert.articles(KNOWLEDGE, " ")) == len(KNOWLEDGE.articles)
    assert len(insert.articles(KNOWLEDGE, "transplant")) <= insert.FOUND


def test_what_is_like_nothing_finds_nothing():
    assert insert.canned(KNOWLEDGE, "xyzzy qwfp") == []


def test_an_inserted_article_has_its_sources_and_the_specialists_sentence_above():
    article = KNOWLEDGE.articles["donor-sibling"]
    shown = insert.body(article, "This may help:", KNOWLEDGE)
    assert shown["text"].startswith("This may help:\n\n")
    assert shown["data"]["sources"]
    assert shown["data"]["body"] in shown["text"]
    assert insert.body(article, "", KNOWLEDGE)["text"] == shown["data"]["body"]
