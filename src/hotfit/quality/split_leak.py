"""Test samples whose content the training samples hold too: they test nothing."""

from hotfit.quality.base import Finding, NotApplicable, Severity
from hotfit.quality.evidence import Evidence


class SplitLeak:
    """Finds repeats across a declared train/test split."""

    kind = "split_leak"

    def find(self, evidence: Evidence) -> tuple[Finding, ...] | NotApplicable:
        """Give one finding for each pair with one sample on either side."""
        if evidence.test is None or evidence.repeats is None:
            return NotApplicable(kind=self.kind, reason="the source declares no train/test split")
        crossing = (
            r for r in evidence.repeats if evidence.test[r.first] != evidence.test[r.second]
        )
        found = [
            Finding(
                kind=self.kind,
                samples=(repeat.first, repeat.second),
                score=1.0 if repeat.exact else 0.8,
                severity=Severity.CERTAIN if repeat.exact else Severity.LIKELY,
                evidence=(
                    f"a test sample holds {'the same' if repeat.exact else 'nearly the same'} "
                    "content as a training sample"
                ),
            )
            for repeat in crossing
        ]
        return tuple(sorted(found, key=lambda finding: -finding.score))
