"""What the encoder is taught, and from what it must not be taught."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from helpline import finetuning, settings
from helpline.encoder import DIMENSIONS
from helpline.evaluation import read_rows
from helpline.finetuning import Lesson, finetune, lessons
from helpline.knowledge import configured_knowledge
from helpline.safety.kinds import KINDS
from helpline.safety.temperature import annotated, load_limits
from helpline.safety.words import normalized

SETS = sorted((settings.ROOT / "tests" / "sets").glob("*.jsonl"))


@pytest.fixture(scope="module")
def taught() -> list[Lesson]:
    return lessons()


def test_every_article_and_every_kind_is_taught(taught: list[Lesson]) -> None:
    articles = {article.response_key for article in configured_knowledge().articles.values()}
    assert articles <= {lesson.intent for lesson in taught}
    assert {kind for lesson in taught for kind in lesson.kinds} == set(KINDS)


@pytest.mark.parametrize("file", SETS, ids=lambda file: file.stem)
def test_no_message_of_a_question_set_is_taught(taught: list[Lesson], file: Path) -> None:
    limits = load_limits(settings.KNOWLEDGE / "safety" / "temperature.yml")
    known = {lesson.text for lesson in taught}
    rows = read_rows(file)
    shared = [row.text for row in rows if annotated(normalized(row.text), limits) in known]
    # Two words that anybody would type may stand in both: "real person".
    assert [text for text in shared if len(text.split()) > 3] == []


def test_teaching_moves_the_weights_and_writes_them(
    monkeypatch: pytest.MonkeyPatch, taught: list[Lesson]
) -> None:
    written = {}
    monkeypatch.setattr(finetuning, "lessons", lambda: taught[:: len(taught) // 64])
    monkeypatch.setattr(finetuning, "EPOCHS", 1)
    monkeypatch.setattr(finetuning.Finetuned, "save", lambda self: written.update(vars(self)))
    said: list[str] = []
    finetune(said.append)
    assert written["kind_weights"].shape == (DIMENSIONS, len(KINDS))
    assert all(np.abs(d).max() > 0 for n, d in written["differences"].items() if "kernel" in n)
    assert not any("embeddings" in name for name in written["differences"])
    assert "make tune" in said[-1]
