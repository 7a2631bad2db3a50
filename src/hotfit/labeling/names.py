"""What the names of labels alone say of samples, before there is anything to learn from.

p(c | x) = softmax_c( S cos(x, name_c) )
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hotfit.heads.calibration import softmax
from hotfit.types import Scores, Vectors

SCALE = 15.0
"""S, chosen once over several public sets."""

_CHUNK = 16_384


def tell_apart(names: Sequence[str]) -> bool:
    """Whether names are words that differ: "0" and "1" say nothing, nor do "class 0", "class 1"."""
    words = {" ".join(re.findall(r"[^\W\d_]{2,}", name)) for name in names}
    return len(words) > 1


def by_name(vectors: Vectors, names: Vectors) -> Scores:
    """Probabilities (m, k) of vectors (m, d) by the names (k, d), each of length 1."""
    return softmax(SCALE * (vectors @ names.T).astype(np.float64))


class Names:
    """Samples `vectors` (n, d) and labels' `names` (k, d) of one encoder, each of length 1."""

    def __init__(self, vectors: Vectors, names: Vectors) -> None:
        self._vectors = vectors
        self._names = names
        self._totals: NDArray[np.float32] | None = None

    def scores(self, rows: NDArray[np.int64]) -> Scores:
        """Probabilities (m, k) of samples."""
        return by_name(self._vectors[rows], self._names)

    def of(self, rows: NDArray[np.int64], code: int) -> NDArray[np.float64]:
        """The probabilities (m,) of one label, for which the other names are read only once."""
        if self._totals is None:
            starts = range(0, len(self._vectors), _CHUNK)
            self._totals = np.concatenate([self._sums(start) for start in starts])
        said = np.exp(SCALE * (self._vectors[rows] @ self._names[code]).astype(np.float64))
        return np.asarray(said / self._totals[rows])

    def _sums(self, start: int) -> NDArray[np.float32]:
        part = self._vectors[start : start + _CHUNK]
        return np.asarray(np.exp(SCALE * (part @ self._names.T)).sum(axis=1), dtype=np.float32)
