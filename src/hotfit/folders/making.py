"""Making a function's folder: from nothing, from a finished one that ships, or from a data file."""

import csv
import io
import json
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path, PurePosixPath

from hotfit.errors import Refusal
from hotfit.folders.folder import HOME
from hotfit.folders.spec import NAME
from hotfit.inputs.images_place import clean_path
from hotfit.inputs.picture import BadPicture
from hotfit.inputs.plan import Plan
from hotfit.inputs.source import Source
from hotfit.types import Cell, Field, Input, Output

START = "start"
PATTERNS = "patterns"
"""Folders of this package with a finished function's folder in each."""

MOST_LABELS = 60
"""Labels that a new `hotfit.toml` lists; more are left to the rows."""

IGNORED = f"{HOME}/\n__pycache__/\n"


class FolderTaken(Refusal):
    """A function is to be made where there is one already."""

    status = 409

    def __init__(self, *, folder: Path) -> None:
        super().__init__(
            f"{folder} holds a function already ({NAME} is there); name another folder, or fit "
            f"this one: hotfit fit {folder}"
        )


class NoPattern(Refusal):
    """No finished folder of this name ships."""

    def __init__(self, *, name: str, known: Sequence[str]) -> None:
        super().__init__(f"no pattern is called {name!r}; there are: {', '.join(known) or 'none'}")


@dataclass(frozen=True, kw_only=True)
class Outline:
    """What a new `hotfit.toml` is to say."""

    name: str
    input: Input
    output: Output
    target: str | None
    inputs: Sequence[str]
    fields: Sequence[Field] = ()
    labels: Mapping[str, str] | None = None
    id: str | None = None


def patterns() -> tuple[str, ...]:
    """The names of the finished folders that ship."""
    inside = files("hotfit.folders").joinpath(PATTERNS)
    if not inside.is_dir():
        return ()
    return tuple(sorted(each.name for each in inside.iterdir() if each.joinpath(NAME).is_file()))


def copy_folder(path: Path, *, pattern: str | None = None, name: str | None = None) -> None:
    """Make a folder from the one to start with, or from a pattern; raise FolderTaken, NoPattern."""
    inside = files("hotfit.folders")
    if pattern is None:
        finished = inside.joinpath(START)
    elif pattern in patterns():
        finished = inside.joinpath(PATTERNS).joinpath(pattern)
    else:
        raise NoPattern(name=pattern, known=patterns())
    refuse_taken(path)
    shutil.copytree(str(finished), path, dirs_exist_ok=True, ignore=_unwanted)
    _ignore(path)
    if name is not None:
        toml = path / NAME
        text = toml.read_text(encoding="utf-8")
        named = re.sub(r'(?m)^name = ".*"$', lambda _: f"name = {_text(name)}", text, count=1)
        toml.write_text(named, encoding="utf-8")


def make_folder(path: Path, outline: Outline, tables: Mapping[str, str]) -> None:
    """Write a folder: what it says, and its tables by their name below `data/`."""
    refuse_taken(path)
    (path / "data").mkdir(parents=True, exist_ok=True)
    (path / "tests").mkdir(exist_ok=True)
    for name, text in tables.items():
        (path / "data" / name).write_text(text, encoding="utf-8", newline="\n")
    _ignore(path)
    (path / NAME).write_text(toml_of(outline), encoding="utf-8", newline="\n")


def from_source(path: Path, source: Source, reading: Plan, *, name: str) -> None:
    """Make a folder of the rows of a source as they stand, read as `reading` says."""
    refuse_taken(path)
    rows = [cells for _, cells in source.rows()]
    if reading.image is not None:
        rows = _keep_images(path / "data", source, source.columns.index(reading.image), rows)
    labels: dict[str, str] = {}
    if reading.target is not None and reading.output is not Output.NUMBER:
        column = reading.column(reading.target)
        labels = dict.fromkeys(sorted(reading.rules.names_in(column.counts)), "")
    one = reading.text or reading.image
    outline = Outline(
        name=name,
        input=reading.input,
        output=reading.output,
        target=reading.target,
        inputs=(one,) if one else [each.name for each in reading.fields],
        fields=reading.fields,
        labels=labels if len(labels) <= MOST_LABELS else {},
        id=reading.id,
    )
    form, text = table_text(source.columns, rows)
    make_folder(path, outline, {f"{name}.{form}": text})


def table_text(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> tuple[str, str]:
    """Rows as text, one a line: `csv`, or `jsonl` where a cell holds a line end."""
    kept = list(rows)
    if any(isinstance(cell, str) and _breaks(cell) for row in kept for cell in row):
        return "jsonl", "".join(json_line(columns, row) for row in kept)
    return "csv", csv_line(columns) + "".join(map(csv_line, kept))


def csv_line(cells: Sequence[Cell]) -> str:
    """One row as a line of CSV."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow([cell_text(cell) for cell in cells])
    return line.getvalue()


def json_line(columns: Sequence[str], cells: Sequence[object]) -> str:
    """One row as a line of JSON; what it has nothing in is left out."""
    told = {name: cell for name, cell in zip(columns, cells, strict=True) if cell is not None}
    return json.dumps(told, ensure_ascii=False) + "\n"


def cell_text(cell: Cell) -> str:
    """A cell as CSV holds it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


def toml_of(outline: Outline) -> str:
    """The text of a new `hotfit.toml`."""
    lines = ["[function]"]
    said: dict[str, object] = {
        "name": outline.name,
        "input": outline.input.value,
        "output": outline.output.value,
        "target": outline.target,
        "inputs": list(outline.inputs),
        "id": outline.id,
    }
    lines += [f"{key} = {_text(value)}" for key, value in said.items() if value]
    for field in outline.fields:
        lines += ["", f"[fields.{_text(field.name)}]", f"kind = {_text(field.kind.value)}"]
    for name, description in (outline.labels or {}).items():
        lines += ["", f"[labels.{_text(name)}]", f"description = {_text(description)}"]
    return "\n".join(lines) + "\n"


def refuse_taken(path: Path) -> None:
    """Raise FolderTaken where a folder holds a function."""
    if (path / NAME).exists():
        raise FolderTaken(folder=path)


def _text(value: object) -> str:
    """A value as TOML; its texts and lists of texts are JSON's, but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _ignore(path: Path) -> None:
    """Let git pass over what can be made again; lines that are there stay."""
    file = path / ".gitignore"
    there = file.read_text(encoding="utf-8") if file.exists() else ""
    missing = [line for line in IGNORED.splitlines() if line not in there.splitlines()]
    if missing:
        start = there if not there or there.endswith("\n") else there + "\n"
        file.write_text(start + "\n".join(missing) + "\n", encoding="utf-8")


def _breaks(text: str) -> bool:
    return len(text.splitlines()) > 1 or text.endswith(("\n", "\r"))


def _keep_images(
    folder: Path, source: Source, at: int, rows: Sequence[list[Cell]]
) -> list[list[Cell]]:
    """Copy the images that rows name below `folder`; rows whose image cannot be read are left."""
    kept = []
    assert source.pictures is not None
    for cells in rows:
        try:
            content = source.pictures.read(str(cells[at]))
            place = PurePosixPath("images") / clean_path(str(cells[at]))
        except BadPicture:
            continue
        file = folder / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        kept.append([*cells[:at], str(place), *cells[at + 1 :]])
    return kept


def _unwanted(_folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name in {HOME, "__pycache__", "__init__.py"}]
