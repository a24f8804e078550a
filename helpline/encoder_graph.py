"""The sentence encoder as an ONNX graph, built from its weights.

BERT with six layers, in the fused operators of ONNX Runtime: attention, layer normalization and
GELU are one step each. What a converter makes of the same network is many small steps, and slower.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import TensorProto, helper, numpy_helper

Weights = Mapping[str, npt.NDArray[np.float32]]
"""By the names of the published file; a matrix is of shape ``(to, from)``."""

LAYERS = 6
HEADS = 12
EPSILON = 1e-12
"""As in the ``config.json`` of sentence-transformers/all-MiniLM-L6-v2."""

FUSED = "com.microsoft"
"""The domain of ONNX Runtime's own operators."""

OPSETS = {"": 17, FUSED: 1}
IR_VERSION = 8
"""The first that knows opset 17."""

IN_BYTES = ("MatMul", "Attention")
"""The operators whose weights are kept in a byte each."""


def write(published: Path, differences: Weights, file: Path) -> None:
    """Write the graph with 8-bit weights: ids and mask in, unit vectors out.

    Args:
        published: folder with ``model.safetensors``.
        differences: what fine-tuning has taught, by TensorFlow's names of the weights.
        file: where to.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    # A scale for each channel: with one for a whole matrix the vectors turn much further from
    # those of the float32 graph, and it is no faster.
    quantize_dynamic(
        graph(_taught(published, differences)),
        file,
        op_types_to_quantize=list(IN_BYTES),
        weight_type=QuantType.QInt8,
        per_channel=True,
        # The types of what fused operators return, which the library does not know.
        extra_options={"DefaultTensorType": TensorProto.FLOAT},
    )


def _taught(published: Path, differences: Weights) -> Weights:
    """Return the published weights with the differences added."""
    from safetensors.numpy import load_file

    weights = load_file(str(published / "model.safetensors"))
    for name, difference in differences.items():
        ours = name.removeprefix("bert/").removesuffix(":0").replace("layer_._", "layer.")
        *place, last = ours.split("/")
        # TensorFlow's kernels are turned: ``(from, to)``.
        as_published = {"kernel": "weight", "gamma": "weight", "beta": "bias"}.get(last, last)
        key = ".".join((*place, as_published))
        weights[key] = weights[key] + (difference.T if last == "kernel" else difference)
    return weights


def graph(weights: Weights) -> Any:
    """Return the ONNX model in float32.

    ``ids`` and ``mask`` (int32, ``(texts, tokens)``) in, ``vectors`` (float32, ``(texts, 384)``)
    out, each of unit length: the mean of the token vectors, as the model was trained.
    """
    made = _Graph(weights)
    words = made.node("Gather", made.weight("embeddings.word_embeddings.weight"), "ids")
    # All tokens are of the first type, so its vector goes with the places.
    places = weights["embeddings.position_embeddings.weight"]
    types = weights["embeddings.token_type_embeddings.weight"]
    first = made.constant("first", np.array([0]))
    length = made.node("Shape", "ids", start=1, end=2)
    here = made.node("Slice", made.constant("places", places + types[0]), first, length, first)
    state = made.node(
        "LayerNormalization",
        made.node("Add", words, here),
        made.weight("embeddings.LayerNorm.weight"),
        made.weight("embeddings.LayerNorm.bias"),
        epsilon=EPSILON,
    )
    for layer in range(LAYERS):
        state = _layer(made, f"encoder.layer.{layer}", state)
    one = made.constant("one", np.array([1]))
    mask = made.node("Cast", "mask", to=TensorProto.FLOAT)
    total = made.node("MatMul", made.node("Unsqueeze", mask, one), state)
    # The mean is as long as one likes: only its direction stays.
    made.node("LpNormalization", made.node("Squeeze", total, one), out="vectors", axis=1, p=2)
    return made.model()


def _layer(made: _Graph, name: str, state: str) -> str:
    """Add one layer; return the name of its token vectors."""
    parts = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
    kernels = np.concatenate([made.weights[f"{part}.weight"] for part in parts]).T
    biases = np.concatenate([made.weights[f"{part}.bias"] for part in parts])
    attended = made.node(
        "Attention",
        state,
        made.constant(f"{name}.attention.self.weight", kernels),
        made.constant(f"{name}.attention.self.bias", biases),
        "mask",
        domain=FUSED,
        num_heads=HEADS,
    )
    state = _output(made, f"{name}.attention.output", attended, state)
    wide = made.node("MatMul", state, made.kernel(f"{name}.intermediate.dense.weight"))
    bias = made.weight(f"{name}.intermediate.dense.bias")
    return _output(made, f"{name}.output", made.node("BiasGelu", wide, bias, domain=FUSED), state)


def _output(made: _Graph, name: str, inner: str, state: str) -> str:
    """Add a dense step back to the width of the state, and normalize the sum of both."""
    return made.node(
        "SkipLayerNormalization",
        made.node("MatMul", inner, made.kernel(f"{name}.dense.weight")),
        state,
        made.weight(f"{name}.LayerNorm.weight"),
        made.weight(f"{name}.LayerNorm.bias"),
        made.weight(f"{name}.dense.bias"),
        domain=FUSED,
        epsilon=EPSILON,
    )


class _Graph:
    """A graph in the making. What is added returns its name."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def constant(self, name: str, value: npt.NDArray[Any]) -> str:
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def weight(self, name: str) -> str:
        return self.constant(name, self.weights[name])

    def kernel(self, name: str) -> str:
        return self.constant(name, self.weights[name].T)

    def node(self, kind: str, *inputs: str, out: str = "", domain: str = "", **how: Any) -> str:
        out = out or f"{kind}-{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [out], domain=domain, **how))
        return out

    def model(self) -> Any:
        shape: Sequence[str] = ("texts", "tokens")
        ids, mask = (
            helper.make_tensor_value_info(name, TensorProto.INT32, shape)
            for name in ("ids", "mask")
        )
        width = len(self.weights["embeddings.LayerNorm.bias"])
        vectors = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ("texts", width))
        return helper.make_model(
            helper.make_graph(self._nodes, "encoder", [ids, mask], [vectors], self._constants),
            opset_imports=[helper.make_opsetid(*opset) for opset in OPSETS.items()],
            ir_version=IR_VERSION,
        )
