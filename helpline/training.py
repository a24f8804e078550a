"""Training the model, and knowing when it is older than what it was made from."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from helpline import __version__, settings
from helpline.knowledge import configured_knowledge
from helpline.knowledge.load import CANNED

MODEL = "helpline.tar.gz"

STAMP = "helpline.json"
"""Beside the model: the hash of what it was made from."""

INPUTS = (
    "config.yml",
    "domain.yml",
    "data",
    "helpline/encoder.py",
    "helpline/encoder_graph.py",
    "helpline/finetuned.npz",
    "helpline/knowledge",
    "helpline/language.py",
    "helpline/nlu",
    "helpline/retrieval.py",
    "helpline/routing.py",
    "helpline/safety",
    "helpline/thresholds.yml",
    "helpline/words.py",
    "helpline/yaml_loader.py",
)
"""What a model is made from, beside the knowledge base. Code that only runs it is not here."""


class NoModel(Exception):
    """There is no trained model."""


def model_path() -> Path:
    """Return the trained model.

    Raises:
        NoModel: nothing was trained yet.
    """
    path = settings.MODELS / MODEL
    if not path.exists():
        raise NoModel(f"There is no trained model in {settings.MODELS}. Run `make train` first.")
    return path


def is_fresh() -> bool:
    """Return whether the model was made from the files as they are now."""
    stamp = settings.MODELS / STAMP
    try:
        made_from = json.loads(stamp.read_text(encoding="utf-8"))["made_from"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return (settings.MODELS / MODEL).exists() and made_from == inputs_hash()


def inputs_hash() -> str:
    """Return a hash over everything that a model is made from."""
    digest = hashlib.sha256(f"{__version__} {settings.REVIEWED_ONLY}".encode())
    roots = [*(settings.ROOT / name for name in INPUTS), settings.KNOWLEDGE]
    for root in roots:
        files = sorted(root.rglob("*")) if root.is_dir() else [root]
        for file in files:
            # What specialists send is none of the model's.
            is_input = file.suffix in (".py", ".yml", ".json", ".npz") and file.name != CANNED
            if file.is_file() and is_input:
                digest.update(file.name.encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()


def ensure_model(force: bool = False, say: Callable[[str], None] = print) -> None:
    """Train if the model is missing or older than what it is made from.

    Args:
        force: train in any case.
        say: takes one line for people.

    Raises:
        KnowledgeError: the knowledge base cannot be used; a model that is there stays.
    """
    configured_knowledge()
    if not force and is_fresh():
        say("The model is up to date.")
        return
    say("Training the model (about two minutes) ...")
    # In a process of its own: what training loads would stay in memory with whoever comes after.
    child = subprocess.run([sys.executable, "-m", "helpline.training"], check=False)
    if child.returncode != 0:
        raise NoModel("Training failed; see above.")
    say("The model is trained.")


def train() -> Path:
    """Train from the repository's files and return the model's path.

    The model is made aside and moved into place whole: an interrupted training leaves the one
    before as it was.

    Raises:
        KnowledgeError: the knowledge base cannot be used; nothing was trained.
        NoModel: Rasa could not train.
    """
    made_from = inputs_hash()
    from helpline.quiet import without_chatter

    root = settings.ROOT
    settings.MODELS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.MODELS) as scratch:
        with without_chatter():
            import rasa

            result = rasa.train(
                domain=str(root / "domain.yml"),
                config=str(root / "config.yml"),
                training_files=str(root / "data"),
                output=scratch,
                fixed_model_name=MODEL.removesuffix(".tar.gz"),
                # Whether anything has changed is known already, see :func:`is_fresh`.
                force_training=True,
                # Stories are remembered, not learned from: gluing them together brings nothing.
                core_additional_arguments={"augmentation_factor": 0},
            )
        if result.code != 0 or result.model is None:
            raise NoModel("Training failed. `rasa train` says more.")
        stamp = settings.MODELS / STAMP
        stamp.unlink(missing_ok=True)
        model = Path(result.model).replace(settings.MODELS / MODEL)
        stamp.write_text(json.dumps({"made_from": made_from}) + "\n", encoding="utf-8")
    return model


if __name__ == "__main__":
    from helpline.quiet import hush

    hush()
    train()
