"""A bounded number of rows, spread over the first part of a source, to judge its columns by."""

import random
from collections.abc import Mapping
from dataclasses import dataclass

from hotfit.inputs.report import Report
from hotfit.inputs.source import Source
from hotfit.types import Cell

KEPT_ROWS = 20_000
KEPT_CELLS = 2_000_000
READ_ROWS = 200_000
KEPT_CHARACTERS = 2_000
KEPT_ALTOGETHER = 100_000_000


@dataclass(frozen=True, kw_only=True)
class Preview:
    """Rows `numbers[i]` with cells `columns[j][i]`; `complete` where these are all rows."""

    names: tuple[str, ...]
    numbers: tuple[int, ...]
    columns: tuple[tuple[Cell, ...], ...]
    rows_read: int
    complete: bool
    notes: tuple[str, ...]

    @property
    def cells(self) -> Mapping[str, tuple[Cell, ...]]:
        """The cells of each column by its name."""
        return dict(zip(self.names, self.columns, strict=True))


def take_preview(source: Source) -> Preview:
    """Read up to READ_ROWS rows and keep a fair draw of at most KEPT_ROWS of them."""
    room = max(100, min(KEPT_ROWS, KEPT_CELLS // max(1, len(source.columns))))
    kept: list[tuple[int, list[Cell]]] = []
    choice = random.Random(0)
    read, characters, complete = 0, 0, True
    report = Report()
    for number, cells in source.rows(report):
        if read >= READ_ROWS or characters > KEPT_ALTOGETHER:
            complete = False
            break
        read += 1
        place = read - 1 if read <= room else int(choice.random() * read)
        if place >= room:
            continue
        row = (number, [_short(cell) for cell in cells])
        if place == len(kept):
            kept.append(row)
            characters += sum(len(cell) for cell in row[1] if isinstance(cell, str))
        else:
            kept[place] = row
    kept.sort(key=lambda row: row[0])
    columns = tuple(zip(*(cells for _, cells in kept), strict=True))
    return Preview(
        names=source.columns,
        numbers=tuple(number for number, _ in kept),
        columns=columns or tuple(() for _ in source.columns),
        rows_read=read,
        complete=complete,
        notes=report.notes,
    )


def _short(cell: Cell) -> Cell:
    if isinstance(cell, str) and len(cell) > KEPT_CHARACTERS:
        return cell[:KEPT_CHARACTERS]
    return cell
