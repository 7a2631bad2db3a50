"""Columns that are suspiciously good: one alone tells the target nearly as well as all together.

A column is judged alone, by what it foretells of rows that were not looked at. For labels that is
the gain in balanced accuracy over a guess, foretold by its values or by the twentieth a number
falls in,

    g = (mean recall - 1/k) / (1 - 1/k)

for a quantity the share of variance that their means explain. Good columns are common, and rarely
stand alone: what came from the answer (a copy with mistakes) explains most of it and far more than
the next best column does. And a column that is empty for the one answer and filled for the others
was filled in afterwards, whatever it holds: there g is of emptiness against each label, and of a
quantity twice the area under the curve, less one.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hotfit.quality.base import Finding, NotApplicable, Severity
from hotfit.quality.columns import Column
from hotfit.quality.evidence import Evidence
from hotfit.quality.group_key import is_key
from hotfit.quality.leaking_column import leak_of_label, leak_of_quantity

Floats = NDArray[np.float64]

_LEAST_ROWS = 100
_LEAST_MINORITY = 20
_GOOD = 0.6  # of labels
_VERY_GOOD = 0.8  # of quantities, whose honest columns explain more
_AHEAD = 1.5  # times as much the next best column leaves untold
_EMPTY = 0.9
_CELLS = 20
_LEAST_REPEATS = 5  # rows a value has on average, else it names rows


class GoldenFeature:
    """Finds columns that are suspiciously good."""

    kind = "golden_feature"

    def find(self, evidence: Evidence) -> tuple[Finding, ...] | NotApplicable:
        """Judge each column alone, those left out that certainly leak or tie rows together."""
        if evidence.columns is None:
            return NotApplicable(kind=self.kind, reason="the samples are no table")
        if evidence.codes is None and evidence.target is None:
            return NotApplicable(kind=self.kind, reason="there is no target")
        columns = [Column.of(name, cells) for name, cells in evidence.columns.items()]
        columns = [
            column
            for column in columns
            if not _leaks(column, evidence) and not is_key(column, evidence)
        ]
        found = [
            self._finding(evidence, column.name, gain, f"whether it is empty tells {gain:.0%} of")
            for column in columns
            if (gain := _of_emptiness(column.empty, evidence)) >= _EMPTY
        ]
        told = sorted(
            ((max((_gain(each, evidence) for each in _readings(column)), default=0.0), column.name))
            for column in columns
        )[::-1]
        good = _GOOD if evidence.codes is not None else _VERY_GOOD
        if told and told[0][0] >= good and told[0][1] not in {each.column for each in found}:
            gain, name = told[0]
            rest = told[1][0] if len(told) > 1 else 0.0
            if 1 - rest >= _AHEAD * (1 - gain):
                told_alone = f"its value alone tells {gain:.0%} of"
                found.append(self._finding(evidence, name, gain, told_alone))
        return tuple(sorted(found, key=lambda finding: -finding.score))

    def _finding(self, evidence: Evidence, column: str, gain: float, told: str) -> Finding:
        fall = evidence.falls.get(column)
        scores = fall.told(evidence.output) if fall is not None and not fall.of_new else None
        without = f" The score is {scores[0]} with it, {scores[1]} without." if scores else ""
        return Finding(
            kind=self.kind,
            column=column,
            likely=0.8,
            score=gain,
            severity=Severity.LIKELY,
            evidence=(
                f"{told} what there is to tell, far more than honest columns do: "
                f"was it known before the answer was?{without}"
            ),
        )


def _leaks(column: Column, evidence: Evidence) -> bool:
    if evidence.codes is not None:
        return leak_of_label(column, evidence.codes) is not None
    assert evidence.target is not None
    return leak_of_quantity(column, evidence.target) is not None


def _readings(column: Column) -> Sequence[NDArray[np.int64]]:
    """The column as groups of rows: its values, where they repeat, and its twentieths."""
    readings = []
    if column.different * _LEAST_REPEATS <= len(column.codes):
        readings.append(column.codes)
    if column.numbers is not None and column.different > _CELLS:
        numbers = column.numbers
        known = np.isfinite(numbers)
        edges = np.unique(np.quantile(numbers[known], np.linspace(0, 1, _CELLS + 1)[1:-1]))
        readings.append(np.where(known, np.searchsorted(edges, numbers), len(edges) + 1))
    return readings


def _gain(cells: NDArray[np.int64], evidence: Evidence) -> float:
    """The gain of even rows foretold from odd ones, and the other way round."""
    _, cells = np.unique(cells, return_inverse=True)
    if evidence.codes is not None:
        return _of_labels(cells, evidence.codes)
    assert evidence.target is not None
    return _of_quantity(cells, evidence.target)


def _halves(n: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    order = np.random.default_rng(0).permutation(n)
    return order[: n // 2], order[n // 2 :]


def _of_labels(cells: NDArray[np.int64], codes: NDArray[np.int64]) -> float:
    known = np.flatnonzero(codes >= 0)
    present, labels = np.unique(codes[known], return_inverse=True)
    cells, k = cells[known], len(present)
    counts = np.bincount(labels, minlength=k)
    if len(labels) < _LEAST_ROWS or len(labels) - counts.max() < _LEAST_MINORITY:
        return 0.0
    m = int(cells.max()) + 1
    right = np.zeros(k)
    first, second = _halves(len(labels))
    for learned, asked in ((first, second), (second, first)):
        cell = cells[learned] * k + labels[learned]
        table = np.bincount(cell, minlength=m * k).reshape(m, k) / counts
        foretold = table.argmax(axis=1)[cells[asked]]
        right += np.bincount(labels[asked][foretold == labels[asked]], minlength=k)
    return max(0.0, float(((right / counts).mean() - 1 / k) / (1 - 1 / k)))


def _of_emptiness(empty: NDArray[np.bool_], evidence: Evidence) -> float:
    """How well it tells the target whether a cell is empty."""
    if min(empty.sum(), (~empty).sum()) < _LEAST_MINORITY:
        return 0.0
    if evidence.codes is not None:
        counts = np.bincount(evidence.codes[evidence.codes >= 0])
        of_empty = np.bincount(evidence.codes[empty & (evidence.codes >= 0)], minlength=len(counts))
        large = counts >= _LEAST_MINORITY
        inside = of_empty[large] / counts[large]
        outside = (of_empty.sum() - of_empty[large]) / np.maximum(counts.sum() - counts[large], 1)
        return float(np.abs(inside - outside).max(initial=0.0))
    assert evidence.target is not None
    ranks = np.argsort(np.argsort(evidence.target, kind="stable"), kind="stable") + 1
    n, filled = int(empty.sum()), int((~empty).sum())
    area = (float(ranks[empty].sum()) - n * (n + 1) / 2) / (n * filled)
    return abs(2 * area - 1)


def _of_quantity(cells: NDArray[np.int64], target: Floats) -> float:
    known = np.flatnonzero(np.isfinite(target))
    cells, values = cells[known], target[known]
    if len(values) < _LEAST_ROWS or not values.var():
        return 0.0
    m, missed = int(cells.max()) + 1, 0.0
    first, second = _halves(len(values))
    for learned, asked in ((first, second), (second, first)):
        count = np.bincount(cells[learned], minlength=m)
        total = np.bincount(cells[learned], weights=values[learned], minlength=m)
        mean = np.where(count > 0, total / np.maximum(count, 1), values[learned].mean())
        missed += float(((values[asked] - mean[cells[asked]]) ** 2).sum())
    return max(0.0, 1 - missed / float(((values - values.mean()) ** 2).sum()))
