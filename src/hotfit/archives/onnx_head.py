"""A trained head as an ONNX graph: `vectors` (b, d) in, `scores` (b, k) out, as `predict` gives.

Written for heads on frozen vectors. Trees and the expansions of tables are not: their features come
out of Python, so a graph of the head alone would be of no use.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hotfit.encoders.onnx_graph import Graph
from hotfit.errors import Refusal
from hotfit.heads.base import Model
from hotfit.heads.discriminant import DiscriminantModel
from hotfit.heads.logistic import LogisticModel
from hotfit.heads.mixture import MixtureModel
from hotfit.heads.neighbours import DOUBT, NEAREST, SHARPNESS, Memory, NeighboursModel
from hotfit.heads.ridge import RidgeModel
from hotfit.heads.stack import Part, StackModel
from hotfit.heads.tag_ridge import TagRidgeModel

VECTORS, SCORES = "vectors", "scores"

LEAST = 1e-9
"""Probability below which none is told from another when two models are mixed."""


class NotInOnnx(Refusal):
    """A head cannot be written as an ONNX graph."""

    status = 409

    def __init__(self, *, head: str) -> None:
        super().__init__(
            f"{head} cannot be written as ONNX: its features are made by Python. Export the "
            "function as it is (without --format onnx) and load it with hotfit.load"
        )


def head_graph(model: Model, *, dimensions: int, labels: int) -> Graph:
    """The graph of a head; raise NotInOnnx."""
    graph = Graph("head")
    writing = _Writing(graph, graph.input(VECTORS, "float32", ["batch", dimensions]))
    for kind, write in _WRITERS.items():
        if isinstance(model, kind):
            found = write(writing, model)
            graph.output(
                graph.node("Identity", found, name=SCORES),
                "float64",
                ["batch"] if labels == 0 else ["batch", labels],
            )
            return graph
    raise NotInOnnx(head=model.head)


class _Writing:
    """A graph under construction; methods return the name of what they add."""

    def __init__(self, graph: Graph, vectors: str) -> None:
        self.graph = graph
        self.vectors = vectors
        self._count = 0

    def constant(self, value: Any, kind: Any = np.float64) -> str:
        self._count += 1
        array: NDArray[Any] = np.ascontiguousarray(value, dtype=kind).reshape(np.shape(value))
        return self.graph.constant(f"constant_{self._count}", array)

    def node(self, operator: str, *inputs: str, **attributes: Any) -> str:
        return self.graph.node(operator, *inputs, **attributes)

    def double(self, value: str) -> str:
        return self.node("Cast", value, to=11)

    def centred(self, centre: NDArray[Any]) -> str:
        return self.node("Sub", self.vectors, self.constant(centre, np.float32))

    def logits(self, centred: str, weights: NDArray[Any], bias: NDArray[Any]) -> str:
        product = self.node("MatMul", centred, self.constant(weights, np.float32))
        return self.node("Add", self.double(product), self.constant(bias))

    def softmax(self, logits: str) -> str:
        return self.node("Softmax", logits, axis=1)

    def votes(self, memory: Memory, centred: str, labels: int) -> str:
        """Log votes of the nearest remembered samples."""
        squares = np.einsum("nd,nd->n", memory.vectors, memory.vectors)
        product = self.node("MatMul", centred, self.constant(memory.vectors.T, np.float32))
        twice = self.node("Mul", product, self.constant(2.0, np.float32))
        own = self.node("ReduceSumSquare", centred, axes=[1], keepdims=1)
        far = self.node("Sub", self.constant(squares, np.float32), twice)
        far = self.node("Add", far, own)
        count = self.constant([min(NEAREST, len(memory.codes))], np.int64)
        nearest = self.node("TopK", far, count, outputs=2, axis=1, largest=0)
        distance = self.double(self.node("Max", nearest, self.constant(0.0, np.float32)))
        least = self.node("ReduceMin", distance, axes=[1], keepdims=1)
        closeness = self.node("Sub", distance, least)
        scale = self.constant(-SHARPNESS / float(memory.unit[0]))
        weight = self.node("Exp", self.node("Mul", closeness, scale))
        codes = self.node("Gather", self.constant(memory.codes, np.int64), f"{nearest}_1", axis=0)
        third = self.constant([2], np.int64)
        codes = self.node("Unsqueeze", codes, third)
        one_hot = self.double(self.node("Equal", codes, self.constant(range(labels), np.int64)))
        last = self.node("Unsqueeze", weight, third)
        one = self.constant([1], np.int64)
        summed = self.node("ReduceSum", self.node("Mul", one_hot, last), one, keepdims=0)
        total = self.node("ReduceSum", summed, one, keepdims=1)
        share = self.node("Div", summed, self.node("Max", total, self.constant(1e-12)))
        return self.node("Log", self.node("Add", share, self.constant(DOUBT / labels)))


def _linear(writing: _Writing, model: DiscriminantModel | LogisticModel) -> str:
    logits = writing.logits(writing.centred(model.centre), model.weights, model.bias)
    if isinstance(model, LogisticModel) and model.tags:
        return writing.node("Sigmoid", logits)
    return writing.softmax(logits)


def _neighbours(writing: _Writing, model: NeighboursModel) -> str:
    base = model.discriminant
    scores = _linear(writing, base)
    votes = writing.votes(model.memory, writing.centred(base.centre), len(base.bias))
    logs = writing.node("Log", writing.node("Max", scores, writing.constant(LEAST)))
    first = writing.node("Mul", logs, writing.constant(model.weights[0]))
    second = writing.node("Mul", votes, writing.constant(model.weights[1]))
    mixed = writing.softmax(writing.node("Add", first, second))
    there = writing.node("Greater", scores, writing.constant(0.0))
    kept = writing.node("Where", there, mixed, writing.constant(0.0))
    total = writing.node("ReduceSum", kept, writing.constant([1], np.int64), keepdims=1)
    return writing.node("Div", kept, total)


def _mixture(writing: _Writing, model: MixtureModel) -> str:
    centred = writing.centred(model.centre)
    logits = writing.logits(centred, model.weights, model.bias)
    if model.memory is not None:
        votes = writing.votes(model.memory, centred, len(model.bias))
        shared = writing.node("Mul", votes, writing.constant(model.share))
        logits = writing.node("Add", logits, shared)
    return writing.softmax(logits)


def _tags(writing: _Writing, model: TagRidgeModel) -> str:
    return writing.node("Sigmoid", writing.logits(writing.vectors, model.weights, model.bias))


def _quantity(writing: _Writing, model: RidgeModel) -> str:
    weights = writing.constant(model.weights)
    product = writing.node("MatMul", writing.double(writing.vectors), weights)
    raw = writing.node("Add", product, writing.constant(float(model.bias[0])))
    low, high = (writing.constant(float(each)) for each in model.limits)
    return writing.node("Min", writing.node("Max", raw, low), high)


def _stacked(writing: _Writing, model: StackModel) -> str:
    parts = [_part(writing, part, model.head) for part in model.parts]
    return parts[0] if len(parts) == 1 else writing.node("Sum", *parts)


def _part(writing: _Writing, part: Part, head: str) -> str:
    if not isinstance(part.model, RidgeModel):
        raise NotInOnnx(head=head)
    said = _quantity(writing, part.model)
    if part.factor is not None:
        if part.limit is not None:
            said = writing.node("Min", said, writing.constant(part.limit))
        said = writing.node("Mul", writing.node("Exp", said), writing.constant(part.factor))
    return writing.node("Mul", said, writing.constant(part.weight))


_WRITERS: dict[type[Any], Callable[[_Writing, Any], str]] = {
    DiscriminantModel: _linear,
    LogisticModel: _linear,
    NeighboursModel: _neighbours,
    MixtureModel: _mixture,
    TagRidgeModel: _tags,
    RidgeModel: _quantity,
    StackModel: _stacked,
}
