"""Numbers as people write them: 1,234.50, $12, 45 %, 19M, and the many ways to write nothing."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from hotfit.encoders.table.cells import distinct
from hotfit.inputs.numbers import Mark, decimal_mark, parse_number
from hotfit.types import Cell, State, Vectors

LARGEST = 1e30
"""Larger numbers are read as missing: float32 holds no more than 3.4e38."""


def read_number(cell: Cell, mark: Mark | None) -> float:
    """Return the cell as a number, NaN where it holds none."""
    number = float(cell) if isinstance(cell, bool) else parse_number(cell, mark=mark)
    return np.nan if number is None or abs(number) > LARGEST else number


class NumberColumn:
    """A quantity as it is; `mark` is the decimal mark its column uses."""

    part: ClassVar[str] = "number"
    categories = (0,)

    def __init__(self, name: str, *, mark: Mark | None) -> None:
        self.names = (name,)
        self.mark = mark

    @classmethod
    def fit(cls, name: str, cells: Sequence[Cell]) -> "NumberColumn":
        """Tell the decimal mark from the whole column."""
        return cls(name, mark=decimal_mark(distinct(cells)[0]))

    def encode(self, cells: Sequence[Cell]) -> Vectors:
        """Read each distinct cell once."""
        order: dict[Cell, int] = {}
        which = [order.setdefault(cell, len(order)) for cell in cells]
        numbers = [read_number(cell, self.mark) for cell in order]
        return np.array(numbers, dtype=np.float32)[which][:, np.newaxis]

    def state(self) -> State:
        """Return the name and the decimal mark."""
        return State(arrays={}, parameters={"name": self.names[0], "mark": self.mark})

    @classmethod
    def load(cls, state: State) -> "NumberColumn":
        """Rebuild the column."""
        return cls(**state.parameters)
