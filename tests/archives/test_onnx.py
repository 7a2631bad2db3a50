"""A function as plain ONNX: ONNX Runtime alone gives what the golden file says."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
import pytest
from numpy.typing import NDArray

from hotfit.archives.onnx_folder import NoGraph
from hotfit.archives.onnx_head import NotInOnnx, head_graph
from hotfit.heads import heads
from hotfit.local import Home
from hotfit.local.moving import FolderTaken
from hotfit.types import Features, Output
from tests.local.messages import messages


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("HOTFIT_TEXT_ENCODER", "fake.v1")
    return Home.open()


N, D, K = 240, 24, 4


def drawn(seed: int = 0) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.float32]]:
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, K, N)
    values = rng.normal(size=(K, D))[codes] + rng.normal(size=(N, D))
    return values.astype(np.float32), codes, rng.normal(size=(9, D)).astype(np.float32)


def targets_of(output: Output) -> NDArray[Any]:
    values, codes, _ = drawn()
    if output is Output.TAGS:
        return (values[:, :K] > 0.5).astype(np.int8)
    return np.exp(values[:, 0].astype(np.float64)) if output is Output.NUMBER else codes


@pytest.mark.parametrize(
    ("head", "output"),
    [
        ("discriminant.v1", Output.CLASSIFICATION),
        ("neighbours.v1", Output.CLASSIFICATION),
        ("mixture.v1", Output.CLASSIFICATION),
        ("logistic.v1", Output.CLASSIFICATION),
        ("logistic.v1", Output.TAGS),
        ("tag-ridge.v1", Output.TAGS),
        ("tag-blend.v1", Output.TAGS),
        ("ridge.v1", Output.NUMBER),
        ("stacked-ridge.v1", Output.NUMBER),
    ],
)
def test_the_graph_of_a_head_scores_as_the_head(head: str, output: Output) -> None:
    values, _, queries = drawn()
    labels = 0 if output is Output.NUMBER else K
    model = (
        heads.get(head)
        .fit(Features(values=values), targets_of(output), labels=labels, groups=np.arange(N))
        .model
    )
    graph = head_graph(model, dimensions=D, labels=labels).to_bytes(whole=True)
    (scores,) = ort.InferenceSession(graph).run(["scores"], {"vectors": queries})
    np.testing.assert_allclose(
        scores, model.predict(Features(values=queries)), atol=1e-7, rtol=1e-6
    )
    assert (b"com.microsoft" in graph) is False


def test_a_head_of_a_table_is_refused(home: Home, tmp_path: Path) -> None:
    rows = [{"size": float(n % 7), "hue": "ab"[n % 2], "out": "xy"[n % 7 > 3]} for n in range(60)]
    function = home.fit(rows, name="table", target="out", tuned=False)
    with pytest.raises(NotInOnnx, match=r"load it with hotfit\.load"):
        function.export_onnx(tmp_path / "table")
    assert not (tmp_path / "table").exists()


def test_golden_inputs_give_golden_answers_without_hotfit(home: Home, tmp_path: Path) -> None:
    function = home.fit(messages(), name="polite")
    folder = tmp_path / "polite"
    function.export_onnx(folder)
    assert sorted(each.name for each in folder.iterdir()) == [
        "golden.json",
        "head.onnx",
        "model.json",
    ]
    model, golden = (
        json.loads((folder / f"{name}.json").read_text()) for name in ("model", "golden")
    )
    session = ort.InferenceSession(folder / "head.onnx")
    vectors = np.array([case["vector"] for case in golden["cases"]], dtype=np.float32)
    (scores,) = session.run([model["head"]["output"]], {model["head"]["input"]: vectors})
    for case, row in zip(golden["cases"], scores, strict=True):
        np.testing.assert_allclose(row, case["scores"], atol=golden["tolerance"])
        assert model["labels"][int(np.argmax(row))] == case["answer"]
        assert function(case["data"]).to_json()["label"] == case["answer"]
    texts = {text for text, _ in messages()}
    assert not texts & {case["data"] for case in golden["cases"]}


def test_an_encoder_without_a_graph_and_a_folder_in_use_are_refused(
    home: Home, tmp_path: Path
) -> None:
    function = home.fit(messages(), name="polite", tuned=False)
    with pytest.raises(NoGraph, match="leave --include-encoder away"):
        function.export_onnx(tmp_path / "polite", include_encoder=True)
    (tmp_path / "polite").mkdir()
    (tmp_path / "polite" / "mine.txt").write_text("mine")
    with pytest.raises(FolderTaken):
        function.export_onnx(tmp_path / "polite")
    assert [each.name for each in (tmp_path / "polite").iterdir()] == ["mine.txt"]


@pytest.mark.journey
def test_from_tokens_to_answers_with_the_encoder_along(tmp_path: Path) -> None:
    """The real encoder as a graph with its weights inside."""
    function = Home.open().fit(messages(), name="polite", tuned=False)
    folder = tmp_path / "polite"
    function.export_onnx(folder, include_encoder=True)
    golden = json.loads((folder / "golden.json").read_text())
    encoder = ort.InferenceSession(folder / "encoder.onnx")
    head = ort.InferenceSession(folder / "head.onnx")
    for case in golden["cases"]:
        (vector,) = encoder.run(None, {"ids": np.array([case["tokens"]], dtype=np.int64)})
        np.testing.assert_allclose(vector[0], case["vector"], atol=golden["tolerance"])
        (scores,) = head.run(None, {"vectors": vector})
        np.testing.assert_allclose(scores[0], case["scores"], atol=golden["tolerance"])
