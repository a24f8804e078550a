"""From an article to what is said: text for any channel, and a payload for a web page."""

from __future__ import annotations

import re
from typing import Any

from helpline.hours import weekly_in_words
from helpline.knowledge import Article, Knowledge

PERSON_BUTTON = "Talk to a person"
MORE_BUTTON = "Tell me more"
SIMPLER_BUTTON = "Say it simpler"
CAPABILITIES_BUTTON = "What can I ask you?"

BUTTONS = (PERSON_BUTTON, MORE_BUTTON, SIMPLER_BUTTON, CAPABILITIES_BUTTON)
"""What buttons say beside the titles of articles. To press one is never an alarm."""

PLACEHOLDER = re.compile(r"\{([a-z0-9-]+)\}")
"""``{acs}`` in a text stands for the phone number of the contact ``acs``."""


def fill(text: str, knowledge: Knowledge) -> str:
    """Replace ``{contact-id}`` by the contact's number; other braces are left for Rasa."""

    def number(match: re.Match[str]) -> str:
        contact = knowledge.contacts.get(match[1])
        return contact.phone if contact else match[0]

    return PLACEHOLDER.sub(number, text)


def answer(article: Article, knowledge: Knowledge) -> dict[str, Any]:
    """Return the article as a Rasa response: text, buttons and ``custom`` payload."""
    return _response(article, knowledge, article.answer, buttons=_next_steps(article, knowledge))


def tell_more(article: Article, knowledge: Knowledge) -> dict[str, Any]:
    """Return what "tell me more" brings."""
    return _response(article, knowledge, article.more, buttons=_next_steps(article, knowledge))


def simpler(article: Article, knowledge: Knowledge) -> dict[str, Any]:
    """Return the plainest wording."""
    return _response(
        article, knowledge, article.short, buttons=[button(MORE_BUTTON), button(PERSON_BUTTON)]
    )


def sources(article: Article, knowledge: Knowledge) -> dict[str, Any]:
    """Return where the article comes from, with titles and addresses."""
    cited = "\n".join(
        f"- {source.organisation}: {source.title} ({source.reviewed_in_words()})\n  {source.url}"
        for source in knowledge.cited(article)
    )
    review = (
        "A clinician has not reviewed it yet."
        if article.clinical_review == "pending"
        else f"Clinical review: {article.clinical_review}."
    )
    text = (
        f"“{article.title}” was put together from:\n{cited}\n"
        "The date is when the organization last reviewed its page. "
        f"We last checked our text on {_date(article)}. {review}"
    )
    return {
        "text": text,
        "buttons": [button(MORE_BUTTON), button(PERSON_BUTTON)],
        "custom": payload(article, knowledge, text),
    }


def definition(term_id: str, knowledge: Knowledge) -> dict[str, Any]:
    """Return what a term of the glossary means, and where more is said."""
    term = knowledge.terms[term_id]
    articles = [knowledge.articles[id_] for id_ in term.articles if id_ in knowledge.articles]
    name = term.term if term.case else term.term[:1].upper() + term.term[1:]
    return {
        "text": f"{name}: {fill(term.meaning, knowledge)}",
        "buttons": [*(button(article.title) for article in articles[:3]), button(PERSON_BUTTON)],
        "custom": {"type": "definition", "term": term.id},
    }


def payload(article: Article, knowledge: Knowledge, body: str) -> dict[str, Any]:
    """Return what a web page needs to show the article in its own way.

    Args:
        body: the words alone, without the lines that a page shows otherwise.
    """
    return {
        "type": "article",
        "article": article.id,
        "topic": article.topic,
        "title": article.title,
        "body": body,
        "reviewed": article.reviewed.isoformat(),
        "clinical_review": article.clinical_review,
        "sources": [
            {
                "organisation": source.organisation,
                "title": source.title,
                "url": source.url,
                "reviewed": source.reviewed,
            }
            for source in knowledge.cited(article)
        ],
        "related": [
            {"article": related.id, "title": related.title}
            for related in knowledge.related(article)
        ],
    }


def button(title: str, payload: str | None = None) -> dict[str, str]:
    """Return a button that says its own title, so that any channel can show and type it."""
    return {"title": title, "payload": payload or title}


def person_line(knowledge: Knowledge) -> str:
    """Return the way to a person that stands below every answer."""
    us, uk = knowledge.contacts["acs"], knowledge.contacts["cruk"]
    return (
        f"To talk to a person: {us.phone}, {weekly_in_words(us.hours)} (US); "
        f"{uk.phone}, {weekly_in_words(uk.hours)} (UK)."
    )


def _next_steps(article: Article, knowledge: Knowledge) -> list[dict[str, str]]:
    related = knowledge.related(article)[:3]
    return [*(button(other.title) for other in related), button(PERSON_BUTTON)]


def _response(
    article: Article, knowledge: Knowledge, text: str, buttons: list[dict[str, str]]
) -> dict[str, Any]:
    cited = "; ".join(dict.fromkeys(source.citation() for source in knowledge.cited(article)))
    body = fill(text, knowledge)
    lines = [
        body,
        f"Sources: {cited}",
        f"{person_line(knowledge)} Was this helpful? You can say yes or no.",
    ]
    return {
        "text": "\n\n".join(lines),
        "buttons": buttons,
        "custom": payload(article, knowledge, body),
    }


def _date(article: Article) -> str:
    return f"{article.reviewed.day} {article.reviewed:%B %Y}"
