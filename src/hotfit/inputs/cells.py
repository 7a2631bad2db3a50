"""Turn a value of JSON, Parquet or Python into one cell of a table."""

import json
import math
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from hotfit.inputs.missing import is_nan
from hotfit.inputs.report import Report
from hotfit.types import Cell

EXACT = 2**53


def clean_text(text: str, row: int, report: Report) -> str:
    """Remove NUL and replace lone surrogates, which no database and no encoder takes."""
    if "\0" in text:
        report.add("NUL characters removed", row=row)
        text = text.replace("\0", "")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            report.add("broken characters (lone surrogates) replaced", row=row)
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def to_cell(value: Any, row: int, report: Report) -> Cell:
    """Return `value` as a cell: lists as JSON text, what is not finite or not known as None."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return clean_text(value, row, report)
    if isinstance(value, int | float | Decimal):
        return _number(value, row, report)
    if isinstance(value, set | frozenset):
        value = sorted(value, key=str)
    if isinstance(value, list | tuple):
        return _list_text(value, row, report)
    return _other(value, row, report)


def _other(value: Any, row: int, report: Report) -> Cell:
    if isinstance(value, datetime | date | time):
        return None if is_nan(value) else value.isoformat()
    item = getattr(value, "item", None)
    if callable(item) and not getattr(value, "shape", None):
        return to_cell(item(), row, report)
    report.add(
        "nested values left out",
        row=row,
        what=f"nested values left out: a {type(value).__name__} cannot be a cell",
    )
    return None


def _number(value: float | Decimal, row: int, report: Report) -> Cell:
    if isinstance(value, int):
        return value if -EXACT <= value <= EXACT else str(value)
    number = float(value)
    if math.isnan(number):
        return None
    if math.isinf(number):
        report.add("infinite numbers taken as missing", row=row)
        return None
    return number


def _list_text(values: Sequence[Any], row: int, report: Report) -> str | None:
    plain = [to_cell(value, row, report) for value in values if not isinstance(value, list | dict)]
    if len(plain) < len(values):
        report.add("nested values left out", row=row)
        return None
    return json.dumps(plain, ensure_ascii=False)
