"""Start ONNX Runtime sessions that may be called from several threads at once.

A session here has no threads of its own: encoders run one batch per core beside each other, which
needs no waiting between the operators of one batch, keeps no idle thread spinning, and leaves
nothing behind that would break when the process forks.

Where this onnxruntime offers a graphics processor (the extra `gpu`), sessions run there without
being told, and fall back to the CPU where it cannot be used. Products keep all 24 bits of float32
there too (no TF32), so that vectors agree with the CPU's to 1e-4 of their length and may be mixed
with them.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as _state

FAILURES: tuple[type[Exception], ...] = (
    RuntimeError,
    *(
        kind
        for kind in vars(_state).values()
        if isinstance(kind, type) and issubclass(kind, Exception)
    ),
)
"""What the runtime raises; its errors have no root of their own."""

CPU = "CPUExecutionProvider"

Provider = str | tuple[str, dict[str, str]]

ACCELERATORS: dict[str, dict[str, str]] = {
    "CUDAExecutionProvider": {"use_tf32": "0"},
    "MIGraphXExecutionProvider": {},
    "ROCMExecutionProvider": {},
    "DmlExecutionProvider": {},
}
"""Providers that are used where the runtime offers them, the best first, and how they are set."""

CPU_MAX = Path("/sys/fs/cgroup/cpu.max")
"""Where Linux states a container's share: microseconds of processor time, or `max`, per period."""


def cores() -> int:
    """How many cores this process may use: those it may run on, within its container's share."""
    if hasattr(os, "sched_getaffinity"):
        count = len(os.sched_getaffinity(0))
    else:
        count = os.cpu_count() or 1
    try:
        share, period = CPU_MAX.read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return count
    return count if share == "max" else max(1, min(count, round(int(share) / int(period))))


def providers(offered: Sequence[str] | None = None) -> list[Provider]:
    """What a session runs on: the first accelerator among `offered`, then the CPU."""
    names = ort.get_available_providers() if offered is None else offered
    found: list[Provider] = [(name, how) for name, how in ACCELERATORS.items() if name in names]
    return [*found[:1], CPU]


def accelerated(session: ort.InferenceSession) -> bool:
    """Whether a session runs on more than the CPU."""
    return bool(session.get_providers()[0] != CPU)


def beside(files: Mapping[str, Path]) -> dict[str, bytes]:
    """The files that hold a network's weights, by the names that the network gives them."""
    return {
        PurePosixPath(name).name: path.read_bytes()
        for name, path in files.items()
        if name.endswith(".onnx_data")
    }


def start(
    model: bytes,
    weights: Mapping[str, NDArray[np.generic]],
    *,
    fuse: bool = False,
    beside: Mapping[str, bytes] | None = None,
) -> ort.InferenceSession:
    """Start a single-threaded session of `model`, its external tensors taken from `weights`.

    The arrays are used where they lie; the session keeps them alive. `fuse` has the runtime look
    for operators to fuse; graphs of ours are written fused, and the one thing it still finds in
    them, addition and normalisation, is many times slower on a CPU than its two halves. `beside`
    holds files that the model takes tensors from, by the name it gives them.
    """
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    if not fuse:
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.enable_mem_pattern = False  # batches differ in shape; plans for each would pile up
    values = [ort.OrtValue.ortvalue_from_numpy(array) for array in weights.values()]
    options.add_external_initializers(list(weights), values)
    if beside:
        options.add_external_initializers_from_files_in_memory(
            list(beside), list(beside.values()), [len(content) for content in beside.values()]
        )
    chosen = providers()
    try:
        return ort.InferenceSession(model, options, providers=chosen)
    except FAILURES:  # a driver is missing, or the card has no memory left
        if len(chosen) == 1:
            raise
        return ort.InferenceSession(model, options, providers=[CPU])
