"""Columns that tie rows together: a customer, a patient, a batch. A random split is dishonest then.

Such a column names things: whole numbers or codes whose size says nothing, with many values that a
few rows each share. Rows of one thing carry the same answer far more often than chance has it,

    z = (pairs that agree - expected) / sqrt(expected (1 - share)),    expected = pairs * share

over the pairs of rows of equal value, with `share` the chance that two random rows agree. A model
learns the thing by heart, and a score in which its other rows were learned promises too much.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hotfit.quality.base import Finding, NotApplicable, Severity
from hotfit.quality.columns import Column
from hotfit.quality.evidence import Evidence, Fall
from hotfit.types import Cell, Output

_LEAST_ROWS = 100
_LEAST_VALUES = 20
_MOST_ROWS = 50  # of a value on average; more make it a category
_LEAST_TIED = 0.5  # of the rows have others of their value
_CLEAR = 6.0
_TIMES_LABELS = 3  # as many values as labels make it a key, and no copy of the label
_AGREE = 0.3  # of the way from chance to always
_CODE = re.compile(r"(?=.*\d)[A-Za-z]*[\w:./#-]*\d[\w:./#-]*")
_NAMED = re.compile(
    r"(^|[\W_])(id|ids|key|uuid|guid|code|no|nr|number|ref)($|[\W_])|id$", re.IGNORECASE
)
_DATE = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}([ T].*)?")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


class GroupKey:
    """Finds columns whose equal values tie rows together."""

    kind = "group_key"

    def find(self, evidence: Evidence) -> tuple[Finding, ...] | NotApplicable:
        """Look at columns that name things."""
        if evidence.columns is None:
            return NotApplicable(kind=self.kind, reason="the samples are no table")
        if evidence.codes is None and evidence.target is None:
            return NotApplicable(kind=self.kind, reason="there is no target")
        answers = _answers(evidence)
        found = []
        for name, cells in evidence.columns.items():
            column = Column.of(name, cells)
            tied = _tied(column, cells, answers)
            if tied is not None:
                found.append(_finding(column, *tied, evidence))
        return tuple(sorted(found, key=lambda finding: -finding.score))


def is_key(column: Column, evidence: Evidence) -> bool:
    """Whether a column ties rows together that are of far more things than there are labels."""
    assert evidence.columns is not None
    if column.different < _TIMES_LABELS * len(evidence.labels):
        return False
    return _tied(column, evidence.columns[column.name], _answers(evidence)) is not None


def _tied(
    column: Column, cells: Sequence[Cell], answers: NDArray[np.int64]
) -> tuple[float, float] | None:
    """How often rows of one value agree and how often any two do, where the values tie rows."""
    if not _names_things(column, cells) or not _repeats(column):
        return None
    agree, chance, clear = agreement(column.codes, answers)
    sure = clear >= _CLEAR and agree >= chance + _AGREE * (1 - chance)
    return (agree, chance) if sure else None


def _finding(column: Column, agree: float, chance: float, evidence: Evidence) -> Finding:
    fall = evidence.falls.get(column.name)
    fall = fall if fall is not None and fall.of_new else None
    harmless = fall is not None and not fall.sure
    return Finding(
        kind="group_key",
        column=column.name,
        likely=0.3 if harmless else 0.8,
        score=min(1.0, (agree - chance) / max(1 - chance, 1e-9)),
        severity=Severity.HINT if harmless else Severity.LIKELY,
        evidence=(
            f"{len(column.codes):,} rows share {column.different:,} values, and rows of one value "
            f"have the same answer in {agree:.0%} of pairs, where chance has {chance:.0%}: "
            f"{_consequence(fall, evidence.output)}"
        ),
    )


def _consequence(fall: Fall | None, output: Output) -> str:
    if fall is None:
        return "learned by heart, they make the score too good"
    before, after = fall.told(output)
    if not fall.sure:
        return f"the score for values that were not met in training is about as good, {after}"
    return f"the score is {before}, but for values that were not met in training it is {after}"


def _answers(evidence: Evidence) -> NDArray[np.int64]:
    """The answer of each row as a code; of a quantity, its tenth."""
    if evidence.codes is not None:
        return evidence.codes
    assert evidence.target is not None
    edges = np.quantile(evidence.target, np.linspace(0, 1, 11)[1:-1])
    return np.searchsorted(edges, evidence.target).astype(np.int64)


def _names_things(column: Column, cells: Sequence[Cell]) -> bool:
    """Whether the cells are codes, or whole numbers under a name that says so."""
    if column.numbers is not None:
        known = column.numbers[np.isfinite(column.numbers)]
        whole = bool((known == np.round(known)).all())
        return whole and _NAMED.search(_CAMEL.sub("_", column.name)) is not None
    given = [cell for cell in cells if cell is not None and cell != ""]
    return bool(given) and all(
        isinstance(cell, str)
        and _CODE.fullmatch(cell.strip())
        and not _DATE.fullmatch(cell.strip())
        for cell in given
    )


def _repeats(column: Column) -> bool:
    n = len(column.codes)
    counts = np.bincount(column.codes)
    tied = float(counts[counts > 1].sum()) / max(n, 1)
    return (
        n >= _LEAST_ROWS
        and column.different >= _LEAST_VALUES
        and n / column.different <= _MOST_ROWS
        and tied >= _LEAST_TIED
        and column.missing < n / 2
    )


def agreement(values: NDArray[np.int64], answers: NDArray[np.int64]) -> tuple[float, float, float]:
    """How often rows of one value agree, how often any two do, and how clear the difference is."""
    known = answers >= 0
    values, answers = values[known], answers[known]
    k = int(answers.max()) + 1
    size = np.bincount(values).astype(np.float64)
    cell = np.unique(values * k + answers, return_counts=True)[1].astype(np.float64)
    pairs, same = float((size * (size - 1)).sum()) / 2, float((cell * (cell - 1)).sum()) / 2
    chance = float((np.bincount(answers) / len(answers)) @ (np.bincount(answers) / len(answers)))
    if pairs == 0 or chance >= 1:
        return 0.0, chance, 0.0
    clear = (same - pairs * chance) / np.sqrt(pairs * chance * (1 - chance))
    return same / pairs, chance, float(clear)
