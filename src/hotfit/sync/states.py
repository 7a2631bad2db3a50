"""What the folder and the server say of each row, put so that the two can be compared.

A row is known by its external id where the folder has ids and both sides know it, else by what it
holds. Rows that hold the same are one: the server keeps equal data once.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hotfit.folders import Folder, Row
from hotfit.folders.making import cell_text
from hotfit.inputs.labels import clean_name, fold
from hotfit.inputs.numbers import parse_number
from hotfit.types import Cell, Data, Kind, Label, Picture

LETTERS = 16
"""Of a digest, 64 bits: among a million rows two are alike by chance once in 10^7 folders."""


@dataclass(frozen=True, kw_only=True)
class State:
    """A row on one side: the digest of what it holds, and its answer as JSON."""

    data: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Remote:
    """A sample of the server as a row."""

    id: str
    data: Data
    label: Label | None
    split: str | None = None
    external_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class FolderSide:
    """The folder's rows by key; several rows of one key hold the same."""

    states: Mapping[str, State]
    rows: Mapping[str, Sequence[Row]]


@dataclass(frozen=True, kw_only=True)
class ServerSide:
    """The server's samples by key; several samples of one key hold the same."""

    states: Mapping[str, State]
    rows: Mapping[str, Sequence[Remote]]


def by_id(external_id: str) -> str:
    """The key of a row with an id."""
    return f"id:{external_id}"


def folder_side(folder: Folder) -> FolderSide:
    """The rows of a folder, by key."""
    numbers = number_fields(folder)
    rows: dict[str, list[Row]] = {}
    digests: dict[str, str] = {}
    for row in folder.rows:
        digest = digest_of(row.sample.data, numbers)
        given = row.sample.external_id
        key = digest if given is None else by_id(given)
        rows.setdefault(key, []).append(row)
        digests.setdefault(key, digest)
    states = {
        key: State(data=digests[key], label=label_of(row.sample.label for row in found))
        for key, found in rows.items()
    }
    return FolderSide(states=states, rows=rows)


def server_side(remote: Iterable[Remote], here: FolderSide, numbers: frozenset[str]) -> ServerSide:
    """The samples of a server, keyed as the folder's rows are."""
    with_ids = any(key.startswith("id:") for key in here.states)
    held = {state.data: key for key, state in here.states.items()}
    there = list(remote)
    known = {by_id(one.external_id) for one in there if one.external_id} if with_ids else set()
    rows: dict[str, list[Remote]] = {}
    digests: dict[str, str] = {}
    for one in there:
        digest = digest_of(one.data, numbers)
        key = digest
        if with_ids and one.external_id:
            key = by_id(one.external_id)
            if key not in here.states and digest in here.states:
                key = digest
        elif (same := held.get(digest)) is not None and same not in known:
            key = same
        rows.setdefault(key, []).append(one)
        digests.setdefault(key, digest)
    states = {
        key: State(data=digests[key], label=label_of(one.label for one in found))
        for key, found in rows.items()
    }
    return ServerSide(states=states, rows=rows)


def number_fields(folder: Folder) -> frozenset[str]:
    """The fields of a table that hold quantities, which may be spelt in several ways."""
    return frozenset(one.name for one in folder.plan.fields if one.kind is Kind.NUMBER)


def digest_of(data: Data, numbers: frozenset[str]) -> str:
    """What tells one row from another, however its cells are spelt."""
    if isinstance(data, Picture):
        return data.sha256[:LETTERS]
    if isinstance(data, str):
        told = data.strip()
    else:
        cells = {name: _spelt(cell, number=name in numbers) for name, cell in data.items()}
        told = json.dumps({name: cells[name] for name in sorted(cells) if cells[name]})
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:LETTERS]


def _spelt(cell: Cell, *, number: bool) -> str:
    text = cell_text(cell).strip()
    value = parse_number(text) if number else None
    return text if value is None else repr(float(value))


def label_of(labels: Iterable[Label | None]) -> str:
    """The answer of rows that hold the same, as JSON: null where none is given, all that differ."""
    told = sorted({_told(label) for label in labels if label is not None})
    if not told:
        return "null"
    return told[0] if len(told) == 1 else f"[{', '.join(['null', *told])}]"


def _told(label: Label) -> str:
    if isinstance(label, str):
        return json.dumps(fold(clean_name(label)), ensure_ascii=False)
    if isinstance(label, tuple):
        return json.dumps(sorted({fold(clean_name(each)) for each in label}), ensure_ascii=False)
    return repr(float(label))


def is_mixed(label: str) -> bool:
    """Whether rows that hold the same have different answers."""
    return label.startswith("[null, ")


def shown(state: State | None) -> str:
    """A state in a word: what a person calls the answer."""
    if state is None:
        return "no such row"
    value: Any = json.loads(state.label)
    if value is None:
        return "no label"
    if is_mixed(state.label):
        return "different labels on equal rows: " + ", ".join(map(_word, value[1:]))
    return _word(value)


def _word(value: Any) -> str:
    if isinstance(value, list):
        return " + ".join(map(str, value)) or "no tag"
    return f"{value:g}" if isinstance(value, float) else str(value)
