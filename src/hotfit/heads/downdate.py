"""Distances to class means when a sample, or its whole group, had never been seen.

Discriminant analysis keeps counts n_c, means m_c and the within-class scatter W; with a penalty r
and M = W + r I it scores D_c(x) = (x - m_c)' M^-1 (x - m_c). Leaving out a set G of samples, of
which s_c belong to class c, with residuals R = [x_i - m_yi] (d x s) and a_c = 1 / (n_c - s_c):

    m_c~ = m_c - a_c sum_{i in G_c} r_i
    M~   = M - R K R',     K = I + blockdiag(a_c 1 1')
    M~^-1 = M^-1 + M^-1 R (K^-1 - R' M^-1 R)^-1 R' M^-1,     K^-1 = I - blockdiag(1 1' / n_c)

(Sherman, Morrison, Woodbury; Friedman 1989 uses the rank-one case for regularised discriminant
analysis). Everything follows from inner products under M^-1 that the fit has at hand: `own`
r_i' M^-1 r_j, `cross` r_i' M^-1 m_c and `gap` (m_yi - m_c)' M^-1 (m_yi - m_c).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hotfit.types import Codes

Reals = NDArray[np.floating[Any]]

MARGIN = 1e-6
"""Smallest pivot: 1 - leverage below it means that nothing else determines that direction."""


def without_sample(
    *, own: NDArray[np.float64], cross: Reals, gap: Reals, codes: Codes, counts: Codes
) -> Reals:
    """Distances (n, k) of each sample to all classes, the sample itself left out.

    `own` (n,), `cross` and `gap` (n, k), `codes` (n,), `counts` (k,). A class that loses its only
    sample keeps its old mean; the caller rules it out by prior.
    """
    kind = cross.dtype.type
    rows = np.arange(len(codes))
    size = counts[codes].astype(np.float64)
    grow = np.where(size > 1, size / np.maximum(size - 1, 1), 1.0)
    pivot = np.maximum(1 - grow * own, MARGIN)
    shift = cross[rows, codes][:, None] - cross
    leverage = own.astype(kind)[:, None] + shift
    distance = gap + shift
    distance += leverage
    leverage *= leverage
    leverage *= (grow / pivot).astype(kind)[:, None]
    distance += leverage
    distance[rows, codes] = (grow**2 * own / pivot).astype(kind)
    return np.asarray(distance)


def without_group(
    *, own: NDArray[np.float64], cross: Reals, gap: Reals, codes: Codes, counts: Codes
) -> NDArray[np.float64]:
    """Distances (m, s, k) of the s members of m groups to all classes, their group left out.

    `own` (m, s, s) holds the inner products among the residuals of each group, `cross` and `gap`
    (m, s, k), `codes` (m, s), `counts` (k,).
    """
    m, s, k = cross.shape
    member = np.zeros((m, s, k))
    np.put_along_axis(member, codes[:, :, None], 1.0, axis=2)
    left = counts - member.sum(axis=1)
    inverse = np.where(left > 0, 1 / np.maximum(left, 1), 0.0)
    same = codes[:, :, None] == codes[:, None, :]
    vanished = np.take_along_axis(left, codes, axis=1) <= 0
    # A class that vanishes leaves a null direction (its residuals sum to 0); any pivot will do.
    pivot = np.eye(s) - np.where(same & ~vanished[:, :, None], 1 / counts[codes][:, :, None], 0.0)
    pivot = pivot - own
    values, vectors = np.linalg.eigh((pivot + pivot.transpose(0, 2, 1)) / 2)
    values = np.maximum(values, MARGIN)
    to_class = own @ member * inverse[:, None, :]
    base = np.take_along_axis(cross, codes[:, None, :].repeat(s, axis=1), axis=2)
    # along[g, j, i, c] = r_j' M^-1 (x_i - new mean of c)
    along = (own + base)[:, :, :, None] - cross[:, :, None, :] + to_class[:, :, None, :]
    owner = np.arange(s)
    squared = own[:, owner, owner][:, :, None] + gap
    squared = squared + 2 * (base[:, owner, owner][:, :, None] - cross)
    moved = member * inverse[:, None, :]
    squared = squared + 2 * np.einsum("gjc,gjic->gic", moved, along)
    squared = squared - ((own @ moved) * moved).sum(axis=1)[:, None, :]
    turned = np.einsum("gjp,gjic->gpic", vectors, along)
    return np.asarray(squared + np.einsum("gpic,gp->gic", turned**2, 1 / values))
