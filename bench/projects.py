"""One knowledge base, two projects: ours, and what `rasa init` would have been filled with.

Both learn the same sample of examples. Run in a process of its own, since it loads Rasa whole:

    python bench/projects.py FOLDER EXAMPLES EPOCHS
"""

from __future__ import annotations

import json
import random
import shutil
import sys
from collections import Counter
from pathlib import Path

import rasa
import yaml
from rasa.shared.core.training_data.story_writer.yaml_story_writer import YAMLStoryWriter
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLWriter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sample import SEED, Sample, pick

from helpline import answer
from helpline.knowledge import Knowledge, configured_knowledge
from helpline.nlu.responses import DEFINE
from helpline.routing import ABOUT_THE_LAST_ANSWER
from helpline.safety.examples import load_examples
from helpline.safety.kinds import CRISIS, EMERGENCY
from helpline.settings import KNOWLEDGE, ROOT

RASA = Path(rasa.__file__).parent

AS_INSTALLED = RASA / "cli" / "initial_project"
"""What `rasa init` copies. Its config.yml names no components, so Rasa takes its default ones."""

DEFAULT = RASA / "engine" / "recipes" / "config_files" / "default_config.yml"
"""These."""

CONVERSATIONS = 10
ARTICLES_IN_EACH = 4
ASKS_FOR_A_PERSON = "ask_person"
"""What ends each conversation: the turn that needs the action server on either side."""

NOT_IN_STOCK_RASA = "I can't say more about that here."
"""For what takes code of one's own: "tell me more", "say it simpler", sources, word meanings."""

FALLBACK = """version: "3.1"
rules:
- rule: Not understood
  steps:
  - intent: nlu_fallback
  - action: utter_unsure
  - action: action_offer_person
"""

WEB = "helpline.web.channel.Web:\n"


def main(folder: Path, examples: int, epochs: int) -> None:
    """Write both projects, and facts.json with what they have in common.

    Args:
        folder: where.
        examples: at most so many of each intent and article; 0 for all.
        epochs: of the starter's training, for small tries; 0 for as many as Rasa has it.
    """
    importer = Sample(
        str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(ROOT / "data")], examples
    )
    knowledge = configured_knowledge()
    learned = importer.get_nlu_data()
    write_ours(folder / "helpline", examples)
    write_stock(folder / "starter", importer, knowledge, learned, examples)
    if epochs:
        shorten(folder / "starter" / "config.yml", epochs)
    facts = {
        "examples": len(learned.training_examples),
        "groups": len({message.get_full_intent() for message in learned.training_examples}),
        "articles": len(knowledge.articles),
        "conversations": conversations(learned),
    }
    (folder / "facts.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def write_ours(project: Path, examples: int) -> None:
    """Write our config.yml with the sample as its importer; all else is read where it lies."""
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    config["importers"] = [{"name": "sample.Sample", "examples": examples}]
    project.mkdir(parents=True)
    (project / "config.yml").write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")


def write_stock(
    project: Path, importer: Sample, knowledge: Knowledge, learned: TrainingData, examples: int
) -> None:
    """Write a project that Rasa needs nothing of ours to train and to serve."""
    data = project / "data"
    data.mkdir(parents=True)
    for name in ("config.yml", "credentials.yml"):
        shutil.copy(AS_INSTALLED / name, project)
    stock = (project / "credentials.yml").read_text(encoding="utf-8")
    (project / "credentials_web.yml").write_text(f"{stock}\n{WEB}", encoding="utf-8")
    url = "http://localhost:${STARTER_ACTIONS_PORT}/webhook"
    (project / "endpoints.yml").write_text(f"action_endpoint:\n  url: {url}\n", encoding="utf-8")
    shutil.copytree(
        ROOT / "actions", project / "actions", ignore=shutil.ignore_patterns("__pycache__")
    )

    with_dangers = learned.merge(dangers(examples))
    RasaYAMLWriter().dump(str(data / "nlu.yml"), with_dangers)
    write_stories(data, importer)
    (data / "fallback.yml").write_text(FALLBACK, encoding="utf-8")
    domain = stock_domain(importer.get_domain().as_dict(), knowledge)
    (project / "domain.yml").write_text(
        yaml.safe_dump(domain, sort_keys=False, allow_unicode=True), encoding="utf-8"
    )

    read = RasaFileImporter(str(project / "config.yml"), str(project / "domain.yml"), [str(data)])
    lost = as_pairs(with_dangers) ^ as_pairs(read.get_nlu_data())
    if lost:
        raise ValueError(f"Written and read do not agree on examples: {sorted(lost)[:5]}")
    written, stories = (
        Counter(step.block_name for step in graph.story_steps)
        for graph in (importer.get_stories(), read.get_stories())
    )
    if written - stories:
        raise ValueError(f"Stories were lost: {list(written - stories)[:5]}")


def write_stories(data: Path, importer: Sample) -> None:
    """Write the rules and stories: those that are written as they are, then those of the topics."""
    files = [str(ROOT / "data" / name) for name in ("rules", "stories")]
    for folder in files:
        shutil.copytree(folder, data, dirs_exist_ok=True)
    by_hand = RasaFileImporter(None, str(ROOT / "domain.yml"), files).get_stories().story_steps
    names = {step.block_name for step in by_hand}
    made = [s for s in importer.get_stories().story_steps if s.block_name not in names]
    YAMLStoryWriter().dump(data / "topics.yml", made)


def shorten(config: Path, epochs: int) -> None:
    """Write Rasa's default components out with fewer epochs."""
    content = yaml.safe_load(DEFAULT.read_text(encoding="utf-8"))
    for component in (*content["pipeline"], *content["policies"]):
        if "epochs" in component:
            component["epochs"] = epochs
    config.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


def dangers(examples: int) -> TrainingData:
    """Return examples of a crisis and an emergency, which our safety screen reads by itself."""
    known = load_examples(KNOWLEDGE / "safety")
    return TrainingData(
        training_examples=[
            Message.build(text=text, intent=intent)
            for intent, kinds in (("crisis", CRISIS), ("emergency", EMERGENCY - CRISIS))
            for text in pick((e.text for e in known if e.kinds <= kinds), examples, intent)
        ]
    )


def stock_domain(domain: dict, knowledge: Knowledge) -> dict:
    """Return our domain with what our own code says written out as responses."""
    ours = (*ABOUT_THE_LAST_ANSWER, DEFINE)
    for entry in domain["intents"]:
        if isinstance(entry, dict):
            for intent, properties in entry.items():
                if intent in ours:
                    properties.pop("is_retrieval_intent", None)
    domain["responses"] |= {
        f"utter_{article.response_key}": [answer.answer(article, knowledge)]
        for article in knowledge.articles.values()
    }
    domain["responses"] |= {f"utter_{intent}": [{"text": NOT_IN_STOCK_RASA}] for intent in ours}
    # As JSON and back: plain lists and numbers, whatever they were.
    return json.loads(json.dumps(domain, default=list))


def as_pairs(data: TrainingData) -> set[tuple[str, str]]:
    """Return text and intent of each example."""
    return {
        (message.get("text").strip(), message.get_full_intent())
        for message in data.training_examples
    }


def conversations(learned: TrainingData) -> list[list[str]]:
    """Return what is said while times are taken: examples that both sides have learned."""
    chance = random.Random(SEED)
    of_article = [m.get("text") for m in learned.training_examples if m.get("intent_response_key")]
    asking = [
        m.get("text") for m in learned.training_examples if m.get("intent") == ASKS_FOR_A_PERSON
    ]
    said = chance.sample(of_article, CONVERSATIONS * ARTICLES_IN_EACH)
    return [
        [*said[number::CONVERSATIONS], asking[number % len(asking)]]
        for number in range(CONVERSATIONS)
    ]


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
