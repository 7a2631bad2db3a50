from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from hotfit.encoders import onnx_session
from hotfit.encoders.onnx_graph import CONTRIB, Graph, _varint


def run(graph: Graph, **inputs: NDArray[Any]) -> list[NDArray[Any]]:
    session = onnx_session.start(graph.to_bytes(), graph.weights)
    found: list[NDArray[Any]] = session.run(None, inputs)
    return found


@given(st.integers(-(1 << 63), (1 << 63) - 1))
def test_a_varint_reads_back_as_the_number(value: int) -> None:
    data = _varint(value)
    assert all(byte & 0x80 for byte in data[:-1])
    assert not data[-1] & 0x80
    read = sum((byte & 0x7F) << 7 * place for place, byte in enumerate(data))
    assert (read if value >= 0 else read - (1 << 64)) == value


def test_a_model_computes_with_constants_and_weights() -> None:
    rng = np.random.default_rng(0)
    w = rng.normal(size=(3, 5)).astype(np.float32)
    b = rng.normal(size=3).astype(np.float32)
    x = rng.normal(size=(4, 5)).astype(np.float32)
    graph = Graph("product")
    y = graph.node(
        "Gemm",
        graph.input("x", "float32", ["n", 5]),
        graph.weight("w", w),
        graph.constant("b", b),
        transB=1,
        alpha=2.0,
    )
    graph.output(y, "float32", ["n", 3])
    np.testing.assert_allclose(run(graph, x=x)[0], 2 * x @ w.T + b, rtol=1e-5)


def test_a_weight_that_lies_across_memory_is_taken_as_it_reads() -> None:
    w = np.arange(6, dtype=np.float32).reshape(2, 3).T
    graph = Graph("sum")
    graph.output(
        graph.node("Add", graph.input("x", "float32", [3, 2]), graph.weight("w", w)),
        "float32",
        [3, 2],
    )
    np.testing.assert_array_equal(run(graph, x=np.zeros((3, 2), np.float32))[0], w)


def test_attributes_of_every_kind_reach_the_operator() -> None:
    x = np.arange(6, dtype=np.int64).reshape(1, 2, 3)
    graph = Graph("attributes")
    turned = graph.node("Transpose", graph.input("x", "int64", ["a", "b", "c"]), perm=[2, 0, 1])
    first = graph.node("Split", turned, axis=-1, outputs=2)
    graph.output(first, "int64", [3, 1, 1])
    graph.output(f"{first}_1", "int64", [3, 1, 1])
    text = graph.node("Pad", "x", graph.constant("p", np.array([0] * 5 + [1])), mode="edge")
    graph.output(text, "int64", [1, 2, 4])
    left, right, padded = run(graph, x=x)
    np.testing.assert_array_equal(left, x.transpose(2, 0, 1)[..., :1])
    np.testing.assert_array_equal(right, x.transpose(2, 0, 1)[..., 1:])
    np.testing.assert_array_equal(padded[..., -1], x[..., -1])


def test_operators_of_the_runtime_itself_are_found_by_domain() -> None:
    x = np.array([[-1.0, 0.0, 2.0]], np.float32)
    graph = Graph("gelu")
    bias = graph.constant("b", np.zeros(3, np.float32))
    bent = graph.node("BiasGelu", graph.input("x", "float32", ["n", 3]), bias, domain=CONTRIB)
    graph.output(bent, "float32", ["n", 3])
    np.testing.assert_allclose(run(graph, x=x)[0], [[-0.158655, 0.0, 1.954500]], atol=1e-6)


def test_a_kind_of_number_onnx_lacks_is_refused() -> None:
    with pytest.raises(KeyError, match="datetime64"):
        Graph("bad").constant("t", np.array(["2020-01-01"], "datetime64[D]"))
