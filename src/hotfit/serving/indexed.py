"""An index that outlives the samples it was built from: new ones are searched beside it.

Rows move as samples come and go, identifiers stay; so the index answers identifiers, and those
that are gone or were replaced since are passed over.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hotfit.similarity.index import Index
from hotfit.types import Vectors

STALE = 0.1
"""Share of samples that are new or gone at which the index is built afresh."""

SPARSE = 20_000
"""Samples that may be found up to which they are searched exactly."""


@dataclass(frozen=True, kw_only=True)
class Indexed:
    """An index over the samples `ids` (n,), in ascending order."""

    encoder: str
    ids: NDArray[np.int64] = field(repr=False)
    index: Index = field(repr=False)

    def is_stale(self, ids: NDArray[np.int64]) -> bool:
        """Whether too many of the samples `ids` came after the index, or too many are gone."""
        common = len(np.intersect1d(ids, self.ids, assume_unique=True))
        return len(ids) + len(self.ids) - 2 * common > STALE * len(self.ids)

    def nearest(
        self,
        ids: NDArray[np.int64],
        vectors: Vectors,
        asked: Vectors,
        *,
        k: int,
        mask: NDArray[np.bool_] | None = None,
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Rows of `vectors` (m, d), of the samples `ids`, nearest to `asked`; their cosines."""
        if mask is not None and mask.sum() <= SPARSE:
            rows = np.flatnonzero(mask)
        else:
            known = None if mask is None else self._known(ids, mask)
            found, _ = self.index.nearest(asked, k=k + self._slack(ids), mask=known)
            rows = np.concatenate([_rows(ids, self.ids[found]), self._later(ids)])
            rows = rows if mask is None else rows[mask[rows]]
        cosines = vectors[rows] @ asked
        first = np.lexsort((rows, -cosines))[:k]
        return rows[first], cosines[first]

    def _later(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows of samples that came after the index; identifiers only grow."""
        return np.arange(np.searchsorted(ids, self.ids[-1], side="right"), len(ids))

    def _slack(self, ids: NDArray[np.int64]) -> int:
        """How many of the indexed samples are gone, as far as that matters."""
        gone = len(self.ids) - int(np.searchsorted(ids, self.ids[-1], side="right"))
        return min(max(gone, 0), 1000)

    def _known(self, ids: NDArray[np.int64], mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """The mask over the samples of the index."""
        place = np.minimum(np.searchsorted(ids, self.ids), len(ids) - 1)
        return np.asarray(mask[place] & (ids[place] == self.ids))


def _rows(ids: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.int64]:
    """The rows of the wanted samples that are still there."""
    place = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return np.asarray(place[ids[place] == wanted])
