"""Recognise the column that says which rows are for training and which for testing."""

from collections.abc import Sequence

from hotfit.inputs.columns import Column
from hotfit.inputs.names import PARTS, SPLITS, VALIDATION, plain
from hotfit.types import Split


def find_split(columns: Sequence[Column], *, besides: Sequence[str | None]) -> str | None:
    """Return the name of the split column, judged by name and values; None if there is none."""
    for name in SPLITS:
        for column in columns:
            if column.name in besides or not plain(column.name).endswith(name):
                continue
            values = {value.casefold() for value in column.counts}
            if values and values <= PARTS.keys() and values & {"train", "training", "test"}:
                return column.name
    return None


def says_validation(column: Column) -> bool:
    """Tell whether some rows are marked for validation, which count as training rows here."""
    return any(value.casefold() in VALIDATION for value in column.counts)


def read_split(text: str) -> Split | None:
    """Return the part a cell of the split column names; None for a word it does not know."""
    return PARTS.get(text.strip().casefold())
