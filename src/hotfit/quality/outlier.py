"""Samples unlike all others: off-topic, or of another kind of thing altogether.

    far_i = 1 - mean of the 5 greatest cosines to samples of other groups,
    z_i = (far_i - median) / (1.4826 median |far - median|)

A sample is an outlier where z is beyond what data of one topic reaches (Hampel 1974). Where samples
are of all kinds anyway, nothing is far from everything, and nothing is said. A row of a table is
one where a number in it is too far off to be true (`far_off`).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from hotfit.quality.base import Finding, NotApplicable, Severity
from hotfit.quality.columns import Column
from hotfit.quality.evidence import Evidence
from hotfit.quality.far_off import far_off
from hotfit.types import Cell

_LEAST_SAMPLES = 100
_NEAREST = 5
_FAR = 5.5
_CONSISTENT = 1.4826
_LEAST_SPREAD = 0.01
_TOLD = 3  # columns of one row


class Outlier:
    """Finds samples unlike all others."""

    kind = "outlier"

    def find(self, evidence: Evidence) -> tuple[Finding, ...] | NotApplicable:
        """Look at how far each sample is from its nearest, and each number of a table from all."""
        if evidence.columns is not None:
            return tuple(_of_columns(evidence.columns))
        nearest = evidence.nearest
        if nearest is None or nearest.cosines.shape[1] < _NEAREST:
            return NotApplicable(kind=self.kind, reason="there are no vectors to compare")
        if len(nearest.cosines) < _LEAST_SAMPLES:
            return NotApplicable(kind=self.kind, reason="there are too few samples to compare")
        closest = -np.partition(-nearest.cosines, _NEAREST - 1, axis=1)[:, :_NEAREST]
        far = 1 - np.maximum(closest, -1).mean(axis=1, dtype=np.float64)
        middle = float(np.median(far))
        spread = max(_CONSISTENT * float(np.median(np.abs(far - middle))), _LEAST_SPREAD)
        beyond = (far - middle) / spread
        rows = np.flatnonzero(beyond > _FAR)
        rows = rows[np.argsort(-beyond[rows], kind="stable")]
        return tuple(
            Finding(
                kind=self.kind,
                samples=(int(row),),
                likely=0.5,
                score=float(1 - _FAR / beyond[row] / 2),
                severity=Severity.HINT,
                evidence="nothing in the data is like it: it may be off the topic",
            )
            for row in rows
        )


def _of_columns(columns: Mapping[str, Sequence[Cell]]) -> Iterator[Finding]:
    told: dict[int, list[str]] = defaultdict(list)
    for name, cells in columns.items():
        numbers = Column.of(name, cells).numbers
        if numbers is None:
            continue
        known = np.flatnonzero(np.isfinite(numbers))
        off = far_off(numbers[known])
        if not off.any():
            continue
        low, high = np.quantile(numbers[known[~off]], [0.05, 0.95])
        for row in known[off].tolist():
            usual = f"where nine in ten lie between {low:,.6g} and {high:,.6g}"
            told[row].append(f"{name!r} is {numbers[row]:,.15g}, {usual}")
    for row in sorted(told):
        yield Finding(
            kind=Outlier.kind,
            samples=(row,),
            likely=0.8,
            score=0.9,
            severity=Severity.LIKELY,
            evidence=f"{'; '.join(told[row][:_TOLD])}: it may be a slip",
        )
