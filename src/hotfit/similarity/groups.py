"""Groups of samples that must stay on one side of every split, and the pairs that made them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotfit.similarity.exact import exact_representatives, normalise
from hotfit.similarity.near import near_pairs
from hotfit.types import Cell, Data, Groups

_LONG_CHAIN = 16


@dataclass(frozen=True)
class Pair:
    """Two samples (row indices, first < second) that hold the same or nearly the same content."""

    first: int
    second: int
    similarity: float

    @property
    def exact(self) -> bool:
        """Whether the content is equal, not only nearly so."""
        return self.similarity == 1.0


@dataclass(frozen=True, kw_only=True)
class Duplicates:
    """What repeats in n samples.

    `groups` is the lowest row of each sample's group, shape (n,). `representatives` is the first
    row of equal content, shape (n,). `pairs` ties every repeated sample to the first of its
    content, and near copies to each other.
    """

    groups: Groups
    representatives: NDArray[np.int64]
    pairs: tuple[Pair, ...]

    @property
    def exact(self) -> int:
        """How many samples repeat the content of an earlier one."""
        return int((self.representatives != np.arange(len(self.representatives))).sum())

    @property
    def near(self) -> int:
        """How many pairs of different contents are near copies."""
        return sum(not pair.exact for pair in self.pairs)


def duplicate_groups(
    contents: Sequence[Data], *, pictures: Sequence[tuple[int, int, float]] = ()
) -> Duplicates:
    """Find equal content in n samples of any kind and, among texts, near copies too.

    `pictures` are near copies among images, (first, second, similarity), found elsewhere.
    """
    first = exact_representatives(contents)
    kept = np.flatnonzero(first == np.arange(len(first)))
    pairs = [
        Pair(int(first[row]), int(row), 1.0)
        for row in np.flatnonzero(first != np.arange(len(first)))
    ]
    texts = [
        (int(row), normalise(data)) for row in kept if isinstance(data := contents[int(row)], str)
    ]
    near = [
        Pair(texts[i][0], texts[j][0], value) for i, j, value in near_pairs([t for _, t in texts])
    ]
    near += [Pair(*pair) for pair in pictures if first[pair[0]] != first[pair[1]]]
    return Duplicates(groups=_join(first, near), representatives=first, pairs=(*pairs, *near))


def tie(keys: Sequence[Sequence[Cell]], *, otherwise: Groups) -> Groups:
    """Group n rows that share a value of any of the `keys`, n cells each; shape (n,).

    Rows without a value in any of them are grouped as in `otherwise`, apart from the rest.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n, nodes = len(otherwise), len(otherwise)
    rows: list[int] = []
    ends: list[int] = []
    keyless = np.ones(n, dtype=np.bool_)
    for cells in keys:
        seen: dict[str, int] = {}
        for row, cell in enumerate(cells):
            said = "" if cell is None else str(cell).strip()
            if said and said != "nan":
                rows.append(row)
                ends.append(nodes + seen.setdefault(said, len(seen)))
                keyless[row] = False
        nodes += len(seen)
    left = np.flatnonzero(keyless)
    rows += left.tolist()
    ends += (nodes + otherwise[left]).tolist()
    size = nodes + int(otherwise.max(initial=-1)) + 1
    joined = coo_array((np.ones(len(rows), np.int8), (rows, ends)), shape=(size, size))
    _, component = connected_components(joined, directed=False)
    return np.unique(component[:n], return_inverse=True)[1].astype(np.int64)


def _join(first: NDArray[np.int64], near: Sequence[Pair]) -> Groups:
    """Close the pairs transitively, but let no chain of small steps grow long.

    Most alike first; two groups that would hold more than a few different contents together are
    joined only where their lowest rows are near copies themselves, so that a drift from text to
    text does not tie everything to everything.
    """
    root = np.arange(len(first))
    size = np.ones(len(first), dtype=np.int64)
    direct = {(pair.first, pair.second) for pair in near}

    def find(row: int) -> int:
        while root[row] != row:
            root[row] = root[root[row]]
            row = int(root[row])
        return row

    for pair in sorted(near, key=lambda pair: (-pair.similarity, pair.first, pair.second)):
        low, high = sorted((find(pair.first), find(pair.second)))
        if low == high:
            continue
        if size[low] + size[high] <= _LONG_CHAIN or (low, high) in direct:
            root[high] = low
            size[low] += size[high]
    return np.array([find(int(row)) for row in first], dtype=np.int64)
