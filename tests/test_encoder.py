from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from helpline import encoder, encoder_graph, settings
from helpline.encoder import DIMENSIONS, FINETUNED, Encoder, EncoderError, Finetuned, exported


@pytest.fixture(scope="module")
def sentences() -> Encoder:
    return Encoder(exported())


@pytest.mark.parametrize(
    "text", ["can my brother be my donor", "", " ", "?", "\N{THUMBS UP SIGN}", "x" * 5000]
)
def test_every_text_becomes_a_unit_vector(sentences: Encoder, text: str) -> None:
    (vector,) = sentences.encode([text])
    assert vector.shape == (DIMENSIONS,)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4)


def test_no_text_is_no_vector(sentences: Encoder) -> None:
    assert sentences.encode([]).shape == (0, DIMENSIONS)


@pytest.mark.parametrize(
    ("text", "paraphrase", "stranger"),
    [
        (
            "can my brother be my donor",
            "is it possible that a sibling gives me stem cells",
            "how much does a flight to London cost",
        ),
        (
            "how long will I be in hospital",
            "number of weeks on the ward",
            "which films won a prize last year",
        ),
    ],
)
def test_a_paraphrase_is_nearer_than_a_stranger(
    sentences: Encoder, text: str, paraphrase: str, stranger: str
) -> None:
    asked, same, other = sentences.encode([text, paraphrase, stranger])
    assert asked @ same > asked @ other + 0.2


def test_vectors_come_in_the_order_of_the_texts_whatever_their_length(sentences: Encoder) -> None:
    questions = (
        "can my brother be my donor",
        "what is total body irradiation like",
        "how do I find a clinical trial",
        "when does my hair grow back",
        "who pays for the hotel near the hospital",
    )
    texts = [f"{'hello there, ' * number}{question}" for question in questions for number in (9, 0)]
    together = sentences.encode(texts)
    alone = np.concatenate([sentences.encode([text]) for text in texts])
    # Not equal: int8 scales depend on what else is in the batch.
    assert (np.sum(together * alone, axis=1) > 0.9).all()
    nearest = np.argmax(together @ alone.T, axis=1) // 2
    assert nearest.tolist() == [row // 2 for row in range(len(texts))]


def test_of_a_very_long_text_only_the_beginning_counts(sentences: Encoder) -> None:
    beginning = "my transplant is in may " * 200
    first, second = sentences.encode([beginning + "and my cat is grey", beginning + "no more"])
    assert first @ second == pytest.approx(1, abs=1e-4)


def test_other_weights_than_the_published_ones_are_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(settings, "BUILD", tmp_path / "build")
    monkeypatch.setattr(encoder, "WEIGHTS_SHA256", "0" * 64)

    with pytest.raises(EncoderError, match="not the published") as refused:
        exported()

    assert "\n" not in str(refused.value)
    assert "run make again" in str(refused.value)
    assert not (tmp_path / "build").exists()


def test_an_encoder_that_is_there_is_not_exported_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / f"encoder-{encoder.version()}"
    folder.mkdir()
    (folder / encoder.GRAPH).touch()
    monkeypatch.setattr(settings, "BUILD", tmp_path)
    monkeypatch.setattr(encoder_graph, "write", lambda *_: pytest.fail("exported once more"))
    assert exported() == folder


def test_the_graph_is_the_published_network(tmp_path: Path) -> None:
    import onnx
    import tensorflow as tf
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer
    from transformers import TFBertModel

    folder = encoder.published_weights()
    onnx.save(
        encoder_graph.graph(load_file(folder / "model.safetensors")), tmp_path / "encoder.onnx"
    )
    shutil.copy(folder / "tokenizer.json", tmp_path)
    texts = ["can my brother be my donor", "no"]
    ours = Encoder(tmp_path).encode(texts)

    bert = TFBertModel.from_pretrained(str(folder))
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    for text, vector in zip(texts, ours, strict=True):
        ids = tf.constant([tokenizer.encode(text).ids])
        mean = tf.reduce_mean(bert(ids).last_hidden_state, axis=1)
        assert vector @ tf.math.l2_normalize(mean, axis=1).numpy()[0] > 0.9999


def test_what_was_taught_makes_another_version_than_the_published_one() -> None:
    assert encoder.version() != encoder.version(finetuned=False)


def test_what_was_taught_is_kept_within_half_a_step_of_a_byte(tmp_path: Path) -> None:
    chance = np.random.default_rng(0)
    matrix = chance.normal(size=(384, 1536)).astype(np.float32)
    matrix[:, 0] = 0
    taught = Finetuned(
        differences={"layer/kernel:0": matrix, "layer/bias:0": matrix[0]},
        kind_weights=matrix[:, :8],
        kind_biases=matrix[0, :8],
    )
    taught.save(tmp_path / "taught.npz")
    found = Finetuned.load(tmp_path / "taught.npz")
    step = np.abs(matrix).max(axis=0) / encoder.STEPS
    assert found.differences.keys() == taught.differences.keys()
    assert (np.abs(found.differences["layer/kernel:0"] - matrix) <= step / 2 + 1e-6).all()
    assert np.array_equal(found.differences["layer/bias:0"], matrix[0])
    assert np.array_equal(found.kind_weights, taught.kind_weights)


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 cut off", b"not an archive"])
def test_a_damaged_file_of_what_was_taught_is_one_clear_line(
    tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "taught.npz"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(EncoderError, match="make finetune") as refused:
        Finetuned.load(file)
    assert "\n" not in str(refused.value)


def test_what_was_taught_fits_the_published_weights() -> None:
    taught = Finetuned.load(FINETUNED)
    assert taught.kind_weights.shape == (DIMENSIONS, 8)
    kernels = [d.shape for name, d in taught.differences.items() if "kernel" in name]
    # Six layers, six matrices each: query, key, value, output, and two of the feed-forward part.
    assert len(kernels) == 36
