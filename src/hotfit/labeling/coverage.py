"""How much of a pool a sample speaks for that no labelled one speaks for yet.

    k(x, y) = exp(-(1 - cos(x, y)) / t)
    gain(x) = sum_r u_r max(0, k(x, r) - best_r),     best_r = max_{labelled l} k(l, r)

r runs over a random part of the pool, u_r says how unsure the model is of r. This is the greedy
step of facility location (Wei, Iyer and Bilmes 2015, Submodularity in Data Subset Selection): while
nothing is known every u is equal and picks spread over what is dense; later they spread over what
is unsure. What was picked lowers the gain of what lies beside it, so no two are alike.
"""

import numpy as np
from numpy.typing import NDArray

from hotfit.types import Vectors

REFERENCES = 1000
"""Samples that stand for the pool."""

NEIGHBOURHOOD = 0.01
"""Share of the pool that a sample speaks for: the distance to it is t."""

_CHUNK = 4096

Reals = NDArray[np.float32]


class Coverage:
    """The part of a pool that is spoken for; `vectors` (n, d) of length 1."""

    def __init__(self, vectors: Vectors, rng: np.random.Generator) -> None:
        self._vectors = vectors
        size = min(REFERENCES, len(vectors))
        self.references = np.sort(rng.choice(len(vectors), size, replace=False))
        self._there = np.ascontiguousarray(vectors[self.references])
        apart = np.sort(1 - self._there @ self._there.T, axis=1)
        place = min(1 + round(NEIGHBOURHOOD * size), size - 1)
        self._scale = max(float(np.median(apart[:, place])) if size else 1.0, 1e-3)
        self.best = np.zeros(size, dtype=np.float32)

    def cover(self, rows: NDArray[np.int64]) -> None:
        """Take it that `rows` are labelled."""
        for start in range(0, len(rows), _CHUNK):
            near = self.kernel(rows[start : start + _CHUNK])
            np.maximum(self.best, near.max(axis=0), out=self.best)

    def kernel(self, rows: NDArray[np.int64]) -> Reals:
        """k of `rows` (m,) and the references, (m, r)."""
        apart = 1 - self._vectors[rows] @ self._there.T
        np.maximum(apart, 0, out=apart)
        return np.asarray(np.exp(apart / np.float32(-self._scale)), dtype=np.float32)


def gains(kernel: Reals, best: Reals, unsure: Reals) -> Reals:
    """What each of m samples would speak for, (m,), by its row of `kernel` (m, r)."""
    return np.asarray(np.maximum(kernel - best, 0) @ unsure)
