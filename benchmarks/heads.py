"""Heads on sentence vectors beside scikit-learn's logistic regression, and the time of an edit.

The rival tunes C in {1, 3, 10, 30, 100} on a random fifth of the training rows and refits, as its
users do; it states no held-out scores. Ours choose their penalty themselves and score every
training row without its group. One BLAS thread each, so that ratios hold on a busy machine.
"""

import csv
import gzip
import json
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from benchmarks.pools import DATA, TEXTS, VECTORS, WEIGHTS, duplicates
from hotfit import encoders
from hotfit.heads import heads
from hotfit.heads.live import Live
from hotfit.types import Features

RIVAL_C = (1.0, 3.0, 10.0, 30.0, 100.0)
OURS = ("discriminant.v1", "neighbours.v1", "logistic.v1", "mixture.v1")


def run(*, sets: Sequence[str] = TEXTS, samples: int = 20_000, edits: int = 50) -> dict[str, Any]:
    """Accuracy, log loss and CPU seconds of each head on each set; milliseconds of edits."""
    with threadpool_limits(limits=1), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {
            "benchmark": "heads",
            "sets": {name: compare(name) for name in sets},
            "edit": edit(samples=samples, edits=edits),
        }


def compare(name: str) -> dict[str, Any]:
    """Train on the train rows of `name`, judge on its test rows."""
    with gzip.open(DATA / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    vectors = _vectors(name, [row["text"] for row in rows])
    _, codes = np.unique([row["label"] for row in rows], return_inverse=True)
    groups = duplicates([" ".join(row["text"].lower().split()) for row in rows])
    train = np.array([row["split"] == "train" for row in rows])
    test = np.array([row["split"] == "test" for row in rows])
    labels = int(codes.max()) + 1
    result: dict[str, Any] = {"train": int(train.sum()), "labels": labels}
    for head in OURS:
        started = time.process_time()
        trained = heads.get(head).fit(
            Features(values=vectors[train]), codes[train], labels=labels, groups=groups[train]
        )
        seconds = time.process_time() - started
        scores = trained.model.predict(Features(values=vectors[test]))
        held_out = float((trained.held_out.argmax(axis=1) == codes[train]).mean())
        result[head] = {**_judge(scores, codes[test]), "held_out": held_out, "seconds": seconds}
    started = time.process_time()
    rival = _tuned(vectors[train], codes[train])
    seconds = time.process_time() - started
    result["sklearn"] = {**_judge(rival(vectors[test]), codes[test]), "seconds": seconds}
    for head in OURS:
        result[head]["points_over_sklearn"] = 100 * (
            result[head]["accuracy"] - result["sklearn"]["accuracy"]
        )
        result[head]["time_over_sklearn"] = result[head]["seconds"] / seconds
    return result


def edit(*, samples: int, edits: int) -> dict[str, float]:
    """Milliseconds of one relabel until the model can be served, and of fresh held-out scores."""
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 10, samples)
    means = 0.06 * rng.normal(size=(10, 384))
    values = (means[codes] + rng.normal(size=(samples, 384)) / 20).astype(np.float32)
    live = Live(values, codes, np.arange(samples), labels=10)
    relabel, added, judged = [], [], []
    for row in range(edits):
        started = time.perf_counter()
        live.relabel(row, int(codes[row] + 1) % 10)
        live.model()
        relabel.append(time.perf_counter() - started)
        started = time.perf_counter()
        live.held_out()
        judged.append(time.perf_counter() - started)
    for row in range(edits):
        started = time.perf_counter()
        live.add(values[row], int(codes[row]), samples + row)
        live.model()
        added.append(time.perf_counter() - started)
    return {
        "samples": samples,
        "relabel_ms": 1e3 * float(np.median(relabel)),
        "relabel_p99_ms": 1e3 * float(np.quantile(relabel, 0.99)),
        "add_ms": 1e3 * float(np.median(added)),
        "held_out_ms": 1e3 * float(np.median(judged)),
    }


def _vectors(name: str, texts: list[str]) -> NDArray[np.float32]:
    kept = VECTORS / f"{name}-all.npy"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.save(kept, encoders.open("minilm-l6.v1", cache=WEIGHTS).encode(texts))
    return np.asarray(np.load(kept), dtype=np.float32)


def _tuned(
    values: NDArray[np.float32], codes: NDArray[np.int64]
) -> Callable[[NDArray[np.float32]], NDArray[np.float64]]:
    aside = np.random.default_rng(0).random(len(codes)) < 0.2
    right = []
    for c in RIVAL_C:
        model = LogisticRegression(C=c, max_iter=1000).fit(values[~aside], codes[~aside])
        right.append(model.score(values[aside], codes[aside]))
    best = LogisticRegression(C=RIVAL_C[int(np.argmax(right))], max_iter=1000).fit(values, codes)

    def predict(more: NDArray[np.float32]) -> NDArray[np.float64]:
        return np.asarray(best.predict_proba(more), dtype=np.float64)

    return predict


def _judge(scores: NDArray[np.float64], codes: NDArray[np.int64]) -> dict[str, float]:
    true = scores[np.arange(len(codes)), codes]
    return {
        "accuracy": float((scores.argmax(axis=1) == codes).mean()),
        "log_loss": float(-np.log(np.maximum(true, 1e-7)).mean()),
    }


if __name__ == "__main__":
    json.dump(run(), sys.stdout, indent=2)
    print()
