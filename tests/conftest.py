"""What several tests need."""

from __future__ import annotations

import pytest

from helpline.assistant import Assistant
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
