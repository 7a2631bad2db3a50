"""The k nearest samples by cosine, exactly: blocked float32 products and a partial sort."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotfit.types import Vectors

_BLOCK_BYTES = 64 * 2**20


@dataclass(frozen=True, kw_only=True)
class Hits:
    """The nearest rows of each of m queries, nearest first: rows and cosines, shape (m, k).

    Where fewer than k rows were allowed, the rest is row -1 with cosine -inf.
    """

    rows: NDArray[np.int64]
    cosines: NDArray[np.float32]


def unit(vectors: Vectors) -> Vectors:
    """Scale each vector to length 1; a zero vector stays zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Vectors = (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32, copy=False)
    return scaled


def nearest(
    vectors: Vectors,
    queries: Vectors,
    *,
    k: int,
    mask: NDArray[np.bool_] | None = None,
    skip_self: bool = False,
) -> Hits:
    """Find the k rows of `vectors` (n, d) nearest to each of `queries` (m, d).

    `mask` (n,) says which rows may be found. `skip_self` leaves row i out of the answer to query
    i, for queries that are the vectors themselves.
    """
    n, m = len(vectors), len(queries)
    base, asked = unit(vectors), unit(queries)
    top = min(k, n)
    rows = np.full((m, k), -1, dtype=np.int64)
    cosines = np.full((m, k), -np.inf, dtype=np.float32)
    block = max(1, _BLOCK_BYTES // (4 * max(n, 1)))
    for start in range(0, m if top else 0, block):
        stop = min(start + block, m)
        product = asked[start:stop] @ base.T
        if mask is not None:
            product[:, ~mask] = -np.inf
        if skip_self:
            product[np.arange(stop - start), np.arange(start, stop)] = -np.inf
        found = np.argpartition(product, n - top, axis=1)[:, n - top :]
        value = np.take_along_axis(product, found, axis=1)
        order = np.argsort(-value, axis=1, kind="stable")
        rows[start:stop, :top] = np.take_along_axis(found, order, axis=1)
        cosines[start:stop, :top] = np.take_along_axis(value, order, axis=1)
    rows[np.isneginf(cosines)] = -1
    return Hits(rows=rows, cosines=cosines)
