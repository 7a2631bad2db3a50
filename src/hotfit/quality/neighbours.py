"""What the nearest samples say about each sample: a vote weighted by closeness.

    v_i(c) = sum_{j in N(i), y_j = c} exp((s_ij - max_j s_ij) / w) + f_c,   normalised over c

with s_ij the cosine, N(i) the nearest voters and f_c the frequency of label c, which has one vote.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotfit.types import Codes, Groups, Scores, Vectors

_VOTERS = 15
_WIDTH = 0.1
_MOST_PRODUCTS = 80_000_000
_BLOCK_CELLS = 8_000_000


@dataclass(frozen=True)
class Nearest:
    """The nearest voters of n samples: their cosines and their rows, each (n, m), unordered.

    Where a sample has fewer, cosines are -inf.
    """

    cosines: NDArray[np.float32]
    rows: NDArray[np.int64]


def find_nearest(
    vectors: Vectors,
    voters: NDArray[np.int64],
    *,
    groups: Groups | None = None,
    seed: int = 0,
) -> Nearest:
    """Find the nearest of the rows `voters` for each of n samples, none of its own group.

    Of very many samples, a random part votes.
    """
    n = len(vectors)
    groups = np.arange(n) if groups is None else groups
    most = max(_MOST_PRODUCTS // max(n, 1), 1000)
    if len(voters) > most:
        voters = np.sort(np.random.default_rng(seed).choice(voters, most, replace=False))
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = (vectors / np.maximum(lengths, np.float32(1e-12))).astype(np.float32, copy=False)
    voting = unit if len(voters) == n else unit[voters]
    top = min(_VOTERS, len(voters))
    near = np.empty((n, top), np.float32)
    rows = np.empty((n, top), np.int64)
    block = max(1, _BLOCK_CELLS // max(len(voters), 1))
    for start in range(0, n if top else 0, block):
        stop = min(start + block, n)
        cosines = unit[start:stop] @ voting.T
        cosines[_own_cells(groups[start:stop], groups[voters])] = -np.inf
        found = np.argpartition(cosines, len(voters) - top, axis=1)[:, len(voters) - top :]
        near[start:stop] = np.take_along_axis(cosines, found, axis=1)
        rows[start:stop] = voters[found]
    return Nearest(cosines=near, rows=rows)


def neighbour_votes(
    vectors: Vectors,
    codes: Codes,
    *,
    labels: int,
    groups: Groups | None = None,
    nearest: Nearest | None = None,
) -> Scores:
    """Let the nearest labelled samples vote on each of n samples, shape (n, labels).

    `codes` is -1 where a sample has no label. A sample never votes on itself nor on its group.
    `nearest` are the nearest labelled ones where they are known.
    """
    voters = np.flatnonzero(codes >= 0)
    frequency = np.bincount(codes[voters], minlength=labels) / max(len(voters), 1)
    votes = np.tile(frequency, (len(vectors), 1))
    if len(voters):
        known = nearest or find_nearest(vectors, voters, groups=groups)
        votes += _tally(known.cosines, codes[known.rows], labels)
    shares: Scores = votes / votes.sum(axis=1, keepdims=True)
    return shares


def _own_cells(asked: Groups, voting: Groups) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the cells (row, voter) of equal group, of which there are few."""
    order = np.argsort(voting, kind="stable")
    ordered = voting[order]
    first = np.searchsorted(ordered, asked, side="left")
    count = np.searchsorted(ordered, asked, side="right") - first
    rows = np.repeat(np.arange(len(asked)), count)
    steps = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
    return rows, order[np.repeat(first, count) + steps]


def _tally(cosines: NDArray[np.float32], codes: Codes, labels: int) -> Scores:
    closest = np.maximum(cosines.max(axis=1, keepdims=True), np.float32(-1))
    weight = np.exp((cosines - closest).astype(np.float64) / _WIDTH)
    cells: NDArray[np.int64] = np.arange(len(cosines))[:, None] * labels + codes
    tally = np.bincount(cells.ravel(), weights=weight.ravel(), minlength=len(cosines) * labels)
    return tally.astype(np.float64).reshape(len(cosines), labels)
