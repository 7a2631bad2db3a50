"""Test samples whose content the training samples hold too: they test nothing."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from hotfit.quality.base import Finding, NotApplicable, Severity
from hotfit.quality.evidence import Evidence, Repeat


class SplitLeak:
    """Finds repeats across a declared train/test split."""

    kind = "split_leak"

    def find(self, evidence: Evidence) -> tuple[Finding, ...] | NotApplicable:
        """Give one finding for each pair with one sample on either side, the test sample first."""
        if evidence.test is None or evidence.repeats is None:
            return NotApplicable(kind=self.kind, reason="the source declares no train/test split")
        found = [
            _finding(tested, learned, exact=exact)
            for tested, learned, exact in _crossing(evidence.repeats, evidence.test)
        ]
        return tuple(sorted(found, key=lambda finding: -finding.score))


def _crossing(
    repeats: Sequence[Repeat], test: NDArray[np.bool_]
) -> Iterator[tuple[int, int, bool]]:
    """Pairs of a test row and a row that is learned from, and whether they are equal."""
    copies: dict[int, list[int]] = defaultdict(list)
    for repeat in repeats:
        if repeat.exact:
            copies[repeat.first].append(repeat.second)
    for repeat in repeats:
        one, other = repeat.first, repeat.second
        if test[one] != test[other]:
            tested, learned = (one, other) if test[one] else (other, one)
            yield tested, learned, repeat.exact
            if not repeat.exact:
                yield from ((row, learned, False) for row in copies[tested] if test[row])


def _finding(tested: int, learned: int, *, exact: bool) -> Finding:
    return Finding(
        kind="split_leak",
        samples=(tested, learned),
        score=1.0 if exact else 0.8,
        severity=Severity.CERTAIN if exact else Severity.LIKELY,
        evidence=(
            f"this test sample holds {'the same' if exact else 'nearly the same'} content as a "
            "sample that is learned from"
        ),
    )
