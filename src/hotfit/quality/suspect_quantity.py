"""Quantities that look wrong: far beyond what held-out predictions ever miss by elsewhere.

    outlying_i = |y_i - f_-i| / q90,    q90 the 90 % quantile of |y - f_-i| among like predictions

Errors have heavy tails, so the yardstick is where the tail begins and not a standard deviation:
five times it is 8 standard deviations of a normal error and one in 100,000 of an exponential one.
Like predictions are the tenth that the prediction falls in, as larger quantities miss by more.
"""

import numpy as np

from hotfit.quality.base import Finding, NotApplicable, Severity
from hotfit.quality.evidence import Evidence
from hotfit.types import Scores

_FAR = 5.0
_VERY_FAR = 10.0
_LEAST_SAMPLES = 50
_TENTHS = 10


class SuspectQuantity:
    """Finds quantities that look wrong."""

    kind = "suspect_quantity"

    def find(self, evidence: Evidence) -> tuple[Finding, ...] | NotApplicable:
        """Look at what held-out predictions miss by; farthest first."""
        target, held_out = evidence.target, evidence.held_out
        if target is None or held_out is None:
            return NotApplicable(kind=self.kind, reason="there are no held-out quantities")
        if len(target) < _LEAST_SAMPLES:
            return NotApplicable(kind=self.kind, reason="there are too few quantities to compare")
        outlying = outlyingness(target, held_out)
        rows = np.flatnonzero(outlying > _FAR)
        rows = rows[np.argsort(-outlying[rows], kind="stable")]
        return tuple(
            self._finding(int(row), float(outlying[row]), target, held_out) for row in rows
        )

    def _finding(self, row: int, outlying: float, target: Scores, held_out: Scores) -> Finding:
        return Finding(
            kind=self.kind,
            samples=(row,),
            label=f"{target[row]:.6g}",
            suggested=f"{held_out[row]:.6g}",
            score=1 - _FAR / outlying / 2,
            severity=Severity.LIKELY if outlying > _VERY_FAR else Severity.HINT,
            evidence=(
                f"{target[row]:.6g} is {outlying:.0f} times farther from the expected "
                f"{held_out[row]:.6g} than nine in ten such quantities are"
            ),
        )


def outlyingness(target: Scores, held_out: Scores) -> Scores:
    """How many times farther off than nine in ten like quantities each of n is, (n,)."""
    errors = np.abs(target - held_out)
    edges = np.quantile(held_out, np.linspace(0, 1, _TENTHS + 1)[1:-1])
    tenth = np.searchsorted(edges, held_out)
    least = max(float(np.quantile(errors, 0.5)), 1e-12 * max(float(np.abs(target).max()), 1e-300))
    outlying: Scores = np.zeros(len(target))
    for part in range(_TENTHS):
        rows = tenth == part
        if rows.any():
            outlying[rows] = errors[rows] / max(float(np.quantile(errors[rows], 0.9)), least)
    return outlying
