"""More like these: a direction learned from a few examples against the whole pool.

    w = (S + r I)^-1 (m+ - m),    score(x) = (x - m)' w

m and S are the mean and the covariance of the pool, m+ the mean of the examples: the exemplar
discriminant of Hariharan, Malik and Ramanan 2012, which needs no negatives and takes off what
every sample of the pool shares. Those that were said not to be like it pull m+ away from them.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hotfit.types import Vectors

LIKE = 0.97
"""Cosine from which on two samples are too alike to ask about both."""

PENALTY = 1.0
"""r, in units of the mean variance."""

NEAREST = 0.5
"""Weight of the likeness to the nearest single example."""

SAMPLE = 20_000
"""Samples that stand for the pool."""


def more_like(
    vectors: Vectors,
    examples: NDArray[np.int64],
    *,
    others: NDArray[np.int64] | None = None,
    mask: NDArray[np.bool_] | None = None,
    count: int,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Rows of `vectors` (n, d) most like `examples` and unlike `others`, and their scores, 0 to 1.

    `mask` (n,) says which rows may be found. Of samples that are nearly equal one is found.
    """
    scores = likeness(vectors, examples, others)
    allowed = np.ones(len(vectors), dtype=np.bool_) if mask is None else mask.copy()
    allowed[examples] = False
    if others is not None:
        allowed[others] = False
    rows: list[int] = []
    for row in np.argsort(-scores, kind="stable"):
        if len(rows) >= count:
            break
        if allowed[row] and not (rows and (vectors[rows] @ vectors[row]).max() > LIKE):
            rows.append(int(row))
    found = np.array(rows, dtype=np.int64)
    return found, scores[found]


def unlike(vectors: Vectors, rows: NDArray[np.int64], picked: Sequence[int]) -> NDArray[np.bool_]:
    """Which of `rows` (m,) may be asked about beside those picked already."""
    free = np.ones(len(rows), dtype=np.bool_)
    for row in picked:
        free &= (vectors[rows] @ vectors[row] < LIKE) & (rows != row)
    return free


def likeness(
    vectors: Vectors, examples: NDArray[np.int64], others: NDArray[np.int64] | None = None
) -> NDArray[np.float64]:
    """How like the examples each of n samples is, 0 to 1, (n,)."""
    part = vectors[:: max(1, len(vectors) // SAMPLE)]
    mean = part.mean(axis=0)
    scatter = np.cov(part - mean, rowvar=False, bias=True).reshape(len(mean), len(mean))
    scatter[np.diag_indices(len(scatter))] += PENALTY * max(np.trace(scatter) / len(mean), 1e-9)
    target = vectors[examples].mean(axis=0) - mean
    if others is not None and len(others):
        share = len(others) / (len(others) + len(examples))
        target = target - share * (vectors[others].mean(axis=0) - mean)
    direction = np.linalg.solve(scatter, target).astype(np.float32)
    linear = _scaled((vectors - mean) @ direction)
    nearest = _scaled((vectors @ vectors[examples].T).max(axis=1))
    if others is not None and len(others):
        nearest -= 0.5 * _scaled((vectors @ vectors[others].T).max(axis=1))
    return np.asarray(np.clip((linear + NEAREST * nearest) / (1 + NEAREST), 0, 1))


def _scaled(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Values between the median of the pool (0) and the greatest (1)."""
    low, high = float(np.median(values)), float(values.max())
    return np.asarray((values - low) / max(high - low, 1e-9), dtype=np.float64)
