from __future__ import annotations

import numpy as np
import pytest

from helpline.encoder import Vectors
from helpline.knowledge import configured_knowledge
from helpline.retrieval import SHORTEST_SENTENCE, ArticleRetriever, sentences_of

DONOR = np.array([1.0, 0.0, 0.0], dtype=np.float32)
DRUG = np.array([0.0, 1.0, 0.0], dtype=np.float32)
HOME = np.array([0.0, 0.0, 1.0], dtype=np.float32)

EXAMPLES = [
    ("can my brother be a donor", DONOR, "donor"),
    ("who can be a donor", DONOR, "donor"),
    ("what is blinatumomab", DRUG, "drug"),
    ("blinatumomab side effects", DRUG, "drug"),
    ("when can i go home", HOME, "home"),
    ("going home from hospital", HOME, "home"),
]


SENTENCES = [
    ("A sibling is tested for a match first.", DONOR, "donor"),
    ("It drips into a vein from a pump that is worn in a bag.", DRUG, "drug"),
    ("The team plans the day on which somebody leaves the ward.", HOME, "home"),
]


@pytest.fixture(scope="module")
def retriever() -> ArticleRetriever:
    fitted = ArticleRetriever()
    fitted.fit(
        [text for text, _, _ in EXAMPLES],
        [text for text, _, _ in SENTENCES],
        np.stack([vector for _, vector, _ in (*EXAMPLES, *SENTENCES)]),
        [article for _, _, article in (*EXAMPLES, *SENTENCES)],
    )
    return fitted


def between(*vectors: Vectors) -> Vectors:
    together = np.sum(vectors, axis=0)
    return together / np.linalg.norm(together)


def test_all_articles_are_ranked_and_their_probabilities_add_up_to_one(
    retriever: ArticleRetriever,
) -> None:
    ranking = retriever.rank("is there a donor", DONOR)
    assert {candidate.article for candidate in ranking} == {"donor", "drug", "home"}
    assert sum(candidate.probability for candidate in ranking) == pytest.approx(1)


def test_the_likeliest_article_comes_first(retriever: ArticleRetriever) -> None:
    ranking = retriever.rank("is there a donor", between(DONOR, DONOR, DRUG))
    assert ranking[0].article == "donor"
    chances = [candidate.probability for candidate in ranking]
    assert chances == sorted(chances, reverse=True)


def test_where_the_words_say_nothing_the_meaning_decides(retriever: ArticleRetriever) -> None:
    for article, vector in (("donor", DONOR), ("drug", DRUG), ("home", HOME)):
        assert retriever.rank("zzz", vector)[0].article == article


def test_where_the_meaning_says_nothing_the_words_decide(retriever: ArticleRetriever) -> None:
    nowhere = between(DONOR, DRUG, HOME)
    assert retriever.rank("blinatumomab", nowhere)[0].article == "drug"
    assert retriever.rank("my brother", nowhere)[0].article == "donor"


def test_words_that_only_the_article_itself_has_count_as_well(retriever: ArticleRetriever) -> None:
    assert retriever.rank("a pump in a bag", between(DONOR, DRUG, HOME))[0].article == "drug"


def test_an_article_that_convinces_both_is_likelier_than_one_that_convinces_one(
    retriever: ArticleRetriever,
) -> None:
    agreed = retriever.rank("blinatumomab", DRUG)[0]
    torn = retriever.rank("blinatumomab", HOME)[0]
    assert agreed.article == "drug"
    assert agreed.probability > torn.probability


def test_a_follow_up_that_says_nothing_stays_with_what_was_shown(
    retriever: ArticleRetriever,
) -> None:
    nowhere = between(DONOR, DRUG, HOME)
    for article in retriever.articles:
        ranking = retriever.rank_follow_up("zzz", nowhere, article, f"About {article}")
        assert ranking[0].article == article


def test_a_follow_up_that_names_something_else_leaves_what_was_shown(
    retriever: ArticleRetriever,
) -> None:
    ranking = retriever.rank_follow_up("what about blinatumomab", DRUG, "home", "Going home")
    assert ranking[0].article == "drug"


def test_probabilities_of_a_follow_up_add_up_to_one(retriever: ArticleRetriever) -> None:
    ranking = retriever.rank_follow_up("zzz", DRUG, "home", "Going home")
    assert sum(candidate.probability for candidate in ranking) == pytest.approx(1)


def test_an_article_is_cut_into_its_sentences() -> None:
    article = configured_knowledge().articles["all-what"]
    cut = article.copy(
        update={
            "answer": "ALL is a cancer of the blood. It starts in the marrow!\n\nNot in bone?",
            "more": "Yes. Really.",
            "short": "It is a cancer in the blood",
        }
    )
    assert sentences_of(cut) == [
        "ALL is a cancer of the blood.",
        "It starts in the marrow!",
        "It is a cancer in the blood",
    ]


def test_every_article_has_sentences_and_none_is_a_scrap() -> None:
    for article in configured_knowledge().articles.values():
        sentences = sentences_of(article)
        assert len(sentences) >= 3, article.id
        assert min(map(len, sentences)) > SHORTEST_SENTENCE
