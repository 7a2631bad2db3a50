"""The table encoder: plans the columns of every field by its kind, and sets them side by side."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from hotfit.encoders.table.base import EmbedText, FittedColumn
from hotfit.encoders.table.categories import CodeColumn, FrequencyColumn
from hotfit.encoders.table.cells import distinct
from hotfit.encoders.table.dates import DateColumn
from hotfit.encoders.table.grams import GramColumn
from hotfit.encoders.table.numbers import NumberColumn
from hotfit.encoders.table.pictures import LookColumn
from hotfit.encoders.table.texts import LengthColumn, MeaningColumn
from hotfit.types import Cell, Features, Field, Kind, State

Row = Mapping[str, Cell]
Plan = Callable[[str, Sequence[Cell], EmbedText | None], Iterator[FittedColumn]]

MANY = 60
"""Distinct values above which a category is also read by frequency, words and spelling."""

LOADERS: dict[str, Callable[[State], FittedColumn]] = {
    column.part: column.load
    for column in (NumberColumn, DateColumn, CodeColumn, FrequencyColumn, GramColumn, LengthColumn)
}


def plan_number(
    name: str, cells: Sequence[Cell], _embed: EmbedText | None
) -> Iterator[FittedColumn]:
    """Read the cells as quantities."""
    yield NumberColumn.fit(name, cells)


def plan_date(name: str, cells: Sequence[Cell], _embed: EmbedText | None) -> Iterator[FittedColumn]:
    """Read the cells as moments."""
    yield DateColumn.fit(name, cells)


def plan_category(
    name: str, cells: Sequence[Cell], _embed: EmbedText | None
) -> Iterator[FittedColumn]:
    """Read the cells as codes, and where there are many, by what the values have in common."""
    yield CodeColumn.fit(name, cells)
    values = [text for text in distinct(cells)[0] if text]
    if len(values) > MANY:
        yield FrequencyColumn.fit(name, cells)
        yield from _shared_codes(name, cells)
        yield GramColumn.fit(name, cells, dimensions=room(len(cells), most=24))


def plan_text(name: str, cells: Sequence[Cell], embed: EmbedText | None) -> Iterator[FittedColumn]:
    """Read the cells by length, best-known word, spelling, and meaning where it can be had."""
    yield LengthColumn(name)
    yield from _shared_codes(name, cells)
    if not any(distinct(cells)[0]):
        return
    if embed is None:
        yield GramColumn.fit(name, cells, dimensions=room(len(cells), most=30))
        return
    yield GramColumn.fit(name, cells, dimensions=room(len(cells), most=10))
    yield MeaningColumn.fit(name, cells, dimensions=room(len(cells), most=32), embed=embed)


def plan_image(name: str, cells: Sequence[Cell], embed: EmbedText | None) -> Iterator[FittedColumn]:
    """Read the cells by how their images look."""
    if embed is not None and any(distinct(cells)[0]):
        yield LookColumn.fit(name, cells, dimensions=room(len(cells), most=64), embed=embed)


PLANS: dict[Kind, Plan] = {
    Kind.NUMBER: plan_number,
    Kind.BOOLEAN: plan_category,
    Kind.DATE: plan_date,
    Kind.CATEGORY: plan_category,
    Kind.TEXT: plan_text,
    Kind.IMAGE: plan_image,
}
"""How a field is read, by kind; identifiers and constants give no columns here."""


def room(n: int, *, most: int) -> int:
    """Return how many dimensions n rows can carry: one for every 60 rows, at least 4."""
    return int(np.clip(n // 60, 4, most))


def _shared_codes(name: str, cells: Sequence[Cell]) -> Iterator[FittedColumn]:
    for reading in ("word", "opening"):
        column = CodeColumn.fit(name, cells, reading=reading)
        if len(column.values) > 1:
            yield column


class FittedTableEncoder:
    """The columns of a table, fitted; safe to call from several threads at once."""

    name: ClassVar[str] = "table.v1"

    def __init__(self, columns: Sequence[tuple[str, FittedColumn]]) -> None:
        self._columns = tuple(columns)
        self.names = tuple(name for _, column in self._columns for name in column.names)
        self.categories = tuple(c for _, column in self._columns for c in column.categories)
        self.sources = tuple(field for field, column in self._columns for _ in column.names)
        self.dimensions = len(self.names)

    def encode(self, rows: Sequence[Row]) -> Features:
        """Encode n rows, values (n, dimensions); a field that a row lacks is missing."""
        cells: dict[str, list[Cell]] = {}
        parts = [np.empty((len(rows), 0), dtype=np.float32)]
        for field, column in self._columns:
            if field not in cells:
                cells[field] = [row.get(field) for row in rows]
            parts.append(column.encode(cells[field]))
        return Features(values=np.concatenate(parts, axis=1), categories=self.categories)

    def state(self) -> State:
        """Everything `load` needs to encode the same again."""
        arrays: dict[str, NDArray[Any]] = {}
        parameters: list[dict[str, Any]] = []
        for index, (field, column) in enumerate(self._columns):
            state = column.state()
            arrays |= {f"{index}/{name}": array for name, array in state.arrays.items()}
            parameters.append({"field": field, "part": column.part, "fitted": state.parameters})
        return State(arrays=arrays, parameters={"columns": parameters})

    @classmethod
    def load(
        cls, state: State, *, embed_text: EmbedText | None, embed_image: EmbedText | None = None
    ) -> "FittedTableEncoder":
        """Rebuild the encoder around the text and image encoders that it was fitted with."""
        embeds = {MeaningColumn: embed_text, LookColumn: embed_image}
        columns = []
        for index, saved in enumerate(state.parameters["columns"]):
            prefix = f"{index}/"
            arrays = {
                name.removeprefix(prefix): array
                for name, array in state.arrays.items()
                if name.startswith(prefix)
            }
            column = State(arrays=arrays, parameters=saved["fitted"])
            columns.append((saved["field"], _load_column(saved["part"], column, embeds)))
        return cls(columns)


def _load_column(
    part: str, state: State, embeds: Mapping[type[MeaningColumn], EmbedText | None]
) -> FittedColumn:
    for column, embed in embeds.items():
        if column.part == part and embed is None:
            raise ValueError(f"this table reads fields by {part}: load it with their encoder")
        if column.part == part and embed is not None:
            return column.load(state, embed)
    return LOADERS[part](state)


class TableEncoder:
    """Learns how to read a table from its rows alone, never from their answers."""

    name: ClassVar[str] = "table.v1"

    @staticmethod
    def fit(
        rows: Sequence[Row],
        fields: Sequence[Field],
        *,
        embed_text: EmbedText | None,
        embed_image: EmbedText | None = None,
    ) -> FittedTableEncoder:
        """Plan and fit the columns of n rows.

        Without `embed_text` texts go by spelling, without `embed_image` images are not read.
        """
        columns: list[tuple[str, FittedColumn]] = []
        for field in fields:
            if field.kind not in PLANS:
                continue
            cells = [row.get(field.name) for row in rows]
            embed = embed_image if field.kind is Kind.IMAGE else embed_text
            plan = PLANS[field.kind](field.name, cells, embed)
            columns.extend((field.name, column) for column in plan)
        return FittedTableEncoder(columns)
