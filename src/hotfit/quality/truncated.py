"""Texts that were cut off: many end at the very same, greatest length, in the middle of things.

Lengths of texts thin out towards the longest one. Where something cut them, they pile up there
instead: at the greatest length stand more different texts than at any of the fifty lengths below,
five at least, and most of them stop without a mark that ends a sentence.
"""

import numpy as np
from numpy.typing import NDArray

from hotfit.quality.base import Finding, NotApplicable, Severity
from hotfit.quality.evidence import Evidence

_LEAST_TEXTS = 5
_LEAST_LENGTH = 40
_BELOW = 50
_TIMES = 3
_ENDS = frozenset(".!?\"')]}>:*\u2026\u3002\uff01\uff1f")


class Truncated:
    """Finds texts that are cut off."""

    kind = "truncated"

    def find(self, evidence: Evidence) -> tuple[Finding, ...] | NotApplicable:
        """Look at the texts of the greatest length."""
        if evidence.texts is None:
            return NotApplicable(kind=self.kind, reason="the samples are no texts")
        lengths = np.array([len(text) for text in evidence.texts], dtype=np.int64)
        most = int(lengths.max(initial=0))
        at = np.flatnonzero(lengths == most).tolist()
        piled = {evidence.texts[row] for row in at}
        if most < _LEAST_LENGTH or len(piled) < _LEAST_TEXTS or not _is_pile(lengths, len(piled)):
            return ()
        open_ended = [row for row in at if evidence.texts[row][-1] not in _ENDS]
        if len(open_ended) < len(at) / 2:
            return ()
        return tuple(
            Finding(
                kind=self.kind,
                samples=(row,),
                score=0.9,
                severity=Severity.LIKELY,
                evidence=(
                    f"it stops in the middle after {most:,} characters, where "
                    f"{len(at):,} texts end and none goes on"
                ),
            )
            for row in open_ended
        )


def _is_pile(lengths: NDArray[np.int64], piled: int) -> bool:
    """Whether more texts end at the greatest length than at any length a little below."""
    most = int(lengths.max())
    below = lengths[(lengths < most) & (lengths >= most - _BELOW)]
    highest = int(np.bincount(below).max()) if len(below) else 0
    return piled >= _TIMES * max(highest, 1)
