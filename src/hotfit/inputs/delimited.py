"""Read delimited text of any size: one record in memory at a time."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from hotfit.errors import Refusal
from hotfit.inputs.dialect import Dialect, guess_dialect
from hotfit.inputs.encoding import Encoding
from hotfit.inputs.headers import clean_headers
from hotfit.inputs.opening import EmptyFile, Opened
from hotfit.inputs.report import Report
from hotfit.types import Cell

MAX_CELL = 2_000_000
MAX_LINE = 32_000_000
RAGGED_JUDGED = 1_000
NAMES = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar", "": "one column"}


class CellTooLong(Refusal):
    """A cell or line is longer than any text; a quote was left open, or it is no table."""

    def __init__(self, *, name: str, row: int) -> None:
        super().__init__(
            f"{name}, row {row}: a cell has more than {MAX_CELL:,} characters;"
            " perhaps a quotation mark was opened there and never closed"
        )


class MostlyRagged(Refusal):
    """Most rows do not have as many cells as the header names."""

    def __init__(self, *, name: str, ragged: int, rows: int, width: int, first: int) -> None:
        super().__init__(
            f"{name}: {ragged:,} of the first {rows:,} rows do not have the {width} cells of the"
            f" header, row {first} is the first; check the delimiter, and quote cells that"
            " contain it"
        )


class OpenQuote(Refusal):
    """A quote is opened and runs to the end of the file, so that rows hide in one cell."""

    def __init__(self, *, name: str, row: int, lines: int) -> None:
        super().__init__(
            f"{name}, row {row}: a quotation mark is opened and never closed, which hides the"
            f" {lines - 1:,} lines below it in one cell; close it, or double it where it is meant"
            " as a character"
        )


@dataclass(frozen=True, kw_only=True)
class Delimited:
    """Delimited text that can be read again and again."""

    opened: Opened
    encoding: Encoding
    dialect: Dialect
    columns: tuple[str, ...]
    notes: tuple[str, ...]

    def rows(self, report: Report) -> Iterator[tuple[int, list[Cell]]]:
        """Yield (row number from 1, cells as text), each as wide as `columns`."""
        width, ragged, first_ragged = len(self.columns), 0, 0
        number = 0
        for record in self.records(report):
            number += 1
            if len(record) != width:
                cells = _fit(record, width)
                ragged += 1
                first_ragged = first_ragged or number
                expected = f"{len(record)} where {width} were expected"
                if cells is None:
                    report.add("ragged", row=number, what=f"too many cells: {expected}, left out")
                else:
                    what = f"too few cells: {expected}, the missing ones left empty"
                    report.add("ragged", row=number, what=what)
                if number > 1 and number <= RAGGED_JUDGED and 2 * ragged > max(number, 20):
                    raise self._mostly_ragged(ragged, number, first_ragged)
                if cells is None:
                    continue
                record = cells  # noqa: PLW2901 - the record made to fit
            yield number, record  # type: ignore[misc] # list[str] holds cells
        if number > 1 and 2 * ragged > number:
            raise self._mostly_ragged(ragged, number, first_ragged)

    def _mostly_ragged(self, ragged: int, rows: int, first: int) -> MostlyRagged:
        return MostlyRagged(
            name=self.opened.name, ragged=ragged, rows=rows, width=len(self.columns), first=first
        )

    def records(self, report: Report) -> Iterator[list[str]]:
        """Yield every record below the header as it stands, blank lines skipped."""
        csv.field_size_limit(MAX_CELL)
        number = 0
        with self.opened.open() as stream, self.encoding.open(stream) as text:
            lines = _lines(text, self.opened.name, report, lambda: number)
            reader = self.dialect.records(lines)
            skip = self.dialect.header
            before, spans, cut = 0, 0, False
            try:
                for record in reader:
                    before, spans = reader.line_num, reader.line_num - before
                    # Only a quote that nothing closed keeps the line end before the file's end.
                    cut = 0 < len(record) < len(self.columns) and record[-1].endswith("\n")
                    if not record or (record == [""] and len(self.columns) > 1):
                        continue
                    if skip:
                        skip = False
                        continue
                    number += 1
                    yield record
            except csv.Error as error:
                raise CellTooLong(name=self.opened.name, row=number + 1) from error
            if cut and spans > 1:
                raise OpenQuote(name=self.opened.name, row=number, lines=spans)


def _fit(record: list[str], width: int) -> list[str] | None:
    """Pad a short record; drop empty cells past the end; None where cells are too many."""
    if len(record) < width:
        return record + [""] * (width - len(record))
    return None if any(cell.strip() for cell in record[width:]) else record[:width]


def _lines(
    text: io.TextIOWrapper, name: str, report: Report, row: Callable[[], int]
) -> Iterator[str]:
    while line := text.readline(MAX_LINE):
        if len(line) >= MAX_LINE:
            raise CellTooLong(name=name, row=row() + 1)
        if "\0" in line:
            report.add("NUL characters removed", row=row() + 1)
            line = line.replace("\0", "")
        yield line


def _first_record(table: Delimited) -> list[str]:
    """Return the first record, the header where there is one; raise EmptyFile without any."""
    whole = replace(table, dialect=replace(table.dialect, header=False))
    for record in whole.records(Report()):
        return record
    raise EmptyFile(path=table.opened.name)


def open_delimited(opened: Opened, encoding: Encoding) -> Delimited:
    """Guess how `opened` is cut into cells and read its header; raise EmptyFile, TooManyColumns."""
    head = encoding.decode_head(opened.head)
    if not head.strip("\r\n\t ,;|\0\ufeff"):
        raise EmptyFile(path=opened.name)
    suffix = opened.stem_suffix
    dialect = guess_dialect(head, suffix=suffix, whole=len(head) < len(opened.head) // 4)
    probe = Delimited(opened=opened, encoding=encoding, dialect=dialect, columns=(), notes=())
    notes: list[str] = []
    first = _first_record(probe)
    if dialect.header:
        columns, notes_on_names = clean_headers(first, name=opened.name)
        notes.extend(notes_on_names)
    else:
        raw = [f"column_{index}" for index in range(1, len(first) + 1)]
        columns, _ = clean_headers(raw, name=opened.name)
        notes.append(
            f"{opened.name} has no header line; its columns are called {', '.join(columns[:4])}"
            + (" and so on." if len(columns) > 4 else ".")
        )
    if dialect.delimiter not in {",", ""} and not (dialect.delimiter == "\t" and suffix == ".tsv"):
        notes.append(f"Cells are separated by {NAMES[dialect.delimiter]}.")
    return Delimited(
        opened=opened, encoding=encoding, dialect=dialect, columns=columns, notes=tuple(notes)
    )
