"""Images that show nothing: one colour all over, near-black among them."""

import numpy as np

from hotfit.quality.base import Finding, NotApplicable, Severity
from hotfit.quality.evidence import Evidence

FLAT = 0.02
"""Deviation of brightness below which nothing can be seen."""

_DARK = 0.1


class BlankImage:
    """Finds images that show nothing."""

    kind = "blank_image"

    def find(self, evidence: Evidence) -> tuple[Finding, ...] | NotApplicable:
        """Look at the contrast of each image."""
        looks = evidence.looks
        if looks is None or not len(looks.width):
            return NotApplicable(kind=self.kind, reason="the samples are no images")
        rows = np.flatnonzero(looks.contrast < FLAT)
        return tuple(
            Finding(
                kind=self.kind,
                samples=(int(row),),
                score=float(1 - looks.contrast[row] / FLAT / 10),
                severity=Severity.LIKELY,
                evidence=(
                    f"it is {'near-black' if looks.brightness[row] < _DARK else 'of one colour'}: "
                    "there is nothing to be seen"
                ),
            )
            for row in rows
        )
