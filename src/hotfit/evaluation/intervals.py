"""95 % ranges for scores, also for scores of cross-validated or leave-one-out predictions.

A share p of n samples in G groups. With e_g the summed deviation of group g,
    V    = G/(G-1) * sum e_g^2 / n^2      cluster-robust variance (Liang & Zeger 1986)
    m    = min(p(1-p)/V, G)               effective number of independent samples (Kish 1965)
    m'   = m / widening
    range = Wilson (1927) score range of p at m' with the t quantile of G - 1 degrees of freedom
The Wilson range has positive width at 0 % and 100 %.

`widening` covers what plain ranges leave out when the same samples train and judge. Predictions
share training data, so no unbiased variance of a cross-validated score exists (Bengio &
Grandvalet 2004); naive ranges under-cover the error of the very model that is served (Bates,
Hastie & Tibshirani 2021), and Nadeau & Bengio (2003) add the ratio of test to training size to
the variance, which for leave-one-out amounts to 2. The choice of head and penalty on the same
predictions adds optimism of the order of a fraction of the standard error (Cawley & Talbot 2010),
and few samples a label make one model differ from the next (2.2 times the naive variance was
measured at three samples a label). HELD_OUT = 2 is theirs; `benchmarks/honesty.py` measures that it
holds. Where a head finds no signal its favourite answer differs from training to training, so that
the score of one model varies more: NO_SIGNAL = 2.5. A fresh test set has 1.

Any other score is a smooth function f of mean per-sample statistics: its variance is the delta
method's, sum over groups of (gradient . deviation)^2 (infinitesimal jackknife, Efron 1982). Scores
within 0..1 go through the same Wilson range; R2 is spread on the scale log(1 - R2), with degrees
of freedom for the three means it is made of, and with a standard error of 2/G at least: so far
does R2 move by the error of the mean alone.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotfit.types import Groups, Scores

HELD_OUT = 2.0
"""Variance of a held-out score of the training samples, relative to a fresh test set's."""

NO_SIGNAL = 2.5
"""The same where no signal is seen: what such a head answers differs from training to training."""

FRESH = 1.0

_LEAST = -9.0
"""R2 below this is not told apart: ten times the error of the mean is bad enough."""

Statistic = Callable[[NDArray[np.float64]], float]
"""A score as a function of the means (q,) of per-sample statistics."""


@dataclass(frozen=True, kw_only=True)
class Range:
    """A score and the 95 % range around it."""

    estimate: float
    low: float
    high: float

    @property
    def width(self) -> float:
        """How far the ends lie apart."""
        return self.high - self.low


def quantile(groups: float) -> float:
    """The two-sided 95 % quantile of Student's t with `groups` - 1 degrees of freedom."""
    from scipy.special import stdtrit

    return float(stdtrit(max(groups - 1.0, 2.0), 0.975))


def wilson(share: float, n: float, *, z: float = 1.959964) -> Range:
    """Wilson's range of a share seen in n (not necessarily whole) independent samples."""
    if n <= 0:
        return Range(estimate=share, low=0.0, high=1.0)
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low, high = max(0.0, centre - half), min(1.0, centre + half)
    return Range(estimate=share, low=min(low, share), high=max(high, share))


def group_sums(values: NDArray[np.float64], groups: Groups) -> NDArray[np.float64]:
    """Sum rows of `values` (n, q) within each group, (G, q)."""
    _, place = np.unique(groups, return_inverse=True)
    size = int(place.max()) + 1
    columns = [np.bincount(place, weights=column, minlength=size) for column in values.T]
    return np.stack(columns, axis=1)


def mean_variance(deviations: Scores, groups: Groups) -> tuple[float, int]:
    """Cluster-robust variance of the mean of centred `deviations` (n,), and the group count."""
    sums = group_sums(deviations[:, None], groups)[:, 0]
    count = len(sums)
    if count < 2:
        return float("inf"), count
    return float(count / (count - 1) * np.sum(sums**2) / len(deviations) ** 2), count


def share_range(hits: Scores, groups: Groups, *, widening: float = HELD_OUT) -> Range:
    """Range of the mean of per-sample values between 0 and 1, such as accuracy."""
    share = float(np.mean(hits))
    variance, count = mean_variance(hits - share, groups)
    return bounded_range(share, variance, independent=count, count=count, widening=widening)


def bounded_range(
    estimate: float, variance: float, *, independent: float, count: int, widening: float
) -> Range:
    """Wilson's range of a score in 0..1 with a known variance.

    `independent` caps the effective number of samples; it stands alone where nothing varies.
    """
    spread = estimate * (1 - estimate)
    effective = independent
    if variance > 0 and spread > 0:
        effective = min(spread / variance, independent)
    return wilson(estimate, effective / widening, z=quantile(count))


def influence(
    statistics: NDArray[np.float64], score: Statistic
) -> tuple[float, NDArray[np.float64]]:
    """The score of the means of `statistics` (n, q), and each sample's deviation (n,)."""
    means = statistics.mean(axis=0)
    gradient = np.empty(len(means))
    for j, mean in enumerate(means):
        step = 1e-6 * max(abs(float(mean)), 1e-6)
        up, down = means.copy(), means.copy()
        up[j], down[j] = mean + step, mean - step
        gradient[j] = (score(up) - score(down)) / (2 * step)
    return score(means), (statistics - means) @ gradient


def score_range(
    statistics: NDArray[np.float64],
    score: Statistic,
    groups: Groups,
    *,
    independent: float,
    widening: float = HELD_OUT,
) -> Range:
    """Range of a score in 0..1 that is a smooth function of means, such as F1."""
    estimate, deviations = influence(statistics, score)
    variance, count = mean_variance(deviations, groups)
    return bounded_range(
        estimate, variance, independent=min(independent, count), count=count, widening=widening
    )


def r2_range(
    targets: Scores, predicted: Scores, groups: Groups, *, widening: float = HELD_OUT
) -> Range:
    """Range of R2, spread symmetrically on the scale log(1 - R2)."""
    centred = targets - targets.mean()
    if len(targets) < 2 or not np.any(centred):
        return Range(estimate=0.0, low=_LEAST, high=1.0)
    scale = float(np.mean(centred**2))
    statistics = np.stack(
        [(targets - predicted) ** 2 / scale, centred**2 / scale, centred / math.sqrt(scale)], axis=1
    )

    def log_unexplained(means: NDArray[np.float64]) -> float:
        return math.log(max(float(means[0]), 1e-12) / max(float(means[1] - means[2] ** 2), 1e-12))

    estimate, deviations = influence(statistics, log_unexplained)
    variance, count = mean_variance(deviations, groups)
    free = max(count - 3, 1)
    variance = variance * count / free + (2 / max(count, 2)) ** 2
    half = quantile(free) * math.sqrt(widening * variance)
    return Range(
        estimate=1 - math.exp(estimate),
        low=min(1 - math.exp(estimate), max(_LEAST, 1 - math.exp(min(estimate + half, 700.0)))),
        high=1 - math.exp(estimate - half),
    )


def mean_range(values: Scores, groups: Groups, *, widening: float = HELD_OUT) -> Range:
    """Student's range of the mean of unbounded per-sample values, by groups."""
    mean = float(np.mean(values))
    variance, count = mean_variance(values - mean, groups)
    half = quantile(count) * math.sqrt(widening * variance)
    return Range(estimate=mean, low=mean - half, high=mean + half)
