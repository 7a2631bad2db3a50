import os
from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest

from hotfit.encoders import onnx_session
from tests.encoders.networks import outside_network, text_network, write


@pytest.mark.parametrize(
    ("share", "cores"),
    [
        ("max 100000", 8),
        ("200000 100000", 2),
        ("250000 100000", 2),
        ("1000 100000", 1),
        ("9900000 100000", 8),
        ("", 8),
    ],
)
def test_cores_are_those_the_container_may_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: str, cores: int
) -> None:
    path = tmp_path / "cpu.max"
    path.write_text(share)
    monkeypatch.setattr(onnx_session, "CPU_MAX", path)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    assert onnx_session.cores() == cores


def test_without_a_container_every_core_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnx_session, "CPU_MAX", tmp_path / "absent")
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    assert onnx_session.cores() == 3


@pytest.mark.parametrize(
    ("offered", "first"),
    [
        (["CPUExecutionProvider"], "CPUExecutionProvider"),
        (["AzureExecutionProvider", "CPUExecutionProvider"], "CPUExecutionProvider"),
        (
            ["TensorrtExecutionProvider", "CUDAExecutionProvider", "CPUExecutionProvider"],
            "CUDAExecutionProvider",
        ),
        (["DmlExecutionProvider", "CPUExecutionProvider"], "DmlExecutionProvider"),
    ],
)
def test_a_graphics_processor_is_used_where_one_is_offered(offered: list[str], first: str) -> None:
    names = [
        chosen if isinstance(chosen, str) else chosen[0]
        for chosen in onnx_session.providers(offered)
    ]
    assert names[0] == first
    assert names[-1] == "CPUExecutionProvider"
    assert len(names) <= 2


def test_products_keep_the_precision_of_the_cpu() -> None:
    chosen = onnx_session.providers(["CUDAExecutionProvider"])
    assert chosen[0] == ("CUDAExecutionProvider", {"use_tf32": "0"})


def test_a_processor_that_cannot_be_used_leaves_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []
    started = ort.InferenceSession

    def broken(model: bytes, options: object, *, providers: list[object]) -> object:
        tried.append(providers)
        if len(providers) > 1:
            raise RuntimeError("no driver")
        return started(model, options, providers=providers)

    monkeypatch.setattr(ort, "get_available_providers", lambda: ["CUDAExecutionProvider"])
    monkeypatch.setattr(ort, "InferenceSession", broken)
    session = onnx_session.start(text_network(), {})
    assert len(tried) == 2
    assert not onnx_session.accelerated(session)


def test_weights_may_lie_in_a_file_beside_the_network(tmp_path: Path) -> None:
    table = np.arange(80, dtype=np.float32).reshape(20, 4)
    files = {
        "onnx/model.onnx": tmp_path / "1",
        "onnx/memory.onnx_data": write(tmp_path / "2", table.tobytes()),
    }
    beside = onnx_session.beside(files)
    assert beside == {"memory.onnx_data": table.tobytes()}
    session = onnx_session.start(
        outside_network(), {}, beside={"memory": beside["memory.onnx_data"]}
    )
    found = session.run(None, {"input_ids": np.array([[3, 0]])})[0]
    np.testing.assert_array_equal(found[0], table[[3, 0]])
