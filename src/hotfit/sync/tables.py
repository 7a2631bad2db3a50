"""A data file edited row by row: the other lines stay as they are, byte for byte but for encoding.

A table is CSV, TSV or JSON lines. Its rows are found by the line they begin on, as `Row.line` says.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from hotfit.errors import Refusal
from hotfit.folders.making import cell_text
from hotfit.folders.rows import Table
from hotfit.inputs.delimited import Delimited
from hotfit.inputs.jsonlines import JsonObjects
from hotfit.inputs.labels import LabelRules
from hotfit.inputs.numbers import parse_number
from hotfit.inputs.source import open_source
from hotfit.inputs.tags import JSON_LIST
from hotfit.types import Cell, Label, label_json

Quoting = Literal[0, 1, 2, 3]
"""The constants of `csv` that say which cells are quoted."""


class CannotEdit(Refusal):
    """A data file cannot be changed row by row."""

    def __init__(self, *, file: str, found: str, do: str) -> None:
        super().__init__(f"{file}: {found}, so a row of it cannot be changed; {do}")


@dataclass(frozen=True, kw_only=True)
class NewRow:
    """A row to be written: its cells by column, its answer, and what else is known of it."""

    cells: Mapping[str, Cell]
    label: Label | None
    split: str | None = None
    external_id: str | None = None


class TableText:
    """The text of one data file while it is edited."""

    def __init__(self, folder: Path, table: Table) -> None:
        self.file = table.file
        self.plan = table.plan
        self.path = folder / table.file
        source = open_source(self.path)
        self._reader: Delimited | JsonObjects = self._editable(source.reader)
        self.columns = source.columns
        encoding = self._reader.encoding
        self._codec = encoding.codec
        with self.path.open("rb") as stream, encoding.open(stream) as text:
            content = text.read()
        self._lines = list(io.StringIO(content, newline=""))
        self._end = "\r\n" if self._lines and self._lines[0].endswith("\r\n") else "\n"
        self._records = dict(self._found())
        self._added: list[str] = []

    def _editable(self, reader: object) -> Delimited | JsonObjects:
        """What reads the file, where it is one row after the other; raise CannotEdit."""
        if isinstance(reader, JsonObjects) and reader.array:
            do = "save it as JSON lines, one object a line (.jsonl)"
            raise CannotEdit(file=self.file, found="it is one JSON array", do=do)
        if not isinstance(reader, Delimited | JsonObjects):
            raise CannotEdit(file=self.file, found="it is no text", do="save it as CSV or JSONL")
        return reader

    def can_hold(self, row: NewRow, *, ids: bool) -> bool:
        """Whether every part of a row has a column here; of JSON lines, whether it is one line."""
        plan = self.plan
        needed = [name for name, cell in row.cells.items() if cell is not None]
        if any(name not in self.columns for name in needed):
            return False
        if row.label is not None and plan.target not in self.columns:
            return False
        if row.split is not None and plan.split is None:
            return False
        if ids and row.external_id is not None and plan.id not in self.columns:
            return False
        texts = [cell for cell in row.cells.values() if isinstance(cell, str)]
        return not isinstance(self._reader, Delimited) or not any(map(_breaks, texts))

    def change(
        self, line: int, *, label: Label | None, cells: Mapping[str, Cell] | None = None
    ) -> None:
        """Give the row on a line another answer, and where `cells` are given other cells."""
        target = self.plan.target
        start, end, kept = self._record(line)
        if target is None and label is not None:
            do = "add a column for the answer, and name it in hotfit.toml (target)"
            raise CannotEdit(file=self.file, found="it has no column with the answer", do=do)
        if isinstance(kept, list):
            changed = [*kept, *[""] * (len(self.columns) - len(kept))]
            for name, cell in (cells or {}).items():
                if name in self.columns:
                    changed[self.columns.index(name)] = cell_text(cell)
            if target is not None:
                changed[self.columns.index(target)] = label_cell(label, self.plan.rules)
            new = self._csv(changed, like=kept, raw="".join(self._lines[start:end]))
        else:
            told = dict(kept)
            for name, cell in (cells or {}).items():
                told = _with(told, self._key(name), cell)
            if target is not None:
                told = _with(told, self._key(target), label_json(label))
            new = self._json(told)
        self._lines[start:end] = [new, *[""] * (end - start - 1)]
        self._records[line] = (start, end, self._parsed(new))

    def remove(self, line: int) -> None:
        """Take the row on a line away."""
        start, end, _ = self._record(line)
        self._lines[start:end] = [""] * (end - start)
        del self._records[line]

    def add_column(self, name: str) -> None:
        """Add an empty column behind the others."""
        if isinstance(self._reader, Delimited):
            for at, (start, end, kept) in enumerate(list(self._records.values())):
                whole = [*kept, *[""] * (len(self.columns) - len(kept))]
                named = at == 0 and self._reader.dialect.header
                raw = "".join(self._lines[start:end])
                new = self._csv([*whole, name if named else ""], like=kept, raw=raw)
                self._lines[start:end] = [new, *[""] * (end - start - 1)]
        else:
            start, end, kept = next(iter(self._records.values()))
            self._lines[start:end] = [self._json({**kept, name: None})]

    def append(self, row: NewRow) -> None:
        """Add a row at the end."""
        plan = self.plan
        cells: dict[str, Any] = dict(row.cells)
        more = ((plan.id, row.external_id), (plan.split, row.split))
        cells |= {name: value for name, value in more if name is not None}
        if isinstance(self._reader, Delimited):
            if plan.target is not None:
                cells[plan.target] = label_cell(row.label, plan.rules)
            told = [cell_text(cells.get(name)) for name in self.columns]
            self._added.append(self._csv(told))
            return
        if plan.target is not None:
            cells[plan.target] = label_json(row.label)
        told_json = {
            self._key(name): cells[name] for name in self.columns if cells.get(name) is not None
        }
        self._added.append(self._json(told_json))

    def text(self) -> str:
        """The whole file as it is now."""
        kept = "".join(self._lines)
        if self._added and kept and not kept.endswith(("\n", "\r")):
            kept += self._end
        return kept + "".join(self._added)

    def encoded(self) -> bytes:
        """The whole file as bytes."""
        return self.text().encode(self._codec)

    def _found(self) -> Iterator[tuple[int, tuple[int, int, Any]]]:
        if isinstance(self._reader, JsonObjects):
            for at, line in enumerate(self._lines):
                if line.strip(" \t\r\n\ufeff\0"):
                    yield at + 1, (at, at + 1, self._parsed(line))
            return
        assert isinstance(self._reader, Delimited)
        lines = self._reader.dialect.records(line.replace("\0", "") for line in self._lines)
        before = 0
        for record in lines:
            yield before + 1, (before, lines.line_num, record)
            before = lines.line_num

    def _record(self, line: int) -> tuple[int, int, Any]:
        if line not in self._records:
            raise CannotEdit(file=self.file, found=f"line {line} begins no row", do="save it anew")
        return self._records[line]

    def _parsed(self, line: str) -> Any:
        if isinstance(self._reader, JsonObjects):
            return json.loads(line.strip(" \t\r\n\ufeff\0"))
        return next(self._reader.dialect.records(io.StringIO(line, newline="")), [])

    def _key(self, column: str) -> str:
        """The member of an object that a column is read from."""
        assert isinstance(self._reader, JsonObjects)
        return self._reader.keys[self.columns.index(column)]

    def _json(self, value: Mapping[str, Any]) -> str:
        return json.dumps(value, ensure_ascii=False) + self._end

    def _csv(self, cells: Sequence[str], *, like: Sequence[str] = (), raw: str = "") -> str:
        """A record; quoted as the one it takes the place of."""
        assert isinstance(self._reader, Delimited)
        ways: tuple[Quoting, ...] = (csv.QUOTE_MINIMAL, csv.QUOTE_ALL)
        if not self._reader.dialect.quoted:
            ways = (csv.QUOTE_NONE,)
        bare = raw.rstrip("\r\n")
        way = next((w for w in ways if raw and self._line(like, w).rstrip("\r\n") == bare), ways[0])
        return self._line(cells, way)

    def _line(self, cells: Sequence[str], quoting: Quoting) -> str:
        assert isinstance(self._reader, Delimited)
        out = io.StringIO()
        delimiter = self._reader.dialect.delimiter or "\x1f"
        writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=self._end)
        try:
            writer.writerow(cells)
        except csv.Error as error:
            do = "save it as CSV with quotes"
            raise CannotEdit(file=self.file, found="it has no quotes", do=do) from error
        return out.getvalue()


def label_cell(label: Label | None, rules: LabelRules) -> str:
    """An answer as a cell that is read as the same answer."""
    if label is None:
        return ""
    if isinstance(label, str):
        return label
    if isinstance(label, tuple):
        return _tags_cell(label, rules.separator)
    plain = cell_text(label)
    return plain if parse_number(plain, mark=rules.mark) == label else plain.replace(".", ",")


def _tags_cell(tags: Sequence[str], separator: str | None) -> str:
    listed = json.dumps(list(tags), ensure_ascii=False)
    if separator is None:
        return tags[0] if len(tags) == 1 else listed
    if separator == JSON_LIST or not tags or any(separator in tag for tag in tags):
        return listed
    return separator.join(tags)


def _with(kept: Mapping[str, Any], key: str, value: Any) -> dict[str, Any]:
    """An object with another value; a key of `outer.inner` may stand in an object inside."""
    outer, _, inner = key.partition(".")
    if key not in kept and isinstance(kept.get(outer), dict):
        return {**kept, outer: _with(kept[outer], inner, value)}
    new = {**kept, key: value}
    if value is None:
        del new[key]
    return new


def _breaks(text: str) -> bool:
    return "\n" in text or "\r" in text
