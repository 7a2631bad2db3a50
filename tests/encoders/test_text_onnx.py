from pathlib import Path

import numpy as np
import pytest

from hotfit.encoders import text_onnx
from hotfit.encoders.onnx_graph import Graph
from tests.encoders import networks
from tests.encoders.conftest import WIDTH, WORDS, small_arrays, small_entry

TABLE = small_arrays()["embeddings.word_embeddings.weight"]
IDS = [2, WORDS.index("a"), WORDS.index("c"), 3]


def write(folder: Path, *, pooled: bool) -> Path:
    """A network that looks words up and scales them by their mask, or the mean of them."""
    graph = Graph("lookup")
    ids = graph.input("input_ids", "int64", ["b", "t"])
    mask = graph.input("attention_mask", "int64", ["b", "t"])
    found = graph.node("Gather", graph.constant("table", TABLE), ids)
    scale = graph.node("Cast", mask, to=1)
    scale = graph.node("Unsqueeze", scale, graph.constant("two", np.array([2])))
    out = graph.node("Mul", found, scale)
    if pooled:
        out = graph.node("ReduceMean", out, axes=[1], keepdims=0)
    graph.output(out, "float32", ["b", WIDTH] if pooled else ["b", "t", WIDTH])
    path = folder / "network.onnx"
    path.write_bytes(graph.to_bytes())
    return path


@pytest.mark.parametrize("pooled", [True, False])
@pytest.mark.parametrize("normalised", [True, False])
def test_tokens_become_their_mean(
    tmp_path: Path, small_files: dict[str, Path], pooled: bool, normalised: bool
) -> None:
    files = {**small_files, "onnx/model.onnx": write(tmp_path, pooled=pooled)}
    encoder = text_onnx.load(small_entry(normalised=normalised), files)
    mean = TABLE[IDS].mean(axis=0)
    expected = mean / np.linalg.norm(mean) if normalised else mean
    np.testing.assert_allclose(encoder.encode(["a c"])[0], expected, atol=1e-6)


def test_the_first_token_may_stand_for_the_text(
    tmp_path: Path, small_files: dict[str, Path]
) -> None:
    files = {**small_files, "onnx/model.onnx": write(tmp_path, pooled=False)}
    encoder = text_onnx.load(small_entry(pooling="first", normalised=False), files, threads=1)
    np.testing.assert_allclose(encoder.encode(["a c", "b"]), TABLE[[2, 2]], atol=1e-6)


def test_a_long_text_that_is_not_normalised_is_the_mean_of_its_windows(
    tmp_path: Path, small_files: dict[str, Path]
) -> None:
    files = {**small_files, "onnx/model.onnx": write(tmp_path, pooled=True)}
    encoder = text_onnx.load(small_entry(normalised=False), files)
    np.testing.assert_allclose(
        encoder.encode(["a " * 200])[0], encoder.encode(["a " * 10])[0], atol=1e-6
    )


def test_a_text_without_any_token_has_no_direction(tmp_path: Path) -> None:
    files = {
        "model.onnx": networks.write(tmp_path / "m.onnx", networks.text_network(width=4)),
        "tokenizer.json": networks.tokenizer(tmp_path, ["a"]),
    }
    encoder = text_onnx.load(small_entry(dimensions=4), files)
    vectors = encoder.encode(["", "a", " "])
    np.testing.assert_array_equal(vectors[[0, 2]], 0)
    assert np.linalg.norm(vectors[1]) == pytest.approx(1)
