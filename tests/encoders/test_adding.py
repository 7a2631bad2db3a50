import hashlib
from pathlib import Path

import numpy as np
import pytest

from hotfit.encoders import load
from hotfit.encoders.adding import Unusable, Wanted, describe, encoder_name
from hotfit.encoders.onnx_graph import Graph
from hotfit.encoders.probes import probes
from hotfit.types import Input
from tests.encoders.networks import image_network, outside_network, text_network, write


def test_a_text_network_is_recognised_tried_and_measured(
    tmp_path: Path, small_files: dict[str, Path]
) -> None:
    content = text_network(width=6)
    model = write(tmp_path / "onnx" / "My Net_v3.onnx", content)
    entry, files = describe(model, Wanted(prefix="query: "))
    assert (entry.name, entry.input, entry.dimensions) == ("my-net-v3.v1", Input.TEXT, 6)
    assert entry.prefix == "query: "
    assert files["tokenizer.json"] == tmp_path / "tokenizer.json"
    assert entry.files[0].sha256 == hashlib.sha256(content).hexdigest()
    vectors = load(entry, files).encode(["a b", "c"])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_an_output_may_be_named(tmp_path: Path, small_files: dict[str, Path]) -> None:
    model = write(tmp_path / "two.onnx", text_network(pooled=True))
    entry, files = describe(model, Wanted(output="ReduceMean_1", normalised=False))
    plain, _ = describe(model, Wanted(normalised=False))
    ours, theirs = load(entry, files), load(plain, files)
    np.testing.assert_allclose(ours.encode(["a b c"]), theirs.encode(["a b c"]), atol=1e-6)
    with pytest.raises(Unusable, match="cannot encode texts"):
        describe(model, Wanted(output="nothing"))


def test_an_image_network_is_recognised_by_its_input(tmp_path: Path) -> None:
    entry, files = describe(write(tmp_path / "eye.onnx", image_network(side=8)), Wanted())
    assert (entry.input, entry.dimensions) == (Input.IMAGE, 5)
    assert entry.preparation is not None
    assert entry.preparation.side == 8
    assert load(entry, files).encode(probes(Input.IMAGE, 3)).shape == (3, 5)


def test_an_image_network_may_give_a_vector_a_patch(tmp_path: Path) -> None:
    model = write(tmp_path / "patches.onnx", image_network(patches=True))
    samples = probes(Input.IMAGE, 2)
    found = [
        load(*describe(model, Wanted(pooling=pooling, normalised=False))).encode(samples)
        for pooling in ("mean", "first")
    ]
    assert found[0].shape == found[1].shape == (2, 5)
    assert not np.allclose(found[0], found[1])


def test_a_network_for_one_image_at_a_time_gets_one(tmp_path: Path) -> None:
    model = write(tmp_path / "single.onnx", image_network(batch=1))
    entry, files = describe(model, Wanted())
    assert entry.preparation is not None
    assert entry.preparation.batch == 1
    assert load(entry, files, threads=1).encode(probes(Input.IMAGE, 3)).shape == (3, 5)


def test_weights_in_another_file_are_refused_in_one_sentence(tmp_path: Path) -> None:
    model = write(tmp_path / "outside.onnx", outside_network())
    with pytest.raises(Unusable, match=r"^outside\.onnx cannot be added.*\(external data\)"):
        describe(model, Wanted())


def test_another_hash_than_asked_for_is_refused(tmp_path: Path) -> None:
    model = write(tmp_path / "eye.onnx", image_network())
    with pytest.raises(Unusable, match=r"its SHA-256 is \w{64}, not the 0{64}"):
        describe(model, Wanted(sha256="0" * 64))


@pytest.mark.parametrize("content", [b"", b"not a network at all", b"\x08\x01\x3a\x7f"])
def test_what_is_no_network_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Unusable, match="cannot be added as an encoder"):
        describe(write(tmp_path / "no.onnx", content), Wanted())


def test_a_missing_file_or_tokenizer_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="there is no file at"):
        describe(tmp_path / "absent.onnx", Wanted())
    model = write(tmp_path / "deep" / "er" / "text.onnx", text_network())
    with pytest.raises(Unusable, match=r"needs its tokenizer\.json"):
        describe(model, Wanted())
    with pytest.raises(Unusable, match="there is no tokenizer at"):
        describe(model, Wanted(tokenizer=tmp_path / "absent.json"))


def constant(value: float) -> bytes:
    """A network that gives the same vector for every image."""
    graph = Graph("constant")
    pixels = graph.input("pixels", "float32", ["b", 3, 8, 8])
    mean = graph.node("ReduceMean", pixels, axes=[1, 2, 3], keepdims=0)
    column = graph.node("Unsqueeze", mean, graph.constant("one", np.array([1])))
    nothing = graph.node("Mul", column, graph.constant("zero", np.zeros((1, 4), np.float32)))
    value_of = graph.constant("value", np.full((1, 4), value, np.float32))
    graph.output(graph.node("Add", nothing, value_of), "float32", ["b", 4])
    return graph.to_bytes()


@pytest.mark.parametrize(
    ("value", "why"), [(1.0, "the same vector for different samples"), (np.nan, "NaN or infinity")]
)
def test_vectors_that_tell_nothing_are_refused(tmp_path: Path, value: float, why: str) -> None:
    with pytest.raises(Unusable, match=why):
        describe(write(tmp_path / "dull.onnx", constant(value)), Wanted())


def test_an_image_network_of_any_size_needs_to_be_told_one(tmp_path: Path) -> None:
    graph = Graph("any")
    pixels = graph.input("pixels", "float32", ["b", 3, "h", "w"])
    graph.output(graph.node("ReduceMean", pixels, axes=[2, 3], keepdims=0), "float32", ["b", 3])
    model = write(tmp_path / "any.onnx", graph.to_bytes())
    with pytest.raises(Unusable, match="--input-size"):
        describe(model, Wanted())
    assert describe(model, Wanted(side=16))[0].dimensions == 3


def test_names_of_files_become_names_of_encoders() -> None:
    assert encoder_name(Path("ÄÖ.onnx")) == "encoder.v1"
    assert encoder_name(Path("mobilenetv2-12-qdq.onnx"), version=2) == "mobilenetv2-12-qdq.v2"
