"""Pairs of labels that cannot be told apart: each is taken for the other nearly as often as not.

With e_ab the share of samples of a that held-out probabilities answer b among those answered a or
b, the overlap of a pair is min(e_ab + e_ba, 1): 0 where the two are always told apart, 1 where a
coin would do as well. A pair is told where the 95 % lower bound (Wilson 1927) of it is above 0.6.
"""

import numpy as np
from numpy.typing import NDArray

from hotfit.evaluation.intervals import wilson
from hotfit.quality.base import Finding, NotApplicable, Severity
from hotfit.quality.evidence import Evidence
from hotfit.types import Codes, Scores

_LEAST_SAMPLES = 10
_OVERLAP = 0.6


class OverlappingLabels:
    """Finds pairs of labels that overlap."""

    kind = "overlapping_labels"

    def find(self, evidence: Evidence) -> tuple[Finding, ...] | NotApplicable:
        """Look at every pair that is ever confused."""
        if evidence.codes is None or evidence.held_out is None:
            return NotApplicable(kind=self.kind, reason="there are no labels with held-out scores")
        if evidence.held_out.shape[1] < 3:
            return NotApplicable(kind=self.kind, reason="of two labels the verdict says it all")
        counts = confusion(evidence.codes, evidence.held_out)
        found = []
        for a, b in np.argwhere(np.triu(counts + counts.T, 1) > 0).tolist():
            if min(counts[a].sum(), counts[b].sum()) < _LEAST_SAMPLES:
                continue
            overlap, low = _overlap(counts, a, b)
            if low >= _OVERLAP:
                found.append(self._finding(evidence, a, b, overlap))
        return tuple(sorted(found, key=lambda finding: -finding.score))

    def _finding(self, evidence: Evidence, a: int, b: int, overlap: float) -> Finding:
        one, two = evidence.labels[a], evidence.labels[b]
        return Finding(
            kind=self.kind,
            label=one,
            suggested=two,
            about=f"{one}\x1f{two}",
            likely=0.8,
            score=overlap,
            severity=Severity.LIKELY,
            evidence=(
                f"{overlap / 2:.0%} of the samples labelled {one!r} or {two!r} are taken for the "
                "other; a coin would take half"
            ),
        )


def confusion(codes: Codes, held_out: Scores) -> NDArray[np.int64]:
    """Count the samples of each label by what is answered, (k, k)."""
    k = held_out.shape[1]
    rows = codes >= 0
    cells = codes[rows] * k + held_out[rows].argmax(axis=1)
    return np.bincount(cells, minlength=k * k).reshape(k, k)


def _overlap(counts: NDArray[np.int64], a: int, b: int) -> tuple[float, float]:
    """The overlap of two labels and its lower bound."""
    shares, lows = 0.0, 0.0
    for one, other in ((a, b), (b, a)):
        n = int(counts[one, one] + counts[one, other])
        if n == 0:
            return 0.0, 0.0
        reach = wilson(counts[one, other] / n, n)
        shares, lows = shares + reach.estimate, lows + reach.low
    return min(shares, 1.0), min(lows, 1.0)
