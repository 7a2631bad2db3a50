"""The BERT encoder (Devlin et al. 2019) as an ONNX graph, for sentences of one length at a time.

    x_0     = LN(word[id] + position[i] + segment[0])
    a       = softmax(Q K' / sqrt(h)) V                 Q, K, V = x W + b, in heads of size h
    y       = LN(x + a W_o + b_o)
    x_l+1   = LN(y + gelu(y W_1 + b_1) W_2 + b_2)       gelu(z) = z (1 + erf(z / sqrt 2)) / 2
    v       = m / |m|                                   m = mean over tokens of x_L, or x_L[0]

All sentences of a call have the same number of tokens, so that there is no padding, no mask and no
wasted product, and a sentence's vector cannot depend on its neighbours. Everything but attention
works on the flat (batch x tokens, width) matrix, so each layer is a handful of large products whose
weights stay as they lie in the file: (out, in), used with `transB`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from hotfit.encoders.onnx_graph import CONTRIB, Graph

Arrays = Mapping[str, NDArray[Any]]
Pooling = Literal["mean", "first"]


@dataclass(frozen=True, kw_only=True)
class Shape:
    """The sizes of a BERT network."""

    layers: int
    heads: int
    width: int
    epsilon: float = 1e-12


def build(
    arrays: Arrays, shape: Shape, *, pooling: Pooling = "mean", normalised: bool = True
) -> Graph:
    """Return the graph: `ids` int64, (batch, tokens), in; float32 vectors, (batch, width), out."""
    graph = Graph("bert")
    ids = graph.input("ids", "int64", ["batch", "tokens"])
    graph.constant("flat", np.array([-1, shape.width], np.int64))
    hidden = _embed(graph, arrays, shape, ids)
    size = graph.node(
        "Concat",
        graph.node("Shape", ids),
        graph.constant("width", np.array([shape.width], np.int64)),
        axis=0,
    )
    for number in range(shape.layers):
        hidden = _layer(graph, arrays, shape, x=hidden, size=size, name=f"encoder.layer.{number}.")
    tokens = graph.node("Reshape", hidden, size)
    if pooling == "mean":
        vectors = graph.node("ReduceMean", tokens, axes=[1], keepdims=0)
    else:
        vectors = graph.node("Gather", tokens, graph.constant("first", np.array(0)), axis=1)
    if normalised:
        vectors = graph.node("LpNormalization", vectors, axis=1, p=2)
    graph.output(vectors, "float32", ["batch", shape.width])
    return graph


def _weight(graph: Graph, arrays: Arrays, name: str) -> str:
    return graph.weight(name, arrays[name])


def _embed(graph: Graph, arrays: Arrays, shape: Shape, ids: str) -> str:
    """Sum word, position and segment 0, and normalise: (batch x tokens, width)."""
    words = _weight(graph, arrays, "embeddings.word_embeddings.weight")
    segment = arrays["embeddings.token_type_embeddings.weight"][0]
    positions = graph.weight("positions", arrays["embeddings.position_embeddings.weight"] + segment)
    zero = graph.constant("zero", np.array([0], np.int64))
    length = graph.node("Shape", ids, start=1, end=2)
    used = graph.node("Slice", positions, zero, length, zero)
    summed = graph.node("Add", graph.node("Gather", words, ids), used)
    normal = _normal(graph, arrays, shape, "embeddings", summed)
    return graph.node("Reshape", normal, "flat")


def _dense(graph: Graph, arrays: Arrays, name: str, x: str, *, bias: bool = True) -> str:
    """X W' + b."""
    inputs = [x, _weight(graph, arrays, f"{name}.weight")]
    if bias:
        inputs.append(_weight(graph, arrays, f"{name}.bias"))
    return graph.node("Gemm", *inputs, transB=1)


def _normal(graph: Graph, arrays: Arrays, shape: Shape, name: str, x: str) -> str:
    return graph.node(
        "LayerNormalization",
        x,
        _weight(graph, arrays, f"{name}.LayerNorm.weight"),
        _weight(graph, arrays, f"{name}.LayerNorm.bias"),
        axis=-1,
        epsilon=shape.epsilon,
    )


def _layer(graph: Graph, arrays: Arrays, shape: Shape, *, x: str, size: str, name: str) -> str:
    parts = [
        graph.node("Reshape", _dense(graph, arrays, f"{name}attention.self.{part}", x), size)
        for part in ("query", "key", "value")
    ]
    attended = graph.node("MultiHeadAttention", *parts, domain=CONTRIB, num_heads=shape.heads)
    flat = graph.node("Reshape", attended, "flat")
    out = _dense(graph, arrays, f"{name}attention.output.dense", flat)
    y = _normal(graph, arrays, shape, f"{name}attention.output", graph.node("Add", out, x))
    wide = _dense(graph, arrays, f"{name}intermediate.dense", y, bias=False)
    bent = graph.node(
        "BiasGelu", wide, _weight(graph, arrays, f"{name}intermediate.dense.bias"), domain=CONTRIB
    )
    narrow = _dense(graph, arrays, f"{name}output.dense", bent)
    return _normal(graph, arrays, shape, f"{name}output", graph.node("Add", narrow, y))
