"""Images of an odd shape: strips and banners, as bad crops leave them."""

import numpy as np

from hotfit.quality.base import Finding, NotApplicable, Severity
from hotfit.quality.evidence import Evidence

_LONG = 3.0
_TIMES = 2.5  # the usual shape


class OddAspect:
    """Finds images of an odd shape."""

    kind = "odd_aspect"

    def find(self, evidence: Evidence) -> tuple[Finding, ...] | NotApplicable:
        """Compare the longer side by the shorter one with that of most."""
        looks = evidence.looks
        if looks is None or not len(looks.width):
            return NotApplicable(kind=self.kind, reason="the samples are no images")
        shape = np.maximum(looks.width / looks.height, looks.height / looks.width)
        usual = float(np.median(shape))
        rows = np.flatnonzero((shape >= _LONG) & (shape >= _TIMES * usual))
        return tuple(
            Finding(
                kind=self.kind,
                samples=(int(row),),
                likely=0.7,
                score=float(1 - usual / shape[row]),
                severity=Severity.HINT,
                evidence=(
                    f"it is {looks.width[row]:.0f} x {looks.height[row]:.0f} pixels, one side "
                    f"{shape[row]:.1f} times the other; {usual:.1f} is usual"
                ),
            )
            for row in rows[np.argsort(-shape[rows], kind="stable")]
        )
