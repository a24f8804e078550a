"""The safety screens without a turn: while a specialist has the conversation, they alone speak."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.shared.core.trackers import DialogueStateTracker

from helpline.message import form, plain
from helpline.nlu.safety_screen import SAFETY, SafetyScreen, verdict_of
from helpline.web.replies import body

WORDLESS = ("empty", "emoji")
"""Forms of messages that the router does not screen either."""


class Screens:
    """Reads messages as far as the safety screen does, and says nothing but the screens."""

    def __init__(self, agent: Agent, channel: str) -> None:
        """Take the assistant.

        Args:
            agent: Rasa's.
            channel: the name of the channel that the visitor hears.
        """
        self._agent = agent
        self._channel = channel

    async def shown_for(self, conversation: str, text: str) -> list[dict[str, Any]]:
        """Return the screen that belongs below a message, if one does.

        Raises:
            RuntimeError: no model is loaded, so that nothing can be told.
        """
        # Without a slash in front, as the assistant reads it.
        intent = await asyncio.to_thread(self._seen_in, plain(text))
        if intent is None:
            return []
        # Nothing of the conversation is needed: the texts are fixed.
        tracker = DialogueStateTracker(conversation, self._agent.domain.slots)
        said = await self._agent.nlg.generate(f"utter_{intent}", tracker, self._channel)
        return [body(said)] if said else []

    def _seen_in(self, text: str) -> str | None:
        """Return which screen a text calls for. What comes after it in the pipeline is left out."""
        if form(text) in WORDLESS:
            return None
        processor = self._agent.processor
        if processor is None:
            raise RuntimeError("no model is loaded")
        nodes = processor.model_metadata.predict_schema.nodes
        node = next(name for name, node in nodes.items() if node.uses is SafetyScreen)
        inputs = {PLACEHOLDER_MESSAGE: [UserMessage(text)], PLACEHOLDER_TRACKER: None}
        message = processor.graph_runner.run(inputs, targets=[node])[node][0]
        return verdict_of(message.get(SAFETY)).intent
