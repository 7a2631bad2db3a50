"""A source of labelled examples: what the user pointed at, opened and recognised.

`open_source` looks at content first and suffix second. A source can be read any number of times;
rows are numbered from 1 in its order.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, Protocol

from hotfit.inputs.delimited import open_delimited
from hotfit.inputs.encoding import find_encoding
from hotfit.inputs.images import Images, is_folder, is_zip, open_folder, open_zip
from hotfit.inputs.images_loading import Fetch, Pictures
from hotfit.inputs.images_place import FolderPlace
from hotfit.inputs.jsonlines import open_json
from hotfit.inputs.memory import NAME, open_memory
from hotfit.inputs.opening import Opened, open_bytes
from hotfit.inputs.parquet import open_parquet
from hotfit.inputs.report import Report
from hotfit.types import Cell

Row = tuple[int, list[Cell]]


class Reader(Protocol):
    """What every format offers: column names, what was guessed, and the rows."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The column names, distinct and not blank."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences that say what was guessed."""

    def rows(self, report: Report) -> Iterator[Row]:
        """Yield (row number from 1, cells), each as wide as `columns`."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """A table of examples: `name` as sentences say it, `format` as it was recognised.

    `pictures` reads the images that cells may name; `of_images` says that the source is a folder
    or an archive of them.
    """

    name: str
    format: str
    reader: Reader
    notes: tuple[str, ...] = ()
    held: object = field(default=None, repr=False)
    pictures: Pictures | None = field(default=None, repr=False)
    of_images: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The column names, distinct and not blank."""
        return self.reader.columns

    def rows(self, report: Report | None = None) -> Iterator[Row]:
        """Yield (row number from 1, cells), each as wide as `columns`; problems go to `report`."""
        return self.reader.rows(Report() if report is None else report)


def open_source(
    source: object, *, stdin: BinaryIO | None = None, fetch: Fetch | None = None
) -> Source:
    """Open a path, `-` (read from `stdin`) or values in memory; raise a Refusal where it cannot.

    Values are a list of dicts, of (data, label) pairs or of texts, a dict of columns, or anything
    with `to_dict(orient="records")` as data frames have it. `fetch` reads images that cells name by
    address; without it they are refused.
    """
    opened = _open(source, stdin)
    if fetch is None or opened.pictures is None:
        return opened
    return replace(opened, pictures=replace(opened.pictures, fetch=fetch))


def _open(source: object, stdin: BinaryIO | None) -> Source:
    if not isinstance(source, str | os.PathLike):
        memory = open_memory(source)
        return Source(name=NAME, format="memory", reader=memory, notes=memory.notes)
    if os.fspath(source) == "-":
        return replace(_open_table(open_bytes("-", stdin=stdin)), pictures=Pictures(place=None))
    path = Path(source)
    if is_folder(path):
        return _of_images(open_folder(path), "folder")
    if is_zip(path):
        return _of_images(open_zip(path), "zip")
    pictures = Pictures(place=FolderPlace(root=path.parent))
    return replace(_open_table(open_bytes(path)), pictures=pictures)


def _of_images(images: Images, kind: str) -> Source:
    """A folder or archive of images as a table of their paths and labels."""
    pictures = Pictures(place=images.place, base="" if images.base == "." else images.base)
    if images.folders is not None:
        return Source(
            name=images.name,
            format=kind,
            reader=images.folders,
            notes=images.folders.notes,
            pictures=pictures,
            of_images=True,
        )
    assert images.table is not None
    table = _open_table(open_bytes(images.table))
    return replace(
        table,
        name=images.name,
        format=kind,
        pictures=pictures,
        of_images=True,
        held=(images.held, table.held),
    )


def _open_table(opened: Opened) -> Source:
    """Recognise a table by its first bytes."""
    if opened.head.startswith(b"PAR1"):
        return _source(opened, "parquet", open_parquet(opened), None)
    encoding = find_encoding(opened.head, name=opened.name)
    start = encoding.decode_head(opened.head).lstrip("\ufeff \t\r\n")
    if start.startswith("{"):
        return _source(opened, "jsonl", open_json(opened, encoding, array=False), encoding.note)
    if start.startswith("[") and _is_array(start, opened.stem_suffix):
        return _source(opened, "json", open_json(opened, encoding, array=True), encoding.note)
    table = open_delimited(opened, encoding)
    kind = {",": "csv", "\t": "tsv"}.get(table.dialect.delimiter, "delimited")
    return _source(opened, kind, table, encoding.note)


def _is_array(start: str, suffix: str) -> bool:
    return suffix in {".json", ".jsonl", ".ndjson"} or start[1:].lstrip().startswith(("{", "]"))


def _source(opened: Opened, kind: str, reader: Reader, note: str | None) -> Source:
    return Source(
        name=opened.name,
        format=kind,
        reader=reader,
        notes=((note,) if note else ()) + reader.notes,
        held=opened.spool,
    )
