"""The nouns of the knowledge base: article, source, term, entity, contact."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from pydantic import BaseModel, Extra, Field, validator

Region = Literal["us", "uk"]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Record(BaseModel):
    """A block of YAML. A field that nobody knows is an error, not a silence."""

    class Config:
        """Rules for every record."""

        extra = Extra.forbid
        allow_mutation = False


class Source(Record):
    """A page that facts were taken from."""

    id: str
    organisation: str
    title: str
    url: str
    reviewed: str | None
    """When the organisation last reviewed it: an ISO date, a year and month, or nothing shown."""
    read: date
    """When we read it."""
    via: str | None = None
    """How it was read, where not live."""

    def citation(self) -> str:
        """Return "Organisation (date)" for the line below an answer."""
        # Without the abbreviation: "American Cancer Society (13 August 2025)".
        name = re.sub(r" \([A-Z]+\)$", "", self.organisation)
        return f"{name} ({self.reviewed_in_words()})"

    def reviewed_in_words(self) -> str:
        """Return the review date as people write it, or that none is shown."""
        if not self.reviewed:
            return "no date shown"
        parts = [int(part) for part in self.reviewed.split("-")]
        months = date(2000, parts[1], 1).strftime("%B") if len(parts) > 1 else ""
        day = str(parts[2]) if len(parts) > 2 else ""
        return " ".join(word for word in (day, months, str(parts[0])) if word)


class Article(Record):
    """One subject: how people ask about it, and what we answer."""

    id: str
    topic: str
    """The file it is in, and the Rasa retrieval intent."""
    title: str
    ask: list[str] = Field(min_items=1)
    answer: str
    more: str
    """For "tell me more"."""
    short: str
    """For "say it simpler"."""
    sources: list[str] = Field(min_items=1)
    related: list[str]
    region: list[Region] = Field(min_items=1)
    reviewed: date
    """When an editor last held the text against its sources."""
    clinical_review: str
    """"pending", or who signed it off and when: "Dr A. Example, hematologist, 2026-12-01"."""
    expires: Literal["yearly", "half-yearly"] = "yearly"
    """Approvals and phone numbers are held against their sources every six months."""

    @validator("clinical_review")
    def pending_or_signed(cls, text: str) -> str:
        """A typo must not count as a sign-off."""
        if text != "pending" and not re.fullmatch(r".+, \d{4}-\d{2}-\d{2}", text):
            raise ValueError('write "pending", or who signed it off and when: "Name, 2026-12-01"')
        return text

    @validator("answer", "more", "short", pre=True)
    def one_line_per_paragraph(cls, text: object) -> object:
        """Part paragraphs by a blank line, of which YAML's folded blocks leave a line break."""
        if not isinstance(text, str):
            return text
        lines = (" ".join(line.split()) for line in text.splitlines())
        return "\n\n".join(line for line in lines if line)

    @property
    def response_key(self) -> str:
        """Return the full retrieval intent, such as ``donors/donor-hla``."""
        return f"{self.topic}/{self.id}"


class Topic(Record):
    """A file of articles."""

    id: str
    title: str
    then: list[str] = []
    """Rasa actions to run after any answer of this topic."""


class Term(Record):
    """A medical word and what it means."""

    id: str
    term: str
    label: Literal["term", "treatment"]
    meaning: str
    spellings: list[str]
    articles: list[str] = []
    """Where more is said."""
    case: bool = False
    """The spellings count only in the given case: ALL is a leukemia, all is a word."""


class Entity(Record):
    """A person, organization or place that visitors name."""

    id: str
    label: Literal["relation", "organization", "place"]
    spellings: list[str]
    article: str | None = None
    """For relations: the article that speaks of this kind of donor."""
    region: Literal["us", "uk", "other"] | None = None
    search: str | None = None
    """For places: what to put in a trial search form."""
    state: str | None = None
    """For states of the US: the two letters of its post."""
    timezone: str | None = None
    """For places on one clock: its IANA name."""
    case: bool = False
    """The spellings count only in the given case: NICE is an institute, nice is a word."""


class Hours(Record):
    """When somebody is there. Times are "HH:MM-HH:MM", the end not included."""

    always: bool = False
    unknown: bool = False
    """No source states the hours."""
    timezone: str | None = None
    """An IANA name."""
    weekly: dict[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], list[str]] = {}
    holidays: str | None = None
    """Country code of the holidays library: closed on its public holidays."""
    subdivision: str | None = None
    early_closing: dict[date, str] = {}
    """Days that end before their time: date to "HH:MM"."""


class Contact(Record):
    """A line that people can phone, text or write to."""

    id: str
    name: str
    organisation: str
    kind: Literal["helpline", "crisis", "emergency"]
    region: Region
    phone: str
    tel: str
    cost: str | None = None
    languages: list[str] = []
    note: str | None = None
    hours: Hours
    chat: Hours | None = None
    text: str | None = None
    web: str | None = None
    sources: list[str] = Field(min_items=1)
    checked: date


class CannedReply(Record):
    """Words that a specialist can send as they are, or change first."""

    id: str
    title: str
    text: str
    tags: list[str] = []


class Knowledge(Record):
    """The whole folder."""

    topics: dict[str, Topic]
    articles: dict[str, Article]
    sources: dict[str, Source]
    terms: dict[str, Term]
    entities: dict[str, Entity]
    contacts: dict[str, Contact]
    canned: dict[str, CannedReply] = {}

    def cited(self, article: Article) -> list[Source]:
        """Return the article's sources, in its order."""
        return [self.sources[source] for source in article.sources]

    def related(self, article: Article) -> list[Article]:
        """Return the articles to read next, in the article's order."""
        return [self.articles[related] for related in article.related if related in self.articles]
