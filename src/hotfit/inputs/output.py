"""Tell from a target column whether labels, tags or a quantity are asked for."""

from hotfit.errors import Refusal
from hotfit.inputs.columns import Column
from hotfit.inputs.names import MANY, words_of
from hotfit.inputs.tags import find_separator
from hotfit.types import Kind, Output

FEW_WHOLE = 20
FEW_BROKEN = 10
FEWEST = 5
MOSTLY = 0.8
"""Share of the cells that differ from one another from which numbers are no labels."""


class NotANumber(Refusal):
    """A quantity was asked for, and the target column holds words."""

    def __init__(self, *, column: str, example: str) -> None:
        super().__init__(
            f"column {column!r} holds {example[:60]!r}, which is no number, so it cannot be"
            " predicted as a quantity; use --output classification, or another --target"
        )


def is_plural(column: Column) -> bool:
    """Tell whether the name of a column speaks of several labels."""
    return bool(MANY.intersection(words_of(column.name)[-1:]))


def choose_output(column: Column, asked: Output | None) -> tuple[Output, tuple[str, ...]]:
    """Return what to answer with, and the sentence that says a guess; raise NotANumber."""
    if asked is Output.NUMBER and column.kind not in {Kind.NUMBER, Kind.BOOLEAN, Kind.IDENTIFIER}:
        example = next(iter(column.counts), "")
        if column.filled:
            raise NotANumber(column=column.name, example=example)
    if asked is not None:
        return asked, ()
    if column.kind in {Kind.CATEGORY, Kind.TEXT}:
        separator = find_separator(column.counts, plural=is_plural(column))
        if separator is not None:
            note = (
                f"{column.name!r} holds several labels a row; --output classification takes"
                " each cell as one label."
            )
            return Output.TAGS, (note,)
    if column.kind is Kind.NUMBER and _is_quantity(column):
        note = (
            f"{column.name!r} holds {column.distinct:,} different numbers, so a quantity is"
            " predicted; --output classification takes each as a label."
        )
        return Output.NUMBER, (note,)
    if column.kind is Kind.NUMBER:
        note = (
            f"{column.name!r} holds {column.distinct} different numbers, each taken as a label;"
            " --output number predicts a quantity."
        )
        return Output.CLASSIFICATION, (note,)
    return Output.CLASSIFICATION, ()


def _is_quantity(column: Column) -> bool:
    if column.distinct > (FEW_WHOLE if column.whole_numbers else FEW_BROKEN):
        return True
    return column.distinct >= FEWEST and column.distinct_share >= MOSTLY
