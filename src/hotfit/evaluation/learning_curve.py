"""How a score grows with labels, and what twice or five times the labels would bring.

Error follows an inverse power law in the number of labels (Cortes et al. 1993; Figueroa et al.
2012; Viering & Loog 2022):
    e(n) = f * (a + (1 - a) * (n / N)^-c)
f is the error at the N labels of today, a the part of it that no number of labels removes, c the
rate. Instead of one fit, every (f, a, c) of a grid is weighed by its likelihood and a prior
(c near 0.4, log-normal, 0.5 wide: the range that Viering & Loog report; a uniform), and the
forecast is the weighted median with weighted quantiles around it. With one point the prior
speaks alone, so that the range is wide instead of absent.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotfit.types import Groups

FRACTIONS = (0.125, 0.25, 0.5)
_FLOORS = np.linspace(0.0, 0.95, 20)
_RATES = np.geomspace(0.08, 1.5, 20)
_SHIFTS = np.linspace(-2.5, 2.5, 15)


@dataclass(frozen=True, kw_only=True)
class CurvePoint:
    """A `score` (1 is perfect) reached with `labels` labels; `spread` is its standard error."""

    labels: int
    score: float
    spread: float


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """The score to expect with `labels` labels, and the range around it."""

    labels: int
    score: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Curve:
    """The weighed ensemble of laws behind the forecasts.

    `errors` f, `floors` a, `rates` c and `weights` (sum 1) have one entry per law.
    """

    points: tuple[CurvePoint, ...]
    labels: int
    errors: NDArray[np.float64]
    floors: NDArray[np.float64]
    rates: NDArray[np.float64]
    weights: NDArray[np.float64]

    def forecast(self, labels: int, *, share: float = 0.9) -> Forecast:
        """The score to expect with `labels` labels in all, and the range of `share` chance."""
        scores = 1 - law(self, labels)
        order = np.argsort(scores)
        place = np.cumsum(self.weights[order])
        low, middle, high = (
            float(scores[order[min(int(np.searchsorted(place, q)), len(order) - 1)]])
            for q in ((1 - share) / 2, 0.5, (1 + share) / 2)
        )
        return Forecast(labels=labels, score=middle, low=low, high=high)

    def gain(self, times: float) -> float:
        """The expected part of today's error that `times` the labels would remove, 0 to 1."""
        left = law(self, self.labels * times) / self.errors
        return float(1 - np.sum(self.weights * left))


def law(curve: Curve, labels: float) -> NDArray[np.float64]:
    """The error with `labels` labels under each law of the ensemble."""
    shrink = (labels / curve.labels) ** -curve.rates
    return np.asarray(curve.errors * (curve.floors + (1 - curve.floors) * shrink))


def fit_curve(points: Sequence[CurvePoint]) -> Curve:
    """Weigh the laws by the points; the one with most labels is today's."""
    points = tuple(sorted(points, key=lambda point: point.labels))
    today = points[-1]
    error, spread = max(1 - today.score, 1e-4), max(today.spread, 1e-4)
    grid = np.meshgrid(error + _SHIFTS * spread, _FLOORS, _RATES, indexing="ij")
    errors, floors, rates = (axis.ravel() for axis in grid)
    possible = errors > 0
    errors, floors, rates = errors[possible], floors[possible], rates[possible]
    fit = -0.5 * (np.log(rates / 0.4) / 0.5) ** 2
    for point in points:
        shrink = (point.labels / today.labels) ** -rates
        expected = errors * (floors + (1 - floors) * shrink)
        fit -= 0.5 * ((1 - point.score - expected) / max(point.spread, 1e-4)) ** 2
    weights = np.exp(fit - fit.max())
    return Curve(
        points=points,
        labels=today.labels,
        errors=errors,
        floors=floors,
        rates=rates,
        weights=weights / weights.sum(),
    )


def measure(
    refit: Callable[[NDArray[np.int64]], tuple[float, float]],
    groups: Groups,
    *,
    seed: int,
    fewest: int = 20,
) -> tuple[CurvePoint, ...]:
    """Score fits on nested random parts of the samples: an eighth, a quarter and a half.

    `refit(rows)` trains on those rows alone and answers (score on samples it has not seen,
    standard error). Groups stay whole; parts under `fewest` samples are left out.
    """
    rng = np.random.default_rng(seed)
    _, place = np.unique(groups, return_inverse=True)
    rank = rng.permutation(int(place.max()) + 1)[place]
    order = np.argsort(rank, kind="stable")
    points = []
    for fraction in FRACTIONS:
        size = round(fraction * len(groups))
        if size < fewest:
            continue
        rows = np.sort(np.flatnonzero(rank <= rank[order[size - 1]]))
        score, spread = refit(rows)
        points.append(CurvePoint(labels=len(rows), score=score, spread=spread))
    return tuple(points)


@dataclass(frozen=True, kw_only=True)
class More:
    """`labels` more of label `name` would add about `gain` to the share of right answers."""

    name: str
    labels: int
    gain: float


def cheapest(
    names: Sequence[str], counts: NDArray[np.float64], hits: NDArray[np.float64], curve: Curve
) -> More | None:
    """The label whose doubling buys most right answers per new label; None where none helps.

    `counts` and `hits` (k,) are true samples and right answers per label. The error of a label is
    drawn to the overall error by two samples' weight, and falls with its own count along the
    curve: doubling n_l of N samples adds share_l * error_l * curve.gain(2).
    """
    present = counts > 0
    if not present.any() or counts.sum() < 20:
        return None
    overall = 1 - hits.sum() / counts.sum()
    errors = (counts - hits + 2 * overall) / (counts + 2)
    added = np.clip(counts, 5, 200)
    removed = np.array(
        [curve.gain(1 + more / max(n, 1)) for more, n in zip(added, counts, strict=True)]
    )
    gains = counts / counts.sum() * errors * removed
    best = int(np.argmax(np.where(present, gains / added, -1.0)))
    if gains[best] < 0.0005:
        return None
    return More(name=names[best], labels=tidy(float(added[best])), gain=float(gains[best]))


def tidy(number: float) -> int:
    """Round to one significant digit, or to fives from 10 up: an estimate should look like one."""
    if number < 10:
        return max(1, round(number))
    return int(5 * round(number / 5)) if number < 100 else int(10 * round(number / 10))
