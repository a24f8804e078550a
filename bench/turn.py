"""Where does the time of one turn go? Every part of it, timed while the whole runs.

Rasa runs in this process as in the server, with its stores in files and the action server in a
process of its own. What is left over is Rasa's: graph, tracker, copies. Writes its table to
docs/benchmarks.md.

    python bench/turn.py              # --dry leaves docs/benchmarks.md as it is
"""

from __future__ import annotations

import argparse
import asyncio
import inspect
import os
import platform
import statistics
import tempfile
import time
import uuid
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from importlib.metadata import version
from typing import Any

from page import put
from servers import Running, servers
from streams import QUESTIONS

from helpline.assistant import Assistant
from helpline.chat import send
from helpline.lock_store import WakingLockStore
from helpline.nlu.article_retriever import ArticleRetriever
from helpline.nlu.responses import KnowledgeResponses
from helpline.nlu.router import Router
from helpline.nlu.safety_screen import SafetyScreen
from helpline.nlu.sentence_encoder import SentenceEncoder
from helpline.nlu.word_classifier import IntentFromWords
from helpline.rasa_server import check_schema_once
from helpline.serve import Server
from helpline.settings import ROOT
from helpline.tracker_store import RecentTrackerStore

PAGE = ROOT / "docs" / "benchmarks.md"
MARK = "<!-- table: bench/turn.py -->"

CONVERSATIONS = 40
"""Of one turn for each question; a few more warm up and do not count."""

WARM = 4

SLOWEST = 0.05
"""This share of the turns is left out: something else had the processor."""

WHOLE = "the whole turn, without HTTP"

PARTS = (
    "glossary words (spaCy)",
    "sentence encoder",
    "safety screen",
    "intent classifiers",
    "article retriever",
    "router",
    "policies",
    "actions: the way to their server and back",
    "words of the answer",
    "tracker store: reading",
    "tracker store: writing",
)


class Stopwatch:
    """What the parts have taken, in seconds, since it was last read."""

    def __init__(self) -> None:
        self._spent: dict[str, float] = defaultdict(float)

    def time(self, part: str, owner: type, name: str) -> None:
        """Time a method from now on."""
        method = getattr(owner, name)
        setattr(owner, name, self._timed(part, method))

    def read(self) -> dict[str, float]:
        """Return what was spent, and begin anew."""
        spent, self._spent = dict(self._spent), defaultdict(float)
        return spent

    def _timed(self, part: str, method: Callable[..., Any]) -> Callable[..., Any]:
        if inspect.iscoroutinefunction(method):

            async def timed(*args: Any, **more: Any) -> Any:
                began = time.perf_counter()
                try:
                    return await method(*args, **more)
                finally:
                    self._spent[part] += time.perf_counter() - began

        else:

            def timed(*args: Any, **more: Any) -> Any:
                began = time.perf_counter()
                try:
                    return method(*args, **more)
                finally:
                    self._spent[part] += time.perf_counter() - began

        return timed


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--dry", action="store_true", help="leave docs/benchmarks.md as it is")
    options.add_argument("--conversations", type=int, default=CONVERSATIONS)
    asked = options.parse_args()
    with servers() as running:
        over_http = [
            send_timed(running, sender, question)
            for sender in (uuid.uuid4().hex for _ in range(WARM + asked.conversations))
            for question in QUESTIONS
        ][WARM * len(QUESTIONS) :]
        turns = in_process(running.actions, asked.conversations)
    table = as_table(turns, over_http)
    print(table)
    if not asked.dry:
        put(PAGE, MARK, table)


def send_timed(running: Running, sender: str, question: str) -> float:
    began = time.perf_counter()
    send(running.url, sender, question)
    return time.perf_counter() - began


def in_process(actions: Server, count: int) -> list[dict[str, float]]:
    """Return the seconds of each part, and of the whole, for each turn."""
    watch = Stopwatch()
    watch_parts(watch)
    check_schema_once()
    assistant = Assistant()
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(talk(assistant, watch, f"{folder}/conversations.db", actions, count))


def watch_parts(watch: Stopwatch) -> None:
    """Time all parts. Before the model is loaded: Rasa looks its components' methods up then."""
    from rasa.core.policies.memoization import MemoizationPolicy
    from rasa.core.policies.rule_policy import RulePolicy
    from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
    from rasa.nlu.extractors.entity_synonyms import EntitySynonymMapper
    from rasa.nlu.extractors.spacy_entity_extractor import SpacyEntityExtractor
    from rasa.nlu.utils.spacy_utils import SpacyNLP
    from rasa.utils.endpoints import EndpointConfig

    words, vector, screen, intents, articles, router, policies, actions, said, reads, writes = PARTS
    for part, owners, name in (
        (words, (SpacyNLP, SpacyEntityExtractor, EntitySynonymMapper), "process"),
        (vector, (SentenceEncoder,), "process"),
        (screen, (SafetyScreen,), "process"),
        (intents, (LogisticRegressionClassifier, IntentFromWords), "process"),
        (articles, (ArticleRetriever,), "process"),
        (router, (Router,), "process"),
        (policies, (RulePolicy, MemoizationPolicy), "predict_action_probabilities"),
        (actions, (EndpointConfig,), "request"),
        (said, (KnowledgeResponses,), "generate"),
        (reads, (RecentTrackerStore,), "retrieve"),
        (writes, (RecentTrackerStore,), "save"),
    ):
        for owner in owners:
            watch.time(part, owner, name)


async def talk(
    assistant: Assistant, watch: Stopwatch, file: str, actions: Server, count: int
) -> list[dict[str, float]]:
    """Hold conversations as the server does."""
    from rasa.core.channels import CollectingOutputChannel, UserMessage
    from rasa.utils.endpoints import EndpointConfig

    from helpline.web.tracker import Tracker

    agent = assistant._agent
    store = RecentTrackerStore(agent.domain, db=file)
    Tracker(store)
    agent.processor.tracker_store = store
    agent.lock_store = WakingLockStore()
    agent.processor.action_endpoint = EndpointConfig(
        actions.health.replace("/health", "/webhook"), enable_selective_domain=True
    )
    turns = []
    for _ in range(WARM + count):
        sender = uuid.uuid4().hex
        for question in QUESTIONS:
            message = UserMessage(question, CollectingOutputChannel(), sender)
            watch.read()
            began = time.perf_counter()
            await agent.handle_message(message)
            turns.append({WHOLE: time.perf_counter() - began, **watch.read()})
    return turns[WARM * len(QUESTIONS) :]


def as_table(turns: list[dict[str, float]], over_http: list[float]) -> str:
    """Return the mean of each part, those turns left out that were disturbed."""
    kept = sorted(turns, key=lambda turn: turn[WHOLE])[: round(len(turns) * (1 - SLOWEST))]

    def mean(part: str) -> float:
        return sum(turn.get(part, 0.0) for turn in kept) / len(kept) * 1000

    whole = mean(WHOLE)
    rows = [(part, mean(part)) for part in PARTS]
    rows.append(("the rest: Rasa's graph, tracker and copies", whole - sum(ms for _, ms in rows)))
    lines = [
        f"Made by `make bench` on {date.today()}: {os.cpu_count()} cores, {platform.machine()}, "
        f"Python {platform.python_version()}, Rasa {version('rasa')}, onnxruntime "
        f"{version('onnxruntime')}. {len(kept)} turns in new conversations, the slowest "
        f"{SLOWEST:.0%} left out; means, so that they add up. The same turns over REST, as one "
        f"waits for them: {statistics.median(over_http) * 1000:.0f} ms in the median.",
        "",
        "| part | ms | share |",
        "| --- | ---: | ---: |",
        *(f"| {part} | {ms:.1f} | {ms / whole:.0%} |" for part, ms in rows),
        f"| **{WHOLE}** | {whole:.1f} | 100% |",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
