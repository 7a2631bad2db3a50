"""Samples that speak for much that is unsure, one after the other, never two alike.

u_i     = 1 - (p_1 - p_2), the two likeliest labels of sample i; 1 for all before two are known
score_i = gain(i) u_i^3          (`labeling.coverage`)
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from hotfit.labeling.coverage import Coverage, gains
from hotfit.labeling.likeness import unlike
from hotfit.types import Scores, Vectors

CANDIDATES = 1000
"""Samples without an answer that are compared: half the most unsure, half at random."""

OWN = 3
"""Power of a sample's own unsureness; measured over several sets."""

Rows = NDArray[np.int64]


class Spread:
    """The samples `pool` (m,) of `vectors` (n, d), and how much of them is spoken for."""

    def __init__(self, vectors: Vectors, pool: Rows, rng: np.random.Generator) -> None:
        self._vectors = vectors
        self._pool = pool
        self._place = np.full(len(vectors), -1, dtype=np.int64)
        self._place[pool] = np.arange(len(pool))
        self._coverage = Coverage(vectors[pool], rng)

    def cover(self, rows: Rows) -> None:
        """Take it that `rows` are labelled."""
        known = self._place[rows]
        self._coverage.cover(known[known >= 0])

    def picks(
        self,
        left: Rows,
        unsure: NDArray[np.float32],
        count: int,
        *,
        taken: Sequence[int],
        rng: np.random.Generator,
    ) -> Iterator[int]:
        """At most `count` of the rows `left` (m,), as `unsure` (m,), unlike those `taken`."""
        half = min(CANDIDATES // 2, len(left))
        top = np.argpartition(unsure, len(left) - half)[len(left) - half :]
        at = np.union1d(top, rng.choice(len(left), half, replace=False))
        rows = left[at]
        kernel = self._coverage.kernel(self._place[rows])
        best = self._coverage.best.copy()
        # What was not scored is taken to be as unsure as the rest.
        spoken = np.full(len(self._vectors), unsure.mean(), dtype=np.float32)
        spoken[left] = unsure
        weights = spoken[self._pool][self._coverage.references]
        own = unsure[at] ** OWN
        free = unlike(self._vectors, rows, taken)
        if taken:
            others = self._coverage.kernel(self._place[np.array(taken)])
            np.maximum(best, others.max(axis=0), out=best)
        for _ in range(count):
            if not free.any():
                return
            pick = int(np.argmax(np.where(free, gains(kernel, best, weights) * own, -1.0)))
            yield int(rows[pick])
            np.maximum(best, kernel[pick], out=best)
            free &= unlike(self._vectors, rows, [int(rows[pick])])


def unsureness(scores: Scores | None, n: int, *, tags: bool) -> NDArray[np.float32]:
    """How unsure each of n samples is, 0 to 1, (n,)."""
    if scores is None or scores.ndim != 2 or scores.shape[1] == 0:
        return np.ones(n, dtype=np.float32)
    if tags:
        return np.asarray(1 - np.abs(2 * scores - 1).min(axis=1), dtype=np.float32)
    if scores.shape[1] == 1:
        return np.asarray(1 - scores[:, 0], dtype=np.float32)
    top = np.partition(scores, scores.shape[1] - 2, axis=1)[:, -2:]
    return np.asarray(1 - (top[:, 1] - top[:, 0]), dtype=np.float32)
