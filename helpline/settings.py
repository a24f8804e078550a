"""Where things are, and what the environment may change.

Every variable is documented in ``docs/settings.md``; a test holds the two together.
"""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The repository: Rasa's own files lie here."""

KNOWLEDGE = Path(os.environ.get("HELPLINE_KNOWLEDGE", ROOT / "knowledge"))
"""What the helpline knows: articles, sources, glossary, contacts."""

MODELS = Path(os.environ.get("HELPLINE_MODELS", ROOT / "models"))
"""Trained models. The newest is served."""

BUILD = ROOT / ".build"
"""What is built once and kept: the exported sentence encoder."""

DATABASE = os.environ.get("HELPLINE_DATABASE", str(ROOT / "var" / "helpline.db"))
"""The SQLite file with what visitors thought of the answers."""

HOST = os.environ.get("HELPLINE_HOST", "127.0.0.1")
"""The address that the assistant listens on: this machine alone, unless told otherwise."""

PORT = int(os.environ.get("HELPLINE_PORT", "5005"))
"""Port of the assistant (the Rasa server)."""

ACTIONS_PORT = int(os.environ.get("HELPLINE_ACTIONS_PORT", "5055"))
"""Port of the action server."""

REVIEWED_ONLY = os.environ.get("HELPLINE_REVIEWED_ONLY", "") == "1"
"""When on, articles that no clinician has signed off are left out of the model."""

NOW = os.environ.get("HELPLINE_NOW", "")
"""An ISO 8601 instant to take for the present, for demonstrations and tests of opening hours."""
