import numpy as np
import onnxruntime as ort
import pytest

from hotfit.encoders.onnx_cut import NotAModel, cut
from hotfit.encoders.onnx_graph import Graph


def _model() -> tuple[bytes, str]:
    """y = relu(x + x), and the name of the sum."""
    graph = Graph("twice")
    graph.input("x", "float32", ["n", 2])
    total = graph.node("Add", "x", "x")
    graph.output(graph.node("Relu", total), "float32", ["n", 2])
    return graph.to_bytes(), total


def test_an_inner_value_becomes_the_only_output() -> None:
    model, total = _model()
    session = ort.InferenceSession(cut(model, total), providers=["CPUExecutionProvider"])
    assert [value.name for value in session.get_outputs()] == [total]
    (found,) = session.run(None, {"x": np.array([[1, -2]], np.float32)})
    assert found.tolist() == [[2, -4]]


def test_refuses_a_value_that_is_not_there() -> None:
    with pytest.raises(NotAModel, match="'elsewhere'"):
        cut(_model()[0], "elsewhere")


@pytest.mark.parametrize("content", [b"\xff" * 40, b"\x0b\x00", b"\x3a\x7f\x00", _model()[0][:-9]])
def test_refuses_what_is_no_model(content: bytes) -> None:
    with pytest.raises(NotAModel):
        cut(content, _model()[1])
