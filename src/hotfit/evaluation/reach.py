"""How many labels a target asks for, and of which label: the learning curve read the other way.

    n = N ((E / f - a) / (1 - a))^(-1 / c)

for each law (f, a, c) of the ensemble (`evaluation.learning_curve`), E the error that the target
leaves; a law whose floor lies above E never gets there. The answer is the weighted median with the
weighted 10 % and 90 % quantiles, so it is missing where half of the laws never get there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotfit.evaluation.learning_curve import Curve, tidy

SHARE = 0.8
"""Chance that the stated range holds."""

FAR = 100.0
"""Times the labels of today beyond which a curve says nothing."""

MOSTLY = 3
"""Labels named at most."""

HALF = 0.5
"""Share of the errors that the labels named make."""

MANY_LABELS = 3
"""Labels below which naming the worst says nothing."""


@dataclass(frozen=True, kw_only=True)
class Reach:
    """More labels that `target` asks for; None where it is beyond what the curve can say.

    `mostly` names the labels that make most of the errors. Both scores are of `metric`.
    """

    metric: str
    target: float
    today: float
    labels: int
    needed: int | None
    low: int | None
    high: int | None
    mostly: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What to do, in words."""
        goal, today = in_words(self.target, self.metric), in_words(self.today, self.metric)
        if self.needed == 0:
            return f"{goal} is reached: it is {today} today."
        names = [f'"{name}"' for name in self.mostly]
        told = ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)
        mostly = f", mostly {told}" if names else ""
        if self.needed is None:
            if self.low is None:
                return (
                    f"{goal} is beyond what more labels alone are forecast to bring: give each "
                    "example more to learn from, or correct the labels."
                )
            return (
                f"to reach {goal} you need at least {self.low:,} more labels{mostly}; it may take "
                "more than labels."
            )
        high = "or many more" if self.high is None else f"to {self.high:,}"
        return (
            f"to reach {goal} you need about {self.needed:,} more labels{mostly} "
            f"(range {self.low:,} {high})."
        )


def in_words(score: float, metric: str) -> str:
    """A score as a person reads it: a share of right answers in per cent, others by their name."""
    if metric == "accuracy":
        return f"{float(f'{100 * score:.1f}'):g} %"
    return f"{metric.replace('_', ' ').replace('r2', 'R2').replace('f1', 'F1')} {score:.3g}"


def with_range(score: float, low: float, high: float, metric: str) -> str:
    """A score and its range as a person reads them, the metric named once."""
    if metric == "accuracy":
        return f"{in_words(score, metric)} ({100 * low:.1f} to {100 * high:.1f})"
    return f"{in_words(score, metric)} ({low:.3g} to {high:.3g})"


def reach(
    curve: Curve,
    target: float,
    *,
    metric: str = "accuracy",
    names: Sequence[str] = (),
    counts: NDArray[np.float64] | None = None,
    hits: NDArray[np.float64] | None = None,
) -> Reach:
    """Read off the curve where the score is `target`.

    `counts` and `hits` (k,) are the true samples and the right answers of each label in `names`.
    """
    low, middle, high = _labels_for(curve, 1 - target)
    named = () if counts is None or hits is None else _mostly(names, counts - hits)
    return Reach(
        metric=metric,
        target=target,
        today=curve.points[-1].score,
        labels=curve.labels,
        needed=_more(middle, curve.labels),
        low=_more(low, curve.labels),
        high=_more(high, curve.labels),
        mostly=named,
    )


def _labels_for(curve: Curve, error: float) -> tuple[float, float, float]:
    """Labels in all at which the error is `error`: weighted 10 %, 50 % and 90 % quantiles."""
    left = (error / curve.errors - curve.floors) / (1 - curve.floors)
    with np.errstate(divide="ignore", over="ignore"):
        needed = np.where(
            left > 0, curve.labels * np.maximum(left, 1e-12) ** (-1 / curve.rates), np.inf
        )
    needed = np.maximum(needed, curve.labels)
    order = np.argsort(needed)
    place = np.cumsum(curve.weights[order])
    at = [
        float(needed[order[min(int(np.searchsorted(place, q)), len(order) - 1)]])
        for q in ((1 - SHARE) / 2, 0.5, (1 + SHARE) / 2)
    ]
    return at[0], at[1], at[2]


def _more(total: float, labels: int) -> int | None:
    if not np.isfinite(total) or total > FAR * labels:
        return None
    more = total - labels
    return 0 if more < 1 else tidy(more)


def _mostly(names: Sequence[str], errors: NDArray[np.float64]) -> tuple[str, ...]:
    """The fewest labels that make half of the errors; none where that is no news."""
    if len(names) < MANY_LABELS or errors.sum() <= 0:
        return ()
    order = np.argsort(-errors, kind="stable")
    share = np.cumsum(errors[order]) / errors.sum()
    count = min(int(np.searchsorted(share, HALF)) + 1, MOSTLY)
    return tuple(names[place] for place in order[:count])
