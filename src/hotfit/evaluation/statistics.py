"""What held-out answers say of each label: precision and recall with ranges, cost, confusions.

Ranges are Wilson's at n / 1.5 independent samples (`intervals.HELD_OUT`). The cost of a label is
the share of all samples that would be answered rightly if the label were found as well as labels of
the usual size or more are found together:

    cost_c = max(0, r - recall_c) n_c / n,    r = sum of hits / sum of n over c with n_c >= median
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hotfit.evaluation.intervals import HELD_OUT, wilson
from hotfit.evaluation.metrics import Counts, confusions, label_counts, tag_counts
from hotfit.types import Codes, Scores

MOST = 50
"""Confusions that are told."""

LEAST = 2
"""Samples below which a confusion may be chance."""


@dataclass(frozen=True, kw_only=True)
class Share:
    """A share of n, with its 95 % range."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, hits: float, n: float) -> "Share | None":
        """`hits` of n held-out samples; None of none."""
        if n <= 0:
            return None
        reach = wilson(hits / n, n / HELD_OUT)
        return cls(value=reach.estimate, low=reach.low, high=reach.high)


@dataclass(frozen=True, kw_only=True)
class LabelStatistics:
    """A label of n samples; `precision` is None where it was never answered."""

    n: int
    precision: Share | None
    recall: Share | None
    cost: float


def of_labels(targets: Codes, held_out: Scores, names: Sequence[str]) -> dict[str, LabelStatistics]:
    """Statistics of k labels from n label indices and (n, k) held-out probabilities."""
    return _statistics(*label_counts(targets, held_out.argmax(axis=1), len(names)), names)


def of_tags(
    tags: Any, held_out: Scores, thresholds: Scores, names: Sequence[str]
) -> dict[str, LabelStatistics]:
    """Statistics of k tags from (n, k) statements and held-out probabilities."""
    said, true = tag_counts(tags, held_out, thresholds)
    hits, many, there = (part.sum(axis=0).astype(np.float64) for part in (said & true, said, true))
    return _statistics(hits, many, there, names)


def _statistics(
    hits: Counts, said: Counts, true: Counts, names: Sequence[str]
) -> dict[str, LabelStatistics]:
    usual = true >= np.median(true[true > 0]) if (true > 0).any() else true > 0
    reference = float(hits[usual].sum() / max(true[usual].sum(), 1.0))
    missed = np.maximum(reference * true - hits, 0.0) / max(float(true.sum()), 1.0)
    return {
        name: LabelStatistics(
            n=int(true[code]),
            precision=Share.of(float(hits[code]), float(said[code])),
            recall=Share.of(float(hits[code]), float(true[code])),
            cost=float(missed[code]),
        )
        for code, name in enumerate(names)
    }


def worth_fixing(targets: Codes, held_out: Scores, names: Sequence[str]) -> list[dict[str, Any]]:
    """The confusions, most frequent first, with the share of all mistakes that each is."""
    wrong = int((held_out.argmax(axis=1) != targets).sum())
    counts = np.bincount(targets, minlength=len(names))
    size = dict(zip(names, counts.tolist(), strict=True))
    found = confusions(targets, held_out, names, most=MOST)
    return [
        {
            "from": one.true,
            "to": one.predicted,
            "count": one.n,
            "share": one.n / wrong,
            "sentence": (
                f"{one.n:,} of {size[one.true]:,} {one.true!r} are taken for {one.predicted!r}: "
                f"{100 * one.n / wrong:.0f} % of all mistakes"
            ),
        }
        for one in found
        if one.n >= LEAST
    ]
