"""How good are the answers of a model? A question set, by ours or by a stock Rasa model.

Run in a process of its own, since it loads Rasa whole; prints JSON:

    python bench/answers.py helpline MODELS tests/sets/test.jsonl
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict
from pathlib import Path

from helpline import settings
from helpline.assistant import Assistant, Reply
from helpline.evaluation import read_rows, run, total
from helpline.knowledge import configured_knowledge
from helpline.quiet import hush
from helpline.routing import ROUTE_OF_INTENT, Route
from helpline.training import MODEL

NOT_UNDERSTOOD = "nlu_fallback"


class Stock:
    """A model of Rasa's starter pipeline: the intent decides the route, Rasa ranks the articles."""

    def __init__(self, model: Path) -> None:
        hush()
        from rasa.core.agent import Agent

        self._agent = Agent.load(str(model))
        self._topics = configured_knowledge().topics
        self._loop = asyncio.new_event_loop()

    def route(self, text: str) -> Reply:
        """Return who answers a first message."""
        parsed = self._loop.run_until_complete(self._agent.parse_message(text))
        intent = parsed["intent"]
        ranking = parsed["response_selector"]["default"]["ranking"]
        top = [
            (entry["intent_response_key"].split("/")[1], entry["confidence"])
            for entry in ranking[:3]
        ]
        return Reply(
            text=text,
            route=route_of(intent["name"], intent["name"] in self._topics),
            article=top[0][0],
            confidence=intent["confidence"],
            top=top,
        )


def route_of(intent: str | None, is_topic: bool) -> Route:
    """Return who answers where stock Rasa has recognised an intent."""
    if intent is None or intent == NOT_UNDERSTOOD:
        return "unsure"
    return "answer" if is_topic else ROUTE_OF_INTENT.get(intent, "smalltalk")


def main(side: str, models: Path, rows: Path) -> None:
    settings.MODELS = models
    assistant = Assistant() if side == "helpline" else Stock(models / MODEL)
    asked = [row for row in read_rows(rows) if not row.before]
    json.dump(asdict(total(list(run(assistant, asked)))), sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
