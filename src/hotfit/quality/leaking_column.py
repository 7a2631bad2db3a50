"""Columns that know the answer: the target written another way, or a counter of sorted rows.

A column that names the target is told from one that merely predicts it well by how it fails: an
honest column is wrong now and then. With every row's label foretold from the *other* rows that
hold the same value (leave-one-out majority), a re-coding is right on at least 99.8 % of the rows
that have such others, and these are nearly all rows. Numbers are also read in order: where the
neighbours on both sides foretell the target that well, the target is a cut of that number.

Certain, and to be left out of training: re-codings by repeated values, exact linear copies of a
quantity, and counters. A number that cuts cleanly is only likely, because a measurement may.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotfit.quality.base import Finding, NotApplicable, Severity
from hotfit.quality.columns import Column
from hotfit.quality.evidence import Evidence
from hotfit.types import Codes

_LEAST_ROWS = 50
_LEAST_MINORITY = 10  # rows outside the commonest label: fewer could be luck
_RECODED = 0.998
_COVERED = 0.9
_COUNTER_GAIN = 0.8
_COPY = 1 - 1e-9
_NEAR_COPY = 0.995


@dataclass(frozen=True)
class Leak:
    """How a column gives the target away: how well, how surely, and in words."""

    score: float
    severity: Severity
    evidence: str


class LeakingColumn:
    """Finds columns that give the target away."""

    kind = "leaking_column"

    def find(self, evidence: Evidence) -> tuple[Finding, ...] | NotApplicable:
        """Look at each column alone against the target."""
        if evidence.columns is None:
            return NotApplicable(kind=self.kind, reason="the samples are no table")
        if evidence.codes is None and evidence.target is None:
            return NotApplicable(kind=self.kind, reason="there is no target")
        found = []
        for name, cells in evidence.columns.items():
            leak = self._leak(Column.of(name, cells), evidence)
            if leak is not None:
                found.append(
                    Finding(
                        kind=self.kind,
                        column=name,
                        score=leak.score,
                        severity=leak.severity,
                        evidence=leak.evidence,
                    )
                )
        return tuple(sorted(found, key=lambda finding: -finding.score))

    def _leak(self, column: Column, evidence: Evidence) -> Leak | None:
        if evidence.codes is not None:
            return leak_of_label(column, evidence.codes)
        assert evidence.target is not None
        return leak_of_quantity(column, evidence.target)


def leak_of_label(column: Column, codes: Codes) -> Leak | None:
    """Tell whether a column gives away the label; `codes` is -1 where a row has none."""
    known = np.flatnonzero(codes >= 0)
    labels = codes[known]
    share = np.bincount(labels).max() / len(labels) if len(labels) else 1.0
    if len(known) < _LEAST_ROWS or (1 - share) * len(known) < _LEAST_MINORITY:
        return None
    right, covered = foretold(column.codes[known], labels)
    ordered = in_order(column.numbers[known], labels) if column.numbers is not None else 0.0
    present = len(np.unique(labels))
    cut = _surpasses(ordered, share) and len(np.unique(column.codes[known])) > present
    if covered >= _COVERED and _surpasses(right, share) and not cut:
        text = f"its value alone tells the label in {right:.1%} of the rows: the target re-coded"
        return Leak(right, Severity.CERTAIN, text)
    chance = float((np.bincount(labels) ** 2).sum() / len(labels) ** 2)
    if column.is_sequence and ordered > chance + _COUNTER_GAIN * (1 - chance):
        text = "it counts rows that are sorted by label, and would teach the order of the file"
        return Leak(ordered, Severity.CERTAIN, text)
    if cut and not column.is_sequence:
        text = "cutting this number at a few values tells the label: the target may be made from it"
        return Leak(ordered, Severity.LIKELY, text)
    return None


def leak_of_quantity(column: Column, target: NDArray[np.float64]) -> Leak | None:
    """Tell whether a column is the target quantity written another way."""
    if column.numbers is None:
        return None
    known = np.isfinite(target) & np.isfinite(column.numbers)
    x, y = column.numbers[known], target[known]
    if len(x) < _LEAST_ROWS or len(x) < _COVERED * len(target) or not (x.std() and y.std()):
        return None
    alike = float(abs(np.corrcoef(x, y)[0, 1]))
    if alike > _COPY:
        text = "it is the target in other units: a straight line maps one on the other"
        return Leak(alike, Severity.CERTAIN, text)
    if alike > _NEAR_COPY:
        return Leak(alike, Severity.LIKELY, "it follows the target almost exactly")
    return None


def foretold(values: NDArray[np.int64], labels: Codes) -> tuple[float, float]:
    """Foretell each row's label by the majority of other rows of equal value.

    Returns the share that is right among rows whose value others hold, and the share of such rows.
    """
    k = int(labels.max()) + 1
    _, values = np.unique(values, return_inverse=True)
    size = np.bincount(values)
    cell, inverse, count = np.unique(values * k + labels, return_inverse=True, return_counts=True)
    own = count[inverse] - 1
    order = np.lexsort((-count, cell // k))
    owner = cell[order] // k
    first = np.searchsorted(owner, np.arange(len(size)))
    best = count[order[first]]
    second = np.where(
        np.append(owner, -1)[first + 1] == np.arange(len(size)),
        np.append(count[order], 0)[first + 1],
        0,
    )
    is_best = inverse == order[first][values]
    rival = np.where(is_best, second[values], best[values])
    others = size[values] > 1
    if not others.any():
        return 0.0, 0.0
    return float((own > rival)[others].mean()), float(others.mean())


def _surpasses(right: float, share: float) -> bool:
    """Tell whether `right` is a re-coding's, however common the commonest label is."""
    return right >= max(_RECODED, 1 - 0.02 * (1 - share))


def in_order(numbers: NDArray[np.float64], labels: Codes) -> float:
    """Return the share of rows that as few cuts as there are labels, less one, get right.

    Rows that differ from the commonest label at their number count as wrong, and so does every
    further change of label along the numbers.
    """
    known = np.isfinite(numbers)
    if known.sum() < _COVERED * len(numbers):
        return 0.0
    numbers, labels = numbers[known], labels[known]
    k = int(labels.max()) + 1
    _, value = np.unique(numbers, return_inverse=True)
    cell, count = np.unique(value * k + labels, return_counts=True)
    order = np.lexsort((-count, cell // k))
    owner = cell[order] // k
    commonest = order[np.append(True, owner[1:] != owner[:-1])]
    foremost = cell[commonest] % k
    wrong = len(labels) - int(count[commonest].sum())
    changes = int((foremost[1:] != foremost[:-1]).sum())
    needed = len(np.unique(labels)) - 1
    return 1 - (wrong + max(0, changes - needed)) / len(labels)
