"""Where samples come from: their place in the source, and who last said what they are."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import and_, select

from hotfit.store.blobs import Blobs
from hotfit.store.sessions import Reading
from hotfit.store.tables import annotations, origins, samples
from hotfit.types import Data, Picture

CHUNK = 5000


@dataclass(frozen=True, kw_only=True)
class Origin:
    """A sample as its source knows it; `author` and `created` are of its newest annotation."""

    data: Data
    origin: str
    row: int
    external_id: str | None
    author: str | None
    created: str | None


def origins_of(session: Reading, ids: Sequence[int], *, blobs: Blobs) -> dict[int, Origin]:
    """The origins of those samples that are still there, by identifier."""
    latest = and_(annotations.c.sample_id == samples.c.id, annotations.c.latest)
    query = select(
        samples.c.id,
        samples.c.data,
        samples.c.blob,
        samples.c.number,
        samples.c.external_id,
        origins.c.name,
        annotations.c.author,
        annotations.c.created,
    ).select_from(
        samples.outerjoin(annotations, latest).join(origins, origins.c.id == samples.c.origin_id)
    )
    found: dict[int, Origin] = {}
    for start in range(0, len(ids), CHUNK):
        part = samples.c.id.in_(ids[start : start + CHUNK])
        for row in session.rows(query.where(part)):
            data: Data = (
                json.loads(row.data)
                if row.data is not None
                else Picture(sha256=row.blob, reader=partial(blobs.get, row.blob))
            )
            found[row.id] = Origin(
                data=data,
                origin=row.name,
                row=row.number,
                external_id=row.external_id,
                author=row.author,
                created=row.created,
            )
    return found
