"""A database of its own for each test, and one pair of servers for all that ask over HTTP."""

from __future__ import annotations

import pytest

from helpline import settings
from helpline.database import engine


@pytest.fixture
def database(tmp_path, monkeypatch):
    """An empty database in a file; the secret lies beside it."""
    monkeypatch.setattr(settings, "VAR", tmp_path)
    monkeypatch.setattr(settings, "DATABASE", str(tmp_path / "helpline.db"))
    yield tmp_path / "helpline.db"
    engine().dispose()
