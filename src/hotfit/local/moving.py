"""A function to a file and back; a file appears whole or not at all."""

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from hotfit.app import App
from hotfit.archives.model_writing import write_model
from hotfit.archives.onnx_folder import NoGraph, write_onnx
from hotfit.archives.reading import import_function
from hotfit.archives.tables import TableFormat, table_of
from hotfit.archives.writing import Exported, export_function
from hotfit.encoders import SIGN, fetch
from hotfit.errors import Refusal
from hotfit.functions.functions import Function as Record
from hotfit.functions.trained import TrainedFunction
from hotfit.functions.versions import Version
from hotfit.samples.rows import read_rows
from hotfit.store.artifacts import unpack
from hotfit.store.faults import explained_os
from hotfit.types import State


def write_archive(app: App, function: str, file: Path) -> Exported:
    """Write a function with its samples and its live version."""
    with whole(file) as stream:
        return export_function(app.store, app.blobs, function, stream)


def write_model_file(
    app: App, record: Record, version: Version, file: Path, *, encoder: bool, prepared: bool
) -> None:
    """Write what answers alone; with `encoder`, the files of the encoders that read go along."""
    artifact = app.blobs.get(version.artifact)
    entries = [app.shelf.get(name) for name in encoders_in(unpack(artifact))]
    files: dict[str, Path] = {}
    for entry in entries if encoder else ():
        cache = app.weights_of(entry.name)
        found = fetch(entry, cache=cache, folder=app.settings.weights, offline=app.settings.offline)
        files |= {one.sha256: found[one.name] for one in entry.files}
    with whole(file) as stream:
        write_model(
            stream, record, version, artifact, entries=entries, files=files, prepared=prepared
        )


class FolderTaken(Refusal):
    """A folder that was to be written holds something."""

    status = 409

    def __init__(self, *, folder: Path) -> None:
        super().__init__(
            f"{folder} is there already and is no empty folder; name another, or delete it first"
        )


def write_onnx_folder(
    app: App,
    record: Record,
    version: Version,
    trained: TrainedFunction,
    folder: Path,
    *,
    encoder: bool,
) -> None:
    """Write a function as plain ONNX and JSON; the folder appears whole or not at all."""
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise FolderTaken(folder=folder)
    entry, files = None, None
    if encoder:
        state = unpack(app.blobs.get(version.artifact))
        names = encoders_in(state)
        if len(names) != 1:
            raise NoGraph(encoder=SIGN.join(names))
        entry = app.shelf.get(names[0])
        files = fetch(
            entry,
            cache=app.weights_of(entry.name),
            folder=app.settings.weights,
            offline=app.settings.offline,
        )
    part = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.part")
    with explained_os(str(folder)):
        part.mkdir(parents=True)
    try:
        with explained_os(str(folder)):
            write_onnx(part, record, version, trained, entry=entry, files=files)
            if folder.exists():
                folder.rmdir()
            part.replace(folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def encoders_in(state: State) -> list[str]:
    """The names of the encoders that read for a saved function."""
    encoding = state.parameters["encoding"]
    named = encoding.get("encoder") or encoding.get("texts") or ""
    return [name for name in re.split(rf"\s*{re.escape(SIGN)}\s*", named) if name]


def write_table(app: App, record: Record, file: Path, *, form: TableFormat, raw: bool) -> int:
    """Write the samples of a function as a table; return how many."""
    with app.store.read() as session:
        rows = read_rows(session, record.id, blobs=app.blobs)
    with whole(file) as stream:
        for line in table_of(record, rows, format=form, raw=raw):
            stream.write(line.encode())
    return len(rows)


def read_archive(app: App, file: Path, *, name: str | None) -> Record:
    """Make the function that a file holds."""
    return import_function(app.store, app.blobs, file, name=name)


class NoPlace(Refusal):
    """A file was to be written into a folder that is not there."""

    def __init__(self, *, file: Path) -> None:
        super().__init__(
            f"{file} cannot be written: there is no folder {file.parent}; make it, or name another"
        )


@contextmanager
def whole(file: Path) -> Iterator[IO[bytes]]:
    """A file beside `file` that takes its place when it was written; raise NoPlace."""
    if not file.absolute().parent.is_dir():
        raise NoPlace(file=file)
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
