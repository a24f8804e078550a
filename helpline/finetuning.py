"""Fine-tuning the sentence encoder on our own examples: ``make finetune``, about 50 minutes.

The published encoder does not hear tense, negation and "what if". It is taught them by examples:
of every message its kind (:mod:`helpline.safety.kinds`) and, where it is known, its intent or
article. What it has learned is kept in ``helpline/finetuned.npz`` as differences to the published
weights; :mod:`helpline.encoder` adds them when it exports the graph. The embeddings of words stay
as published, so that words that no example holds keep their meaning.

Done on the examples alone: neither the development set nor the test set is read.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from helpline import settings
from helpline.encoder import DIMENSIONS, FINETUNED, Finetuned, published_weights
from helpline.knowledge import configured_knowledge
from helpline.safety.examples import load_examples
from helpline.safety.kinds import KINDS, SCALE, Kind, kind_of_intent
from helpline.safety.temperature import annotated, load_limits
from helpline.safety.words import normalized

EPOCHS = 4
LEARNING_RATE = 2e-4
"""The highest; it rises for a tenth of the steps and falls for the rest."""

BATCH = 32
MAX_TOKENS = 128
DROPOUT = 0.1
WEIGHT_DECAY = 0.01
LARGEST_GRADIENT = 1.0
SEED = 0


@dataclass(frozen=True)
class Lesson:
    """One example: what is written, and what it is."""

    text: str
    kinds: frozenset[Kind]
    """One of these; several where an example does not say which."""
    intent: str | None
    """Of the domain, or an article's response key; None where only the kind is known."""


def lessons() -> list[Lesson]:
    """Return everything that the encoder is taught, each text once."""
    from helpline.nlu.importer import KnowledgeImporter

    importer = KnowledgeImporter(
        config_file=str(settings.ROOT / "config.yml"),
        domain_path=str(settings.ROOT / "domain.yml"),
        training_data_paths=[str(settings.ROOT / "data")],
    )
    limits = load_limits(settings.KNOWLEDGE / "safety" / "temperature.yml")
    found: dict[str, Lesson] = {}
    for example in load_examples(settings.KNOWLEDGE / "safety"):
        intent = "support" if example.kinds == {"support"} else None
        found.setdefault(example.text, Lesson(example.text, example.kinds, intent))
    for message in importer.get_nlu_data().intent_examples:
        text, intent = message.get("text"), message.get_full_intent()
        if text:
            found.setdefault(text, Lesson(text, frozenset((kind_of_intent(intent),)), intent))
    return [
        Lesson(annotated(normalized(lesson.text), limits), lesson.kinds, lesson.intent)
        for lesson in found.values()
    ]


def finetune(say: Callable[[str], None] = print) -> None:
    """Teach the encoder all lessons and write ``helpline/finetuned.npz``.

    Args:
        say: takes one line for people, now and then.
    """
    configured_knowledge()
    taught = lessons()
    say(f"{len(taught)} examples, {EPOCHS} times each.")
    Finetuned.save(_teach(taught, say))
    say(f"Written: {FINETUNED.relative_to(settings.ROOT)}. Now `make tune`, then `make test`.")


def _teach(taught: Sequence[Lesson], say: Callable[[str], None]) -> Finetuned:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf
    from tokenizers import Tokenizer
    from transformers import TFBertModel, logging

    logging.set_verbosity_error()
    tf.keras.utils.set_random_seed(SEED)
    weights = published_weights()
    tokenizer = Tokenizer.from_file(str(weights / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    tokens = [tokenizer.encode(lesson.text).ids for lesson in taught]
    intents = sorted({lesson.intent for lesson in taught if lesson.intent})
    number = {intent: index for index, intent in enumerate(intents)}
    # -1 where the intent is not known: the kind is learned all the same.
    of_intent = np.array([number.get(lesson.intent or "", -1) for lesson in taught], np.int32)
    of_kind = np.array([[kind in lesson.kinds for kind in KINDS] for lesson in taught])

    bert = TFBertModel.from_pretrained(str(weights))
    bert.bert.embeddings.trainable = False
    layers = [v for v in bert.trainable_variables if "pooler" not in v.name]
    before = {_name(v): v.numpy() for v in layers}
    start = tf.keras.initializers.GlorotUniform(SEED)
    intent_head = tf.Variable(start((DIMENSIONS, len(intents))))
    intent_bias = tf.Variable(tf.zeros(len(intents)))
    kind_head = tf.Variable(start((DIMENSIONS, len(KINDS))))
    kind_bias = tf.Variable(tf.zeros(len(KINDS)))
    variables = [*layers, intent_head, intent_bias, kind_head, kind_bias]
    optimizer = tf.keras.optimizers.AdamW(LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    optimizer.build(variables)

    @tf.function(
        autograph=False,
        input_signature=(
            tf.TensorSpec((None, None), tf.int32),
            tf.TensorSpec((None, None), tf.int32),
            tf.TensorSpec((None,), tf.int32),
            tf.TensorSpec((None, len(KINDS)), tf.bool),
        ),
    )
    def step(ids: Any, mask: Any, intent: Any, kinds: Any) -> Any:
        with tf.GradientTape() as tape:
            states = bert(ids, attention_mask=mask, training=True).last_hidden_state
            weight = tf.cast(mask, tf.float32)[:, :, None]
            mean = tf.reduce_sum(states * weight, 1) / tf.reduce_sum(weight, 1)
            vector = tf.nn.dropout(tf.math.l2_normalize(mean, axis=1) * SCALE, DROPOUT)
            known = tf.cast(intent >= 0, tf.float32)
            of_intent = known * tf.nn.sparse_softmax_cross_entropy_with_logits(
                tf.maximum(intent, 0), vector @ intent_head + intent_bias
            )
            chances = tf.nn.log_softmax(vector @ kind_head + kind_bias)
            of_kind = -tf.reduce_logsumexp(tf.where(kinds, chances, -1e9), axis=1)
            loss = tf.reduce_sum(of_intent) / (tf.reduce_sum(known) + 1e-6)
            loss += tf.reduce_mean(of_kind)
        gradients, _ = tf.clip_by_global_norm(tape.gradient(loss, variables), LARGEST_GRADIENT)
        optimizer.apply_gradients(zip(gradients, variables, strict=True))
        return loss

    plan = [batch for epoch in range(EPOCHS) for batch in _batches(tokens, SEED + epoch)]
    warm = max(1, len(plan) // 10)
    lately: list[float] = []
    for done, batch in enumerate(plan, 1):
        left = 1 - done / len(plan)
        optimizer.learning_rate.assign(LEARNING_RATE * min(1.0, done / warm) * max(0.02, left))
        ids, mask = _padded([tokens[index] for index in batch])
        lately.append(float(step(ids, mask, of_intent[batch], of_kind[batch])))
        if done % 100 == 0 or done == len(plan):
            say(f"step {done} of {len(plan)}, loss {np.mean(lately[-100:]):.3f}")
    return Finetuned(
        differences={_name(v): v.numpy() - before[_name(v)] for v in layers},
        kind_weights=kind_head.numpy() * SCALE,
        kind_biases=kind_bias.numpy(),
    )


def _name(variable: Any) -> str:
    """Return a variable's name without the model's own, which counts instances."""
    return str(variable.name).split("/", 1)[1]


def _batches(tokens: Sequence[Sequence[int]], seed: int) -> Iterator[list[int]]:
    """Yield every index once, texts of like length together, in an order of chance."""
    chance = random.Random(seed)
    order = list(range(len(tokens)))
    chance.shuffle(order)
    pool = BATCH * 40
    batches = []
    for start in range(0, len(order), pool):
        near = sorted(order[start : start + pool], key=lambda index: len(tokens[index]))
        batches += [near[i : i + BATCH] for i in range(0, len(near), BATCH)]
    chance.shuffle(batches)
    yield from batches


def _padded(rows: Sequence[Sequence[int]]) -> tuple[Any, Any]:
    """Return ids and mask, shape ``(len(rows), longest)``."""
    shape = (len(rows), max(map(len, rows)))
    ids, mask = np.zeros(shape, np.int32), np.zeros(shape, np.int32)
    for index, row in enumerate(rows):
        ids[index, : len(row)] = row
        mask[index, : len(row)] = 1
    return ids, mask
