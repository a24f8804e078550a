"""The safety screens without a turn: while a specialist has the conversation, they alone speak."""

from __future__ import annotations

from typing import Any

from rasa.core.agent import Agent
from rasa.shared.core.trackers import DialogueStateTracker

from helpline.web.log import screen_of
from helpline.web.replies import body


class Screens:
    """Reads messages as the assistant does, and says nothing but the screens."""

    def __init__(self, agent: Agent, channel: str) -> None:
        """Take the assistant.

        Args:
            agent: Rasa's.
            channel: the name of the channel that the visitor hears.
        """
        self._agent = agent
        self._channel = channel

    async def shown_for(self, conversation: str, text: str) -> list[dict[str, Any]]:
        """Return the screen that belongs below a message, if one does."""
        parsed = await self._agent.parse_message(text)
        response = f"utter_{parsed['intent']['name']}"
        # Nothing of the conversation is needed: the texts are fixed.
        tracker = DialogueStateTracker(conversation, self._agent.domain.slots)
        said = await self._agent.nlg.generate(response, tracker, self._channel)
        found = body(said) if said else {}
        return [found] if screen_of(found) else []
