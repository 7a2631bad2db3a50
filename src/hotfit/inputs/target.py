"""Pick the column to predict: by its name, else by its place and what it holds."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from hotfit.errors import Refusal
from hotfit.inputs.columns import Column
from hotfit.inputs.names import (
    ANSWER_RANK,
    FLAGS,
    LABEL_RANK,
    QUANTITIES,
    TEXT_RANK,
    plain,
    words_of,
)
from hotfit.types import Kind

ANSWERS = frozenset((Kind.CATEGORY, Kind.BOOLEAN, Kind.NUMBER))
SHOWN = 12
MOSTLY_FILLED = 0.5
"""A quantity that fewer rows have is not guessed to be the answer by its name alone."""


class UnknownColumn(Refusal):
    """No column has the name that was asked for."""

    def __init__(self, *, source: str, option: str, asked: str, known: Sequence[str]) -> None:
        close = difflib.get_close_matches(asked, known, n=1, cutoff=0.5)
        hint = f"; did you mean {close[0]!r}?" if close else "."
        super().__init__(
            f"{source} has no column {asked[:80]!r} ({option}){hint} It has: {_listed(known)}"
        )


class NoTarget(Refusal):
    """No column looks like the answer."""

    def __init__(self, *, source: str, known: Sequence[str]) -> None:
        super().__init__(
            f"{source}: no column looks like the label; name it with --target."
            f" It has: {_listed(known)}"
        )


@dataclass(frozen=True, kw_only=True)
class Picked:
    """The target column and the sentences that say how it was found; no column where none is."""

    column: Column | None
    notes: tuple[str, ...] = ()


def match_column(columns: Sequence[Column], asked: str, source: str, option: str) -> str:
    """Return the name of the column `asked` means, exact first; raise UnknownColumn."""
    names = [column.name for column in columns]
    if asked in names:
        return asked
    loose = [name for name in names if plain(name) == plain(asked) and plain(asked)]
    if len(loose) == 1:
        return loose[0]
    raise UnknownColumn(source=source, option=option, asked=asked, known=names)


def choose_target(
    columns: Sequence[Column],
    *,
    source: str,
    target: str | None,
    asked: Sequence[str],
    split: str | None,
    optional: bool,
) -> Picked:
    """Return the target; raise UnknownColumn, or NoTarget unless it is `optional`."""
    by_name = {column.name: column for column in columns}
    if target is not None:
        return Picked(column=by_name[match_column(columns, target, source, "--target")])
    free = [column for column in columns if column.name != split and column.name not in asked]
    found = _by_label_name(free) or (None if optional else _guess(free, columns))
    if found is None:
        if optional:
            return Picked(column=None)
        raise NoTarget(source=source, known=[column.name for column in columns])
    column, why = found
    if plain(column.name) in {"label", "labels", "target"}:
        return Picked(column=column)
    note = f"Predicting {column.name!r}, {why}; --target names another column."
    return Picked(column=column, notes=(note,))


def _by_label_name(free: Sequence[Column]) -> tuple[Column, str] | None:
    named = [column for column in free if plain(column.name) in LABEL_RANK]
    if not named:
        return None
    best = min(named, key=lambda column: LABEL_RANK[plain(column.name)])
    return best, "by its name"


def _guess(free: Sequence[Column], columns: Sequence[Column]) -> tuple[Column, str] | None:
    fit = [column for column in free if column.kind in ANSWERS and column.filled]
    prose = any(plain(column.name) in TEXT_RANK for column in columns)
    if not prose and fit and fit[-1].distinct == 2 and free[-1].name == fit[-1].name:
        return fit[-1], "the last column, which has two values"
    named = [c for c in fit if c.kind is not Kind.NUMBER or c.filled >= MOSTLY_FILLED * c.rows]
    return _by_answer_name(named) or _by_quantity_name(named) or _by_place(fit, free)


def _by_answer_name(fit: Sequence[Column]) -> tuple[Column, str] | None:
    named = [column for column in fit if plain(column.name) in ANSWER_RANK]
    if named:
        return min(named, key=lambda column: ANSWER_RANK[plain(column.name)]), "by its name"
    for column in reversed(fit):
        words = words_of(column.name)
        flag = words[:1] and words[0] in FLAGS and column.kind is Kind.BOOLEAN
        if flag or (words[-1:] and words[-1] in {"label", "class", "target"}):
            return column, "by its name"
    return None


def _by_quantity_name(fit: Sequence[Column]) -> tuple[Column, str] | None:
    numbers = [column for column in fit if column.kind is Kind.NUMBER]
    for column in reversed(numbers):
        if QUANTITIES.intersection(words_of(column.name)[-1:]):
            return column, "by its name"
    for column in numbers:
        if QUANTITIES.intersection(words_of(column.name)):
            return column, "by its name"
    return None


def _by_place(fit: Sequence[Column], free: Sequence[Column]) -> tuple[Column, str] | None:
    """The last column; beside prose, the last one of few values."""
    texts = [column for column in free if column.kind is Kind.TEXT]
    few = [c for c in fit if c.distinct <= max(20, 0.2 * c.filled)]
    if few and (texts or few[-1].name == fit[-1].name):
        return few[-1], "the last column of few values"
    if fit and len(free) > 1:
        return fit[-1], "the last column"
    short = [column for column in texts if column.mean_words <= 3]
    if short and len(free) > 1:
        return short[-1], "the last column of short texts"
    return None


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name[:60]) for name in names[:SHOWN])
    return shown + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
