"""A function's samples by nearness: their vectors in memory, each of length 1.

    distance(x, y) = 1 - cos(e(x), e(y))

e is the encoder of the function's live version, so what was encoded for training is found in the
cache. Up to `similarity.index.EXACT` samples the search is exact: one product with the whole
matrix, and a partial sort. Above, an index is asked, and what came after it was built is searched
exactly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, and_, select

from hotfit.encoders.base import Encoder
from hotfit.functions.learning import unlearned
from hotfit.samples.rows import held_out, read_data
from hotfit.samples.scope import scope_of
from hotfit.serving.indexed import Indexed
from hotfit.similarity.search import unit
from hotfit.similarity.spread import most_different
from hotfit.store.blobs import Blobs
from hotfit.store.sessions import Reading, Store
from hotfit.store.tables import annotations, functions, samples
from hotfit.store.vectors import CachedEncoder, get_many
from hotfit.types import Data, Vectors

ENCODE = 4096
"""Samples read and encoded at a time where the cache lacks them."""


@dataclass(frozen=True, kw_only=True)
class Near:
    """A sample and how far it is, from 0 (alike) to 2."""

    sample: int
    external_id: str | None
    distance: float


@dataclass(frozen=True, kw_only=True)
class Gallery:
    """n samples as of a change, oldest first; `vectors` (n, d) of length 1.

    `answers` are the annotations as they are kept, `apart` (n,) says which samples are test rows.
    """

    encoder: str
    change: int
    ids: NDArray[np.int64]
    external_ids: Sequence[str | None]
    hashes: Sequence[bytes]
    vectors: Vectors = field(repr=False)
    answers: Sequence[str | None] = field(default=(), repr=False)
    apart: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_), repr=False)

    @cached_property
    def places(self) -> dict[int, int]:
        """The row of each sample."""
        return {int(sample): row for row, sample in enumerate(self.ids)}

    def nearest(
        self,
        query: Vectors,
        *,
        count: int,
        mask: NDArray[np.bool_] | None = None,
        index: Indexed | None = None,
    ) -> list[Near]:
        """The samples nearest to `query` (d,), nearest first; of equals the oldest first.

        `mask` (n,) says which may be found; `index` is asked where there is one.
        """
        asked = unit(query[None])[0]
        if index is not None:
            rows, cosines = index.nearest(self.ids, self.vectors, asked, k=count, mask=mask)
            return self._near(rows, cosines)
        allowed = np.arange(len(self.ids)) if mask is None else np.flatnonzero(mask)
        top = min(count, len(allowed))
        if not top:
            return []
        cosines = self.vectors @ asked if mask is None else self.vectors[allowed] @ asked
        found = np.sort(np.argpartition(cosines, len(cosines) - top)[len(cosines) - top :])
        order = found[np.argsort(-cosines[found], kind="stable")]
        return self._near(allowed[order], cosines[order])

    def itself(self, row: int) -> Near:
        """A sample as what is nearest to it."""
        return Near(sample=int(self.ids[row]), external_id=self.external_ids[row], distance=0.0)

    def most_different(
        self, start: Vectors | None, *, count: int, mask: NDArray[np.bool_] | None = None
    ) -> list[Near]:
        """Samples each as far as can be from those before it and from `start` (d,)."""
        given = None if start is None else start[None]
        rows, distances = most_different(self.vectors, count=count, start=given, mask=mask)
        return self._near(rows, 1 - distances)

    def _near(self, rows: NDArray[np.int64], cosines: NDArray[np.float32]) -> list[Near]:
        return [
            Near(
                sample=int(self.ids[row]),
                external_id=self.external_ids[row],
                distance=float(np.clip(1 - cosine, 0, 2)),
            )
            for row, cosine in zip(rows, cosines, strict=True)
        ]


def hang(
    store: Store,
    blobs: Blobs,
    function: str,
    encoder: Encoder,
    *,
    old: Gallery | None = None,
    keep: bool = True,
) -> Gallery:
    """Read the samples of a function and their vectors; what `old` has is not read again.

    With `keep`, what is encoded is kept in the database.
    """
    if old is not None and old.encoder == encoder.name:
        touched = _touched(store, function, old)
        if touched is not None:
            return touched
    with store.read() as session:
        change = session.scalar(select(functions.c.change).where(functions.c.id == function))
        rows = session.rows(_listing(function))
        hashes = [bytes(row.content_hash) for row in rows]
        vectors = np.zeros((len(rows), encoder.dimensions), dtype=np.float32)
        lacking = _fill(session, vectors, hashes, encoder, old)
        tests = held_out(session, function)
    ids = np.array([row.id for row in rows], dtype=np.int64)
    reader = CachedEncoder(encoder, store) if keep else encoder
    for start in range(0, len(lacking), ENCODE):
        part = lacking[start : start + ENCODE]
        found = _data(store, blobs, [int(ids[row]) for row in part])
        known = [row for row in part if int(ids[row]) in found]
        vectors[known] = unit(reader.encode([found[int(ids[row])] for row in known]))
    return Gallery(
        encoder=encoder.name,
        change=int(change or 0),
        ids=ids,
        external_ids=[row.external_id for row in rows],
        hashes=hashes,
        vectors=vectors,
        answers=[row.value for row in rows],
        apart=np.array([row.split == "test" or row.id in tests for row in rows], dtype=np.bool_),
    )


def _listing(function: str) -> Select[Any]:
    """Every sample of a function and what is said of it, oldest first."""
    latest = and_(annotations.c.sample_id == samples.c.id, annotations.c.latest)
    return (
        select(
            samples.c.id,
            samples.c.external_id,
            samples.c.content_hash,
            samples.c.split,
            annotations.c.value,
        )
        .select_from(samples.outerjoin(annotations, latest))
        .where(samples.c.function_id == function)
        .order_by(samples.c.id)
    )


def _touched(store: Store, function: str, old: Gallery) -> Gallery | None:
    """The gallery after changes that only annotated samples it has; None after any other."""
    with store.read() as session:
        change = session.scalar(select(functions.c.change).where(functions.c.id == function))
        changes = unlearned(session, function, since=old.change)
        if any(one.kind.startswith("set.") for one in changes):
            return None
        scope = scope_of([one for one in changes if one.kind != "samples.annotated"])
        named = scope_of(changes)
        if scope is None or named is None or scope.ids or scope.newer:
            return None
        if not named.ids <= old.places.keys():
            return None
        rows = session.rows(
            select(annotations.c.sample_id, annotations.c.value).where(
                annotations.c.sample_id.in_(named.ids), annotations.c.latest
            )
        )
    answers = list(old.answers)
    for row in rows:
        answers[old.places[row.sample_id]] = row.value
    made = replace(old, change=int(change or 0), answers=answers)
    made.__dict__["places"] = old.places
    return made


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
