from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from helpline import settings, training
from helpline.knowledge import KnowledgeError, configured_knowledge
from helpline.training import MODEL, STAMP, NoModel, ensure_model, inputs_hash, is_fresh, model_path


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small one, beside the real one."""
    for file in (
        "config.yml",
        "domain.yml",
        "data/nlu/smalltalk.yml",
        "helpline/encoder_graph.py",
        "helpline/routing.py",
        "knowledge/articles/donors.yml",
        "knowledge/sources.yml",
    ):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(f"# {file}\n", encoding="utf-8")
    monkeypatch.setattr(settings, "ROOT", tmp_path)
    monkeypatch.setattr(settings, "KNOWLEDGE", tmp_path / "knowledge")
    monkeypatch.setattr(settings, "MODELS", tmp_path / "models")
    monkeypatch.setattr(settings, "REVIEWED_ONLY", False)
    return tmp_path


@pytest.fixture
def trained(repository: Path) -> Path:
    """The repository with a model that was just made from it."""
    models = repository / "models"
    models.mkdir()
    (models / MODEL).touch()
    (models / STAMP).write_text(json.dumps({"made_from": inputs_hash()}), encoding="utf-8")
    return repository


@pytest.fixture
def trainings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows by one each time that training would run; a knowledge base that can be used."""
    ran: list[str] = []

    def train(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        ran.append(command[-1])
        return subprocess.CompletedProcess(command, returncode=0)

    monkeypatch.setattr(subprocess, "run", train)
    monkeypatch.setattr(training, "configured_knowledge", lambda: None)
    return ran


def append(file: Path) -> None:
    file.write_text(file.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")


@pytest.mark.parametrize(
    "file",
    [
        "config.yml",
        "domain.yml",
        "data/nlu/smalltalk.yml",
        "helpline/encoder_graph.py",
        "helpline/routing.py",
        "knowledge/articles/donors.yml",
        "knowledge/sources.yml",
    ],
)
def test_a_model_is_stale_once_something_that_it_is_made_from_changes(
    trained: Path, file: str
) -> None:
    assert is_fresh()
    append(trained / file)
    assert not is_fresh()


@pytest.mark.parametrize(
    "change",
    [
        lambda articles: (articles / "costs.yml").touch(),
        lambda articles: (articles / "donors.yml").unlink(),
        lambda articles: (articles / "donors.yml").rename(articles / "givers.yml"),
    ],
    ids=["a new file", "a file less", "another name"],
)
def test_files_that_come_go_or_get_another_name_make_it_stale(
    trained: Path, change: Callable[[Path], object]
) -> None:
    change(trained / "knowledge" / "articles")
    assert not is_fresh()


def test_serving_reviewed_articles_only_takes_another_model(
    trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "REVIEWED_ONLY", True)
    assert not is_fresh()


def test_another_knowledge_folder_takes_another_model(
    trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "KNOWLEDGE", trained / "knowledge" / "articles")
    assert not is_fresh()


def test_notes_and_what_the_assistant_writes_change_nothing(trained: Path) -> None:
    (trained / "README.md").touch()
    (trained / "knowledge" / "notes.md").touch()
    (trained / "var").mkdir()
    (trained / "var" / "helpline.db").touch()
    assert is_fresh()


def test_a_file_that_is_touched_but_not_changed_changes_nothing(trained: Path) -> None:
    (trained / "domain.yml").touch()
    assert is_fresh()


@pytest.mark.parametrize("file", [MODEL, STAMP])
def test_without_the_model_or_its_stamp_nothing_is_fresh(trained: Path, file: str) -> None:
    (trained / "models" / file).unlink()
    assert not is_fresh()


@pytest.mark.parametrize("stamp", ["", "{", "{}", "[]", '"abc"', '{"made_from": "abc"}'])
def test_a_stamp_that_says_something_else_is_not_fresh(trained: Path, stamp: str) -> None:
    (trained / "models" / STAMP).write_text(stamp, encoding="utf-8")
    assert not is_fresh()


def test_a_fresh_model_is_not_trained_again(trained: Path, trainings: list[str]) -> None:
    said: list[str] = []
    ensure_model(say=said.append)
    assert trainings == []
    assert said == ["The model is up to date."]


def test_a_stale_model_is_trained(trained: Path, trainings: list[str]) -> None:
    append(trained / "knowledge" / "sources.yml")
    said: list[str] = []
    ensure_model(say=said.append)
    assert trainings == ["helpline.training"]
    assert said[0].startswith("Training the model")
    assert said[-1] == "The model is trained."


def test_a_fresh_model_is_trained_when_it_is_asked_for(trained: Path, trainings: list[str]) -> None:
    ensure_model(force=True, say=lambda line: None)
    assert trainings == ["helpline.training"]


def test_training_that_fails_is_not_called_done(
    repository: Path, trainings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = subprocess.CompletedProcess([], returncode=1)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: failed)
    said: list[str] = []
    with pytest.raises(NoModel):
        ensure_model(say=said.append)
    assert "The model is trained." not in said


def test_knowledge_that_cannot_be_used_is_said_before_anything_is_trained(
    repository: Path, trainings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "configured_knowledge", configured_knowledge)
    with pytest.raises(KnowledgeError, match="glossary"):
        ensure_model(say=lambda line: None)
    assert trainings == []


def test_the_model_is_where_the_settings_say(trained: Path) -> None:
    assert model_path() == trained / "models" / MODEL


def test_without_a_model_we_say_how_to_make_one(repository: Path) -> None:
    with pytest.raises(NoModel, match="Run `make train` first"):
        model_path()
