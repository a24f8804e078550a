"""What several tests need."""

from __future__ import annotations

import pytest

from helpline import settings
from helpline.assistant import Assistant
from helpline.database import engine
from helpline.quiet import hush
from helpline.training import ensure_model


@pytest.fixture(scope="session")
def trained() -> None:
    """A model made from the files as they are now."""
    ensure_model(say=lambda line: None)


@pytest.fixture(scope="session")
def assistant(trained: None) -> Assistant:
    """The whole assistant in this process, loaded once."""
    hush()
    return Assistant()


@pytest.fixture
def database(tmp_path, monkeypatch):
    """An empty database in a file; the secret lies beside it."""
    monkeypatch.setattr(settings, "VAR", tmp_path)
    monkeypatch.setattr(settings, "DATABASE", str(tmp_path / "helpline.db"))
    monkeypatch.setattr(settings, "CONVERSATIONS", str(tmp_path / "conversations.db"))
    yield tmp_path / "helpline.db"
    engine().dispose()
