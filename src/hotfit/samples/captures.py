"""Calls kept for review: what a function was asked that would teach it something.

A content is kept once a function, and is no longer listed once it is among the samples. The oldest
make room for new ones; after some days all are forgotten.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.dialects import postgresql, sqlite

from hotfit.store.blobs import Blobs
from hotfit.store.columns import now
from hotfit.store.content import content_hash, data_from_json, data_to_json
from hotfit.store.ids import as_id, letters
from hotfit.store.sessions import Reading, Writing
from hotfit.store.tables import captures, functions, samples
from hotfit.types import Data, Picture

Reason = Literal["LowConfidence", "RareLabel", "Random"]


@dataclass(frozen=True, kw_only=True)
class Captured:
    """A call worth keeping; `label` is the identifier of what was answered."""

    function: str
    data: Data
    reason: Reason
    label: str | None
    confidence: float | None
    version: str
    external_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Capture(Captured):
    """A call that was kept."""

    id: int
    created: str

    @property
    def name(self) -> str:
        """What the capture is called outside."""
        return f"capture_{letters(self.id)}"


def as_capture(text: str) -> int | None:
    """The number of a capture by its identifier, with or without its kind in front."""
    known = as_id("capture", text)
    number = None if known is None else int(known.removeprefix("capture_"), 36)
    return number if number is not None and number < 2**63 else None


def keep(
    session: Writing, found: Sequence[Captured], *, blobs: Blobs, day: int, most: int, days: int
) -> int:
    """Keep calls whose content is new; forget what is too old or too much. Return how many."""
    there = {row.id for row in session.rows(select(functions.c.id))}
    kept = 0
    for one in found:
        if one.function in there:
            kept += _keep(session, one, blobs=blobs, day=day)
    session.run(delete(captures).where(captures.c.day < day - days))
    for function in {one.function for one in found} & there:
        _make_room(session, function, most=most)
    return kept


def list_captures(
    session: Reading,
    function: str,
    blobs: Blobs,
    *,
    reason: Reason | None = None,
    limit: int,
    offset: int = 0,
) -> list[Capture]:
    """Calls kept and not yet among the samples, least certain first, then newest first."""
    query = select(captures).where(captures.c.function_id == function, ~_is_sample())
    if reason is not None:
        query = query.where(captures.c.reason == reason)
    order = (func.coalesce(captures.c.confidence, 1.0), captures.c.id.desc())
    rows = session.rows(query.order_by(*order).limit(limit).offset(offset))
    return [
        Capture(
            id=row.id,
            function=row.function_id,
            data=_data(row.data, row.blob, blobs),
            reason=row.reason,
            label=row.label_id,
            confidence=row.confidence,
            version=row.version,
            external_id=row.external_id,
            created=row.created,
        )
        for row in rows
    ]


def discard(session: Writing, function: str, capture: int) -> bool:
    """Forget a call; False where there is no such one."""
    mine = captures.c.function_id == function
    return session.run(delete(captures).where(mine, captures.c.id == capture)) > 0


def _keep(session: Writing, one: Captured, *, blobs: Blobs, day: int) -> int:
    key = content_hash(one.data)
    known = select(samples.c.id).where(
        samples.c.function_id == one.function, samples.c.content_hash == key
    )
    if session.first(known.limit(1)) is not None:
        return 0
    insert = (sqlite.insert if session.dialect == "sqlite" else postgresql.insert)(captures)
    return session.run(
        insert.on_conflict_do_nothing().values(
            function_id=one.function,
            content_hash=key,
            data=None if isinstance(one.data, Picture) else data_to_json(one.data),
            blob=blobs.put(one.data.read()) if isinstance(one.data, Picture) else None,
            reason=one.reason,
            label_id=one.label,
            confidence=one.confidence,
            version=one.version,
            external_id=one.external_id,
            created=now(),
            day=day,
        )
    )


def _make_room(session: Writing, function: str, *, most: int) -> None:
    """Forget the oldest beyond `most`."""
    mine = captures.c.function_id == function
    oldest = session.scalar(
        select(captures.c.id).where(mine).order_by(captures.c.id.desc()).offset(most - 1).limit(1)
    )
    if oldest is not None:
        session.run(delete(captures).where(mine, captures.c.id < oldest))


def _is_sample() -> ColumnElement[bool]:
    return exists().where(
        samples.c.function_id == captures.c.function_id,
        samples.c.content_hash == captures.c.content_hash,
    )


def _data(kept: str | None, blob: str | None, blobs: Blobs) -> Data:
    if kept is not None:
        return data_from_json([kept])[0]
    assert blob is not None
    return Picture(sha256=blob, reader=partial(blobs.get, blob))
