"""Class counts, sums and total scatter: all that discriminant analysis needs of its samples.

    W = sum_i x_i x_i' - sum_c n_c m_c m_c'

Vectors are centred on their mean when they enter, so the difference loses no digits.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotfit.types import Codes

TINY = 1e-3


@dataclass(frozen=True, kw_only=True)
class Moments:
    """`counts` (k,), `sums` (k, d) and `total` (d, d) of n centred vectors."""

    counts: Codes
    sums: NDArray[np.float64]
    total: NDArray[np.float64]

    @classmethod
    def of(cls, centred: NDArray[np.float32], codes: Codes, labels: int) -> "Moments":
        """Sum up `centred` (n, d) whose classes are `codes`."""
        return cls(
            counts=np.bincount(codes, minlength=labels).astype(np.int64),
            sums=class_sums(centred, codes, labels),
            total=(centred.T @ centred).astype(np.float64),
        )

    def minus(self, other: "Moments") -> "Moments":
        """The moments of the samples that are not in `other`."""
        return Moments(
            counts=self.counts - other.counts,
            sums=self.sums - other.sums,
            total=self.total - other.total,
        )

    @property
    def means(self) -> NDArray[np.float64]:
        """Class means (k, d); 0, the overall mean, where a class has no sample."""
        return self.sums / np.maximum(self.counts, 1)[:, None]

    def within(self) -> NDArray[np.float64]:
        """The within-class scatter W, (d, d)."""
        weighted = self.sums / np.sqrt(np.maximum(self.counts, 1))[:, None]
        return self.total - weighted.T @ weighted

    def scale(self) -> float:
        """The mean eigenvalue of W, the unit of penalties; never 0."""
        d = max(len(self.total), 1)
        total = float(np.trace(self.total))
        between = float((self.sums**2 / np.maximum(self.counts, 1)[:, None]).sum())
        unit = max(total - between, TINY * total) / d
        return unit if unit > 0 else 1.0


def class_sums(centred: NDArray[np.float32], codes: Codes, labels: int) -> NDArray[np.float64]:
    """Sums of the vectors of each class, (labels, d)."""
    d = centred.shape[1]
    sums = np.zeros((labels, d))
    if len(codes) == 0:
        return sums
    order = np.argsort(codes, kind="stable")
    present, first = np.unique(codes[order], return_index=True)
    sums[present] = np.add.reduceat(centred[order], first, axis=0, dtype=np.float64)
    return sums
