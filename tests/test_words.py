from __future__ import annotations

import numpy as np
import pytest

from helpline.words import WordClassifier

EXAMPLES = {
    "donors": ["can my brother be a donor", "is my sister a donor match", "who can be a donor"],
    "drugs": ["what is blinatumomab", "blinatumomab side effects", "how is blinatumomab given"],
    "home": ["when can i go home", "going home after hospital", "what can i eat at home"],
}


@pytest.fixture(scope="module")
def classifier() -> WordClassifier:
    fitted = WordClassifier()
    pairs = [(text, label) for label, texts in EXAMPLES.items() for text in texts]
    fitted.fit([text for text, _ in pairs], [label for _, label in pairs])
    return fitted


def likeliest(classifier: WordClassifier, text: str) -> str:
    return classifier.labels[int(classifier.probabilities([text])[0].argmax())]


def test_labels_are_those_that_were_learned(classifier: WordClassifier) -> None:
    assert classifier.labels == sorted(EXAMPLES)


def test_words_that_were_learned_are_recognised(classifier: WordClassifier) -> None:
    assert likeliest(classifier, "could an aunt be a donor") == "donors"
    assert likeliest(classifier, "home again") == "home"


def test_a_drug_name_with_typos_is_recognised_by_its_pieces(classifier: WordClassifier) -> None:
    assert likeliest(classifier, "blinatumamab") == "drugs"


def test_case_does_not_matter(classifier: WordClassifier) -> None:
    small, capital = classifier.probabilities(["blinatumomab", "BLINATUMOMAB"])
    assert np.array_equal(small, capital)


@pytest.mark.parametrize("text", ["", "??", "zzzz qqqq", "word " * 5000])
def test_probabilities_add_up_to_one_whatever_the_text(
    classifier: WordClassifier, text: str
) -> None:
    chances = classifier.probabilities([text])
    assert chances.shape == (1, len(EXAMPLES))
    assert chances.min() >= 0
    assert chances.sum() == pytest.approx(1)


def test_a_text_of_more_weight_says_more() -> None:
    texts = ["a donor can give cells", "a donor can go home", "cells grow", "a home is warm"]
    labels = ["donors", "home", "donors", "home"]
    chances = []
    for weights in ([5.0, 0.1, 1.0, 1.0], [0.1, 5.0, 1.0, 1.0]):
        classifier = WordClassifier()
        classifier.fit(texts, labels, np.array(weights))
        found = classifier.probabilities(["a donor can"])[0]
        chances.append(found[classifier.labels.index("donors")])
    assert chances[0] > chances[1]


def test_learning_the_same_twice_gives_the_same(classifier: WordClassifier) -> None:
    again = WordClassifier()
    pairs = [(text, label) for label, texts in EXAMPLES.items() for text in texts]
    again.fit([text for text, _ in pairs], [label for _, label in pairs])
    texts = ["my brother at home", "side effects"]
    assert np.array_equal(again.probabilities(texts), classifier.probabilities(texts))
