"""The model that was trained on the real knowledge base, as a visitor meets it."""

from __future__ import annotations

import pickle
import tarfile
from typing import Any

import pytest
import yaml

from helpline import answer, settings
from helpline.assistant import Assistant, Reply
from helpline.knowledge import configured_knowledge
from helpline.nlu.article_retriever import ArticleRetriever
from helpline.routing import ABOUT_THE_LAST_ANSWER
from helpline.training import model_path

KNOWLEDGE = configured_knowledge()

TITLES = {article.title: article.id for article in KNOWLEDGE.articles.values()}

EVERY = 7
"""Of so many example questions one is asked."""

AFTER_AN_ANSWER = ("Tell me more", "Say it simpler")
"""Buttons about the answer that they stand below."""


def articles_by_topic() -> dict[str, list[str]]:
    """What is written in the files, read without any of our code."""
    return {
        path.stem: [block["id"] for block in yaml.safe_load(path.read_text("utf-8"))["articles"]]
        for path in (settings.KNOWLEDGE / "articles").glob("*.yml")
    }


def test_the_model_ranks_exactly_the_articles_of_the_knowledge_base(assistant: Assistant) -> None:
    with tarfile.open(model_path()) as model:
        (file,) = (name for name in model.getnames() if name.endswith(ArticleRetriever.FILE))
        retriever, titles, keys = pickle.load(model.extractfile(file))
    written = sorted(id_ for ids in articles_by_topic().values() for id_ in ids)
    assert sorted(retriever.articles) == sorted(titles) == sorted(keys) == written


def test_the_domain_has_an_intent_and_an_answer_for_every_topic(assistant: Assistant) -> None:
    topics = set(articles_by_topic())
    about_answers = {*ABOUT_THE_LAST_ANSWER, "define"}
    assert set(assistant.domain.retrieval_intents) == topics | about_answers
    assert {f"utter_{topic}" for topic in topics} <= set(assistant.domain.action_names_or_texts)


@pytest.mark.parametrize("typed", ["{title}", " {loud}?? "])
def test_every_title_typed_in_brings_its_article(assistant: Assistant, typed: str) -> None:
    replies = {
        title: assistant.route(typed.format(title=title, loud=title.upper())) for title in TITLES
    }
    assert {title: reply.article for title, reply in replies.items()} == TITLES
    assert {reply.route for reply in replies.values()} == {"answer"}
    assert {reply.confidence for reply in replies.values()} == {1.0}


def test_the_examples_of_an_article_bring_it_first(assistant: Assistant) -> None:
    examples = [(text, a.id) for a in KNOWLEDGE.articles.values() for text in a.ask][::EVERY]
    first = {text: assistant.route(text).top[0][0] for text, _ in examples}
    missed = [(text, article) for text, article in examples if first[text] != article]
    assert len(missed) <= 0.03 * len(examples), missed


def offered_payloads(domain_responses: dict[str, list[dict[str, Any]]]) -> set[str]:
    """What a press of any button sends."""
    responses = [
        *(
            speak(article, KNOWLEDGE)
            for article in KNOWLEDGE.articles.values()
            for speak in (answer.answer, answer.tell_more, answer.simpler, answer.sources)
        ),
        *(answer.definition(term, KNOWLEDGE) for term in KNOWLEDGE.terms),
        *(variation for variations in domain_responses.values() for variation in variations),
    ]
    return {button["payload"] for response in responses for button in response.get("buttons") or []}


def texts(reply: Reply) -> str:
    return "\n".join(message.get("text", "") for message in reply.said)


def test_every_button_that_names_an_article_is_its_title(assistant: Assistant) -> None:
    others = offered_payloads(assistant.domain.responses) - set(TITLES)
    assert others == {
        answer.PERSON_BUTTON,
        "Say it simpler",
        "Tell me more",
        "What can I ask you?",
    }


def test_talk_to_a_person_leads_to_a_person(assistant: Assistant) -> None:
    (reply,) = assistant.talk([answer.PERSON_BUTTON])
    assert reply.route == "human"
    assert KNOWLEDGE.contacts["acs"].phone in texts(reply)


def test_what_can_i_ask_you_is_told(assistant: Assistant) -> None:
    (reply,) = assistant.talk(["What can I ask you?"])
    (told,) = assistant.domain.responses["utter_ask_capabilities"]
    assert texts(reply) == told["text"]


@pytest.mark.parametrize("article", list(KNOWLEDGE.articles)[::20])
def test_buttons_below_an_answer_are_about_that_answer(assistant: Assistant, article: str) -> None:
    title = KNOWLEDGE.articles[article].title
    shown, more, simpler = assistant.talk([title, *AFTER_AN_ANSWER])
    assert [reply.article for reply in (shown, more, simpler)] == [article] * 3
    assert answer.fill(KNOWLEDGE.articles[article].answer, KNOWLEDGE) in texts(shown)
    assert answer.fill(KNOWLEDGE.articles[article].more, KNOWLEDGE) in texts(more)
    assert answer.fill(KNOWLEDGE.articles[article].short, KNOWLEDGE) in texts(simpler)


@pytest.mark.parametrize("pressed", AFTER_AN_ANSWER)
def test_buttons_about_an_answer_say_so_where_there_was_none(
    assistant: Assistant, pressed: str
) -> None:
    (reply,) = assistant.talk([pressed])
    (told,) = assistant.domain.responses["utter_no_answer_yet"]
    assert texts(reply) == told["text"]


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("thanks, that helped", "smalltalk"),
        ("who can i talk to about this", "human"),
        ("what about lung cancer", "out_of_scope"),
        ("how long does it take", "answer"),
        ("and how does that go", "answer"),
    ],
)
def test_what_points_back_is_a_follow_up_unless_it_is_surely_something_else(
    assistant: Assistant, text: str, route: str
) -> None:
    assert assistant.talk(["Phases of ALL treatment", text])[-1].route == route
