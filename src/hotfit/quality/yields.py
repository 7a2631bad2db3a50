"""How many findings of a list are really wrong, sharpened by what a person said of some.

Each finding states a probability p that a look confirms it. Of those looked at, a were accepted
and d dismissed, and their mean p was m. The share confirmed among such is r ~ Beta(κm + a,
κ(1-m) + d), as if the statement itself had been seen κ times; with nothing looked at, m is the
mean of all. What is left is shifted on the log-odds scale by as much as r differs from m:

    p' = logistic(logit p + logit r - logit m),    expected = sum p'

(the intercept update of logistic recalibration, Cox 1958, with a beta-binomial posterior). The 95 %
range takes r at its 2.5 % and 97.5 % quantiles, and adds the chance of the draws themselves.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

KAPPA = 10.0
"""Looks that a stated probability weighs as much as."""

LEAST = 0.01


@dataclass(frozen=True, kw_only=True)
class Yield:
    """How many of n open findings a look would confirm, and the 95 % range of that."""

    expected: float
    low: float
    high: float
    probabilities: NDArray[np.float64]


def expected_yield(
    unseen: Sequence[float], *, accepted: Sequence[float] = (), dismissed: Sequence[float] = ()
) -> Yield:
    """Foretell the open findings, of stated probabilities `unseen`, from those looked at."""
    from scipy.special import betaincinv

    stated = np.clip(np.asarray(unseen, dtype=np.float64), LEAST, 1 - LEAST)
    seen = np.clip(np.array([*accepted, *dismissed], dtype=np.float64), LEAST, 1 - LEAST)
    if not len(stated):
        return Yield(expected=0.0, low=0.0, high=0.0, probabilities=stated)
    mean = float(seen.mean()) if len(seen) else float(stated.mean())
    right, wrong = KAPPA * mean + len(accepted), KAPPA * (1 - mean) + len(dismissed)
    middle = _shifted(stated, right / (right + wrong), mean)
    low, high = (_shifted(stated, float(betaincinv(right, wrong, q)), mean) for q in (0.025, 0.975))
    chance = 1.96 * math.sqrt(float((middle * (1 - middle)).sum()))
    expected = float(middle.sum())
    return Yield(
        expected=expected,
        low=max(0.0, expected - math.hypot(expected - float(low.sum()), chance)),
        high=min(float(len(stated)), expected + math.hypot(float(high.sum()) - expected, chance)),
        probabilities=middle,
    )


def _shifted(stated: NDArray[np.float64], share: float, mean: float) -> NDArray[np.float64]:
    share = min(max(share, 1e-6), 1 - 1e-6)
    shift = math.log(share / (1 - share)) - math.log(mean / (1 - mean))
    moved: NDArray[np.float64] = 1 / (1 + np.exp(-(np.log(stated / (1 - stated)) + shift)))
    return moved
