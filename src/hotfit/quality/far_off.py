"""Quantities too far off to be true: so far that they alone would decide every fit and score.

    t_i = |y_i - median| / q90 of |y - median|,    expected beyond t: n * 0.1 * t^-a
    a = log(0.1 / 0.02) / log(t_98)        (tail index between two quantiles, after Hill 1975)

A Pareto tail is the heaviest that real quantities have; one drawn through the 90 % and 98 %
quantiles is heavier than that of normal or log-normal ones. A quantity is too far off where such a
tail would hold it in one of a thousand data sets only, and where those quantities, at most 2 % of
all, hold more than half of the squared deviation: a slip of the keyboard by three digits, not an
expensive house.
"""

import numpy as np
from numpy.typing import NDArray

from hotfit.types import Scores

FEWEST = 100
"""Quantities below which there is no tail to tell."""

RARE = 0.001
"""Of so many data sets one would hold such a quantity by chance."""

MOST = 0.02
"""The part of all quantities that can be too far off; where more are, they are the data."""


def far_off(quantities: Scores) -> NDArray[np.bool_]:
    """Tell which of n finite quantities are too far off to be true, (n,)."""
    n = len(quantities)
    none = np.zeros(n, dtype=np.bool_)
    if n < FEWEST:
        return none
    away = np.abs(quantities - np.median(quantities))
    start, high = (float(np.quantile(away, share, method="lower")) for share in (0.9, 1 - MOST))
    if start <= 0:
        return none
    tail = np.log(0.1 / MOST) / max(np.log(high / start), 0.1)
    limit = float(np.log(0.1 * n / RARE) / tail)
    found = np.log(np.maximum(away, start) / start) > limit
    squares = (away / away.max()) ** 2
    return found if 2 * squares[found].sum() > squares.sum() else none
