"""From a committed label edit to its published version, beside fitting afresh; 20,000 x 384.

One process does both, with the vectors already cached: what is measured is reading the change,
the update, its score, the artifact on disk and the transaction that lets it answer. BLAS has one
thread, as in the worker.
"""

import json
import logging
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from hotfit.app import App
from hotfit.app.working import build_worker
from hotfit.encoders.base import Encoder
from hotfit.encoders.fake import FakeEncoder
from hotfit.functions import functions
from hotfit.functions.versions import Version
from hotfit.heads.discriminant import fit_discriminant
from hotfit.jobs.waker import Waker
from hotfit.samples.annotations import annotate
from hotfit.samples.imports import add
from hotfit.serving.watch import Watch
from hotfit.settings import Settings
from hotfit.store.content import content_hash
from hotfit.store.vectors import put_many
from hotfit.types import Input, Output, Sample

ENCODER = "fake.v1"
DIMENSIONS = 384


class Wide(App):
    """A home whose texts are read by the encoder that needs no weights, as wide as the real one."""

    def open_encoder(self, name: str) -> Encoder:
        """The same for every name."""
        return FakeEncoder(name=name, dimensions=DIMENSIONS)

    def waiting_encoder(self, name: str) -> Encoder:
        """The same, which needs no opening."""
        return self.open_encoder(name)


def run(*, samples: int = 20_000, labels: int = 6, edits: int = 120) -> dict[str, Any]:
    """Measure and return milliseconds from commit to publication, p50 and p99, and of a refit."""
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory() as folder, threadpool_limits(1, user_api="blas"):
        return _measure(Path(folder), samples, labels, edits)


def _measure(home: Path, n: int, k: int, edits: int) -> dict[str, Any]:
    app = Wide(Settings(home=home, text_encoder=ENCODER, rest_seconds=1e6))
    rng = np.random.default_rng(0)
    vectors, codes = world(rng, n, k)
    function, ids = fill(app, vectors, codes)
    done: list[Version] = []
    waker = Waker(Watch(app.store, clock=time.monotonic))
    worker = build_worker(app, waker, lambda _, version: done.append(version))

    def learn(change: int) -> float:
        began = time.perf_counter()
        while not done or done[-1].change < change:
            if not worker.step():
                time.sleep(0.001)
        return (time.perf_counter() - began) * 1e3

    cold = learn(_change(app, function))
    label = _timed(lambda: _relabel(app, function, ids, rng, k), learn, edits)
    sample = _timed(lambda: _add(app, function, rng, k), learn, edits // 4)
    began = time.perf_counter()
    fit_discriminant(vectors, codes, k, np.arange(n))
    refit = (time.perf_counter() - began) * 1e3
    worker.close()
    app.store.close()
    return {
        "benchmark": "live",
        "samples": n,
        "dimensions": DIMENSIONS,
        "labels": k,
        "label_edit_ms": label,
        "new_sample_ms": sample,
        "refit_ms": round(refit, 1),
        "refit_over_label_edit": round(refit / label["p50"], 1),
        "read_in_ms": round(cold, 1),
    }


def _timed(write: Callable[[], int], learn: Callable[[int], float], times: int) -> dict[str, float]:
    taken = [learn(write()) for _ in range(times)][1:]
    return {f"p{q}": round(float(np.percentile(taken, q)), 1) for q in (50, 90, 99)}


def world(
    rng: np.random.Generator, n: int, k: int, *, apart: float = 0.4
) -> tuple[NDArray[np.float32], Any]:
    """Vectors of n samples and their labels, whose centres lie `apart`."""
    codes = rng.integers(0, k, n)
    centres = rng.normal(size=(k, DIMENSIONS)) * apart
    values = centres[codes] + rng.normal(size=(n, DIMENSIONS))
    values /= np.linalg.norm(values, axis=1, keepdims=True)
    return values.astype(np.float32), codes


def fill(app: App, vectors: NDArray[np.float32], codes: Any) -> tuple[str, list[int]]:
    """Make a function of texts with these vectors cached; return it and its samples."""
    rng = np.random.default_rng(1)
    words = rng.integers(0, 1 << 32, (len(codes), 6))
    texts = [" ".join(f"{word:x}" for word in row) for row in words]
    with app.store.write() as session:
        made = functions.create(
            session, name="live", input=Input.TEXT, output=Output.CLASSIFICATION
        )
        put_many(session, [content_hash(text) for text in texts], ENCODER, vectors)
        rows = [
            Sample(number=i + 1, data=text, label=f"label {codes[i]}")
            for i, text in enumerate(texts)
        ]
        return made.id, add(session, made.id, rows)


def _change(app: App, function: str) -> int:
    with app.store.read() as session:
        return functions.get(session, function).change


def _relabel(app: App, function: str, ids: list[int], rng: np.random.Generator, k: int) -> int:
    with app.store.write() as session:
        sample = ids[int(rng.integers(len(ids)))]
        return annotate(
            session, function, [(sample, f"label {rng.integers(k)}")], author="benchmark"
        )


def _add(app: App, function: str, rng: np.random.Generator, k: int) -> int:
    text = f"new {rng.integers(1 << 60)}"
    vector = rng.normal(size=(1, DIMENSIONS)).astype(np.float32)
    with app.store.write() as session:
        put_many(session, [content_hash(text)], ENCODER, vector)
        add(session, function, [Sample(number=1, data=text, label=f"label {rng.integers(k)}")])
        return functions.get(session, function).change


if __name__ == "__main__":
    json.dump(run(), sys.stdout, indent=2)
