"""Samples of a label without an example, where its name says nothing: those new in company.

    q(x) = min_l 1 - cos(x, l),       l: what has an answer
    s(x) = q(x) + mean of q over the nearest of x

One sample that is far from all that is known may be an odd one of a known label; a few that are far
and near each other are likely a label not seen yet.
"""

import numpy as np
from numpy.typing import NDArray

from hotfit.types import Vectors

COMPANY = 4
"""Nearest samples that must be new as well."""

COMPARED = 1000
"""Samples that are compared with each other, others for each batch."""

KNOWN = 2000
"""Samples with an answer that they are compared with."""


def novelty(vectors: Vectors, known: Vectors) -> NDArray[np.float64]:
    """How new each of `vectors` (m, d) is beside `known` (n, d), all of length 1, (m,)."""
    new = 1 - (vectors @ known.T).max(axis=1)
    company = min(COMPANY, len(vectors) - 1)
    if company < 1:
        return np.asarray(new, dtype=np.float64)
    alike = vectors @ vectors.T
    np.fill_diagonal(alike, -2)
    nearest = np.argpartition(alike, len(vectors) - company, axis=1)[:, -company:]
    return np.asarray(new + new[nearest].mean(axis=1), dtype=np.float64)
