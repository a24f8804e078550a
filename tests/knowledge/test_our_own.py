"""The knowledge base of this repository, by its own check."""

from datetime import date

from helpline import settings
from helpline.encoder import Encoder, exported
from helpline.knowledge import configured_knowledge
from helpline.knowledge.check import check


def test_nothing_in_it_has_to_change():
    encode = Encoder(exported(finetuned=False), threads=0).encode
    problems = check(settings.KNOWLEDGE, date.today(), encode)
    assert [str(problem) for problem in problems if problem.fatal] == []


def test_every_planned_article_is_there():
    knowledge = configured_knowledge()
    assert len(knowledge.articles) == 86
    assert len(knowledge.topics) == 11
    assert len(knowledge.terms) >= 100
    for line in ("acs", "cruk", "lifeline-988", "samaritans", "us-emergency", "uk-emergency"):
        assert knowledge.contacts[line].phone
