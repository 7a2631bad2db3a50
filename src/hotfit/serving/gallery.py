"""A function's samples by nearness: their vectors in memory, each of length 1.

    distance(x, y) = 1 - cos(e(x), e(y))

e is the encoder of the function's live version, so what was encoded for training is found in the
cache. The search is exact: one product with the whole matrix, and a partial sort.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from hotfit.encoders.base import Encoder
from hotfit.errors import Refusal
from hotfit.samples.rows import read_data
from hotfit.similarity.search import unit
from hotfit.store.blobs import Blobs
from hotfit.store.sessions import Reading, Store
from hotfit.store.tables import functions, samples
from hotfit.store.vectors import CachedEncoder, get_many
from hotfit.types import Data, Vectors

ENCODE = 4096
"""Samples read and encoded at a time where the cache lacks them."""


class SearchImpossible(Refusal):
    """The function's samples have no vectors."""

    def __init__(self, *, function: str) -> None:
        super().__init__(
            f"{function!r} takes rows of a table, which are not searched by nearness; "
            "search a function of texts or images."
        )


@dataclass(frozen=True, kw_only=True)
class Near:
    """A sample and how far it is, from 0 (alike) to 2."""

    sample: int
    external_id: str | None
    distance: float


@dataclass(frozen=True, kw_only=True)
class Gallery:
    """n samples as of a change; `vectors` (n, d) of length 1."""

    encoder: str
    change: int
    ids: NDArray[np.int64]
    external_ids: Sequence[str | None]
    hashes: Sequence[bytes]
    vectors: Vectors = field(repr=False)

    @cached_property
    def places(self) -> dict[int, int]:
        """The row of each sample."""
        return {int(sample): row for row, sample in enumerate(self.ids)}

    def nearest(self, query: Vectors, *, count: int) -> list[Near]:
        """The samples nearest to `query` (d,), nearest first; of equals the oldest first."""
        top = min(count, len(self.ids))
        if not top:
            return []
        cosines = self.vectors @ unit(query[None])[0]
        found = np.sort(np.argpartition(cosines, len(cosines) - top)[len(cosines) - top :])
        return [
            Near(
                sample=int(self.ids[row]),
                external_id=self.external_ids[row],
                distance=float(np.clip(1 - cosines[row], 0, 2)),
            )
            for row in found[np.argsort(-cosines[found], kind="stable")]
        ]


def hang(
    store: Store, blobs: Blobs, function: str, encoder: Encoder, *, old: Gallery | None = None
) -> Gallery:
    """Read the samples of a function and their vectors; what `old` has is not read again."""
    with store.read() as session:
        change = session.scalar(select(functions.c.change).where(functions.c.id == function))
        rows = session.rows(
            select(samples.c.id, samples.c.external_id, samples.c.content_hash)
            .where(samples.c.function_id == function)
            .order_by(samples.c.id)
        )
        hashes = [bytes(row.content_hash) for row in rows]
        vectors = np.zeros((len(rows), encoder.dimensions), dtype=np.float32)
        lacking = _fill(session, vectors, hashes, encoder, old)
    ids = np.array([row.id for row in rows], dtype=np.int64)
    cached = CachedEncoder(encoder, store)
    for start in range(0, len(lacking), ENCODE):
        part = lacking[start : start + ENCODE]
        found = _data(store, blobs, [int(ids[row]) for row in part])
        known = [row for row in part if int(ids[row]) in found]
        vectors[known] = unit(cached.encode([found[int(ids[row])] for row in known]))
    return Gallery(
        encoder=encoder.name,
        change=int(change or 0),
        ids=ids,
        external_ids=[row.external_id for row in rows],
        hashes=hashes,
        vectors=vectors,
    )


def _fill(
    session: Reading,
    vectors: Vectors,
    hashes: Sequence[bytes],
    encoder: Encoder,
    old: Gallery | None,
) -> list[int]:
    """Copy the vectors that are known; return the rows of those that are not."""
    kept: Mapping[bytes, Vectors] = {}
    if old is not None and old.encoder == encoder.name:
        kept = dict(zip(old.hashes, old.vectors, strict=True))
    wanted = [key for key in hashes if key not in kept]
    cached = get_many(session, wanted, encoder.name)
    lacking = []
    for row, key in enumerate(hashes):
        if key in kept:
            vectors[row] = kept[key]
        elif key in cached and len(cached[key]) == encoder.dimensions:
            vectors[row] = unit(cached[key][None])[0]
        else:
            lacking.append(row)
    return lacking


def _data(store: Store, blobs: Blobs, ids: Sequence[int]) -> dict[int, Data]:
    """What these samples hold; those that were deleted meanwhile are left out."""
    with store.read() as session:
        rows = session.rows(
            select(samples.c.id, samples.c.data, samples.c.blob).where(samples.c.id.in_(ids))
        )
    data = read_data([row.data for row in rows], [row.blob for row in rows], blobs)
    return dict(zip([row.id for row in rows], data, strict=True))
