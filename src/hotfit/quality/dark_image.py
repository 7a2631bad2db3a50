"""Images that are too dark: their brightest parts are darker than the middle of most."""

import numpy as np

from hotfit.quality.base import Finding, NotApplicable, Severity
from hotfit.quality.blank_image import FLAT
from hotfit.quality.evidence import Evidence

_DARK = 0.18  # of the greatest brightness
_USUAL = 0.4  # where most images are darker, darkness is how they are


class DarkImage:
    """Finds dark images."""

    kind = "dark_image"

    def find(self, evidence: Evidence) -> tuple[Finding, ...] | NotApplicable:
        """Look at the brightest twentieth of each image."""
        looks = evidence.looks
        if looks is None or not len(looks.width):
            return NotApplicable(kind=self.kind, reason="the samples are no images")
        if float(np.median(looks.brightest)) < _USUAL:
            return ()
        rows = np.flatnonzero((looks.brightest < _DARK) & (looks.contrast >= FLAT))
        return tuple(
            Finding(
                kind=self.kind,
                samples=(int(row),),
                likely=0.8,
                score=float(1 - looks.brightest[row]),
                severity=Severity.HINT,
                evidence=f"its brightest parts have {looks.brightest[row]:.0%} of full brightness",
            )
            for row in rows[np.argsort(looks.brightest[rows], kind="stable")]
        )
