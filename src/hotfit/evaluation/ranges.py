"""Ranges that hold the truth nine times of ten, from held-out errors (conformal prediction).

    range(x) = f(x) + s(x) [q_low, q_high],   e_i = (y_i - f_-i(x_i)) / s(x_i)

q_low and q_high are the ceil((n + 1) (1 - a/2))-th smallest of -e_i and e_i, so that each side is
missed by at most a/2 (Vovk et al. 2005; with leave-group-out predictions: jackknife+ and CV+,
Barber et al. 2021, Vovk 2015). s is the error to expect where x is, or 1 (Lei et al. 2018).
Every group of repeats counts as its mean share, so that copies do not narrow the range.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotfit.types import Groups, Scores

COVERAGE = 0.9
"""The share of new samples that ranges hold."""

FEW = 60
"""Samples below which both sides share one quantile: a side's own would rest on single samples."""


@dataclass(frozen=True, kw_only=True)
class Margins:
    """How far a range reaches below (`low`, negative) and above (`high`) in units of the spread."""

    low: float
    high: float


def margins(
    targets: Scores, held_out: Scores, spread: Scores, groups: Groups, *, coverage: float = COVERAGE
) -> Margins:
    """Conformal margins from n true quantities, their held-out answers and spreads (n,)."""
    errors = (targets - held_out) / spread
    _, place, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    weights = 1 / sizes[place]
    if len(sizes) < FEW:
        reach = _quantile(np.abs(errors), weights, coverage)
        return Margins(low=-reach, high=reach)
    side = (1 + coverage) / 2
    return Margins(low=-_quantile(-errors, weights, side), high=_quantile(errors, weights, side))


def _quantile(values: Scores, weights: Scores, share: float) -> float:
    """The weighted quantile with one more value of weight 1 at the top; the top where beyond."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    at = int(np.searchsorted(reached, share * (reached[-1] + 1) - 1e-9))
    return float(values[order[min(at, len(values) - 1)]])


def interval_score(
    targets: Scores, low: Scores, high: Scores, *, coverage: float = COVERAGE
) -> float:
    """Mean width plus 2/a for every unit missed by: least for the best ranges (Winkler 1972)."""
    missed = np.maximum(low - targets, 0) + np.maximum(targets - high, 0)
    return float(np.mean(high - low + 2 / (1 - coverage) * missed))


def share_within(targets: Scores, low: Scores, high: Scores) -> float:
    """The share of true quantities that lie in their range."""
    within: NDArray[np.bool_] = (low <= targets) & (targets <= high)
    return float(within.mean())
