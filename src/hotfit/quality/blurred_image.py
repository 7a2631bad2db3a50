"""Images out of focus: hardly any contrast between neighbouring pixels, as the others have it."""

import numpy as np

from hotfit.quality.base import Finding, NotApplicable, Severity
from hotfit.quality.blank_image import FLAT
from hotfit.quality.evidence import Evidence

_LEAST_IMAGES = 30
_SHARE = 0.15  # of the usual sharpness; the softest of five sets of photographs has 0.18
_LEAST_SIDE = 48  # pixels; smaller images are never sharp


class BlurredImage:
    """Finds blurred images."""

    kind = "blurred_image"

    def find(self, evidence: Evidence) -> tuple[Finding, ...] | NotApplicable:
        """Compare the sharpness of each image with that of most."""
        looks = evidence.looks
        if looks is None or not len(looks.width):
            return NotApplicable(kind=self.kind, reason="the samples are no images")
        large = np.minimum(looks.width, looks.height) >= _LEAST_SIDE
        if int(large.sum()) < _LEAST_IMAGES:
            return NotApplicable(kind=self.kind, reason="there are too few images to compare")
        usual = float(np.median(looks.sharpness[large]))
        share = looks.sharpness / max(usual, 1e-9)
        rows = np.flatnonzero(large & (share < _SHARE) & (looks.contrast >= FLAT))
        return tuple(
            Finding(
                kind=self.kind,
                samples=(int(row),),
                likely=0.8,
                score=float(1 - share[row]),
                severity=Severity.HINT,
                evidence=f"it has {share[row]:.0%} of the sharpness that images here have",
            )
            for row in rows[np.argsort(share[rows], kind="stable")]
        )
