"""Our components as a Rasa project on somebody else's subject: trained and asked as Rasa does."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import yaml
from abstaining import Opinions
from field_data import Example
from tqdm import tqdm

from helpline.message import plain
from helpline.quiet import hush, without_chatter

PIPELINE = [
    # What fine-tuning has taught is about our subject and of no use for others.
    {"name": "helpline.nlu.sentence_encoder.SentenceEncoder", "finetuned": False},
    {"name": "LogisticRegressionClassifier", "max_iter": 30, "ranking_length": 0},
    {"name": "helpline.nlu.word_classifier.IntentFromWords", "weight": 0.4},
    {"name": "nearest.NearestExample"},
]


def learn_and_judge(
    learn: Sequence[Example], judge: Sequence[Example], what: str
) -> tuple[Opinions, float, float]:
    """Train a model and ask it every text.

    Returns:
        the opinions, the seconds of the training, the milliseconds of a message.

    Raises:
        RuntimeError: Rasa could not train.
    """
    hush()
    with tempfile.TemporaryDirectory() as scratch:
        began = time.perf_counter()
        model = _train(learn, Path(scratch))
        trained = time.perf_counter() - began
        opinions, milliseconds = _ask(model, judge, what)
    return opinions, trained, milliseconds


def _train(learn: Sequence[Example], folder: Path) -> Path:
    # Rasa's cache would lie in the folder that this was started in, and times would be untrue.
    os.environ["RASA_CACHE_DIRECTORY"] = str(folder / "cache")
    os.environ["RASA_MAX_CACHE_SIZE"] = "0"
    files = {
        "config.yml": {"recipe": "default.v1", "language": "en", "pipeline": PIPELINE},
        "domain.yml": {"version": "3.1", "intents": sorted({e.intent for e in learn})},
    }
    for name, content in files.items():
        (folder / name).write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    # In JSON and not in YAML, where brackets and braces in a text would mean entities.
    examples = [{"text": e.text, "intent": e.intent} for e in learn]
    (folder / "nlu.json").write_text(
        json.dumps({"rasa_nlu_data": {"common_examples": examples}}), encoding="utf-8"
    )
    with without_chatter():
        from rasa.model_training import train_nlu

        model = train_nlu(
            str(folder / "config.yml"),
            str(folder / "nlu.json"),
            str(folder / "models"),
            domain=str(folder / "domain.yml"),
        )
    if model is None:
        raise RuntimeError("Rasa did not train; what it said stands above.")
    return Path(model)


def _ask(model: Path, judge: Sequence[Example], what: str) -> tuple[Opinions, float]:
    from nearest import NEAREST
    from rasa.core.agent import Agent

    async def ask() -> tuple[list[tuple[str, float, float, float]], float]:
        agent = Agent.load(str(model))
        await agent.parse_message("the first message wakes what sleeps")
        found = []
        began = time.perf_counter()
        for example in tqdm(judge, desc=what, leave=False):
            parsed = await agent.parse_message(plain(example.text))
            first, second = parsed["intent_ranking"][:2]
            found.append(
                (first["name"], first["confidence"], second["confidence"], parsed[NEAREST])
            )
        return found, (time.perf_counter() - began) * 1000 / len(judge)

    found, milliseconds = asyncio.run(ask())
    names, first, second, near = zip(*found, strict=True)
    numbers = [np.array(column, dtype=np.float64) for column in (first, second, near)]
    right = np.array([example.intent for example in judge])
    return Opinions(right, np.array(names), *numbers), milliseconds
