"""A folder made of a function that is there: on a server, in step with it, or in a home."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import ClassVar

from hotfit.client import RemoteFunction
from hotfit.errors import Refusal
from hotfit.folders import Folder
from hotfit.folders.making import Outline, make_folder, refuse_taken, table_text
from hotfit.functions import functions
from hotfit.functions.labels import labels_of
from hotfit.local import Home
from hotfit.samples.rows import read_rows
from hotfit.sync.base import Base, write_base
from hotfit.sync.keeping import FunctionAbsent
from hotfit.sync.remote import load, open_client
from hotfit.sync.standing import compare
from hotfit.sync.states import Remote
from hotfit.sync.writing_folder import image_name, stated_kind
from hotfit.types import Cell, Field, Input, Kind, Label, Output, Picture


class NothingThere(Refusal):
    """A function has no rows to make a folder of."""

    status: ClassVar[int] = 409

    def __init__(self, *, name: str, where: str) -> None:
        super().__init__(
            f"{name!r} on {where} has no samples yet; make the folder first (hotfit init), and "
            "push it"
        )


class ImagesInRows(Refusal):
    """A table's function has a field of images, which a folder has no place for."""

    def __init__(self, *, name: str, field: str) -> None:
        super().__init__(
            f"{name!r} has images in its field {field!r}; a folder holds tables of texts and "
            "numbers, or images alone: export the function instead (hotfit export)"
        )


@dataclass(frozen=True, kw_only=True)
class Held:
    """A function as it is somewhere; `target` and `column` are the columns it learned from."""

    name: str
    input: Input
    output: Output
    rows: Sequence[Remote]
    labels: Mapping[str, str]
    fields: Mapping[str, str] = field(default_factory=dict)
    target: str | None = None
    column: str | None = None


def from_server(path: Path, *, url: str, key: str | None, name: str) -> None:
    """Make a folder of a server's function, in step with it; raise FunctionAbsent, NothingThere."""
    refuse_taken(path)
    with open_client(url, key) as client:
        function = client.find(name)
        if function is None:
            raise FunctionAbsent(name=name, url=url)
        there = load(function)
        held = _held(function, there.rows, there.labels, there.fields)
        start_folder(path, held, where=url)
    base = Base(server=url, function=function.id)
    write_base(path, compare(Folder.open(path), there, base).in_common(base))


def from_home(path: Path, home: Home, name: str) -> None:
    """Make a folder of a function of a home; raise NothingThere."""
    refuse_taken(path)
    with home.app.store.read() as session:
        record = functions.get(session, name)
        rows = read_rows(session, record.id, blobs=home.app.blobs)
        labels = {one.name: one.description or "" for one in labels_of(session, record.id)}
    parts = zip(rows.data, rows.answers, rows.splits, rows.external_ids, strict=True)
    held = Held(
        name=record.name,
        input=record.input,
        output=record.output,
        rows=[
            Remote(id="", data=data, label=label, split=split, external_id=external)
            for data, label, split, external in parts
        ],
        labels=labels,
        fields={one.name: one.kind.value for one in record.fields},
        target=record.target,
        column=record.plan.get("text") or record.plan.get("image"),
    )
    start_folder(path, held, where="this machine")


def start_folder(path: Path, held: Held, *, where: str) -> None:
    """Write what a function is and holds; raise NothingThere, ImagesInRows."""
    if not held.rows:
        raise NothingThere(name=held.name, where=where)
    pictured = [name for name, kind in held.fields.items() if kind == Kind.IMAGE.value]
    if pictured:
        raise ImagesInRows(name=held.name, field=pictured[0])
    inputs = _inputs(held)
    target, split, key = _names(inputs, held.target)
    ids = any(one.external_id for one in held.rows)
    splits = any(one.split for one in held.rows)
    columns = [*[key] * ids, *inputs, target, *[split] * splits]
    images = {one.data.sha256: one.data for one in held.rows if isinstance(one.data, Picture)}
    places = {digest: image_name(picture) for digest, picture in images.items()}
    cells = [_cells(one, inputs, places) | _more(one, target, split, key) for one in held.rows]
    form, text = table_text(columns, [[row.get(name) for name in columns] for row in cells])
    outline = Outline(
        name=held.name,
        input=held.input,
        output=held.output,
        target=target,
        inputs=inputs,
        fields=[Field(name=n, kind=Kind(stated_kind(k))) for n, k in held.fields.items()],
        labels=dict(held.labels),
        id=key if ids else None,
    )
    for digest, place in places.items():
        file = path / "data" / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(images[digest].read())
    make_folder(path, outline, {f"rows.{form}": text})


def _held(
    function: RemoteFunction,
    rows: Sequence[Remote],
    labels: Mapping[str, str],
    fields: Mapping[str, str],
) -> Held:
    return Held(
        name=function.name,
        input=Input(function.input),
        output=Output(function.output),
        rows=rows,
        labels=labels,
        fields=fields,
    )


def _inputs(held: Held) -> list[str]:
    if held.input is Input.TABULAR:
        return list(held.fields)
    return [held.column or ("image" if held.input is Input.IMAGE else "text")]


def _names(inputs: Sequence[str], target: str | None) -> tuple[str, str, str]:
    """Names of the columns for the answer, the split and the id that no input has."""
    taken = set(inputs)
    found = []
    for wanted in (target or "label", "split", "id"):
        free = next(name for n in count() if (name := wanted + "_" * n) not in taken)
        taken.add(free)
        found.append(free)
    return found[0], found[1], found[2]


def _cells(sample: Remote, inputs: Sequence[str], places: Mapping[str, str]) -> dict[str, Cell]:
    data = sample.data
    if isinstance(data, str):
        return {inputs[0]: data}
    if isinstance(data, Picture):
        return {inputs[0]: places[data.sha256]}
    return {name: data.get(name) for name in inputs}


def _more(sample: Remote, target: str, split: str, key: str) -> dict[str, Cell]:
    return {target: _answer(sample.label), split: sample.split, key: sample.external_id}


def _answer(label: Label | None) -> Cell:
    return json.dumps(list(label), ensure_ascii=False) if isinstance(label, tuple) else label
