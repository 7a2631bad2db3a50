"""What came from the server written into the folder's files, each of which changes whole or not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from hotfit.folders import Folder, Row
from hotfit.folders.making import json_line
from hotfit.folders.rows import Table
from hotfit.folders.whole import write_whole
from hotfit.sync.merging import Difference
from hotfit.sync.spec_text import write_spec
from hotfit.sync.standing import Standing, label_key
from hotfit.sync.states import Remote, State
from hotfit.sync.tables import NewRow, TableText
from hotfit.types import Cell, Input, Kind, Picture, label_json

SIGNS = {b"\xff\xd8\xff": "jpg", b"\x89PNG": "png", b"GIF8": "gif", b"RIFF": "webp", b"BM": "bmp"}


SPARE = "from-server"
"""The data file for rows that fit into none of those there are."""


@dataclass(kw_only=True)
class Done:
    """Counts of what was written."""

    added: int = 0
    relabelled: int = 0
    changed: int = 0
    removed: int = 0
    labels: int = 0
    fields: int = 0


@dataclass(kw_only=True)
class FolderWriter:
    """Edits to the files of one folder, kept in memory until they are written."""

    standing: Standing
    done: Done = field(default_factory=Done)

    def __post_init__(self) -> None:
        self.folder: Folder = self.standing.folder
        self._texts: dict[str, TableText] = {}
        self._tables: Mapping[str, Table] = {one.file: one for one in self.folder.tables}
        self._images: dict[Path, Picture] = {}
        self._spare: list[str] = []

    def rows(self) -> None:
        """Take over the rows that the server changed."""
        for key, each in self.standing.rows.incoming.items():
            here = self.standing.here.rows.get(key, ())
            there = self.standing.server.rows.get(key, ())
            if each.server is None:
                self._remove(here)
            elif each.folder is None:
                self._add(there)
            else:
                self._change(here, there[0], each)

    def write(self) -> None:
        """Write the files that differ: images first, as rows name them."""
        for path, picture in self._images.items():
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                write_whole(path, picture.read())
        for text in self._texts.values():
            write_whole(text.path, text.encoded())
        if self._spare:
            write_whole(self._spare_file(), "".join(self._spare).encode())
            self._spare = []

    def _remove(self, rows: Sequence[Row]) -> None:
        for row in rows:
            self._text(row.file).remove(row.line)
        self.done.removed += len(rows)

    def _add(self, samples: Sequence[Remote]) -> None:
        """One row an answer: samples that hold the same are one, unless they differ in that."""
        for sample in {label_key(str(one.label)): one for one in reversed(samples)}.values():
            self._append(sample)
            self.done.added += 1

    def _change(self, rows: Sequence[Row], sample: Remote, each: Difference[State]) -> None:
        assert each.folder is not None
        assert each.server is not None
        other = each.folder.data != each.server.data
        for row in rows:
            text = self._text(row.file)
            cells = self._cells(text, sample) if other else None
            text.change(row.line, label=self._label(sample), cells=cells)
        if other:
            self.done.changed += len(rows)
        else:
            self.done.relabelled += len(rows)

    def _append(self, sample: Remote) -> None:
        ids = any(table.plan.id for table in self.folder.tables)
        for name in reversed(list(self._tables)):
            text = self._text(name)
            new = NewRow(
                cells=self._cells(text, sample),
                label=self._label(sample),
                split=sample.split,
                external_id=sample.external_id,
            )
            if text.can_hold(new, ids=ids):
                text.append(new)
                return
        self._spare.append(self._line(sample))

    def _line(self, sample: Remote) -> str:
        """A row as a line of JSON with every part of it, for a file of its own."""
        first = self.folder.tables[0].plan
        names = [one.plan for one in self.folder.tables]
        cells: dict[str, object] = dict(self._cells(self._text(next(iter(self._tables))), sample))
        label = self._label(sample)
        target = self.folder.spec.target or first.target or "label"
        cells[target] = label_json(label)
        cells[next((one.split for one in names if one.split), "split")] = sample.split
        if (id_column := next((one.id for one in names if one.id), None)) is not None:
            cells[id_column] = sample.external_id
        return json_line(list(cells), list(cells.values()))

    def _spare_file(self) -> Path:
        """Where such rows go: a file that is not there yet."""
        folder = self.folder.path / "data"
        names = (f"{SPARE}{'' if at == 1 else f'-{at}'}.jsonl" for at in count(1))
        return next(folder / name for name in names if not (folder / name).exists())

    def _label(self, sample: Remote) -> str | tuple[str, ...] | float | None:
        """The answer, its labels spelt as the folder spells them."""
        names, label = self.standing.names, sample.label
        if isinstance(label, str):
            return names.get(label_key(label), label)
        if isinstance(label, tuple):
            return tuple(names.get(label_key(each), each) for each in label)
        return label

    def _cells(self, text: TableText, sample: Remote) -> Mapping[str, Cell]:
        """What a sample holds, by the columns of a table; an image is a path from the table."""
        data = sample.data
        if isinstance(data, str):
            return {str(text.plan.text): data}
        if not isinstance(data, Picture):
            return {one.name: data.get(one.name) for one in text.plan.fields}
        place = image_name(data)
        self._images[text.path.parent / place] = data
        return {str(text.plan.image): place}

    def _text(self, file: str) -> TableText:
        if file not in self._texts:
            self._texts[file] = TableText(self.folder.path, self._tables[file])
        return self._texts[file]

    def fields(self) -> None:
        """Take over the fields that the server changed: columns, kinds and what is read."""
        incoming = self.standing.fields.incoming
        if not incoming or self.folder.spec.input is not Input.TABULAR:
            return
        inputs = [one.name for one in self.folder.plan.fields]
        for name, each in incoming.items():
            if each.server is None:
                inputs = [one for one in inputs if one != name]
            elif each.folder is None:
                inputs.append(name)
                for file in self._tables:
                    text = self._text(file)
                    if name not in text.columns:
                        text.add_column(name)
        self.done.fields += len(incoming)
        kinds = {
            name: None if each.server is None else stated_kind(each.server)
            for name, each in incoming.items()
        }
        self.write()
        write_spec(self.folder.path, labels={}, fields=kinds, inputs=inputs)


def write_labels(standing: Standing, used: Iterable[str]) -> int:
    """Write descriptions that the server changed into hotfit.toml; return how many.

    A label that is gone there stays while a row has it.
    """
    here = set(used)
    stated = {label_key(name): name for name in standing.folder.spec.labels}
    wanted: dict[str, str | None] = {}
    for key, each in standing.labels.incoming.items():
        if each.server is None:
            if key in stated and key not in here:
                wanted[stated[key]] = None
        else:
            wanted[stated.get(key, standing.names[key])] = each.server
    if wanted:
        write_spec(standing.folder.path, labels=wanted, fields={})
    return len(wanted)


def image_name(picture: Picture) -> str:
    """Where the file of an image goes, from the table that names it."""
    content = picture.read()
    end = next((end for sign, end in SIGNS.items() if content.startswith(sign)), "img")
    return f"images/{picture.sha256[:16]}.{end}"


def stated_kind(kind: str) -> str:
    """The nearest kind that hotfit.toml may state."""
    known = {Kind.TEXT, Kind.NUMBER, Kind.CATEGORY, Kind.DATE, Kind.BOOLEAN}
    return kind if kind in {one.value for one in known} else Kind.TEXT.value
