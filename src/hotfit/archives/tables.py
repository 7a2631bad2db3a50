"""The samples of a function as a table: CSV for spreadsheets, JSON lines for programs.

A spreadsheet takes a cell that begins with =, +, -, @, a tab or a return for a formula, and runs
it. In a CSV such cells get an apostrophe in front, unless they are plain numbers or the caller
asks for the cells as they are.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import count
from typing import Any

from hotfit.functions.functions import Function
from hotfit.samples.rows import Rows
from hotfit.types import Cell, Input, Output, Picture

_FORMULA = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)*|\.\d+)([eE][+-]?\d+)?%?", re.ASCII)

EXTRAS = ("label", "split", "externalId")


class TableFormat(StrEnum):
    """How a table is written."""

    CSV = "csv"
    JSONL = "jsonl"


def guarded(text: str) -> str:
    """The text as a cell that no spreadsheet runs."""
    if text[:1] in _FORMULA and text and not _NUMBER.fullmatch(text):
        return "'" + text
    return text


def table_of(
    function: Function,
    rows: Rows,
    *,
    format: TableFormat,
    raw: bool = False,
) -> Iterator[str]:
    """Write the samples, a line at a time; images by the SHA-256 of their file."""
    if format is TableFormat.JSONL:
        for row in _rows(function, rows):
            told = {name: value for name, value in row.items() if value is not None}
            yield json.dumps(told, ensure_ascii=False, allow_nan=False) + "\n"
        return
    columns = _columns(function)
    yield _line(columns, raw=raw)
    for row in _rows(function, rows):
        yield _line([_cell(row.get(name)) for name in columns], raw=raw)


def _columns(function: Function) -> list[str]:
    return [*_inputs(function), *_extras(function).values()]


def _inputs(function: Function) -> list[str]:
    if function.input is Input.TABULAR:
        return [field.name for field in function.fields]
    default = "image" if function.input is Input.IMAGE else "text"
    return [str(function.plan.get(default) or default)]


def _extras(function: Function) -> dict[str, str]:
    """The names of the further columns; none of them is that of an input."""
    taken = set(_inputs(function))
    wanted = {"label": function.target or EXTRAS[0], "split": "split", "externalId": "externalId"}
    names: dict[str, str] = {}
    for key, name in wanted.items():
        names[key] = next(free for free in (name + "_" * n for n in count()) if free not in taken)
        taken.add(names[key])
    return names


def _rows(function: Function, rows: Rows) -> Iterator[dict[str, Any]]:
    inputs, extras = _inputs(function), _extras(function)
    for data, answer, split, external in zip(
        rows.data, rows.answers, rows.splits, rows.external_ids, strict=True
    ):
        row: dict[str, Any] = {}
        if isinstance(data, str):
            row[inputs[0]] = data
        elif isinstance(data, Picture):
            row[inputs[0]] = data.sha256
        else:
            row |= {name: data.get(name) for name in inputs}
        tags = function.output is Output.TAGS and isinstance(answer, tuple)
        row[extras["label"]] = list(answer) if tags and isinstance(answer, tuple) else answer
        row[extras["split"]], row[extras["externalId"]] = split, external
        yield row


def _cell(value: Cell | list[str]) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _line(cells: Sequence[str], *, raw: bool) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(
        cells if raw else [guarded(cell) for cell in cells]
    )
    return line.getvalue()
