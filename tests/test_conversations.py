"""Rasa's test stories in ``conversations/stories``, played to the trained model in process.

``rasa test core --e2e`` reads the same files, but takes each text without the conversation before
it, which "tell me more" needs.
"""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from helpline import settings
from helpline.assistant import Assistant

FOLDER = Path(__file__).parent / "conversations" / "stories"


@dataclass(frozen=True)
class Story:
    name: str
    texts: tuple[str, ...]
    """What the visitor types."""
    steps: tuple[str, ...]
    """What should be understood and done: "intent: donors/donor-hla", "action: utter_donors"."""

    @property
    def intents(self) -> set[str]:
        """Without the article."""
        found = (step.removeprefix("intent: ") for step in self.steps if "intent: " in step)
        return {intent.split("/")[0] for intent in found}


def read_stories() -> list[Story]:
    return [
        Story(
            name=story["story"],
            texts=tuple(step["user"].strip() for step in story["steps"] if "user" in step),
            steps=tuple(
                f"{kind}: {step[kind]}"
                for step in story["steps"]
                for kind in ("intent", "action")
                if kind in step
            ),
        )
        for file in sorted(FOLDER.glob("test_*.yml"))
        for story in yaml.safe_load(file.read_text(encoding="utf-8"))["stories"]
    ]


STORIES = read_stories()


@pytest.fixture(autouse=True)
def own_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings, "DATABASE", str(tmp_path / "helpline.db"))


def play(assistant: Assistant, texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return what was understood and done, written as the steps of a story."""
    return assistant._loop.run_until_complete(_play(assistant._agent, texts))


async def _play(agent: Any, texts: tuple[str, ...]) -> tuple[str, ...]:
    from rasa.core.channels import CollectingOutputChannel, UserMessage
    from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
    from rasa.shared.core.events import ActionExecuted, UserUttered

    sender = uuid.uuid4().hex
    for text in texts:
        await agent.handle_message(UserMessage(text, CollectingOutputChannel(), sender))
    tracker = await agent.tracker_store.retrieve(sender)
    steps = []
    for event in tracker.events:
        if isinstance(event, UserUttered):
            steps.append(f"intent: {_intent(event.parse_data)}")
        elif isinstance(event, ActionExecuted) and event.action_name not in (
            ACTION_LISTEN_NAME,
            ACTION_SESSION_START_NAME,
        ):
            steps.append(f"action: {event.action_name}")
    return tuple(steps)


def _intent(parsed: Any) -> str:
    """Return the intent, for retrieval intents with what was retrieved."""
    intent = parsed["intent"]["name"]
    retrieved = parsed["response_selector"].get(intent)
    return retrieved["response"]["intent_response_key"] if retrieved else intent


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_the_assistant_understands_and_does_what_the_story_says(
    story: Story, assistant: Assistant
) -> None:
    assert play(assistant, story.texts) == story.steps


def test_every_intent_of_the_model_is_in_a_story(assistant: Assistant) -> None:
    from rasa.shared.core.constants import DEFAULT_INTENTS

    told = set().union(*(story.intents for story in STORIES))
    # Rasa knows an intent "out_of_scope" by itself; here it is one of ours.
    rasas_own = set(DEFAULT_INTENTS) - {"out_of_scope"}
    assert told == set(assistant.domain.intents) - rasas_own


def test_no_two_stories_share_a_name() -> None:
    assert [name for name, n in Counter(story.name for story in STORIES).items() if n > 1] == []


def test_no_two_stories_have_the_same_texts() -> None:
    assert [texts for texts, n in Counter(story.texts for story in STORIES).items() if n > 1] == []


def test_rasa_reads_every_story_and_merges_none(assistant: Assistant) -> None:
    from rasa.shared.core.generator import TrainingDataGenerator
    from rasa.shared.core.training_data.loading import load_data_from_files
    from rasa.shared.core.training_data.structures import StoryGraph

    files = [str(file) for file in sorted(FOLDER.glob("test_*.yml"))]
    graph = StoryGraph(load_data_from_files(files, assistant.domain))
    read = TrainingDataGenerator(
        graph, assistant.domain, use_story_concatenation=False, augmentation_factor=0
    ).generate()
    assert len(read) == len(STORIES) == 47
