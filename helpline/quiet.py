"""Keeps third parties' warnings off a visitor's terminal. Ours are never silenced.

Import this before Rasa, TensorFlow or transformers.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import traceback
import warnings
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, TextIO

ENVIRONMENT = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "RASA_TELEMETRY_ENABLED": "false",
    "LOG_LEVEL_LIBRARIES": "ERROR",
    "HF_HUB_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "PYTHONWARNINGS": "ignore",
}
"""For this process and those that it starts."""

LIBRARIES = ("rasa", "tensorflow", "transformers", "matplotlib", "sanic", "apscheduler")

OURS = Path(__file__).resolve().parent.parent


def hush(with_rasa: bool = True) -> None:
    """Silence what a visitor can do nothing about.

    Args:
        with_rasa: Rasa itself will be imported, not only the library that actions are built on.
    """
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    # Filters are not enough: libraries put their own in front of ours.
    warnings.showwarning = _show_ours
    for library in LIBRARIES:
        logging.getLogger(library).setLevel(logging.ERROR)
    if not with_rasa:
        return
    # Rasa loads its classifier with skops, which on import looks through every loaded module:
    # a second now, five once TensorFlow is there.
    import skops.io  # noqa: F401
    import structlog

    structlog.configure(
        processors=[_without_what_was_said, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
    )


def _without_what_was_said(
    logger: object, method: str, entry: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Keep the name of what happened; Rasa's log entries hold what visitors wrote."""
    error = sys.exc_info()[0]
    return {"event": entry.get("event"), "level": method, "error": error and error.__name__}


def without_its_words(error: BaseException) -> str:
    """Return an error's name and place. What else it says may be a visitor's."""
    at = traceback.extract_tb(error.__traceback__)[-1:]
    return " ".join([type(error).__name__, *(f"({Path(f.filename).name}:{f.lineno})" for f in at)])


@contextmanager
def without_chatter() -> Iterator[None]:
    """Keep progress bars and praise of libraries off the terminal while they work.

    What they print is shown after all if they fail.
    """
    with tempfile.TemporaryFile("w+") as heard:
        try:
            with redirect_stdout(heard), redirect_stderr(heard):
                yield
        except BaseException:
            heard.seek(0)
            print(heard.read(), file=sys.stderr)
            raise


def _show_ours(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    path = Path(filename).resolve()
    if path.parent.parent == OURS or path.parent.parent.parent == OURS:
        print(warnings.formatwarning(message, category, filename, lineno, line), file=sys.stderr)
