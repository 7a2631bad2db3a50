"""Principal axes of centred features: coordinates in which every penalty is diagonal.

    X - mean = Z V',   Z'Z = diag(e)

With fewer samples than dimensions Z spans the samples alone, which loses nothing: an L2 penalty
never leaves that span.
"""

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Precision = TypeVar("Precision", bound=np.floating[Any])

LARGEST = 2500
"""Largest side of an eigendecomposition; beyond it the features keep their own axes."""

NEGLIGIBLE = 1e-7
"""Eigenvalues below this share of the largest are rounding; their axes are dropped."""


@dataclass(frozen=True, kw_only=True)
class Basis:
    """`mean` and `scale` (d,), `axes` (d, r) or None for the features' own, `eigenvalues` (r,)."""

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    axes: NDArray[np.floating[Any]] | None
    eigenvalues: NDArray[np.float64]

    def outward(self, weights: NDArray[Precision]) -> NDArray[Precision]:
        """Weights (d, k) on the features as given, from weights (r, k) in this basis."""
        turned = weights if self.axes is None else self.axes @ weights
        return np.asarray(turned / self.scale[:, None], dtype=weights.dtype)


def principal_basis(
    values: NDArray[Precision], *, standardise: bool = False
) -> tuple[Basis, NDArray[Precision]]:
    """The basis of `values` (n, d) and the coordinates Z (n, r) of its samples, in its precision.

    `standardise` divides each column by its standard deviation first (constant columns by 1).
    """
    n, d = values.shape
    kind = values.dtype
    mean = values.mean(axis=0, dtype=np.float64)
    centred = np.asarray(values - mean, dtype=kind)
    scale = deviations(centred, mean) if standardise else np.ones(d)
    if standardise:
        centred = np.asarray(centred / scale, dtype=kind)
    if min(n, d) > LARGEST:
        eigenvalues = np.einsum("nd,nd->d", centred, centred, dtype=np.float64)
        return Basis(mean=mean, scale=scale, axes=None, eigenvalues=eigenvalues), centred
    if n < d:
        eigenvalues, left = np.linalg.eigh((centred @ centred.T).astype(np.float64))
        kept = eigenvalues > NEGLIGIBLE * max(eigenvalues[-1], 1e-30)
        eigenvalues = eigenvalues[kept]
        axes = (centred.T @ left[:, kept] / np.sqrt(eigenvalues)).astype(kind)
    else:
        eigenvalues, vectors = np.linalg.eigh((centred.T @ centred).astype(np.float64))
        axes = vectors.astype(kind)
    basis = Basis(mean=mean, scale=scale, axes=axes, eigenvalues=np.maximum(eigenvalues, 0))
    return basis, np.asarray(centred @ axes)


def deviations(centred: NDArray[Precision], mean: NDArray[np.float64]) -> NDArray[np.float64]:
    """The standard deviation of each column of `centred` (n, d), 1 where it is constant."""
    n = max(len(centred), 1)
    spread = np.sqrt(np.einsum("nd,nd->d", centred, centred, dtype=np.float64) / n)
    floor = 1e-6 * np.maximum(np.abs(mean), 1e-6)
    return np.where(spread > floor, spread, 1.0)
