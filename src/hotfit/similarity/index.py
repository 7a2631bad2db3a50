"""The nearest of a great many vectors: lists around centroids, short copies, exact at the end.

    lists      k-means splits the vectors; a query reads those of the nearest centroids
    short      z = B' x, B the main axes (d, r) of the vectors: what is read is r / d as long
    exact      the best of the short products are put in order by their whole vectors

Jegou, Douze and Schmid 2011 (inverted lists, re-ranking). How many lists are read is no guess: the
build searches for vectors it holds, compares with the full search, and doubles until the recall
that was asked for is reached, if need be until everything is read.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from hotfit.similarity.search import unit
from hotfit.types import Vectors

EXACT = 50_000
"""Vectors up to which a full search is as quick as any."""

SHORT = 96
"""Length of the short copies."""

SAMPLE = 20_000
"""Vectors from which the axes are learned."""

A_LIST = 32
"""Vectors a centroid is learned from."""

ROUNDS = 6
"""Rounds of k-means; more move the recall by less than the probing."""

TRIALS = 64
"""Searches that measure the recall."""

WANTED = 0.98
"""Recall of the ten nearest that the build tunes for: a margin over the 0.95 that is promised."""

FILTERED = 4
"""Times as many lists are read where some rows may not be found."""

BETWEEN = np.float32(0.7)
"""How much of another vector is mixed into one that is searched for: a query is no sample."""

_CHUNK = 1 << 16


@dataclass(frozen=True, kw_only=True)
class Index:
    """n unit vectors ready to be searched; `order` (n,) lists rows by centroid.

    `starts` (c + 1,) bound each centroid's part of `order` and of `short` (n, r). `probes` lists
    are read, and `kept` candidates put in order exactly. `recall` is what the build measured.
    """

    vectors: Vectors = field(repr=False)
    axes: Vectors = field(repr=False)
    centroids: Vectors = field(repr=False)
    order: NDArray[np.int64] = field(repr=False)
    starts: NDArray[np.int64] = field(repr=False)
    short: Vectors = field(repr=False)
    probes: int
    kept: int
    recall: float

    @classmethod
    def build(cls, vectors: Vectors, *, seed: int = 0, wanted: float = WANTED) -> "Index":
        """Split `vectors` (n, d), each of length 1, and measure how much must be read."""
        rng = np.random.default_rng(seed)
        axes = _axes(vectors, rng)
        short = np.concatenate([part @ axes for part in _parts(vectors)])
        count = int(np.clip(2 ** round(np.log2(np.sqrt(len(vectors)))), 16, 4096))
        centroids = _centroids(short, count, rng)
        home = np.concatenate([(part @ centroids.T).argmax(axis=1) for part in _parts(short)])
        order = np.argsort(home, kind="stable")
        index = cls(
            vectors=vectors,
            axes=axes,
            centroids=centroids,
            order=order,
            starts=np.searchsorted(home[order], np.arange(count + 1)),
            short=short[order],
            probes=1,
            kept=1,
            recall=0.0,
        )
        return index._tuned(rng, wanted)

    def nearest(
        self, query: Vectors, *, k: int, mask: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Rows and cosines of about the k nearest to `query` (d,), nearest first.

        `mask` (n,) says which rows may be found.
        """
        asked = unit(query[None])[0]
        probes = self.probes if mask is None else min(len(self.centroids), FILTERED * self.probes)
        rows, rough = self._read(asked @ self.axes, probes)
        if mask is not None:
            allowed = mask[rows]
            rows, rough = rows[allowed], rough[allowed]
        kept = max(self.kept, 4 * k)
        if len(rows) > kept:
            best = np.argpartition(rough, len(rough) - kept)[len(rough) - kept :]
            rows = rows[best]
        cosines = self.vectors[rows] @ asked
        first = np.lexsort((rows, -cosines))[:k]
        return rows[first], cosines[first]

    def _read(self, asked: Vectors, probes: int) -> tuple[NDArray[np.int64], Vectors]:
        """The rows of the lists nearest to a short query, and their short products."""
        if probes >= len(self.centroids):
            return self.order, self.short @ asked
        near = self.centroids @ asked
        lists = np.argpartition(near, len(near) - probes)[len(near) - probes :]
        parts = [slice(self.starts[one], self.starts[one + 1]) for one in np.sort(lists)]
        rows = np.concatenate([self.order[part] for part in parts])
        return rows, np.concatenate([self.short[part] @ asked for part in parts])

    def _tuned(self, rng: np.random.Generator, wanted: float) -> "Index":
        """Read more until the ten nearest are found often enough."""
        asked = _trials(self.vectors, rng)
        truth = _exact(self.vectors, asked, 10)
        count = len(self.centroids)
        tried = replace(self, probes=max(1, count // 64), kept=256)
        recall = tried.found(asked, truth)
        while recall < wanted and (tried.probes < count or tried.kept < len(self.vectors)):
            longer = replace(tried, kept=4 * tried.kept)
            wider = replace(tried, probes=min(count, 2 * tried.probes))
            reached = [one.found(asked, truth) for one in (longer, wider)]
            recall = max(reached)
            tried = longer if reached[0] >= reached[1] else wider
        return replace(tried, recall=recall)

    def found(self, asked: Vectors, truth: NDArray[np.int64]) -> float:
        """The share of the true neighbours (m, k) of m queries that a search finds."""
        found = [self.nearest(query, k=truth.shape[1])[0] for query in asked]
        shared = [len(np.intersect1d(*pair)) for pair in zip(found, truth, strict=True)]
        return float(np.mean(shared) / truth.shape[1])


def _trials(vectors: Vectors, rng: np.random.Generator) -> Vectors:
    """Queries to measure by: vectors that are held, and points between them, which are harder."""
    count = min(TRIALS, len(vectors))
    held = vectors[rng.choice(len(vectors), count, replace=False)]
    between = held + BETWEEN * vectors[rng.choice(len(vectors), count)]
    return unit(np.concatenate([held[: count // 2], between[count // 2 :]]))


def _parts(vectors: Vectors) -> list[Vectors]:
    return [vectors[start : start + _CHUNK] for start in range(0, len(vectors), _CHUNK)]


def _axes(vectors: Vectors, rng: np.random.Generator) -> Vectors:
    """The main axes of the vectors, (d, r)."""
    picked = np.sort(rng.choice(len(vectors), min(SAMPLE, len(vectors)), replace=False))
    sample = vectors[picked]
    basis = np.linalg.eigh((sample.T @ sample).astype(np.float64))[1]
    return np.ascontiguousarray(basis[:, ::-1][:, :SHORT], dtype=np.float32)


def _centroids(short: Vectors, count: int, rng: np.random.Generator) -> Vectors:
    """Spherical k-means on a sample, (count, r)."""
    picked = np.sort(rng.choice(len(short), min(A_LIST * count, len(short)), replace=False))
    sample = unit(short[picked])
    centroids = sample[rng.choice(len(sample), count, replace=len(sample) < count)]
    for _ in range(ROUNDS):
        home = np.concatenate([(part @ centroids.T).argmax(axis=1) for part in _parts(sample)])
        by_home = np.argsort(home, kind="stable")
        present, first = np.unique(home[by_home], return_index=True)
        sums = np.add.reduceat(sample[by_home], first, axis=0)
        centroids = sample[rng.choice(len(sample), count, replace=len(sample) < count)]
        centroids[present] = unit(sums)
    return centroids


def _exact(vectors: Vectors, asked: Vectors, k: int) -> NDArray[np.int64]:
    """The k nearest rows of each of m queries, by full products a part at a time, (m, k)."""
    best = np.full((len(asked), k), -np.inf, dtype=np.float32)
    rows = np.full((len(asked), k), -1, dtype=np.int64)
    start = 0
    for part in _parts(vectors):
        product = np.concatenate([best, asked @ part.T], axis=1)
        numbers = np.concatenate(
            [rows, np.broadcast_to(np.arange(start, start + len(part)), (len(asked), len(part)))],
            axis=1,
        )
        top = np.argpartition(product, product.shape[1] - k, axis=1)[:, product.shape[1] - k :]
        best = np.take_along_axis(product, top, axis=1)
        rows = np.take_along_axis(numbers, top, axis=1)
        start += len(part)
    return rows
