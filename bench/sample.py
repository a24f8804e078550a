"""So many examples of each intent and article and no more: what both sides of a comparison learn.

Named in a ``config.yml`` as an importer::

    importers:
      - name: sample.Sample
        examples: 5
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable

from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from helpline.nlu.importer import KnowledgeImporter

SEED = 3621


def pick(texts: Iterable[str], most: int, group: str) -> list[str]:
    """Return at most so many of the texts, whatever their order; more hold fewer.

    Args:
        texts: the examples of one group.
        most: how many; 0 for all.
        group: the group's name, which the choice hangs on, so that none hangs on another.
    """
    known = sorted(set(texts))
    random.Random(f"{SEED} {group}").shuffle(known)
    return sorted(known[: most or None])


def thinned(data: TrainingData, most: int) -> TrainingData:
    """Return the data with at most so many examples per intent, or article where there is one."""
    groups: dict[str, dict[str, Message]] = defaultdict(dict)
    for message in data.training_examples:
        groups[message.get_full_intent()][message.get("text")] = message
    return TrainingData(
        training_examples=[
            messages[text]
            for group, messages in groups.items()
            for text in pick(messages, most, group)
        ],
        entity_synonyms=data.entity_synonyms,
        regex_features=data.regex_features,
        lookup_tables=data.lookup_tables,
        responses=data.responses,
    )


class Sample(KnowledgeImporter):
    """Our own importer, with a sample of its examples."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
        examples: int = 0,
    ) -> None:
        super().__init__(config_file, domain_path, training_data_paths)
        self._examples = examples

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        return thinned(super().get_nlu_data(language), self._examples)
