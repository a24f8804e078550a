"""From what Rasa says to what a page shows."""

from helpline import settings
from helpline.answer import answer, simpler, sources
from helpline.knowledge import load_knowledge
from helpline.web.replies import body, silence

KNOWLEDGE = load_knowledge(settings.KNOWLEDGE)
ALLO = KNOWLEDGE.articles["type-allo"]


def test_of_an_article_a_page_gets_the_words_the_buttons_and_the_data():
    message = body(answer(ALLO, KNOWLEDGE))
    assert "Sources:" not in message["text"]
    assert "Was this helpful" not in message["text"]
    assert message["buttons"][-1] == {"title": "Talk to a person", "payload": "Talk to a person"}
    assert message["data"]["article"] == "type-allo"
    assert message["data"]["sources"]


def test_the_simplest_wording_is_cut_the_same_way():
    assert "Sources:" not in body(simpler(ALLO, KNOWLEDGE))["text"]


def test_where_it_comes_from_keeps_its_list():
    assert ALLO.sources
    assert "was put together from" in body(sources(ALLO, KNOWLEDGE))["text"]


def test_a_plain_text_is_a_text_and_nothing_else():
    assert body({"text": "Hello", "buttons": [], "custom": {}, "image": None}) == {"text": "Hello"}


def test_a_button_without_a_payload_says_its_title():
    message = body({"text": "?", "buttons": [{"title": "Yes"}]})
    assert message["buttons"] == [{"title": "Yes", "payload": "Yes"}]


def test_data_without_a_text_still_makes_a_message():
    data = {"type": "screen", "screen": "crisis"}
    assert body({"custom": data}) == {"text": "", "data": data}


def test_where_nothing_is_said_there_are_numbers_to_call():
    said = silence(KNOWLEDGE)
    assert all(number in said for number in ("1-800-227-2345", "0808 800 40 40", "911", "999"))
    assert "{" not in said
