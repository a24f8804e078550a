"""The comparison with Rasa's starter: both sides learn the same, and the arithmetic is right."""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLWriter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import class_from_module_path

from helpline.knowledge import configured_knowledge
from helpline.nlu.importer import KnowledgeImporter
from helpline.settings import ROOT

sys.path.insert(0, str(ROOT / "bench"))

import answers
import projects
import starter
import starter_page
from sample import Sample, pick, thinned
from starter_page import Budget
from turns import percentile

TEXTS = [f"question {number}" for number in range(20)]

AS_TYPED = ['what does "day 0" mean?', "is [it] over", "two\nlines", "it's: 5 - 3 #", "ja \\ no"]
"""What a file could be read differently from how it was written."""


def examples(texts: list[str]) -> TrainingData:
    kinds = [{"intent": "greet"}, {"intent": "donors", "intent_response_key": "donors/donor-hla"}]
    return TrainingData(
        training_examples=[Message(data={"text": t, **kind}) for kind in kinds for t in texts]
    )


@pytest.mark.parametrize("most", [1, 3, 20, 50])
def test_a_sample_holds_so_many_texts_at_most(most: int):
    assert len(pick(TEXTS, most, "donors")) == min(most, len(TEXTS))


def test_no_number_stands_for_all_of_them():
    assert pick(TEXTS, 0, "donors") == sorted(TEXTS)


def test_a_sample_does_not_hang_on_the_order_of_the_texts():
    assert pick(TEXTS, 5, "donors") == pick([*reversed(TEXTS), *TEXTS], 5, "donors")


def test_a_larger_sample_holds_the_smaller_one():
    assert set(pick(TEXTS, 3, "donors")) < set(pick(TEXTS, 5, "donors"))


def test_groups_are_sampled_apart():
    assert pick(TEXTS, 5, "donors") != pick(TEXTS, 5, "relapse")


def test_articles_of_one_topic_are_groups_of_their_own():
    found = thinned(examples(TEXTS), 4)
    assert len(found.training_examples) == 8
    assert {m.get_full_intent() for m in found.training_examples} == {"greet", "donors/donor-hla"}


def test_both_sides_learn_the_same_sample(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(KnowledgeImporter, "get_nlu_data", lambda *_: examples(TEXTS + AS_TYPED))
    projects.write_ours(tmp_path / "ours", 4)
    (importer,) = yaml.safe_load((tmp_path / "ours" / "config.yml").read_text())["importers"]
    ours = class_from_module_path(importer.pop("name"))(**importer)
    learned = Sample(examples=4).get_nlu_data()
    RasaYAMLWriter().dump(str(tmp_path / "nlu.yml"), learned)
    stock = RasaFileImporter(training_data_paths=[str(tmp_path / "nlu.yml")])
    assert len(learned.training_examples) == 8
    assert projects.as_pairs(ours.get_nlu_data()) == projects.as_pairs(learned)
    assert projects.as_pairs(stock.get_nlu_data()) == projects.as_pairs(learned)


def test_all_but_the_importer_is_our_own_configuration(tmp_path: Path):
    projects.write_ours(tmp_path / "ours", 4)
    ours = yaml.safe_load((tmp_path / "ours" / "config.yml").read_text())
    config = yaml.safe_load((ROOT / "config.yml").read_text())
    assert ours.pop("importers") != config.pop("importers")
    assert ours == config


def test_a_small_try_differs_from_rasas_default_in_its_epochs_alone(tmp_path: Path):
    projects.shorten(tmp_path / "config.yml", 2)
    short = (tmp_path / "config.yml").read_text()
    default = yaml.safe_load(projects.DEFAULT.read_text())
    assert short.count("epochs: 2\n") == 4
    again = yaml.safe_load(short.replace("epochs: 2\n", "epochs: 100\n"))
    assert again == default


def test_the_starter_speaks_every_article_from_its_domain():
    knowledge = configured_knowledge()
    intents = [{name: {"is_retrieval_intent": True}} for name in ("donors", "tell_more")]
    domain = projects.stock_domain({"intents": intents, "responses": {}}, knowledge)
    keys = {article.response_key for article in knowledge.articles.values()}
    assert {f"utter_{key}" for key in keys} < domain["responses"].keys()
    assert domain["intents"] == [{"donors": {"is_retrieval_intent": True}}, {"tell_more": {}}]


def test_both_are_asked_for_an_article_four_times_and_for_a_person_once():
    asking = [Message(data={"text": f"person {n}", "intent": "ask_person"}) for n in range(3)]
    learned = examples([f"question {number}" for number in range(60)])
    said = projects.conversations(learned.merge(TrainingData(asking)))
    assert len(said) == 10
    for *questions, last in said:
        assert len(questions) == 4
        assert last.startswith("person")


@pytest.mark.parametrize(
    ("intent", "is_topic", "route"),
    [
        ("donors", True, "answer"),
        ("nlu_fallback", False, "unsure"),
        (None, False, "unsure"),
        ("ask_person", False, "human"),
        ("greet", False, "smalltalk"),
    ],
)
def test_an_intent_of_the_starter_says_who_answers(intent: str | None, is_topic: bool, route: str):
    assert answers.route_of(intent, is_topic) == route


@pytest.mark.parametrize(
    ("times", "share", "found"),
    [
        ([5.0], 0.5, 5.0),
        ([5.0], 0.95, 5.0),
        ([4.0, 1.0, 3.0, 2.0], 0.5, 2.0),
        ([float(n) for n in range(1, 101)], 0.95, 95.0),
        ([float(n) for n in range(1, 11)], 0.95, 10.0),
        ([1.0, 2.0], 0.0, 1.0),
    ],
)
def test_a_percentile_is_one_of_the_times(times: list[float], share: float, found: float):
    assert percentile(times, share) == found


@pytest.mark.parametrize(
    ("budget", "ours", "theirs", "met"),
    [
        (Budget("≤", Fraction(1, 10)), 10.0, 100.0, True),
        (Budget("≤", Fraction(1, 10)), 10.1, 100.0, False),
        (Budget("≥", Fraction(3, 2)), 15.0, 10.0, True),
        (Budget("≥", Fraction(3, 2)), 14.9, 10.0, False),
        (Budget("≤", Fraction(1)), 7.0, 7.0, True),
    ],
)
def test_a_budget_is_met_up_to_its_limit(budget: Budget, ours: float, theirs: float, met: bool):
    assert budget.is_met(ours, theirs) is met


def test_budgets_are_written_as_in_the_design():
    written = [str(Budget("≤", Fraction(*f))) for f in ((1, 10), (1, 2), (3, 4), (1, 1))]
    assert written == ["≤ 1/10", "≤ 1/2", "≤ 3/4", "≤ 1"]
    assert str(Budget("≥", Fraction(3, 2))) == "≥ 1.5"


def test_the_table_says_what_was_met_what_was_missed_and_what_is_none():
    training = {"cpu_seconds": 1.0, "peak_mb": 1.0, "model_mb": 1.0}
    parts = {
        "helpline": {"training": {"seconds": 30.0, **training}, "web": {"ms": [1.0, 2.0]}},
        "starter": {"training": {"seconds": 200.0, **training}},
    }
    rows = starter_page.table(parts, (1, 32)).splitlines()
    assert "| training | 30.0 s | 200 s | 0.15 | ≤ 1/10 | **missed** |" in rows
    assert "| one turn on the web channel, median | 1.0 ms | none |  |  |  |" in rows
    assert "| turns a second, 32 visitors over REST | none | none |  | ≥ 1.5 |  |" in rows
    parts["starter"]["training"]["seconds"] = 300.0
    assert "| training | 30.0 s | 300 s | 0.10 | ≤ 1/10 | met |" in starter_page.table(parts, (1,))


def test_going_on_keeps_what_was_measured_and_measures_the_rest(tmp_path: Path):
    about = {"examples": 5, "scale": {}}
    ran: list[str] = []

    def training(side: str) -> dict:
        ran.append(side)
        return {"seconds": 1.0}

    first = starter.Results(tmp_path / "raw.json", about)
    first.measure(training, "helpline")
    second = starter.Results(tmp_path / "raw.json", about)
    second.go_on()
    for side in ("helpline", "starter"):
        second.measure(training, side)
    assert ran == ["helpline", "starter"]


def test_results_of_other_settings_are_not_gone_on_with(tmp_path: Path):
    first = starter.Results(tmp_path / "raw.json", {"examples": 5, "scale": {}})
    first.measure(lambda side: {}, "helpline")
    other = starter.Results(tmp_path / "raw.json", {"examples": 3, "scale": {}})
    with pytest.raises(SystemExit, match="other examples"):
        other.go_on()
