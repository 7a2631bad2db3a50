"""Samples as they are listed: filtered, in the order they were added, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, Select, and_, exists, func, or_, select

from hotfit.samples.ids import sample_id
from hotfit.store.blobs import Blobs
from hotfit.store.columns import to_json
from hotfit.store.content import data_from_json
from hotfit.store.sessions import Reading
from hotfit.store.tables import (
    annotations,
    captures,
    findings,
    origins,
    sample_set_members,
    sample_sets,
    samples,
)
from hotfit.types import Data, Picture

_LATEST = and_(annotations.c.sample_id == samples.c.id, annotations.c.latest)


MOST_FOUND = 30_000
"""Samples that findings name, as many as one query may ask for."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A sample as it is kept; `value` is its annotation as JSON, `sets` its sample sets by id."""

    id: int
    data: str | None
    blob: str | None
    external_id: str | None
    value: str | None
    origin: str
    created: str | None
    sets: tuple[tuple[str, float | None], ...] = ()

    @property
    def name(self) -> str:
        """What the sample is called outside."""
        return sample_id(self.id)

    def content(self, blobs: Blobs) -> Data:
        """What the sample holds; an image is read when asked for."""
        if self.data is not None:
            return data_from_json([self.data])[0]
        assert self.blob is not None
        return Picture(sha256=self.blob, reader=partial(blobs.get, self.blob))


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which samples are asked for; None leaves a condition out.

    `captured` is the reason for which a call was kept that became the sample.
    """

    external_id: str | None = None
    annotated: bool | None = None
    label: str | None = None
    origin: str | None = None
    text: str | None = None
    ids: Sequence[int] | None = None
    sample_set: str | None = None
    trains: bool | None = None
    captured: str | None = None
    created_before: str | None = None
    created_after: str | None = None
    newest_first: bool = True


def list_samples(
    session: Reading,
    function: str,
    wanted: Filter,
    *,
    limit: int,
    offset: int = 0,
    past: int | None = None,
) -> list[Kept]:
    """A page of samples; `past` is the last sample of the page before."""
    conditions = [samples.c.function_id == function, *_conditions(wanted)]
    if past is not None:
        conditions.append(samples.c.id < past if wanted.newest_first else samples.c.id > past)
    order = samples.c.id.desc() if wanted.newest_first else samples.c.id
    query = _query()
    if offset:  # found by the index alone: a row that is left out is not read
        page = _ids(wanted).where(*conditions).order_by(order).limit(limit).offset(offset)
        conditions = [samples.c.id.in_(page)]
    else:
        query = query.limit(limit)
    return _kept(session, session.rows(query.where(*conditions).order_by(order)))


def count_listed(session: Reading, function: str, wanted: Filter) -> int:
    """How many samples of a function are asked for."""
    conditions = (samples.c.function_id == function, *_conditions(wanted))
    counted = _ids(wanted).where(*conditions).with_only_columns(func.count(samples.c.id))
    return int(session.scalar(counted))


def found_samples(session: Reading, function: str, kind: str) -> list[int]:
    """The samples that open findings of a kind speak of, the surest findings first."""
    rows = session.rows(
        select(findings.c.samples)
        .where(
            findings.c.function_id == function,
            findings.c.kind == kind,
            findings.c.status == "open",
        )
        .order_by(findings.c.score.desc(), findings.c.id)
    )
    return list(dict.fromkeys(number for row in rows for number in row.samples))[:MOST_FOUND]


def get_sample(session: Reading, function: str, sample: int) -> Kept | None:
    """One sample of a function, None where it has no such sample."""
    query = _query().where(samples.c.function_id == function, samples.c.id == sample)
    return next(iter(_kept(session, session.rows(query))), None)


def ids_of_external(session: Reading, function: str, external_id: str) -> list[int]:
    """The samples that carry an external id: one or none."""
    mine = samples.c.function_id == function
    found = session.rows(select(samples.c.id).where(mine, samples.c.external_id == external_id))
    return [row.id for row in found]


def _ids(wanted: Filter) -> Select[Any]:
    """The numbers of samples, joined with no more than the conditions look at."""
    joined: FromClause = samples
    if wanted.annotated is not None or wanted.label is not None:
        joined = joined.outerjoin(annotations, _LATEST)
    if wanted.origin is not None:
        joined = joined.join(origins, origins.c.id == samples.c.origin_id)
    return select(samples.c.id).select_from(joined)


def _query() -> Select[Any]:
    return select(
        samples.c.id,
        samples.c.data,
        samples.c.blob,
        samples.c.external_id,
        samples.c.created,
        annotations.c.value,
        origins.c.name.label("origin"),
    ).select_from(
        samples.outerjoin(annotations, _LATEST).join(origins, origins.c.id == samples.c.origin_id)
    )


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool] | None] = [
        None if wanted.external_id is None else samples.c.external_id == wanted.external_id,
        None if wanted.annotated is None else _annotated(there=wanted.annotated),
        None if wanted.label is None else _labelled(wanted.label),
        None if wanted.origin is None else origins.c.name == wanted.origin,
        None if wanted.text is None else _holds(wanted.text),
        None if wanted.ids is None else samples.c.id.in_(wanted.ids),
        None if wanted.sample_set is None else samples.c.id.in_(_members(wanted.sample_set)),
        None if wanted.trains is None else _trains(yes=wanted.trains),
        None if wanted.captured is None else _captured(wanted.captured),
        None if wanted.created_before is None else samples.c.created < wanted.created_before,
        None if wanted.created_after is None else samples.c.created > wanted.created_after,
    ]
    return [one for one in found if one is not None]


def _annotated(*, there: bool) -> ColumnElement[bool]:
    return annotations.c.value.is_not(None) if there else annotations.c.value.is_(None)


def _labelled(label: str) -> ColumnElement[bool]:
    """The annotation says that the label is present; identifiers hold no sign of LIKE but `_`."""
    return annotations.c.value.contains(f'["{label}",true]', autoescape=True)


def _holds(text: str) -> ColumnElement[bool]:
    """The data holds the text, whatever the case of letters; kept data is JSON."""
    inner = to_json(text)[1:-1]
    exact = samples.c.data.contains(inner, autoescape=True)
    folded = func.lower(samples.c.data).contains(inner.lower(), autoescape=True)
    return or_(exact, folded)


def _members(sample_set: str) -> Select[Any]:
    return select(sample_set_members.c.sample_id).where(sample_set_members.c.set_id == sample_set)


def held_out_samples() -> Select[Any]:
    """Samples in a set that is not learned from."""
    return (
        select(sample_set_members.c.sample_id)
        .join(sample_sets, sample_sets.c.id == sample_set_members.c.set_id)
        .where(~sample_sets.c.trains)
    )


def _captured(reason: str) -> ColumnElement[bool]:
    """The sample was a call first, which was kept for this reason."""
    same = captures.c.content_hash == samples.c.content_hash
    kept = captures.c.function_id == samples.c.function_id
    return exists().where(kept, same, captures.c.reason == reason)


def _trains(*, yes: bool) -> ColumnElement[bool]:
    """Whether the sample is learned from: no test row, in no set that is held out."""
    held_out = or_(
        func.coalesce(samples.c.split, "train") == "test", samples.c.id.in_(held_out_samples())
    )
    return ~held_out if yes else held_out


def _kept(session: Reading, rows: Sequence[Row[Any]]) -> list[Kept]:
    sets: dict[int, list[tuple[str, float | None]]] = {}
    ids = [row.id for row in rows]
    for start in range(0, len(ids), 5000):
        part = sample_set_members.c.sample_id.in_(ids[start : start + 5000])
        for row in session.rows(select(sample_set_members).where(part)):
            sets.setdefault(row.sample_id, []).append((row.set_id, row.weight))
    return [
        Kept(
            id=row.id,
            data=row.data,
            blob=row.blob,
            external_id=row.external_id,
            value=row.value,
            origin=row.origin,
            created=row.created,
            sets=tuple(sorted(sets.get(row.id, ()))),
        )
        for row in rows
    ]
