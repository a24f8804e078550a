"""Bringing the assistant up to date when it gets a conversation back from a specialist.

Rasa's tracker mirrors the state, not the words: who was there, how it ended, and whether a crisis
screen was shown meanwhile, after which the crisis lines stay in sight.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rasa.core.agent import Agent
from rasa.shared.core.events import SlotSet
from sqlalchemy import select

from helpline.database import alerts, engine, handoffs
from helpline.desk.shown import iso
from helpline.nlu.context import CRISIS_SHOWN

HANDOFF = "handoff"
"""The slot that knows of the last chat with a specialist."""


@dataclass(frozen=True)
class LastChat:
    """A chat with a specialist that has ended."""

    name: str | None
    outcome: str
    reason: str | None
    ended: str | None
    crisis: bool

    def as_slot(self) -> dict[str, Any]:
        """Return what the assistant remembers."""
        return {
            "name": self.name,
            "outcome": self.outcome,
            "reason": self.reason,
            "ended": self.ended,
        }


def last_chat(conversation: str) -> LastChat | None:
    """Return a conversation's last chat with a specialist, if it had one."""
    query = (
        select(handoffs)
        .where(handoffs.c.conversation == conversation, handoffs.c.ended_at.is_not(None))
        .order_by(handoffs.c.id.desc())
        .limit(1)
    )
    with engine().connect() as connection:
        row = connection.execute(query).first()
        if row is None:
            return None
        crises = select(alerts.c.id).where(
            alerts.c.conversation == conversation,
            alerts.c.screen == "crisis",
            alerts.c.at >= row.asked_at,
        )
        crisis = connection.execute(crises).first() is not None
    return LastChat(row.name, row.outcome, row.close_reason, iso(row.ended_at), crisis)


async def tell_rasa(agent: Agent, conversation: str, chat: LastChat) -> None:
    """Write into Rasa's tracker what the assistant has to know."""
    if agent.processor is None:
        return
    async with agent.lock_store.lock(conversation):
        tracker = await agent.processor.fetch_tracker_with_initial_session(conversation)
        tracker.update(SlotSet(HANDOFF, chat.as_slot()), agent.domain)
        if chat.crisis:
            tracker.update(SlotSet(CRISIS_SHOWN, True), agent.domain)
        await agent.tracker_store.save(tracker)
