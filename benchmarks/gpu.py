"""Texts and images encoded per second on a graphics processor, and how far vectors differ.

Beside each speed stands the share of the card's own rate for large float32 products that the text
network's arithmetic reaches: 2 x parameters x tokens, without embeddings, counted for each text.
Where onnxruntime offers no graphics processor, the benchmark says that it does not apply.
"""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort

from benchmarks.encode_text import CACHE, TEXTS, banking77
from hotfit import encoders
from hotfit.encoders import onnx_session
from hotfit.encoders.base import Encoder
from hotfit.encoders.onnx_graph import Graph
from hotfit.encoders.probes import probes
from hotfit.types import Data, Input, Vectors

TOLERANCE = 1e-4
"""How far a vector of length 1 may lie from the CPU's."""

IMAGES = 512
SIDE = 4096
"""Rows and columns of the products that the card is measured with."""

CHAIN = 32
"""Products in a row."""

ROUNDS = 3
LAYER_PARAMETERS = 10_600_000
"""Weights of all-MiniLM-L6-v2 that a token is multiplied by."""


def run(*, cache: Path = CACHE, folder: Path | None = None) -> dict[str, Any]:
    """Measure and return speeds, ratios to the CPU and the largest difference of vectors."""
    if len(onnx_session.providers()) == 1:
        return {
            "benchmark": "gpu",
            "applicable": False,
            "why": "this onnxruntime offers no graphics processor "
            f"({', '.join(ort.get_available_providers())})",
        }
    result: dict[str, Any] = {"benchmark": "gpu", "applicable": True, "card_tflops": product_rate()}
    texts: list[Data] = list(banking77(TEXTS))
    for kind, name, samples in (
        ("texts", "minilm-l6.v1", texts),
        ("images", "mobilenet-v2.v1", probes(Input.IMAGE, IMAGES)),
    ):
        result[kind] = compared(name, samples, cache=cache, folder=folder)
    tokens = sum(len(str(text).split()) * 1.3 + 2 for text in texts) / len(texts)
    reached = result["texts"]["per_second"] * tokens * 2 * LAYER_PARAMETERS / 1e12
    result["texts"]["share_of_card"] = round(reached / result["card_tflops"], 4)
    return result


def compared(
    name: str, samples: Sequence[Data], *, cache: Path, folder: Path | None
) -> dict[str, Any]:
    """Encode the same samples on the card and on the CPU."""
    fast, found = timed(encoders.open(name, cache=cache, folder=folder), samples)
    with only_cpu():
        slow, expected = timed(encoders.open(name, cache=cache, folder=folder), samples[:IMAGES])
    lengths = np.maximum(np.linalg.norm(expected, axis=1, keepdims=True), 1e-12)
    difference = float(np.abs((found[: len(expected)] - expected) / lengths).max())
    return {
        "encoder": name,
        "per_second": round(fast, 1),
        "cpu_per_second": round(slow, 1),
        "ratio": round(fast / slow, 2),
        "max_difference": difference,
        "within_tolerance": difference <= TOLERANCE,
    }


def timed(encoder: Encoder, samples: Sequence[Data]) -> tuple[float, Vectors]:
    """The best of some rounds, samples per second, and the vectors."""
    vectors = encoder.encode(samples)
    best = 0.0
    for _ in range(ROUNDS):
        started = time.perf_counter()
        vectors = encoder.encode(samples)
        best = max(best, len(samples) / (time.perf_counter() - started))
    return best, vectors


@contextmanager
def only_cpu() -> Iterator[None]:
    """Let sessions that start meanwhile run on the CPU."""
    kept = dict(onnx_session.ACCELERATORS)
    onnx_session.ACCELERATORS.clear()
    try:
        yield
    finally:
        onnx_session.ACCELERATORS.update(kept)


def product_rate() -> float:
    """TFLOP/s of large float32 products on the card: one copy there for a chain of them."""
    graph = Graph("product")
    value = graph.input("x", "float32", [SIDE, SIDE])
    matrix = graph.constant("w", np.ones((SIDE, SIDE), np.float32) / SIDE)
    for _ in range(CHAIN):
        value = graph.node("MatMul", value, matrix)
    graph.output(graph.node("ReduceMean", value, keepdims=0), "float32", [])
    session = onnx_session.start(graph.to_bytes(), {})
    feed = {"x": np.ones((SIDE, SIDE), np.float32)}
    session.run(None, feed)
    started = time.perf_counter()
    for _ in range(ROUNDS):
        session.run(None, feed)
    seconds = (time.perf_counter() - started) / ROUNDS
    return round(CHAIN * 2 * SIDE**3 / seconds / 1e12, 2)


if __name__ == "__main__":
    json.dump(run(), sys.stdout, indent=2)
    print()
