"""The most different samples: each next one lies farthest from all that were taken before.

    next = argmax_i min_{j taken} (1 - cos(x_i, x_j))

Gonzalez 1985, Clustering to minimize the maximum intercluster distance.
"""

import numpy as np
from numpy.typing import NDArray

from hotfit.similarity.search import unit
from hotfit.types import Vectors


def most_different(
    vectors: Vectors,
    *,
    count: int,
    start: Vectors | None = None,
    mask: NDArray[np.bool_] | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """At most `count` rows of `vectors` (n, d), and how far each was from those before it.

    `start` (m, d) are vectors that count as taken; without them the first row is the one farthest
    from the mean. `mask` (n,) says which rows may be taken.
    """
    base = unit(vectors)
    allowed = np.ones(len(base), dtype=np.bool_) if mask is None else mask.copy()
    if start is None:
        far = 1 - base @ unit(base.mean(axis=0, keepdims=True))[0] if len(base) else np.empty(0)
    else:
        far = 1 - (base @ unit(start).T).max(axis=1)
    fresh = start is None
    rows: list[int] = []
    distances: list[float] = []
    for _ in range(min(count, int(allowed.sum()))):
        row = int(np.argmax(np.where(allowed, far, -np.inf)))
        rows.append(row)
        distances.append(float(max(far[row], 0.0)))
        allowed[row] = False
        near = 1 - base @ base[row]
        far = near if fresh else np.minimum(far, near)
        fresh = False
    return np.array(rows, dtype=np.int64), np.array(distances, dtype=np.float32)
