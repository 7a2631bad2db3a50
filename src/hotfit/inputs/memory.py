"""Read examples that are already in memory: rows, pairs, columns, or a data frame by its shape."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hotfit.errors import Refusal
from hotfit.inputs.cells import to_cell
from hotfit.inputs.headers import clean_headers
from hotfit.inputs.report import Report
from hotfit.types import Cell

NAME = "the given data"


class NotExamples(Refusal):
    """The value given is nothing that holds examples."""

    def __init__(self, *, found: str) -> None:
        super().__init__(
            f"{found} was given as the source; a path, a list of dicts, a list of (data, label)"
            " pairs, a dict of columns or a data frame was expected"
        )


class UnevenColumns(Refusal):
    """A dict of columns whose columns have different lengths."""

    def __init__(self, *, lengths: Mapping[str, int]) -> None:
        found = ", ".join(f"{name!r} has {count:,}" for name, count in list(lengths.items())[:4])
        super().__init__(f"the columns have different lengths ({found}); give all the same")


class NoExamples(Refusal):
    """A list or data frame with nothing in it."""

    def __init__(self) -> None:
        super().__init__("the given data hold no examples; give at least two rows")


@dataclass(frozen=True, kw_only=True)
class InMemory:
    """Rows in memory; `keys` are the names of the cells as the values carry them."""

    values: Sequence[Any]
    keys: tuple[Any, ...]
    columns: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def rows(self, report: Report) -> Iterator[tuple[int, list[Cell]]]:
        """Yield (row number from 1, cells), each as wide as `columns`."""
        for number, value in enumerate(self.values, 1):
            yield number, [to_cell(value.get(key), number, report) for key in self.keys]


def open_memory(values: object) -> InMemory:
    """Wrap rows, pairs, texts, columns or a data frame; raise NotExamples for anything else."""
    records = _records(values)
    if not records:
        raise NoExamples
    keys = tuple(dict.fromkeys(key for record in records for key in record))
    columns, notes = clean_headers([str(key) for key in keys], name=NAME)
    return InMemory(values=records, keys=keys, columns=columns, notes=notes)


def _records(values: Any) -> Sequence[Mapping[Any, object]]:
    if isinstance(values, Mapping):
        return _from_columns(values)
    to_dict = getattr(values, "to_dict", None)
    if callable(to_dict):
        frame = to_dict(orient="records")
        if isinstance(frame, list) and all(isinstance(row, Mapping) for row in frame):
            return frame
    to_dicts = getattr(values, "to_dicts", None)
    if callable(to_dicts):
        return _from_rows(list(to_dicts()))
    if isinstance(values, str | bytes) or not hasattr(values, "__iter__"):
        raise NotExamples(found=f"a value of type {type(values).__name__}")
    return _from_rows(list(values))


def _from_columns(columns: Mapping[Any, Any]) -> list[Mapping[Any, object]]:
    for column in columns.values():
        if isinstance(column, str | bytes) or not hasattr(column, "__iter__"):
            raise NotExamples(found=f"a dict with a {type(column).__name__} in it")
    lists = {key: list(column) for key, column in columns.items()}
    lengths = {str(key): len(column) for key, column in lists.items()}
    if len(set(lengths.values())) > 1:
        raise UnevenColumns(lengths=lengths)
    return [dict(zip(lists, row, strict=True)) for row in zip(*lists.values(), strict=True)]


def _from_rows(rows: list[Any]) -> Sequence[Mapping[Any, object]]:
    return [_from_row(row, number) for number, row in enumerate(rows, 1)]


def _from_row(row: Any, number: int) -> Mapping[Any, object]:
    if isinstance(row, Mapping):
        return row
    if isinstance(row, str):
        return {"text": row}
    if isinstance(row, tuple | list) and len(row) == 2:
        data, label = row
        if isinstance(data, Mapping):
            return {**data, "label": label}
        if isinstance(data, str):
            return {"text": data, "label": label}
    raise NotExamples(found=f"a list with a {type(row).__name__} as row {number}")
