"""Raw cells as texts, and work done once per distinct text."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hotfit.inputs.missing import is_blank
from hotfit.types import Cell


def as_text(cell: Cell) -> str:
    """Return the cell as a trimmed text, empty where it holds nothing; 3.0 reads like "3"."""
    if is_blank(cell):
        return ""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def distinct(cells: Sequence[Cell]) -> tuple[list[str], NDArray[np.int64]]:
    """Return the distinct texts in order of appearance, and which of them each cell holds."""
    order: dict[Cell, int] = {}
    first = [order.setdefault(cell, len(order)) for cell in cells]
    index: dict[str, int] = {}
    renamed = [index.setdefault(as_text(cell), len(index)) for cell in order]
    which = np.array(renamed, dtype=np.int64)[np.array(first, dtype=np.int64)]
    return list(index), which
