"""Columns that teach nothing: identifiers, each value once, and constants, one value only."""

import re
from collections.abc import Sequence

from hotfit.quality.base import Finding, NotApplicable, Severity
from hotfit.quality.columns import Column
from hotfit.quality.evidence import Evidence
from hotfit.types import Cell

_LEAST_ROWS = 20
_CODE = re.compile(r"(?=.*\d)[A-Za-z0-9][\w:./#-]*")


class IdentifierColumn:
    """Finds columns that name the row."""

    kind = "identifier_column"

    def find(self, evidence: Evidence) -> tuple[Finding, ...] | NotApplicable:
        """Look for counters and for codes that never repeat."""
        if evidence.columns is None:
            return NotApplicable(kind=self.kind, reason="the samples are no table")
        text = "each row holds another value, as a number or code that names the row does"
        return tuple(
            Finding(kind=self.kind, column=name, score=1.0, severity=Severity.LIKELY, evidence=text)
            for name, cells in evidence.columns.items()
            if _names_rows(Column.of(name, cells), cells)
        )


class ConstantColumn:
    """Finds columns that hold one value only."""

    kind = "constant_column"

    def find(self, evidence: Evidence) -> tuple[Finding, ...] | NotApplicable:
        """Look for columns with a single value, or none."""
        if evidence.columns is None:
            return NotApplicable(kind=self.kind, reason="the samples are no table")
        return tuple(
            Finding(
                kind=self.kind,
                column=name,
                score=1.0,
                severity=Severity.CERTAIN,
                evidence="every row holds the same value",
            )
            for name, cells in evidence.columns.items()
            if len(cells) > 1 and Column.of(name, cells).different == 1
        )


def _names_rows(column: Column, cells: Sequence[Cell]) -> bool:
    if len(cells) < _LEAST_ROWS or column.missing or column.different < len(cells):
        return False
    if column.numbers is not None:
        return column.is_sequence
    return all(isinstance(cell, str) and _CODE.fullmatch(cell.strip()) for cell in cells)
