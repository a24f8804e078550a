"""The signs of danger that the rules see in a text, and what makes them weaker."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.matcher import Matcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from helpline.safety.patterns import Phrase, matcher_pattern, words_of
from helpline.safety.rules import Context, Rule, Rules, ScreenName
from helpline.safety.verdict import Sign
from helpline.safety.words import Reader, Word, normalized, stem

SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|\n+|(?<=[!?;])(?=\w)|(?<=[a-z]{2}\.)(?=[a-z])")

REACH = 3
"""Words. "No", "not" and "without" reach so far: "no sign of a fever"."""

Place = tuple[int, int]
"""Where a phrase stands in a sentence: its first word and the one after its last."""


def sentences(text: str) -> list[str]:
    """Return the sentences of a normalized text; "38.4" is not two."""
    return [part.strip() for part in SENTENCE_END.split(text) if part.strip()]


class SignFinder:
    """The rules, ready to be held against texts."""

    def __init__(self, rules: Rules) -> None:
        phrases = [phrase for text in rules.texts() for phrase in rules.read(text)]
        self._reader = Reader(
            (w for phrase in phrases for w in words_of(phrase)), rules.temperature
        )
        self._vocab = Vocab()
        self._contexts = {
            context.id: _ReadyContext(
                context, self._ready(rules, context.cues), self._ready(rules, context.unless)
            )
            for context in rules.contexts
        }
        self._rules = [
            _ReadyRule(
                rule,
                screen,
                self._ready(rules, rule.signs),
                self._ready(rules, rule.unless),
                tuple(self._contexts[context] for context in rule.weakened_by),
            )
            for screen, ruled in rules.screens()
            for rule in ruled
        ]

    def find(self, text: str) -> list[Sign]:
        """Return the signs in a text, sentence by sentence."""
        return [
            sign
            for sentence in sentences(normalized(text))
            for sign in self._in_sentence(self._reader.read(sentence))
        ]

    def _in_sentence(self, words: list[Word]) -> Iterator[Sign]:
        if not words:
            return
        stems = {word.stem for word in words}
        doc = Doc(self._vocab, [word.word for word in words], lemmas=[word.stem for word in words])
        for rule in self._rules:
            places = rule.signs.find(doc, stems)
            if not places or rule.unless.find(doc, stems):
                continue
            weak = [(place, rule.weakened(place, doc, stems)) for place in places]
            # The strongest of several places counts.
            place, context = next(((p, c) for p, c in weak if c is None), weak[0])
            yield Sign(
                rule.rule.id,
                rule.screen,
                _between(words, place),
                context,
                rule.rule.tier,
                rule.rule.also,
            )

    def _ready(self, rules: Rules, texts: list[str]) -> _ReadyPhrases:
        phrases = [phrase for text in texts for phrase in rules.read(text)]
        return _ReadyPhrases(phrases, self._vocab, self._reader)


class _ReadyPhrases:
    """Phrases for spaCy's Matcher, which is asked only where all words of one of them are there."""

    def __init__(self, phrases: list[Phrase], vocab: Vocab, reader: Reader) -> None:
        self._matcher = Matcher(vocab)
        self._with: dict[str, list[list[frozenset[str]]]] = {}
        """What each place of a phrase may hold, in stems, by the stems of its rarest place."""
        for phrase in phrases:
            self._matcher.add("phrase", [matcher_pattern(phrase)])
            places = [place for place in phrase if place is not None and not place.optional]
            rarest = min(places, key=lambda place: max(map(reader.frequency, place.words)))
            needed = [frozenset(map(stem, place.words)) for place in places if place is not rarest]
            for word in set(map(stem, rarest.words)):
                self._with.setdefault(word, []).append(needed)

    def find(self, doc: Doc, stems: set[str]) -> list[Place]:
        """Return where in the sentence the phrases stand."""
        if not any(
            all(not place.isdisjoint(stems) for place in needed)
            for word in self._with.keys() & stems
            for needed in self._with[word]
        ):
            return []
        return [(start, end) for _, start, end in self._matcher(doc)]


@dataclass(frozen=True)
class _ReadyContext:
    context: Context
    cues: _ReadyPhrases
    unless: _ReadyPhrases

    def weakens(self, place: Place, doc: Doc, stems: set[str]) -> bool:
        """Return whether the context makes a sign at this place weaker."""
        cues = self.cues.find(doc, stems)
        if self.context.before:
            cues = [(start, end) for start, end in cues if 0 <= place[0] - end < REACH]
        return bool(cues) and not self.unless.find(doc, stems)


@dataclass(frozen=True)
class _ReadyRule:
    rule: Rule
    screen: ScreenName
    signs: _ReadyPhrases
    unless: _ReadyPhrases
    contexts: tuple[_ReadyContext, ...]

    def weakened(self, place: Place, doc: Doc, stems: set[str]) -> str | None:
        """Return the id of the context that makes the sign weaker, None where none does."""
        for ready in self.contexts:
            if ready.weakens(place, doc, stems):
                return ready.context.id
        return None


def _between(words: list[Word], place: Place) -> str:
    return " ".join(word.text for word in words[place[0] : place[1]])
