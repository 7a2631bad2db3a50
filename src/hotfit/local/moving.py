"""A function to a file and back; a file appears whole or not at all."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from hotfit.app import App
from hotfit.archives.reading import import_function
from hotfit.archives.tables import TableFormat, table_of
from hotfit.archives.writing import Exported, export_function
from hotfit.functions.functions import Function as Record
from hotfit.samples.rows import read_rows
from hotfit.store.faults import explained_os


def write_archive(app: App, function: str, file: Path) -> Exported:
    """Write a function with its samples and its live version."""
    with _whole(file) as stream:
        return export_function(app.store, app.blobs, function, stream)


def write_table(app: App, record: Record, file: Path, *, form: TableFormat, raw: bool) -> int:
    """Write the samples of a function as a table; return how many."""
    with app.store.read() as session:
        rows = read_rows(session, record.id, blobs=app.blobs)
    with _whole(file) as stream:
        for line in table_of(record, rows, format=form, raw=raw):
            stream.write(line.encode())
    return len(rows)


def read_archive(app: App, file: Path, *, name: str | None) -> Record:
    """Make the function that a file holds."""
    return import_function(app.store, app.blobs, file, name=name)


@contextmanager
def _whole(file: Path) -> Iterator[IO[bytes]]:
    """A file beside `file` that takes its place when it was written."""
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    with explained_os(str(file)):
        stream = part.open("xb")
    try:
        with explained_os(str(file)), stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        with explained_os(str(file)):
            part.replace(file)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
