"""The ways in which files say that a value is not there."""

from functools import lru_cache

from hotfit.types import Cell

BLANKS = frozenset(("", "nan", "null", "#n/a", "#na", "<na>", "?", "nil", "#null!", "nat"))
"""Never a value."""

WORDS = frozenset(("na", "n/a", "n.a.", "none", "-", "--", "---", ".", "missing", "\\n"))
"""Missing among numbers and dates; among words they may be a value."""

LONGEST = 16
"""Longer cells say nothing is there only by holding space alone."""


@lru_cache(maxsize=65_536)
def _marks_gap(text: str) -> bool:
    plain = text.strip().casefold()
    return plain in BLANKS or plain in WORDS


@lru_cache(maxsize=65_536)
def _is_never_a_value(text: str) -> bool:
    return text.strip().casefold() in BLANKS


def is_nan(value: object) -> bool:
    """Tell whether a value is a NaN, or pandas' NaT: what is unlike itself."""
    return bool(value != value)  # noqa: PLR0124


def is_missing(cell: Cell) -> bool:
    """Tell whether a cell of a number or date column says "nothing here"."""
    if isinstance(cell, str):
        return _marks_gap(cell) if len(cell) <= LONGEST else not cell.strip()
    return cell is None or is_nan(cell)


def is_blank(cell: Cell) -> bool:
    """Tell whether a cell holds nothing under any reading."""
    if isinstance(cell, str):
        return _is_never_a_value(cell) if len(cell) <= LONGEST else not cell.strip()
    return cell is None or is_nan(cell)
