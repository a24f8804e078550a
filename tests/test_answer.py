"""From an article to what is said, for every article and term that we really have."""

import json
from datetime import date
from urllib.parse import urlsplit

import pytest

from helpline import settings
from helpline.answer import (
    PERSON_BUTTON,
    answer,
    button,
    definition,
    fill,
    payload,
    person_line,
    simpler,
    sources,
    tell_more,
)
from helpline.knowledge import load_knowledge

KNOWLEDGE = load_knowledge(settings.KNOWLEDGE)
ARTICLES = list(KNOWLEDGE.articles.values())
ALLO = KNOWLEDGE.articles["type-allo"]

every_article = pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.id)


def texts(value):
    """Return every text in a response, however deep."""
    if isinstance(value, dict):
        return [text for item in value.values() for text in texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    return [value] if isinstance(value, str) else []


def titles(response):
    return [button["title"] for button in response["buttons"]]


def with_article(**fields):
    """Return the article on donor transplants with some of its fields changed."""
    return ALLO.copy(update=fields)


# Every article and term


@every_article
def test_no_brace_is_left_anywhere(article):
    # Rasa would take what stands in braces for a slot.
    for say in (answer, tell_more, simpler, sources):
        assert [text for text in texts(say(article, KNOWLEDGE)) if "{" in text or "}" in text] == []


@every_article
def test_a_response_is_text_buttons_and_payload_that_can_travel_as_json(article):
    for say in (answer, tell_more, simpler, sources):
        response = say(article, KNOWLEDGE)
        assert list(response) == ["text", "buttons", "custom"]
        assert json.loads(json.dumps(response)) == response


@every_article
def test_the_way_to_a_person_is_always_the_last_button_and_buttons_are_few(article):
    for say in (answer, tell_more, simpler, sources):
        found = titles(say(article, KNOWLEDGE))
        assert found[-1] == PERSON_BUTTON
        assert 1 <= len(found) <= 4
        assert len(set(found)) == len(found)


@every_article
def test_an_answer_offers_at_most_three_related_articles_in_the_articles_order(article):
    for say in (answer, tell_more):
        related = titles(say(article, KNOWLEDGE))[:-1]
        assert related == [KNOWLEDGE.articles[id_].title for id_ in article.related[:3]]


@every_article
def test_each_text_of_an_article_begins_what_is_said(article):
    for say, text in (
        (answer, article.answer),
        (tell_more, article.more),
        (simpler, article.short),
    ):
        assert say(article, KNOWLEDGE)["text"].startswith(fill(text, KNOWLEDGE) + "\n\n")


@every_article
def test_below_each_answer_stand_its_sources_with_dates_and_the_numbers(article):
    for say in (answer, tell_more, simpler):
        *_, cited, closing = say(article, KNOWLEDGE)["text"].split("\n\n")
        assert cited.startswith("Sources: ")
        for source in KNOWLEDGE.cited(article):
            assert source.citation() in cited
        assert closing.startswith(person_line(KNOWLEDGE))
        assert closing.endswith("Was this helpful? You can say yes or no.")


@every_article
def test_asked_where_it_comes_from_it_names_every_page_and_when_it_was_reviewed(article):
    text = sources(article, KNOWLEDGE)["text"]
    assert f"“{article.title}”" in text
    for source in KNOWLEDGE.cited(article):
        page = f"- {source.organisation}: {source.title} ({source.reviewed_in_words()})"
        assert f"{page}\n  {source.url}" in text


@every_article
def test_the_payload_says_the_same_as_the_article(article):
    found = payload(article, KNOWLEDGE, fill(article.answer, KNOWLEDGE))
    assert found == answer(article, KNOWLEDGE)["custom"]
    assert found["type"] == "article"
    assert (found["article"], found["topic"]) == (article.id, article.topic)
    assert found["title"] == article.title
    assert date.fromisoformat(found["reviewed"]) == article.reviewed
    assert found["clinical_review"] == article.clinical_review
    assert [source["url"] for source in found["sources"]] == [
        KNOWLEDGE.sources[id_].url for id_ in article.sources
    ]
    for source in found["sources"]:
        assert set(source) == {"organisation", "title", "url", "reviewed"}
        assert urlsplit(source["url"]).scheme in ("http", "https")
    assert found["related"] == [
        {"article": id_, "title": KNOWLEDGE.articles[id_].title} for id_ in article.related
    ]


@every_article
@pytest.mark.parametrize(
    ("make", "field"), [(answer, "answer"), (tell_more, "more"), (simpler, "short")]
)
def test_a_page_gets_the_words_alone_and_other_channels_the_lines_below_as_well(
    article, make, field
):
    response = make(article, KNOWLEDGE)
    body = response["custom"]["body"]
    assert body == fill(getattr(article, field), KNOWLEDGE)
    assert response["text"].startswith(f"{body}\n\nSources: ")


def test_where_an_answer_comes_from_is_told_alike_on_a_page_and_elsewhere():
    article = KNOWLEDGE.articles["donor-sibling"]
    response = sources(article, KNOWLEDGE)
    assert response["custom"]["body"] == response["text"]


@pytest.mark.parametrize("term", KNOWLEDGE.terms.values(), ids=lambda term: term.id)
def test_every_term_has_a_definition_with_at_most_three_articles_and_a_person(term):
    response = definition(term.id, KNOWLEDGE)
    assert not any("{" in text or "}" in text for text in texts(response))
    name, _, meaning = response["text"].partition(": ")
    assert name.lower() == term.term.lower()
    assert meaning == fill(term.meaning, KNOWLEDGE)
    assert titles(response) == [
        *(KNOWLEDGE.articles[id_].title for id_ in term.articles[:3]),
        PERSON_BUTTON,
    ]
    assert response["custom"] == {"type": "definition", "term": term.id}


# Examples


def test_the_sources_of_an_answer_are_cited_with_their_dates():
    article = with_article(
        sources=["acs-stem-cell-transplant-all-2025", "cruk-research-clinical-trials-all-2025"]
    )
    assert (
        "\n\nSources: American Cancer Society (13 August 2025); "
        "Cancer Research UK (21 January 2025)\n\n"
    ) in answer(article, KNOWLEDGE)["text"]


def test_two_pages_that_are_cited_alike_are_cited_once():
    one = KNOWLEDGE.sources[ALLO.sources[0]]
    knowledge = KNOWLEDGE.copy(
        update={"sources": {"one": one, "two": one.copy(update={"id": "two", "title": "Other"})}}
    )
    text = answer(with_article(sources=["one", "two"]), knowledge)["text"]
    assert text.count(one.citation()) == 1
    assert len(payload(with_article(sources=["one", "two"]), knowledge, "")["sources"]) == 2


@pytest.mark.parametrize(
    ("reviewed", "words"),
    [
        ("2025-08-13", "13 August 2025"),
        ("2025-08-03", "3 August 2025"),
        ("2025-08", "August 2025"),
        ("2025", "2025"),
        (None, "no date shown"),
    ],
)
def test_a_date_is_said_as_exactly_as_the_source_shows_it(reviewed, words):
    source = KNOWLEDGE.sources[ALLO.sources[0]].copy(update={"reviewed": reviewed})
    assert source.citation() == f"American Cancer Society ({words})"


def test_a_related_article_that_is_left_out_leaves_no_button():
    article = with_article(related=["not-signed-off", "type-auto"])
    assert titles(answer(article, KNOWLEDGE)) == [
        KNOWLEDGE.articles["type-auto"].title,
        PERSON_BUTTON,
    ]
    assert [related["article"] for related in payload(article, KNOWLEDGE, "")["related"]] == [
        "type-auto"
    ]


def test_an_article_without_related_ones_still_offers_a_person():
    assert titles(answer(with_article(related=[]), KNOWLEDGE)) == [PERSON_BUTTON]


def test_more_than_three_related_articles_make_three_buttons_and_stay_in_the_payload():
    ids = [article.id for article in ARTICLES[:5]]
    article = with_article(related=ids)
    assert len(titles(answer(article, KNOWLEDGE))) == 4
    assert [related["article"] for related in payload(article, KNOWLEDGE, "")["related"]] == ids


def test_the_simplest_wording_offers_to_tell_more():
    assert titles(simpler(ALLO, KNOWLEDGE)) == ["Tell me more", PERSON_BUTTON]


def test_an_unreviewed_article_says_so_when_asked_for_its_sources():
    article = with_article(clinical_review="pending", reviewed=date(2026, 1, 2))
    text = sources(article, KNOWLEDGE)["text"]
    assert text.endswith(
        "We last checked our text on 2 January 2026. A clinician has not reviewed it yet."
    )


def test_a_reviewed_article_says_by_whom():
    article = with_article(clinical_review="Dr. A. Example, 2026-12-01")
    text = sources(article, KNOWLEDGE)["text"]
    assert text.endswith("Clinical review: Dr. A. Example, 2026-12-01.")
    assert "not reviewed" not in text


def test_a_button_says_its_own_title():
    assert button("Tell me more") == {"title": "Tell me more", "payload": "Tell me more"}
    assert button("Yes", "/affirm") == {"title": "Yes", "payload": "/affirm"}


def test_the_way_to_a_person_gives_both_countries_with_their_hours():
    assert person_line(KNOWLEDGE) == (
        "To talk to a person: 1-800-227-2345, any time (US); "
        "0808 800 40 40, Monday to Friday, 9:00 am to 5:00 pm (UK)."
    )


def test_a_line_that_is_no_longer_there_at_night_is_no_longer_said_to_be():
    acs = KNOWLEDGE.contacts["acs"]
    acs = acs.copy(update={"hours": acs.chat})
    knowledge = KNOWLEDGE.copy(update={"contacts": {**KNOWLEDGE.contacts, "acs": acs}})
    assert "1-800-227-2345, Monday to Friday, 7:00 am to 6:30 pm (US)" in person_line(knowledge)


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Phone {acs}.", "Phone 1-800-227-2345."),
        ("{acs}{acs}", "1-800-227-23451-800-227-2345"),
        ("{cruk} or {lifeline-988}", "0808 800 40 40 or 988"),
        ("{nobody} stays", "{nobody} stays"),
        ("{ acs } and {ACS} stay", "{ acs } and {ACS} stay"),
        ("{} stays", "{} stays"),
        ("", ""),
    ],
)
def test_a_contact_in_braces_becomes_its_number(text, filled):
    assert fill(text, KNOWLEDGE) == filled


def test_every_contact_can_stand_in_a_text():
    for id_, contact in KNOWLEDGE.contacts.items():
        assert fill(f"({{{id_}}})", KNOWLEDGE) == f"({contact.phone})"


def test_a_term_is_capitalized_unless_its_case_matters():
    term = KNOWLEDGE.terms["leukemia"]
    knowledge = KNOWLEDGE.copy(
        update={
            "terms": {
                "loose": term.copy(update={"term": "graft", "case": False}),
                "exact": term.copy(update={"term": "iPS cell", "case": True}),
            }
        }
    )
    assert definition("loose", knowledge)["text"].startswith("Graft: ")
    assert definition("exact", knowledge)["text"].startswith("iPS cell: ")


def test_a_number_in_the_meaning_of_a_term_is_filled_in():
    term = KNOWLEDGE.terms["leukemia"].copy(update={"meaning": "Phone {acs}.", "term": "help"})
    knowledge = KNOWLEDGE.copy(update={"terms": {"help": term}})
    assert definition("help", knowledge)["text"] == "Help: Phone 1-800-227-2345."


def test_a_term_whose_articles_are_left_out_offers_a_person():
    terms = {"leukemia": KNOWLEDGE.terms["leukemia"]}
    knowledge = KNOWLEDGE.copy(update={"articles": {}, "terms": terms})
    assert titles(definition("leukemia", knowledge)) == [PERSON_BUTTON]


def test_a_term_that_is_not_in_the_glossary_is_an_error():
    with pytest.raises(KeyError):
        definition("not-a-term", KNOWLEDGE)
