"""Images far smaller than the others, as icons and previews that slipped in are."""

import numpy as np

from hotfit.quality.base import Finding, NotApplicable, Severity
from hotfit.quality.evidence import Evidence

_TINY = 48  # pixels
_SHARE = 0.25  # of the usual side


class TinyImage:
    """Finds tiny images."""

    kind = "tiny_image"

    def find(self, evidence: Evidence) -> tuple[Finding, ...] | NotApplicable:
        """Compare the shorter side of each image with that of most."""
        looks = evidence.looks
        if looks is None or not len(looks.width):
            return NotApplicable(kind=self.kind, reason="the samples are no images")
        side = np.minimum(looks.width, looks.height)
        usual = float(np.median(side))
        rows = np.flatnonzero((side < _TINY) & (side < _SHARE * usual))
        return tuple(
            Finding(
                kind=self.kind,
                samples=(int(row),),
                score=float(1 - side[row] / usual),
                severity=Severity.LIKELY,
                evidence=(
                    f"it is {looks.width[row]:.0f} x {looks.height[row]:.0f} pixels, where most "
                    f"have {usual:.0f} on the shorter side"
                ),
            )
            for row in rows[np.argsort(side[rows], kind="stable")]
        )
