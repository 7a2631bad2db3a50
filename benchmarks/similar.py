"""The index over a million vectors: seconds to build, milliseconds a search, recall of the ten.

The vectors are sentence vectors of a real set, mixed in pairs and with noise, as a million real
ones are not at hand; the queries are other mixtures. The rival is the full search.
"""

import time
from typing import Any

import numpy as np

from benchmarks.pools import text_pool
from hotfit.similarity.index import Index
from hotfit.similarity.search import nearest, unit
from hotfit.types import Vectors

SIZE = 1_000_000
QUERIES = 300
CHUNK = 50_000


def run(*, size: int = SIZE) -> dict[str, Any]:
    """Build once, search often."""
    vectors = unit(text_pool("banking77").features.values)
    held = mixtures(vectors, size, np.random.default_rng(0))
    asked = mixtures(vectors, QUERIES, np.random.default_rng(1))
    started = time.perf_counter()
    index = Index.build(held)
    built = time.perf_counter() - started
    truth = np.concatenate([_truth(held, asked[at : at + 50]) for at in range(0, QUERIES, 50)])
    seconds, hits = [], []
    for query, true in zip(asked, truth, strict=True):
        began = time.perf_counter()
        rows, _ = index.nearest(query, k=10)
        seconds.append(time.perf_counter() - began)
        hits.append(len(np.intersect1d(rows, true)) / 10)
    full = []
    for query in asked[:10]:
        began = time.perf_counter()
        np.argpartition(held @ query, size - 10)
        full.append(time.perf_counter() - began)
    milliseconds = 1000 * np.array(seconds)
    return {
        "benchmark": "similar",
        "vectors": list(held.shape),
        "build_seconds": built,
        "probes": index.probes,
        "lists": len(index.centroids),
        "kept": index.kept,
        "p50_ms": float(np.quantile(milliseconds, 0.5)),
        "p99_ms": float(np.quantile(milliseconds, 0.99)),
        "recall_at_10": float(np.mean(hits)),
        "full_search_p50_ms": float(1000 * np.median(full)),
    }


def _truth(held: Vectors, asked: Vectors) -> np.ndarray[Any, Any]:
    best = np.full((len(asked), 10), -np.inf, dtype=np.float32)
    rows = np.zeros((len(asked), 10), dtype=np.int64)
    for start in range(0, len(held), CHUNK):
        hits = nearest(held[start : start + CHUNK], asked, k=10)
        both = np.concatenate([best, hits.cosines], axis=1)
        numbers = np.concatenate([rows, hits.rows + start], axis=1)
        order = np.argsort(-both, axis=1)[:, :10]
        best = np.take_along_axis(both, order, axis=1)
        rows = np.take_along_axis(numbers, order, axis=1)
    return rows


def mixtures(vectors: Vectors, count: int, rng: np.random.Generator) -> Vectors:
    """Vectors between two real ones, with noise."""
    made = np.empty((count, vectors.shape[1]), dtype=np.float32)
    for start in range(0, count, CHUNK):
        part = min(CHUNK, count - start)
        one, two = vectors[rng.integers(len(vectors), size=(2, part))]
        share = rng.uniform(0, 0.5, (part, 1)).astype(np.float32)
        noise = rng.normal(scale=0.02, size=one.shape).astype(np.float32)
        made[start : start + part] = unit((1 - share) * one + share * two + noise)
    return made
