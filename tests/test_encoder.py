from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from helpline import encoder, settings
from helpline.encoder import DIMENSIONS, Encoder, EncoderError, exported


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
    texts = [
        "a much longer question about what happens in the weeks after a transplant",
        "short",
        *(f"question number {number} " + "more " * number for number in range(20)),
    ]
    together = sentences.encode(texts)
    alone = np.concatenate([sentences.encode([text]) for text in texts])
    # Not equal: int8 scales depend on what else is in the batch.
    nearest = np.argmax(together @ alone.T, axis=1)
    assert nearest.tolist() == list(range(len(texts)))


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
    folder = tmp_path / f"encoder-{encoder.WEIGHTS_SHA256[:12]}"
    folder.mkdir()
    (folder / encoder.GRAPH).touch()
    monkeypatch.setattr(settings, "BUILD", tmp_path)
    monkeypatch.setattr(encoder, "_export", lambda *_: pytest.fail("exported once more"))
    assert exported() == folder
