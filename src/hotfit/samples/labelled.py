"""What training compares to find out what changed: each sample's content and label, no data."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, and_, select

from hotfit.samples.rows import held_out
from hotfit.store.blobs import Blobs
from hotfit.store.sessions import Reading
from hotfit.store.tables import annotations, samples
from hotfit.types import Data, Picture

CHUNK = 5000


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """A sample's content hash and label identifier; None where it is not to be learned from."""

    id: int
    hash: bytes
    label: str | None


def read_labelled(session: Reading, function: str, ids: Sequence[int]) -> list[Labelled]:
    """The samples among `ids` that the function still has."""
    found: list[Labelled] = []
    for start in range(0, len(ids), CHUNK):
        found += _read(session, function, samples.c.id.in_(ids[start : start + CHUNK]))
    return found


def read_labelled_after(session: Reading, function: str, sample: int) -> list[Labelled]:
    """The samples that came after one, by identifier, or all for 0."""
    return _read(session, function, samples.c.id > sample)


def read_data(session: Reading, ids: Sequence[int], *, blobs: Blobs) -> dict[int, Data]:
    """What samples hold, by identifier."""
    return dict(_read_data(session, ids, blobs))


def _read_data(session: Reading, ids: Sequence[int], blobs: Blobs) -> Iterator[tuple[int, Data]]:
    for start in range(0, len(ids), CHUNK):
        query = select(samples.c.id, samples.c.data, samples.c.blob, samples.c.file)
        for row in session.rows(query.where(samples.c.id.in_(ids[start : start + CHUNK]))):
            if row.data is not None:
                yield row.id, json.loads(row.data)
            else:
                reader = partial(blobs.get, row.blob)
                yield row.id, Picture(sha256=row.blob, reader=reader, file=row.file)


def _read(session: Reading, function: str, which: ColumnElement[bool]) -> list[Labelled]:
    latest = and_(annotations.c.sample_id == samples.c.id, annotations.c.latest)
    rows = session.rows(
        select(samples.c.id, samples.c.content_hash, samples.c.split, annotations.c.value)
        .select_from(samples.outerjoin(annotations, latest))
        .where(samples.c.function_id == function, which)
        .order_by(samples.c.id)
    )
    known: dict[str | None, str | None] = {None: None}
    apart = held_out(session, function)
    for row in rows:
        if row.value not in known:
            known[row.value] = _label(json.loads(row.value))
    return [
        Labelled(
            id=row.id,
            hash=bytes(row.content_hash),
            label=None if row.split == "test" or row.id in apart else known[row.value],
        )
        for row in rows
    ]


def _label(value: Any) -> str | None:
    if not isinstance(value, list):
        return None
    return next((label for label, present in value if present), None)
