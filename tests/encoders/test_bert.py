import math

import numpy as np
import pytest
from numpy.typing import NDArray

from hotfit.encoders import bert, onnx_session
from tests.encoders.conftest import HEADS, LAYERS, POSITIONS, WIDTH, WORDS, small_arrays

Matrix = NDArray[np.float64]


def naive(arrays: dict[str, NDArray[np.float32]], ids: list[int]) -> Matrix:
    """One sentence through the formulas of the module, in float64, a step at a time."""

    def dense(name: str, x: Matrix) -> Matrix:
        product: Matrix = x @ arrays[f"{name}.weight"].T.astype(float)
        return product + arrays[f"{name}.bias"]

    def normal(name: str, x: Matrix) -> Matrix:
        centred = x - x.mean(1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(1, keepdims=True) + 1e-12)
        result: Matrix = scaled * arrays[f"{name}.LayerNorm.weight"]
        return result + arrays[f"{name}.LayerNorm.bias"]

    x = arrays["embeddings.word_embeddings.weight"][ids].astype(float)
    x = x + arrays["embeddings.position_embeddings.weight"][: len(ids)]
    x = normal("embeddings", x + arrays["embeddings.token_type_embeddings.weight"][0])
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}"
        q, k, v = (dense(f"{name}.attention.self.{part}", x) for part in ("query", "key", "value"))
        heads = []
        for part in np.split(np.arange(WIDTH), HEADS):
            weights = np.exp(q[:, part] @ k[:, part].T / math.sqrt(len(part)))
            heads.append(weights / weights.sum(1, keepdims=True) @ v[:, part])
        out = dense(f"{name}.attention.output.dense", np.hstack(heads))
        y = normal(f"{name}.attention.output", x + out)
        z = dense(f"{name}.intermediate.dense", y)
        z = z * (1 + np.vectorize(math.erf)(z / math.sqrt(2))) / 2
        x = normal(f"{name}.output", y + dense(f"{name}.output.dense", z))
    mean: Matrix = x.mean(0)
    vector: Matrix = mean / np.linalg.norm(mean)
    return vector


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("tokens", [1, 2, 7, POSITIONS])
def test_the_graph_computes_the_formulas(seed: int, tokens: int) -> None:
    arrays = small_arrays(seed)
    graph = bert.build(arrays, bert.Shape(layers=LAYERS, heads=HEADS, width=WIDTH))
    session = onnx_session.start(graph.to_bytes(), graph.weights)
    ids = np.random.default_rng(seed).integers(0, len(WORDS), (5, tokens))
    found = session.run(None, {"ids": ids})[0]
    expected = [naive(arrays, list(row)) for row in ids]
    np.testing.assert_allclose(found, expected, atol=2e-6)


def test_the_first_token_may_stand_for_the_text_and_keep_its_length() -> None:
    arrays = small_arrays()
    shape = bert.Shape(layers=0, heads=HEADS, width=WIDTH)
    graph = bert.build(arrays, shape, pooling="first", normalised=False)
    session = onnx_session.start(graph.to_bytes(), graph.weights)
    found = session.run(None, {"ids": np.array([[2, 5, 3], [2, 6, 3]])})[0]
    first = arrays["embeddings.word_embeddings.weight"][2].astype(float)
    first = first + arrays["embeddings.position_embeddings.weight"][0]
    first = first + arrays["embeddings.token_type_embeddings.weight"][0]
    first = (first - first.mean()) / first.std() * arrays["embeddings.LayerNorm.weight"]
    expected = first + arrays["embeddings.LayerNorm.bias"]
    np.testing.assert_allclose(found, [expected, expected], atol=2e-6)


def test_the_model_without_its_weights_is_small() -> None:
    graph = bert.build(small_arrays(), bert.Shape(layers=LAYERS, heads=HEADS, width=WIDTH))
    assert len(graph.to_bytes()) < 20_000
    assert "embeddings.word_embeddings.weight" in graph.weights
