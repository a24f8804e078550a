"""What a specialist can insert: canned replies, and articles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from rapidfuzz import fuzz, utils

from helpline.answer import fill, payload
from helpline.knowledge import Article, Knowledge

FOUND = 20
"""So many articles at most."""

LIKE = 60
"""Of 100: from here on a text is like what is looked for."""

T = TypeVar("T")


def canned(knowledge: Knowledge, query: str) -> list[dict[str, Any]]:
    """Return canned replies, the likeliest first; without a query all of them, in their order."""
    found = _best(
        query,
        (([reply.title, *reply.tags, reply.text], reply) for reply in knowledge.canned.values()),
    )
    return [
        {
            "id": reply.id,
            "title": reply.title,
            "text": fill(reply.text, knowledge),
            "tags": reply.tags,
        }
        for reply in found
    ]


def articles(knowledge: Knowledge, query: str) -> list[dict[str, Any]]:
    """Return articles, the likeliest first; without a query all of them, by topic."""
    found = _best(
        query,
        (([article.title, *article.ask], article) for article in knowledge.articles.values()),
    )
    return [
        {
            "article": article.id,
            "topic": knowledge.topics[article.topic].title,
            "title": article.title,
            "answer": fill(article.answer, knowledge),
            "short": fill(article.short, knowledge),
            "reviewed": article.reviewed.isoformat(),
            "clinical_review": article.clinical_review,
        }
        for article in (found[:FOUND] if query.strip() else found)
    ]


def body(article: Article, text: str, knowledge: Knowledge) -> dict[str, Any]:
    """Return a message that shows an article, with a sentence of the specialist's own above it."""
    words = fill(article.answer, knowledge)
    return {
        "text": f"{text}\n\n{words}" if text else words,
        "data": payload(article, knowledge, words),
    }


def _best(query: str, texts: Iterable[tuple[list[str], T]]) -> list[T]:
    """Return what is like a query, the likest first; without a query all, in its order."""
    words = utils.default_process(query).split()
    if not words:
        return [what for _, what in texts]
    scored = [(_likeness(words, parts), what) for parts, what in texts]
    likely = [entry for entry in scored if entry[0] >= LIKE]
    return [what for _, what in sorted(likely, key=lambda entry: -entry[0])]


def _likeness(words: list[str], parts: list[str]) -> float:
    """Return how like a query is, 0 to 100.

    Half of it is how many words are there, if only their beginnings: people look while they type.
    The other half is the part that is likest as a whole.
    """
    there = utils.default_process(" ".join(parts)).split()
    begun = sum(any(one.startswith(word) for one in there) for word in words) / len(words)
    query = " ".join(words)
    likest = max(
        fuzz.token_set_ratio(query, part, processor=utils.default_process)
        + fuzz.token_sort_ratio(query, part, processor=utils.default_process)
        for part in parts
    )
    return 50 * begun + likest / 4
