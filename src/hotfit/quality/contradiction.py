"""The same content under two labels: at least one of them is wrong, or the labels overlap."""

from collections import Counter
from collections.abc import Sequence

from hotfit.quality.base import Finding, NotApplicable, Severity
from hotfit.quality.duplicate import exact_clusters, labels_of
from hotfit.quality.evidence import Evidence
from hotfit.types import Codes


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
        (top, most), (_, next_most) = votes.most_common(2)
        names = " and ".join(repr(evidence.labels[code]) for code in sorted(votes))
        return Finding(
            kind=self.kind,
            samples=rows,
            suggested=evidence.labels[top] if most > next_most else None,
            score=1.0 if exact else 0.8,
            severity=Severity.CERTAIN if exact else Severity.LIKELY,
            evidence=f"{'the same' if exact else 'nearly the same'} content is labelled {names}",
        )
