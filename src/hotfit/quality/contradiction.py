"""The same content under two labels: at least one of them is wrong, or the labels overlap.

The label that most of the samples carry is suggested; where several are carried equally often, the
one that predictions which saw none of the samples prefer to the others four to one.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from hotfit.quality.base import Finding, NotApplicable, Severity
from hotfit.quality.duplicate import exact_clusters, labels_of
from hotfit.quality.evidence import Evidence
from hotfit.types import Codes

_CLEAR = 0.8


class Contradiction:
    """Finds equal or nearly equal content with different labels."""

    kind = "contradiction"

    def find(self, evidence: Evidence) -> tuple[Finding, ...] | NotApplicable:
        """Look among exact repeats first, then among near copies."""
        if evidence.repeats is None or evidence.codes is None:
            return NotApplicable(kind=self.kind, reason="there are no labelled repeats")
        codes = evidence.codes
        clusters = exact_clusters(evidence.repeats)
        near = [(r.first, r.second) for r in evidence.repeats if not r.exact]
        same = [self._finding(rows, evidence, exact=True) for rows in self._torn(clusters, codes)]
        like = [self._finding(rows, evidence, exact=False) for rows in self._torn(near, codes)]
        return (*same, *like)

    def _torn(self, samples: Sequence[tuple[int, ...]], codes: Codes) -> list[tuple[int, ...]]:
        return [rows for rows in samples if len(labels_of(codes, rows)) > 1]

    def _finding(self, rows: tuple[int, ...], evidence: Evidence, *, exact: bool) -> Finding:
        assert evidence.codes is not None
        votes = Counter(int(code) for code in evidence.codes[list(rows)] if code >= 0)
        most = max(votes.values())
        tops = sorted(code for code, count in votes.items() if count == most)
        names = " and ".join(repr(evidence.labels[code]) for code in sorted(votes))
        told = f"{'the same' if exact else 'nearly the same'} content is labelled {names}"
        right: int | None = tops[0]
        if len(tops) > 1:
            right = _preferred(evidence, rows, tops)
            if right is not None:
                told += f"; the samples like it say {evidence.labels[right]!r}"
        return Finding(
            kind=self.kind,
            samples=rows,
            suggested=None if right is None else evidence.labels[right],
            score=1.0 if exact else 0.8,
            severity=Severity.CERTAIN if exact else Severity.LIKELY,
            evidence=told,
        )


def _preferred(evidence: Evidence, rows: Sequence[int], tied: Sequence[int]) -> int | None:
    """The label that unseen predictions clearly prefer among some; None where they do not."""
    if evidence.held_out is None:
        return None
    shares = evidence.held_out[np.ix_(rows, tied)].mean(axis=0)
    best = int(shares.argmax())
    return tied[best] if shares[best] >= _CLEAR * max(float(shares.sum()), 1e-9) else None
