"""Reading the samples of a function as columns, quickly, in the order of training."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import and_, func, select

from hotfit.functions.labels import labels_of
from hotfit.store.blobs import Blobs
from hotfit.store.content import data_from_json
from hotfit.store.sessions import Reading
from hotfit.store.tables import (
    annotations,
    functions,
    origins,
    sample_set_members,
    sample_sets,
    samples,
)
from hotfit.types import Data, Label, Output, Picture, Split


@dataclass(frozen=True, kw_only=True)
class Rows:
    """n samples as columns; all lists have n entries.

    `ids` identify samples for ever; `numbers` count within the origin from 1. `answers` holds the
    annotation as names: a label, a tuple of the tags that are present, a quantity, or None.
    `absent` holds the tags that were said to be absent. `label_names` is in the order of creation.
    `change` is the last change these rows contain.
    """

    ids: Sequence[int]
    origins: Sequence[str]
    numbers: Sequence[int]
    data: Sequence[Data]
    hashes: Sequence[bytes]
    splits: Sequence[Split | None]
    external_ids: Sequence[str | None]
    answers: Sequence[Label | None]
    absent: Sequence[tuple[str, ...]]
    label_names: Sequence[str]
    change: int

    def __len__(self) -> int:
        return len(self.ids)


def read_rows(session: Reading, function: str, *, blobs: Blobs | None = None) -> Rows:
    """All samples of a function, by origin (oldest first) and number.

    Images are pictures that are read from `blobs` when asked for; it must be given where the
    function has any.
    """
    names = {label.id: label.name for label in labels_of(session, function)}
    head = session.first(
        select(functions.c.change, functions.c.output).where(functions.c.id == function)
    )
    assert head is not None
    latest = and_(annotations.c.sample_id == samples.c.id, annotations.c.latest)
    found = session.rows(
        select(
            samples.c.id,
            samples.c.origin_id,
            samples.c.number,
            samples.c.data,
            samples.c.blob,
            samples.c.content_hash,
            samples.c.split,
            samples.c.external_id,
            annotations.c.value,
        )
        .select_from(samples.outerjoin(annotations, latest))
        .where(samples.c.function_id == function)
        .order_by(samples.c.origin_id, samples.c.number, samples.c.id)
    )
    columns = list(zip(*found, strict=True)) or [()] * 9
    ids, origin_ids, numbers, data, keys, hashes, splits, external_ids, values = columns
    origin_names = _origin_names(session, function)
    apart = held_out(session, function)
    present, absent = answers_by_name(values, names, tags=head.output == Output.TAGS.value)
    return Rows(
        ids=ids,
        origins=[origin_names[one] for one in origin_ids],
        numbers=numbers,
        data=read_data(data, keys, blobs),
        hashes=[bytes(one) for one in hashes],
        splits=["test" if one in apart else split for one, split in zip(ids, splits, strict=True)],
        external_ids=external_ids,
        answers=present,
        absent=absent,
        label_names=list(names.values()),
        change=head.change,
    )


def held_out(session: Reading, function: str) -> frozenset[int]:
    """The samples, by identifier, of sets that are not learned from; they count as test rows."""
    rows = session.rows(
        select(sample_set_members.c.sample_id)
        .join(sample_sets, sample_sets.c.id == sample_set_members.c.set_id)
        .where(sample_sets.c.function_id == function, ~sample_sets.c.trains)
    )
    return frozenset(row.sample_id for row in rows)


def count_samples(session: Reading, function: str) -> int:
    """How many samples a function has."""
    return int(session.scalar(select(func.count()).where(samples.c.function_id == function)))


def _origin_names(session: Reading, function: str) -> dict[int, str]:
    rows = session.rows(
        select(origins.c.id, origins.c.name).where(origins.c.function_id == function)
    )
    return {row.id: row.name for row in rows}


def read_data(
    kept: Sequence[str | None], keys: Sequence[str | None], blobs: Blobs | None
) -> list[Data]:
    """Texts and rows from their JSON, images as pictures that read their blob when asked for."""
    if None not in kept:
        return data_from_json([text for text in kept if text is not None])
    found: list[Data] = []
    for text, key in zip(kept, keys, strict=True):
        if text is not None:
            found.append(json.loads(text))
        else:
            assert key is not None
            if blobs is None:
                raise ValueError("the function has images; pass the blobs they are kept in")
            found.append(Picture(sha256=key, reader=partial(blobs.get, key)))
    return found


def answers_by_name(
    values: Sequence[str | None], names: dict[str, str], *, tags: bool
) -> tuple[list[Label | None], list[tuple[str, ...]]]:
    """The tags present (or the answer) and those absent of kept annotations, by name.

    Each distinct annotation is translated once; samples share few.
    """
    known: dict[str | None, tuple[Label | None, tuple[str, ...]]] = {None: (None, ())}
    for text in set(values) - {None}:
        known[text] = _answer(json.loads(str(text)), names, tags=tags)
    pairs = [known[text] for text in values]
    return [answer for answer, _ in pairs], [absent for _, absent in pairs]


def _answer(
    value: object, names: dict[str, str], *, tags: bool
) -> tuple[Label | None, tuple[str, ...]]:
    if isinstance(value, int | float):
        return float(value), ()
    assert isinstance(value, list)
    present = tuple(names[one] for one, there in value if there)
    absent = tuple(names[one] for one, there in value if not there)
    return (present if tags else next(iter(present), None)), absent
