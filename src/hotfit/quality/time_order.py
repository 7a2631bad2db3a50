"""Rows that follow one another in time, so that a random split would know the future."""

from hotfit.quality.base import Finding, NotApplicable, Severity
from hotfit.quality.evidence import Evidence


class TimeOrder:
    """Says that the score follows time, and why."""

    kind = "time_order"

    def find(self, evidence: Evidence) -> tuple[Finding, ...] | NotApplicable:
        """One finding where time is followed."""
        followed = evidence.followed
        if followed is None:
            return NotApplicable(kind=self.kind, reason="the score does not follow time")
        return (
            Finding(
                kind=self.kind,
                column=followed.column,
                score=min(1.0, followed.correlation),
                likely=1.0,
                severity=Severity.LIKELY,
                evidence=(
                    f"rows near in time by {followed.column!r} are alike beyond what the columns "
                    f"say (correlation {followed.correlation:.2f}): a random split would know the "
                    f"future, so the score is that of {followed.judged:,} later rows, each "
                    "predicted from earlier ones"
                ),
            ),
        )
