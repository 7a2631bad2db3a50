"""Labels with too few samples to be learned or judged."""

import numpy as np
from numpy.typing import NDArray

from hotfit.quality.base import Finding, NotApplicable, Severity
from hotfit.quality.evidence import Evidence

_FEW = 10
_TOO_FEW = 5


class ThinLabel:
    """Finds labels that fewer than ten samples carry."""

    kind = "thin_label"

    def find(self, evidence: Evidence) -> tuple[Finding, ...] | NotApplicable:
        """Look at every label name, thinnest first."""
        if evidence.codes is None or not evidence.labels:
            return NotApplicable(kind=self.kind, reason="there are no labels")
        codes = evidence.codes
        counts = np.bincount(codes[codes >= 0], minlength=len(evidence.labels))
        order = np.argsort(counts, kind="stable")
        return tuple(
            self._finding(evidence.labels[code], int(counts[code]), np.flatnonzero(codes == code))
            for code in order
            if counts[code] < _FEW
        )

    def _finding(self, label: str, count: int, rows: NDArray[np.int64]) -> Finding:
        samples = "sample carries" if count == 1 else "samples carry"
        return Finding(
            kind=self.kind,
            samples=tuple(rows.tolist()),
            label=label,
            about=label,
            likely=1.0,
            score=1 - count / _FEW,
            severity=Severity.LIKELY if count < _TOO_FEW else Severity.HINT,
            evidence=f"{count} {samples} {label!r}; about {_FEW - count} more let it be judged",
        )
