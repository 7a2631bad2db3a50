"""Samples that repeat the content of another, exactly or nearly."""

from collections import defaultdict
from collections.abc import Sequence

from hotfit.quality.base import Finding, NotApplicable, Severity
from hotfit.quality.evidence import Evidence, Repeat
from hotfit.types import Codes


def exact_clusters(repeats: Sequence[Repeat]) -> list[tuple[int, ...]]:
    """Collect the samples of equal content, first one first, largest cluster first."""
    clusters: dict[int, list[int]] = defaultdict(list)
    for repeat in repeats:
        if repeat.exact:
            clusters[repeat.first].append(repeat.second)
    found = [(first, *rest) for first, rest in clusters.items()]
    return sorted(found, key=lambda cluster: (-len(cluster), cluster))


def shared_label(evidence: Evidence, samples: Sequence[int]) -> str | None:
    """Return the label that all `samples` carry, None where they differ or one has none."""
    if evidence.codes is None:
        return None
    codes = {int(evidence.codes[row]) for row in samples}
    return evidence.labels[codes.pop()] if len(codes) == 1 and min(codes) >= 0 else None


def labels_of(codes: Codes, samples: Sequence[int]) -> list[int]:
    """Return the different labels of `samples`, samples without a label left out."""
    return sorted({int(codes[row]) for row in samples} - {-1})


class Duplicate:
    """Finds samples of equal content."""

    kind = "duplicate"

    def find(self, evidence: Evidence) -> tuple[Finding, ...] | NotApplicable:
        """Give one finding for each set of samples that hold the same content."""
        if evidence.repeats is None:
            return NotApplicable(kind=self.kind, reason="repeats were not looked for")
        return tuple(
            Finding(
                kind=self.kind,
                samples=cluster,
                label=shared_label(evidence, cluster),
                score=1.0,
                severity=Severity.HINT,
                evidence=f"{len(cluster)} samples hold the same content; they are scored together",
            )
            for cluster in exact_clusters(evidence.repeats)
        )


class NearDuplicate:
    """Finds samples of nearly equal content."""

    kind = "near_duplicate"

    def find(self, evidence: Evidence) -> tuple[Finding, ...] | NotApplicable:
        """Give one finding for each pair of samples that are near copies."""
        if evidence.repeats is None:
            return NotApplicable(kind=self.kind, reason="repeats were not looked for")
        return tuple(
            Finding(
                kind=self.kind,
                samples=(repeat.first, repeat.second),
                label=shared_label(evidence, (repeat.first, repeat.second)),
                score=0.9,
                severity=Severity.HINT,
                evidence=f"two {_differ(evidence)}; they are scored together",
            )
            for repeat in evidence.repeats
            if not repeat.exact
        )


def _differ(evidence: Evidence) -> str:
    if evidence.looks is not None:
        return "images show the same, encoded, sized or cropped otherwise"
    return "samples differ by a few letters or words"
