"""Who answers a message: the order of precedence of the routing policy, as a pure function.

What goes in was seen by others: which intents are likely, which articles, which words of the
glossary. What comes out is one decision, and the reason for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from helpline.knowledge import Knowledge
from helpline.message import Form
from helpline.retrieval import Candidate
from helpline.safety.kinds import kind_of_intent
from helpline.safety.rules import ScreenName
from helpline.safety.verdict import ScreenThresholds, Verdict

Route = Literal[
    "answer",
    "clarify",
    "personal_medical",
    "emergency",
    "crisis",
    "support",
    "human",
    "hours",
    "smalltalk",
    "out_of_scope",
    "unsure",
]

PERSONAL = (
    "personal_choice",
    "personal_diagnosis",
    "personal_dose",
    "personal_eligibility",
    "personal_interaction",
    "personal_missed_dose",
    "personal_odds",
    "personal_permission",
    "personal_results",
    "personal_second_guess",
    "personal_symptom",
)
"""What depends on one person's body, results, medicines or odds; each has a reply of its own."""

KEPT_AFTER_CRISIS = frozenset(
    ("answer", "clarify", "personal_medical", "emergency", "crisis", "human", "hours")
)
"""Routes that stay as they are after a crisis screen. All others, small talk and "I don't know"
among them, give way to the crisis lines and a gentle word."""

ROUTE_OF_INTENT: Mapping[str, Route] = {
    "crisis": "crisis",
    "crisis_and_emergency": "crisis",
    "emergency": "emergency",
    "urgent": "emergency",
    **dict.fromkeys(PERSONAL, "personal_medical"),
    "support": "support",
    "after_crisis": "support",
    "ask_person": "human",
    "ask_hours": "hours",
    "other_cancer": "out_of_scope",
    "out_of_scope": "out_of_scope",
    "prompt_injection": "out_of_scope",
    "clarify": "clarify",
    "unsure": "unsure",
    "bare_question": "unsure",
    # About the answer before: they need one.
    "tell_more": "answer",
    "simplify": "answer",
    "ask_sources": "answer",
    "define": "answer",
}
"""Intents that are neither here nor topics are small talk."""

ABOUT_THE_LAST_ANSWER = ("tell_more", "simplify", "ask_sources")

BARE_QUESTION = "bare_question"
"""The intent of what only the last answer makes whole: "how long does that take?"."""

SAFE_KINDS = ("general", "personal", "support", "none")
"""The kinds of messages that are no matter for a screen, see :mod:`helpline.safety.kinds`."""

WEIGHT_OF_KIND = 0.5
"""How much the fine-tuned encoder's opinion on the kind counts beside the intent classifier's."""

MORE_LIKELY_THAN_NOT = 0.5

LEAST = 1e-6
"""A probability that is not zero, to divide by."""

FORM_INTENT: Mapping[Form, str] = {
    "empty": "empty",
    "emoji": "emoji",
    "too_long": "too_long",
    "other_language": "other_language",
    # Where no article is about help in Spanish.
    "spanish": "other_language",
}

THUMBS: Mapping[str, str] = {"\N{THUMBS UP SIGN}": "affirm", "\N{THUMBS DOWN SIGN}": "deny"}

SPANISH_ARTICLE = "help-spanish"

ANAPHORA = re.compile(
    r"^(and|what about|how about|but|so|or|then)\b|\b(it|that|this|those|these|they|them|one)\b",
    re.IGNORECASE,
)
"""Words that lean on what was said before."""

ASKING_FOR_A_MEANING = frozenset(
    (
        "what whats what's is are does do a an the it mean means meaning of define definition "
        "explain stand stands for by meant word term in plain simple english words please pls me "
        "can could you tell i keep hearing doctor doctors nurse said says say exactly again this "
        "that call called who which letters abbreviation short"
    ).split(" ")
)
"""A message made of these and a term asks what the term means."""

ORDINALS: Mapping[str, int] = {
    "1": 0,
    "one": 0,
    "first": 0,
    "2": 1,
    "two": 1,
    "second": 1,
    "3": 2,
    "three": 2,
    "third": 2,
    "last": -1,
}

SURE_OF_ANOTHER_INTENT = 0.35
"""So likely must another intent be that a message that leans on the last answer counts as such.
A real follow-up looks like nothing in particular: on our dialogues, 0.2 at the most."""

RELATION_WITHIN = 5
"""A named relation's article is looked for among so many."""

MAX_FOLLOW_UP_WORDS = 9
"""A longer message stands on its own."""


@dataclass(frozen=True)
class Thresholds:
    """From when on we are sure. Written by ``helpline tune`` from the development set."""

    answer: float
    """Least confidence to answer with an article."""
    clarify: float
    """Least confidence to offer articles as "Did you mean"."""
    nearest: float
    """Least probability of the first article: below it nothing is near, whatever is second."""
    near_equal: float
    """Candidates with at least this share of the first one's probability are offered with it."""
    personal_medical: float
    """Least probability not to answer what depends on one person's body."""
    ask_person: float
    """Least probability that a person is asked for, to offer one."""
    screens: Mapping[ScreenName, ScreenThresholds]
    """Of the crisis and the emergency screen."""


@dataclass(frozen=True)
class Context:
    """What was said before, as far as the next message may lean on it."""

    article: str | None = None
    """Shown last."""
    candidates: tuple[str, ...] = ()
    """Offered, or ranked, by the message before."""
    asked_which: bool = False
    """The message before got "Did you mean one of these?"."""
    crisis_shown: bool = False
    """The crisis screen was shown in this conversation."""


@dataclass(frozen=True)
class Seen:
    """What the pipeline saw in a message."""

    text: str
    form: Form
    verdict: Verdict
    """Of the safety screen."""
    intents: Mapping[str, float]
    """Probability of each intent; adds up to one. Topics are intents as well."""
    ranking: Sequence[Candidate]
    """Articles, the likeliest first. For a follow-up: in the light of the last answer."""
    entities: Sequence[str] = ()
    """Ids of glossary terms, relations, organizations and places, in the order of the text."""
    exact_article: str | None = None
    """The article whose title or example question this is, word by word."""
    follow_up: bool = False
    """The message leans on the last answer, see :func:`leans_on`."""
    button: bool = False
    """The message is what a button says, letter by letter: "Tell me more", an article's title."""


@dataclass(frozen=True)
class Decision:
    """Who answers."""

    intent: str
    """A topic, or an intent of the domain."""
    route: Route
    article: str | None
    """To be shown; or, where the route is not an answer, the nearest general article."""
    confidence: float
    candidates: tuple[str, ...] = ()
    """To choose from, the likeliest first."""
    term: str | None = None
    """To be defined."""


def leans_on(context: Context, text: str) -> bool:
    """Return whether a message leans on the last answer: "how long does that take?"."""
    return (
        context.article is not None
        and len(text.split()) <= MAX_FOLLOW_UP_WORDS
        and ANAPHORA.search(text) is not None
    )


def decide(seen: Seen, context: Context, knowledge: Knowledge, thresholds: Thresholds) -> Decision:
    """Return who answers, by the order of precedence of the routing policy."""
    return _Weighing(seen, context, knowledge, thresholds).decide()


class _Weighing:
    """One message being decided on: each step decides, or leaves it to the next."""

    def __init__(
        self, seen: Seen, context: Context, knowledge: Knowledge, thresholds: Thresholds
    ) -> None:
        self.seen = seen
        self.context = _still_known(context, knowledge)
        self.knowledge = knowledge
        self.thresholds = thresholds
        self.ranking = _by_relation(seen, knowledge, thresholds.near_equal)
        self.top = tuple(candidate.article for candidate in self.ranking[:3])
        intents = self._by_kind(seen.intents)
        self.known = sum(p for intent, p in intents.items() if intent in knowledge.topics)
        self.others = {i: p for i, p in intents.items() if i not in knowledge.topics}
        if self.context.article is not None:
            # After an answer it is a question for articles: the last one's, or what ranks first.
            self.known += self.others.pop(BARE_QUESTION, 0.0)
        self.other = max(self.others, key=lambda intent: self.others[intent], default="unsure")

    def _by_kind(self, intents: Mapping[str, float]) -> dict[str, float]:
        """Return the probabilities of the intents in the light of the kind of message.

        The intent classifier tells the intents of a kind apart; which kind it is, the fine-tuned
        encoder hears better.
        """
        kind_of = {intent: self._kind(intent) for intent in intents}
        shares = dict.fromkeys(SAFE_KINDS, LEAST)
        for intent, chance in intents.items():
            shares[kind_of[intent]] += chance
        kinds = self.seen.verdict.kinds
        heard = sum(kinds.get(kind, 0.0) for kind in SAFE_KINDS)
        if heard < LEAST:
            return dict(intents)
        factor = {
            kind: (1 - WEIGHT_OF_KIND) + WEIGHT_OF_KIND * kinds.get(kind, 0.0) / heard / share
            for kind, share in shares.items()
        }
        return {intent: chance * factor[kind_of[intent]] for intent, chance in intents.items()}

    def _kind(self, intent: str) -> str:
        return "general" if intent in self.knowledge.topics else kind_of_intent(intent)

    def decide(self) -> Decision:
        decision = self.decide_without_past()
        if self.context.crisis_shown and decision.route not in KEPT_AFTER_CRISIS:
            return self.speak("after_crisis", decision.confidence, article=None)
        return decision

    def decide_without_past(self) -> Decision:
        return (
            self.screen()
            or self.no_words()
            or self.pointed_at()
            or self.personal_medical()
            or self.person()
            or self.definition()
            or self.other_intent()
            or self.article()
        )

    def screen(self) -> Decision | None:
        """Crisis, then emergency; what a button says and signs without words are neither."""
        if self.seen.button or self.seen.form in ("empty", "emoji"):
            return None
        verdict = self.seen.verdict
        if verdict.intent is None:
            return None
        return self.speak(
            verdict.intent, verdict.chances["crisis" if verdict.crisis else "emergency"]
        )

    def no_words(self) -> Decision | None:
        """Nothing, signs only, too much, another language."""
        form = self.seen.form
        if form == "emoji":
            thumbs = [intent for sign, intent in THUMBS.items() if sign in self.seen.text]
            return self.speak(thumbs[0] if thumbs else "emoji", 1.0, article=None)
        if form == "spanish" and SPANISH_ARTICLE in self.knowledge.articles:
            return self.show(SPANISH_ARTICLE, 1.0)
        if form in FORM_INTENT:
            return self.speak(FORM_INTENT[form], 1.0, article=None)
        return None

    def pointed_at(self) -> Decision | None:
        """An article's title or very question, or one of those that were offered."""
        # "How long does it take?" is some article's question, but asked of the last answer.
        leans = self.seen.follow_up and not self.seen.button
        if self.seen.exact_article is not None and not leans:
            return self.show(self.seen.exact_article, 1.0)
        picked = _picked(self.seen.text, self.context)
        return self.show(picked, 1.0, self.context.candidates) if picked else None

    def personal_medical(self) -> Decision | None:
        """Doubt goes to safety: a threshold of its own, below certainty."""
        chance = sum(self.others.get(intent, 0.0) for intent in PERSONAL)
        if chance >= self.thresholds.personal_medical:
            return self.speak(
                max(PERSONAL, key=lambda intent: self.others.get(intent, 0.0)), chance
            )
        return None

    def person(self) -> Decision | None:
        """Doubt goes to a person: who asks for one in vain is lost."""
        chance = self.others.get("ask_person", 0.0)
        # "Am I chatting with a robot?" speaks of a person, and asks for none.
        likelier = self.others.get(self.other, 0.0) >= MORE_LIKELY_THAN_NOT
        if chance < self.thresholds.ask_person or (likelier and self.other != "ask_person"):
            return None
        return self.speak("ask_person", chance)

    def other_intent(self) -> Decision | None:
        """What is no question for articles."""
        chance = self.others.get(self.other, 0.0)
        # What leans on the last answer does not say by itself what kind of message it is.
        sure = self.seen.intents.get(self.other, 0.0) >= SURE_OF_ANOTHER_INTENT
        if self.seen.follow_up and (self.names_a_place or not sure):
            self.known = max(self.known, 1.0 - chance)
            return None
        if chance <= self.known:
            return None
        if self.other in ABOUT_THE_LAST_ANSWER:
            if self.context.article is None:
                return self.speak("no_answer_yet", chance, article=None)
            return self.speak(self.other, chance, article=self.context.article)
        offered = self.context.candidates
        if self.other == "affirm" and self.context.asked_which and offered:
            return self.show(offered[0], chance, offered)
        rest = [article for article in offered if article != self.context.article]
        if self.other == "other_one" and rest:
            return self.show(rest[0], chance, offered)
        return self.speak(self.other, chance)

    def definition(self) -> Decision | None:
        """A word's meaning, where no article is surely meant."""
        term = _term_to_define(self.seen, self.knowledge)
        if term is None:
            return None
        # Where all articles are far, the first may still lead: a rare word is no sure article.
        near = self.ranking[0].probability >= MORE_LIKELY_THAN_NOT
        if near and self.confidence() >= self.thresholds.answer:
            return None
        articles = self.knowledge.terms[term].articles
        known = [article for article in articles if article in self.knowledge.articles]
        return self.speak("define", self.known, term=term, article=[*known, *self.top][0])

    def article(self) -> Decision:
        """Known, nearly known, unknown."""
        confidence = self.confidence()
        if self.seen.follow_up and self.top[0] == self.context.article:
            # "What about Texas?" is the same again, for there; "how long does that take?" is more.
            if self.names_a_place:
                return self.show(self.top[0], confidence)
            return self.speak("tell_more", confidence, candidates=self.top)
        first = self.ranking[0].probability
        if first < self.thresholds.nearest or confidence < self.thresholds.clarify:
            return self.speak("unsure", 1.0 - confidence)
        if confidence >= self.thresholds.answer:
            return self.show(self.top[0], confidence)
        least = self.thresholds.near_equal * first
        near = tuple(c.article for c in self.ranking[:3] if c.probability >= least)
        return self.speak("clarify", confidence, candidates=near if len(near) > 1 else self.top)

    def confidence(self) -> float:
        """How likely this is a question for articles, times the lead of the first article.

        The lead is the first article's share of the first two: 0.5 for a tie, 1 for no doubt.
        """
        first, second = (candidate.probability for candidate in self.ranking[:2])
        return self.known * first / (first + second)

    @property
    def names_a_place(self) -> bool:
        named = [self.knowledge.entities.get(entity) for entity in self.seen.entities]
        return any(entity is not None and entity.label == "place" for entity in named)

    def show(self, article: str, confidence: float, candidates: tuple[str, ...] = ()) -> Decision:
        return self.speak(
            self.knowledge.articles[article].topic,
            confidence,
            article=article,
            candidates=candidates or self.top,
        )

    def speak(self, intent: str, confidence: float, **more: Any) -> Decision:
        topics = self.knowledge.topics
        return Decision(
            intent=intent,
            route="answer" if intent in topics else ROUTE_OF_INTENT.get(intent, "smalltalk"),
            confidence=confidence,
            **{"article": self.top[0], **more},
        )


def _still_known(context: Context, knowledge: Knowledge) -> Context:
    """Return the context without articles that are gone: conversations outlive models."""
    return replace(
        context,
        article=context.article if context.article in knowledge.articles else None,
        candidates=tuple(id_ for id_ in context.candidates if id_ in knowledge.articles),
    )


def _picked(text: str, context: Context) -> str | None:
    """Return the candidate that "2" or "the second one" means."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    if not context.asked_which or not context.candidates or not 0 < len(words) <= 5:
        return None
    said = [ORDINALS[word] for word in words if word in ORDINALS]
    fillers = {"the", "one", "option", "number", "please", "no", "yes", "i", "mean", "meant"}
    if len(said) == 0 or any(word not in fillers and word not in ORDINALS for word in words):
        return None
    # In "the second one" the ordinal comes first; "one" alone is a number.
    return context.candidates[said[0]] if said[0] < len(context.candidates) else None


def _term_to_define(seen: Seen, knowledge: Knowledge) -> str | None:
    """Return the glossary term whose meaning is asked for, if that is all that is asked."""
    terms = [entity for entity in seen.entities if entity in knowledge.terms]
    if len(terms) != 1:
        return None
    term = knowledge.terms[terms[0]]
    rest = seen.text.lower()
    for spelling in sorted([term.term, *term.spellings], key=len, reverse=True):
        rest = rest.replace(spelling.lower(), " ")
    words = re.findall(r"[\w']+", rest)
    return term.id if words and ASKING_FOR_A_MEANING.issuperset(words) else None


def _by_relation(seen: Seen, knowledge: Knowledge, near_equal: float) -> Sequence[Candidate]:
    """Let the relation that was named decide: a brother, a cousin, a twin.

    Its article takes the first place from a near-equal, and from another relation's article.
    """
    first = seen.ranking[0]
    of_relations = {entity.article for entity in knowledge.entities.values() if entity.article}
    named = [knowledge.entities[e].article for e in seen.entities if e in knowledge.entities]
    if first.article in named:
        return seen.ranking
    for place, candidate in enumerate(seen.ranking[1:RELATION_WITHIN], start=1):
        near = candidate.probability >= near_equal * first.probability
        if candidate.article in named and (near or first.article in of_relations):
            swapped = list(seen.ranking)
            swapped[0] = Candidate(candidate.article, first.probability)
            swapped[place] = Candidate(first.article, candidate.probability)
            return swapped
    return seen.ranking
