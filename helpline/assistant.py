"""The whole assistant in one process: for asking, evaluating and testing, without a server.

Rasa runs as in the server; the actions run beside it instead of behind HTTP.
"""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass, field
from typing import Any

from helpline.message import form, plain
from helpline.quiet import hush
from helpline.retrieval import Candidate
from helpline.routing import Route, Seen
from helpline.training import model_path


@dataclass(frozen=True)
class Reply:
    """What became of one message."""

    text: str
    """What the visitor wrote."""
    route: Route
    article: str | None
    """Shown, or nearest."""
    confidence: float
    top: list[tuple[str, float]]
    """The likeliest three articles with their probabilities: on what was asked, before any
    threshold."""
    said: list[dict[str, Any]] = field(default_factory=list)
    """The messages that the visitor gets: text, buttons, custom."""


class Assistant:
    """Loads the trained model once."""

    def __init__(self) -> None:
        """Load the model.

        Raises:
            NoModel: nothing was trained yet.
        """
        path = model_path()
        hush()
        from rasa.core.agent import Agent
        from rasa.core.lock_store import InMemoryLockStore
        from rasa.core.tracker_store import InMemoryTrackerStore
        from rasa.shared.core.domain import Domain

        from helpline.nlu.responses import KnowledgeResponses

        self._agent = Agent(
            tracker_store=InMemoryTrackerStore(Domain.empty()),
            lock_store=InMemoryLockStore(),
            generator=KnowledgeResponses(),
            action_endpoint=_actions_in_process(),
        )
        self._agent.load_model(path)
        self._loop = asyncio.new_event_loop()

    @property
    def domain(self) -> Any:
        """Return the trained model's domain."""
        return self._agent.domain

    def route(self, text: str) -> Reply:
        """Return who answers a first message, without speaking."""
        return _reply(text, self._parse(text), [])

    def see(self, text: str) -> Seen:
        """Return what the pipeline saw in a first message, for tuning."""
        from helpline.nlu.safety_screen import SAFETY, verdict_of

        parsed = self._parse(text)
        return Seen(
            text=text,
            form=form(text),
            verdict=verdict_of(parsed[SAFETY]),
            intents={i["name"]: i["confidence"] for i in parsed["intent_ranking"]},
            ranking=[Candidate(article, chance) for article, chance in _ranking(parsed)],
            entities=[str(entity["value"]) for entity in parsed["entities"]],
        )

    def _parse(self, text: str) -> Any:
        # As the channels do: a command from outside is text like any other.
        return self._loop.run_until_complete(self._agent.parse_message(plain(text)))

    def talk(self, texts: list[str], metadata: dict[str, Any] | None = None) -> list[Reply]:
        """Return the replies to a whole conversation."""
        return self._loop.run_until_complete(self._talk(texts, metadata))

    async def _talk(self, texts: list[str], metadata: dict[str, Any] | None) -> list[Reply]:
        from rasa.core.channels import CollectingOutputChannel, UserMessage

        sender = uuid.uuid4().hex
        replies = []
        for text in texts:
            output = CollectingOutputChannel()
            message = UserMessage(plain(text), output, sender, metadata=metadata)
            await self._agent.handle_message(message)
            tracker = await self._agent.tracker_store.retrieve(sender)
            parsed = tracker.latest_message.parse_data
            replies.append(_reply(text, parsed, output.messages))
        return replies


def _reply(text: str, parsed: Any, said: list[dict[str, Any]]) -> Reply:
    routing = parsed.get("routing") or {}
    return Reply(
        text=text,
        route=routing.get("route", "unsure"),
        article=routing.get("article"),
        confidence=float(routing.get("confidence", 0.0)),
        top=_ranking(parsed)[:3],
        said=said,
    )


def _ranking(parsed: Any) -> list[tuple[str, float]]:
    """Return articles with their probabilities, the likeliest first."""
    selector = parsed.get("response_selector") or {}
    return [
        (entry["intent_response_key"].split("/")[1], entry["confidence"])
        for entry in selector.get("default", {}).get("ranking", [])
    ]


def _actions_in_process() -> Any:
    """Return an endpoint that runs the actions here instead of calling the action server."""
    from rasa.utils.endpoints import EndpointConfig
    from rasa_sdk.executor import ActionExecutor

    executor = ActionExecutor()
    executor.register_package("actions")

    class InProcess(EndpointConfig):
        async def request(self, *_: Any, **request: Any) -> Any:
            return await executor.run(request["json"])

    return InProcess("in-process")
