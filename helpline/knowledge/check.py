"""What is wrong with the folder ``knowledge/``, beyond what keeps it from loading.

Every problem is one line for the person who edits the file: where it is, what is wrong, what to
do. Fatal ones must be put right before training; the others are work that has come due.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import holidays
import numpy as np

from helpline.encoder import Vectors
from helpline.hours import is_zone, openings_on
from helpline.knowledge.load import KnowledgeError, load_knowledge
from helpline.knowledge.models import WEEKDAYS, Article, Entity, Hours, Knowledge, Term
from helpline.knowledge.wording import copied, fold, forbidden, runs, too_long_or_hard

MIN_QUESTIONS, MAX_QUESTIONS = 20, 30
"""Example questions of one article."""

NEAR = 0.85
"""Cosine from which questions of two articles count as the same question.

Measured on the 2,559 questions of the first edition. Of the eight pairs above it, six were
paraphrases ("can i get another transplant", "can i have a second transplant") and two too vague to
tell their articles apart. Below 0.84, pairs share words and not meaning ("what is GVHD", "is GVL
the same as gvhd").
"""

YEAR, HALF_YEAR = 12, 6
"""Months until a text, a source or a phone number is due to be read again."""

SUPERSEDED_SOURCE = "acs-leukemia-doesnt-respond-comes-2014"
"""Older than most of today's treatments: nothing may rest on it alone."""

Encode = Callable[[Sequence[str]], Vectors]
"""Texts to unit vectors, shape ``(texts, dimensions)``."""

Place = tuple[str, str, str]
"""File, block and field."""


@dataclass(frozen=True)
class Problem:
    """Something for an editor to put right."""

    file: str
    """From the folder's name on: ``knowledge/articles/donors.yml``."""
    block: str
    """Id of the article, term, entity, source or contact; empty where a whole file is meant."""
    field: str
    """Empty where a whole block is meant."""
    message: str
    """What is wrong and what to do."""
    fatal: bool = True
    """Whether training has to wait for it."""

    def __str__(self) -> str:
        """Return "file: block: field: message"."""
        return ": ".join(part for part in (self.file, self.block, self.field, self.message) if part)


def check(
    folder: Path, today: date, encode: Encode | None, against: Path | None = None
) -> list[Problem]:
    """Return all that is wrong with the knowledge base.

    Args:
        folder: as for :func:`helpline.knowledge.load_knowledge`.
        today: to tell what has grown old.
        encode: ``None`` leaves out the search for questions that mean the same.
        against: a folder of source texts (``*.txt``, ``*.md``) that nothing may be copied from.
    """
    try:
        knowledge = load_knowledge(folder)
    except KnowledgeError as error:
        lines = (line.partition(": ") for line in error.problems)
        return [Problem(file, "", "", message) for file, _, message in lines]
    sources = _texts_in(against) if against else {}
    problems = [
        *_links(knowledge),
        *_sources(knowledge),
        *_titles(knowledge),
        *_questions(knowledge),
        *(_same_meaning(knowledge, encode) if encode else ()),
        *_spellings(knowledge),
        *_wording(knowledge),
        *_copies(knowledge, sources),
        *_contact_hours(knowledge),
        *_grown_old(knowledge, today),
    ]
    root = folder.resolve().name
    found = [replace(problem, file=f"{root}/{problem.file}") for problem in problems]
    if against and not sources:
        found.append(
            Problem(str(against), "", "", "no .txt or .md file; name the folder of sources")
        )
    return found


def _links(knowledge: Knowledge) -> Iterator[Problem]:
    """Find ids of articles that lead nowhere."""
    named: list[tuple[Place, list[str]]] = [
        *(
            ((_file(article), article.id, "related"), article.related)
            for article in knowledge.articles.values()
        ),
        *(
            (("glossary.yml", term.id, "articles"), term.articles)
            for term in knowledge.terms.values()
        ),
        *(
            (("entities.yml", entity.id, "article"), [entity.article])
            for entity in knowledge.entities.values()
            if entity.article
        ),
    ]
    for place, ids in named:
        for id_ in ids:
            if id_ not in knowledge.articles:
                yield Problem(*place, f'no article "{id_}"; correct the id or remove it')
            elif place[2] == "related" and id_ == place[1]:
                yield Problem(*place, "names the article itself; name another")


def _sources(knowledge: Knowledge) -> Iterator[Problem]:
    """Find sources that are missing, unused, undatable, or too old to stand alone."""
    cited: list[tuple[Place, list[str]]] = [
        *(
            ((_file(article), article.id, "sources"), article.sources)
            for article in knowledge.articles.values()
        ),
        *(
            (("contacts.yml", contact.id, "sources"), contact.sources)
            for contact in knowledge.contacts.values()
        ),
    ]
    for place, ids in cited:
        for id_ in ids:
            if id_ not in knowledge.sources:
                yield Problem(*place, f'"{id_}" is not in sources.yml; add it or correct the id')
        if set(ids) == {SUPERSEDED_SOURCE}:
            yield Problem(*place, "rests on a page of 2014 alone; add a newer source")
    used = {id_ for _, ids in cited for id_ in ids}
    for source in knowledge.sources.values():
        place = ("sources.yml", source.id, "reviewed")
        if source.id not in used:
            yield Problem(*place[:2], "", "nothing cites it; cite it or remove it", fatal=False)
        try:
            source.reviewed_in_words()
        except ValueError:
            yield Problem(
                *place, f'"{source.reviewed}" is no date; write 2025-08-13, 2025-08, 2025 or null'
            )


def _titles(knowledge: Knowledge) -> Iterator[Problem]:
    """Find titles that two articles share."""
    first: dict[str, Article] = {}
    for article in knowledge.articles.values():
        other = first.setdefault(fold(article.title), article)
        if other is not article:
            place = (_file(article), article.id, "title")
            yield Problem(*place, f"the same as that of {other.id}; change one")


def _questions(knowledge: Knowledge) -> Iterator[Problem]:
    """Find too few or too many example questions, and questions that are there twice."""
    titles = {fold(article.title): article for article in knowledge.articles.values()}
    first: dict[str, Article] = {}
    for article in knowledge.articles.values():
        place = (_file(article), article.id, "ask")
        count = len(article.ask)
        if not MIN_QUESTIONS <= count <= MAX_QUESTIONS:
            wanted = f"{MIN_QUESTIONS} to {MAX_QUESTIONS}"
            yield Problem(*place, f"{count} example questions; have {wanted}")
        for question in article.ask:
            folded = fold(question)
            if folded in first:
                yield Problem(*place, f'"{question}" is already in {first[folded].id}; keep one')
            first.setdefault(folded, article)
            titled = titles.get(folded, article)
            if titled is not article:
                yield Problem(*place, f'"{question}" is the title of {titled.id}; remove it here')


def _same_meaning(knowledge: Knowledge, encode: Encode) -> Iterator[Problem]:
    """Find questions of two articles that ask for the same thing."""
    asked = [(article, text) for article in knowledge.articles.values() for text in article.ask]
    vectors = encode([text for _, text in asked])
    similarity = np.triu(vectors @ vectors.T, k=1)
    for row, column in np.argwhere(similarity >= NEAR):
        (article, text), (other, same) = asked[row], asked[column]
        if article is not other and fold(text) != fold(same):
            yield Problem(
                _file(article),
                article.id,
                "ask",
                f'"{text}" means the same as "{same}" in {other.id} '
                f"({similarity[row, column]:.2f}); keep one or make them differ",
            )


def _spellings(knowledge: Knowledge) -> Iterator[Problem]:
    """Find spellings that stand for two things, or that one block lists twice."""
    first: dict[str, str] = {}
    blocks: list[tuple[str, Term | Entity, list[str]]] = [
        *(
            ("glossary.yml", term, [term.term, *term.spellings])
            for term in knowledge.terms.values()
        ),
        *(("entities.yml", entity, entity.spellings) for entity in knowledge.entities.values()),
    ]
    for file, block, spellings in blocks:
        place = (file, block.id, "spellings")
        own = set()
        for spelling in spellings:
            # Where case counts, "Nice guidance" and "nice guidance" are two spellings.
            written = spelling if block.case else spelling.lower()
            if written in own:
                yield Problem(*place, f'"{spelling}" is there twice; keep one')
            own.add(written)
            # Between blocks it never does: Rasa's synonyms are all in lower case.
            other = first.setdefault(spelling.lower(), block.id)
            if other != block.id:
                yield Problem(*place, f'"{spelling}" also stands for {other}; keep one')


def _read_by_visitors(knowledge: Knowledge) -> Iterator[tuple[Place, str]]:
    for article in knowledge.articles.values():
        for field in ("answer", "more", "short"):
            yield (_file(article), article.id, field), getattr(article, field)
    for term in knowledge.terms.values():
        yield ("glossary.yml", term.id, "meaning"), term.meaning
    for reply in knowledge.canned.values():
        yield ("canned.yml", reply.id, "text"), reply.text


def _wording(knowledge: Knowledge) -> Iterator[Problem]:
    """Find texts that are too long, too hard, or say what they must not."""
    for place, text in _read_by_visitors(knowledge):
        _, block, field = place
        for message in too_long_or_hard(block, field, text):
            yield Problem(*place, message)
        for message in forbidden(text, knowledge.contacts):
            yield Problem(*place, message)


def _copies(knowledge: Knowledge, sources: dict[str, str]) -> Iterator[Problem]:
    """Find stretches of words that are the same in a source; names cannot be put otherwise."""
    names = [
        f" {fold(name)} "
        for name in (
            *(source.organisation for source in knowledge.sources.values()),
            *(contact.organisation for contact in knowledge.contacts.values()),
            *(contact.name for contact in knowledge.contacts.values()),
        )
    ]
    for file, source in sources.items():
        known = set(runs(source))
        for place, text in _read_by_visitors(knowledge):
            for stretch in copied(text, known):
                if not any(f" {stretch} " in name for name in names):
                    yield Problem(*place, f'"{stretch}" is also in {file}; use words of your own')


def _texts_in(folder: Path) -> dict[str, str]:
    """Return each text file's name and content."""
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8", errors="replace")
        for path in sorted(folder.rglob("*"))
        if path.suffix in {".txt", ".md"}
    }


def _contact_hours(knowledge: Knowledge) -> Iterator[Problem]:
    """Find hours that count as closed only because they cannot be read."""
    for contact in knowledge.contacts.values():
        for name, hours in (("hours", contact.hours), ("chat", contact.chat)):
            for field, message in _unreadable(hours) if hours else ():
                yield Problem("contacts.yml", contact.id, f"{name}.{field}", message)


def _unreadable(hours: Hours) -> Iterator[tuple[str, str]]:
    """Yield field and message for all that cannot be read."""
    timed = not (hours.always or hours.unknown)
    if timed and not hours.weekly:
        yield "weekly", 'no hours; add them, or "always: true", or "unknown: true"'
    if hours.timezone and not is_zone(hours.timezone):
        yield "timezone", f'"{hours.timezone}" is unknown; write one such as America/Chicago'
    elif timed and not hours.timezone:
        yield "timezone", "missing; add one such as America/Chicago"
    if hours.holidays:
        try:
            holidays.country_holidays(hours.holidays, subdiv=hours.subdivision)
        except NotImplementedError:
            code = " ".join(filter(None, (hours.holidays, hours.subdivision)))
            yield "holidays", f'no calendar for "{code}"; write a code such as US, or GB with ENG'
    for weekday, times in hours.weekly.items():
        for text in times:
            if not _opens(WEEKDAYS.index(weekday), text):
                yield f"weekly.{weekday}", f'"{text}" cannot be read; write it like "09:00-17:00"'
    for day, text in hours.early_closing.items():
        if not _opens(day.weekday(), f"00:00-{text}"):
            yield f"early_closing.{day}", f'"{text}" cannot be read; write it like "12:00"'


def _opens(weekday: int, times: str) -> bool:
    """Return whether these times alone make an opening on that day of the week."""
    monday = date(2024, 1, 1)
    alone = Hours.parse_obj({"timezone": "UTC", "weekly": {WEEKDAYS[weekday]: [times]}})
    return bool(openings_on(alone, monday + timedelta(days=weekday)))


def _grown_old(knowledge: Knowledge, today: date) -> Iterator[Problem]:
    """Find what is due to be held against its sources again."""
    dated: list[tuple[Place, date, int]] = [
        *(
            (
                (_file(article), article.id, "reviewed"),
                article.reviewed,
                HALF_YEAR if article.expires == "half-yearly" else YEAR,
            )
            for article in knowledge.articles.values()
        ),
        *(
            (("contacts.yml", contact.id, "checked"), contact.checked, HALF_YEAR)
            for contact in knowledge.contacts.values()
        ),
        *(
            (("sources.yml", source.id, "read"), source.read, YEAR)
            for source in knowledge.sources.values()
        ),
    ]
    for place, day, months in dated:
        years, month = divmod(day.month - 1 + months, 12)
        if (day.year + years, month, day.day) < (today.year, today.month - 1, today.day):
            message = f"{day} is over {months} months ago; read it again and update the date"
            yield Problem(*place, message, fatal=False)


def _file(article: Article) -> str:
    return f"articles/{article.topic}.yml"
