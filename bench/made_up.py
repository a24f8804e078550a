"""Articles about things that do not exist, as many as are wanted: to see what grows with them.

They keep every rule of the knowledge base and say nothing. Never published.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from helpline.settings import ROOT

TOGETHER = 100
"""Articles in a file, so of a topic."""

QUESTIONS = 20
"""Of each article: the fewest that the knowledge base allows."""

SOURCE = "nci-all-treatment-pdq"
"""One that is there; nothing is taken from it."""

SYLLABLES = (
    "ba bel bro cal cor dan del dor fal fen gal gor hal hin jo kal ken kor lan lem lor mal men mir "
    "nal nem nor pel pon ral ren ros sal sel sor tal tem tor val ven vor wel yar zal zen"
).split()

THINGS = (
    "bag bank bath bed bell boat book bowl box bread bus card cat chair child class clock coat "
    "coin cook cup desk dog door dress drink farm fish floor food friend game garden gate glass "
    "hat hill home horse house job key lake lamp letter light meal milk mirror morning neighbor "
    "night nurse oven paper park party phone plan price rain river road room rope school sea shoe "
    "shop song spoon stairs stone street table tea teacher ticket train tree trip wall week wind "
    "window winter wood work"
).split()

ASKED = (
    "what is {a}",
    "{a} meaning, and {c}",
    "is {a} the same as {b}",
    "how long does {a} take with a {n}",
    "who pays for {a} {b}",
    "can my {n} come along to {a}",
    "{b} or {a}, which comes first",
    "they said {a} to me by the {n} and I did not ask",
    "does {a} hurt more than a {n} on the foot",
    "what happens on the day of {a}",
    "my {n} is full of {b}, is that from {a}",
    "{a} side effects on {c}",
    "wat does {a} do",
    "when is the {n} ready after {b}",
    "where do i go for {a}",
    "Somebody wrote {a} on a {n} for my dad. What would he use it for?",
    "is there a {n} in {a}",
    "do I need {c} before {a}",
    "{c} and {b}: how are they linked",
    "why would anyone pick {a}",
    "how often is {b} given",
    "{a} at home, with a {n} and a {m}",
    "what to bring to {a}: {n}, {m}?",
    "is {c} safe near a {m}",
    "has {a} been around for long",
    "who thought of {b} by the {n}",
    "the {m} talked of {c} for an hour and lost me",
    "tell me about {a} {c}",
    "{a} {b} {c}",
    "what comes after {c}",
    "can {a} be put off until the {n} is over",
    "which {n} is right for {b}",
    "I mixed up {b} and {c} at the {m}. What is what?",
    "no idea what {c} stands for",
    "does the {n} change once {c} is done",
    "what if {a} does not work",
    "is {b} new",
    "how do I get ready for {a}, I have a {n} and no {m}",
    "who in the {n} do I ask about {c} and {b}",
    "my aunt swears by {b} and a {m}, what is in it",
)

SAID = (
    "{A} is a kind of {n} that is made for one day.",
    "It begins with {b}, and a {n} is set by the door.",
    "Most people sit in a chair while it is done.",
    "A {m} helps you to keep the {n} dry.",
    "You can eat and drink as you like before {a}.",
    "The team will tell you when {c} is over.",
    "Some people feel cold at first, and then warm.",
    "If the {n} is too small, ask for the next size.",
    "With {b}, the {m} has to wait for a while.",
    "There is no need to bring a {n} of your own.",
    "Many people ask a friend to come with them.",
    "{C} is not the same, but the two go well together.",
    "The {m} is there to be used, so use it.",
    "It is fine to stop, and to go on the next day.",
    "In the end the {n} goes back on the shelf.",
    "Your {m} may look odd for a week or so.",
    "Write down what you want to know about {a}.",
    "A good {n} makes {b} a lot less work.",
    "Not all who hear of {c} will need it.",
    "Ask as often as you like, for the words are new.",
)


def made_up(count: int) -> Iterator[dict[str, Any]]:
    """Yield blocks as they stand in ``knowledge/articles/``, always the same ones."""
    for number in range(count):
        dice = random.Random(number)
        # Told apart by their number, as long as the syllables last; the other words may be shared.
        own = _word(number)
        words = {"a": own, "b": _word(dice.randrange(10**5)), "c": _word(dice.randrange(10**5))}
        words |= {key.upper(): word.capitalize() for key, word in words.items()}

        def texts(templates: tuple[str, ...], wanted: int, words: Any, dice: Any) -> list[str]:
            return [
                template.format(n=dice.choice(THINGS), m=dice.choice(THINGS), **words)
                for template in dice.sample(templates, wanted)
            ]

        yield {
            "id": f"made-up-{number}",
            "title": f"{own.capitalize()} and {words['b']}, in short",
            "ask": texts(ASKED, QUESTIONS, words, dice),
            "answer": " ".join(texts(SAID, 8, words, dice)),
            "more": " ".join(texts(SAID, 4, words, dice)),
            "short": " ".join(texts(SAID, 2, words, dice)),
            "sources": [SOURCE],
            "related": [f"made-up-{(number + 1) % count}"] if count > 1 else [],
            "region": ["us", "uk"],
            "reviewed": date.today().isoformat(),
            "clinical_review": "pending",
        }


def write(folder: Path, count: int) -> None:
    """Write a knowledge base of so many made-up articles beside the real ones."""
    shutil.copytree(ROOT / "knowledge", folder)
    blocks = list(made_up(count))
    for start in range(0, count, TOGETHER):
        topic = {"title": f"Made up, {start}", "articles": blocks[start : start + TOGETHER]}
        file = folder / "articles" / f"made-up-{start}.yml"
        file.write_text(yaml.safe_dump(topic, sort_keys=False), encoding="utf-8")


def _word(number: int) -> str:
    """Return the word of that number, of three syllables."""
    number = number * 7919 % len(SYLLABLES) ** 3
    word = ""
    for _ in range(3):
        number, syllable = divmod(number, len(SYLLABLES))
        word += SYLLABLES[syllable]
    return word
