"""What a column of a table is like: its values as codes, how many differ, and as numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotfit.types import Cell


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of n cells.

    `codes` (n,) numbers the different values by first appearance, a missing cell counting as a
    value of its own; `empty` (n,) marks such cells. `numbers` (n,) holds quantities, NaN where
    missing; None where a cell is not a number.
    """

    name: str
    codes: NDArray[np.int64]
    different: int
    empty: NDArray[np.bool_]
    numbers: NDArray[np.float64] | None

    @classmethod
    def of(cls, name: str, cells: Sequence[Cell]) -> "Column":
        """Look at the cells of one column."""
        seen: dict[Cell, int] = {}
        kept = [_cell(cell) for cell in cells]
        codes = np.array([seen.setdefault(cell, len(seen)) for cell in kept], dtype=np.int64)
        return cls(
            name=name,
            codes=codes,
            different=len(seen),
            empty=np.array([cell is None for cell in kept], dtype=np.bool_),
            numbers=_numbers(kept),
        )

    @property
    def missing(self) -> int:
        """How many cells are empty."""
        return int(self.empty.sum())

    @property
    def is_sequence(self) -> bool:
        """Whether the cells are whole numbers, each once, with few gaps: a counter."""
        values = self.numbers
        if values is None or self.missing or self.different < len(self.codes) or len(values) < 2:
            return False
        whole = bool((values == np.round(values)).all())
        return whole and float(values.max() - values.min()) <= 1.5 * len(values)


def _cell(cell: Cell) -> Cell:
    if isinstance(cell, str):
        cell = cell.strip()
        return cell or None
    if isinstance(cell, float) and np.isnan(cell):
        return None
    return cell


def _numbers(cells: Sequence[Cell]) -> NDArray[np.float64] | None:
    try:
        values = [np.nan if cell is None else float(cell) for cell in cells]
    except ValueError:
        return None
    numbers = np.array(values, dtype=np.float64)
    return numbers if np.isfinite(numbers).any() else None
