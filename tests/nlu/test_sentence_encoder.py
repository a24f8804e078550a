from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.engine.training.fingerprinting import calculate_fingerprint_key
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from helpline.encoder import Encoder, Vectors, exported
from helpline.nlu.sentence_encoder import SentenceEncoder, sentence_vector

QUESTION = "can my brother be my donor"


def config(**options: Any) -> dict[str, Any]:
    return {**SentenceEncoder.get_default_config(), **options}


def vector_by(folder: Path, **options: Any) -> Vectors:
    """What a component says that was made, kept in a model, and loaded from it."""
    storage, resource = LocalModelStorage.create(folder), Resource("encoder")
    context = ExecutionContext(GraphSchema({}), node_name="encoder")
    SentenceEncoder.create(config(**options), storage, resource, context)
    loaded = SentenceEncoder.load(config(**options), storage, resource, context)
    message = Message({TEXT: QUESTION})
    loaded.process([message])
    return sentence_vector(message)


@pytest.mark.parametrize("finetuned", [True, False])
def test_the_vectors_are_those_of_the_weights_that_were_asked_for(
    tmp_path: Path, finetuned: bool
) -> None:
    (expected,) = Encoder(exported(finetuned)).encode([QUESTION])
    (other,) = Encoder(exported(not finetuned)).encode([QUESTION])
    vector = vector_by(tmp_path, finetuned=finetuned)
    # Not equal: int8 scales depend on what else is in the batch.
    assert np.dot(vector, expected) > 0.98
    assert np.dot(vector, expected) > np.dot(vector, other) + 0.01


def test_what_was_finetuned_is_used_unless_told_otherwise(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    asked_for = vector_by(tmp_path / "a", finetuned=True)
    assert np.array_equal(vector_by(tmp_path / "b"), asked_for)


def test_other_weights_are_another_model_for_rasas_cache() -> None:
    keys = {
        calculate_fingerprint_key(SentenceEncoder, config(finetuned=finetuned), {})
        for finetuned in (True, False)
    }
    assert len(keys) == 2


def test_an_option_that_is_no_truth_value_is_refused_in_one_line() -> None:
    with pytest.raises(InvalidConfigException, match="true or false") as refused:
        SentenceEncoder.validate_config({"finetuned": "no"})
    assert "\n" not in str(refused.value)
