"""How a score grows with labels, and what twice or five times the labels would bring.

Error follows an inverse power law in the number of labels (Cortes et al. 1993; Figueroa et al.
2012; Viering & Loog 2022):
    e(n) = f * (a + (1 - a) * (n / N)^-c)
f is the error at the N labels of today, a the part of it that no number of labels removes, c the
rate. Instead of one fit, every (f, a, c) of a grid is weighed by its likelihood and a prior, and
the forecast is the weighted median with weighted quantiles around it. With one point the prior
speaks alone, so that the range is wide instead of absent.

    log c ~ N(log r, 0.4),  r = 1.5 sqrt(k / N), half of it for tables;  p(a) ~ 1 - a

for k possible answers: the first examples of an answer teach most. Points are judged on the same
samples, so that their scores err together while the steps between them hardly do: the likelihood is
that of today's score and of the steps,
    e_j - e_j+1 = e(n_j) - e(n_j+1) + noise,  variance step_j^2 + (0.07 f log(N / n_j))^2
where the last term grants that few labels follow another law than many. The constants of r were
fitted on seventeen tasks of texts, images and rows, none of them of a set that
`benchmarks/forecast.py` measures; both widths are round numbers near the best.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_FLOORS = np.linspace(0.0, 0.95, 20)
_RATES = np.geomspace(0.03, 2.0, 24)
_SHIFTS = np.linspace(-2.5, 2.5, 15)
_RATE_WIDTH = 0.4
_MISFIT = 0.07

FEWEST_EACH, MOST_EACH = 3.0, 200.0
"""Labels an answer between which the usual rate is known."""

RATE = 0.3
"""The rate of a set of which nothing is known."""


@dataclass(frozen=True, kw_only=True)
class CurvePoint:
    """A `score` (1 is perfect) reached with `labels` labels; `spread` is its standard error.

    `step` is that of the difference to the next point's score, None where they err independently.
    """

    labels: int
    score: float
    spread: float
    step: float | None = None


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


def usual_rate(labels: int, *, answers: int, table: bool) -> float:
    """The rate to expect with `labels` labels of `answers` possible answers, nothing measured."""
    each = min(max(labels / max(answers, 2), FEWEST_EACH), MOST_EACH)
    return 1.5 / math.sqrt(each) * (0.5 if table else 1.0)


def fit_curve(points: Sequence[CurvePoint], *, rate: float = RATE) -> Curve:
    """Weigh the laws by the points; the one with most labels is today's.

    `rate` is the one to expect (`usual_rate`).
    """
    points = tuple(sorted(points, key=lambda point: point.labels))
    today = points[-1]
    error, spread = max(1 - today.score, 1e-4), max(today.spread, 1e-4)
    grid = np.meshgrid(error + _SHIFTS * spread, _FLOORS, _RATES, indexing="ij")
    errors, floors, rates = (axis.ravel() for axis in grid)
    possible = errors >= 0.15 * error
    errors, floors, rates = errors[possible], floors[possible], rates[possible]
    fit = np.log(1 - floors) - 0.5 * (np.log(rates / rate) / _RATE_WIDTH) ** 2
    fit -= 0.5 * ((error - errors) / spread) ** 2
    after, expected_after = today, errors
    for point in reversed(points[:-1]):
        times = point.labels / today.labels
        expected = errors * (floors + (1 - floors) * times**-rates)
        variance = _step_variance(point, after) + (_MISFIT * error * math.log(times)) ** 2
        fit -= 0.5 * (after.score - point.score - expected + expected_after) ** 2 / variance
        after, expected_after = point, expected
    weights = np.exp(fit - fit.max())
    return Curve(
        points=points,
        labels=today.labels,
        errors=errors,
        floors=floors,
        rates=rates,
        weights=weights / weights.sum(),
    )


def _step_variance(point: CurvePoint, after: CurvePoint) -> float:
    if point.step is None:
        return max(point.spread**2 + after.spread**2, 1e-8)
    return max(point.step**2, 1e-8)


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
