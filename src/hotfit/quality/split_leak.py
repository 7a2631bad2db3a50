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
        """Give one finding for each test sample, with the samples that hold its content beside it.

        Where some hold the same content, those that hold nearly the same are left out.
        """
        if evidence.test is None or evidence.repeats is None:
            return NotApplicable(kind=self.kind, reason="the source declares no train/test split")
        same: dict[int, list[int]] = {}
        like: dict[int, list[int]] = {}
        for tested, learned, exact in _crossing(evidence.repeats, evidence.test):
            (same if exact else like).setdefault(tested, []).append(learned)
        found = [_finding(tested, learned, exact=True) for tested, learned in same.items()]
        found += [
            _finding(tested, learned, exact=False)
            for tested, learned in like.items()
            if tested not in same
        ]
        return tuple(found)


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
            yield from ((row, learned, repeat.exact) for row in copies[tested] if test[row])


def _finding(tested: int, learned: Sequence[int], *, exact: bool) -> Finding:
    return Finding(
        kind="split_leak",
        samples=(tested, *learned),
        score=1.0 if exact else 0.8,
        severity=Severity.CERTAIN if exact else Severity.LIKELY,
        evidence=(
            f"this test sample holds {'the same' if exact else 'nearly the same'} content as a "
            "sample that is learned from"
        ),
    )
