"""The features of what a version was trained on, from the cache of vectors.

Samples that were deleted since are still known by the vector of their content; rows of a table are
read again, so those that are gone are left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hotfit.encoders import SIGN, JoinedEncoder
from hotfit.encoders.base import Progress
from hotfit.functions.representation import Frozen, Representation
from hotfit.functions.rolls import Roll
from hotfit.samples.labelled import read_data
from hotfit.store.blobs import Blobs
from hotfit.store.sessions import Store
from hotfit.store.vectors import get_many
from hotfit.types import Data, Features, Input, Vectors


@dataclass(frozen=True, kw_only=True)
class Recalled:
    """Features of the `rows` of a roll that can still be had."""

    rows: NDArray[np.int64]
    features: Features


def recall(store: Store, blobs: Blobs, representation: Representation, roll: Roll) -> Recalled:
    """The features of a roll's samples as `representation` makes them."""
    if isinstance(representation, Frozen):
        return _recall_vectors(store, blobs, representation, roll)
    with store.read() as session:
        data = read_data(session, roll.ids.tolist(), blobs=blobs)
    there = [row for row, sample in enumerate(roll.ids.tolist()) if sample in data]
    features = representation.features([data[int(roll.ids[row])] for row in there])
    return Recalled(rows=np.array(there, dtype=np.int64), features=features)


def _recall_vectors(store: Store, blobs: Blobs, representation: Frozen, roll: Roll) -> Recalled:
    cached = cached_vectors(store, representation, roll.hashes)
    rows = range(len(roll))
    lacking = {int(roll.ids[row]): row for row in rows if roll.hashes[row] not in cached}
    if lacking:
        with store.read() as session:
            data = read_data(session, list(lacking), blobs=blobs)
        made = representation.features(list(data.values())).values
        cached |= {roll.hashes[lacking[one]]: row for one, row in zip(data, made, strict=True)}
    there = [row for row in rows if roll.hashes[row] in cached]
    values = np.empty((len(there), representation.encoder.dimensions), dtype=np.float32)
    for place, row in enumerate(there):
        values[place] = cached[roll.hashes[row]]
    return Recalled(rows=np.array(there, dtype=np.int64), features=Features(values=values))


def cached_vectors(
    store: Store, representation: Frozen, hashes: Sequence[bytes]
) -> dict[bytes, Vectors]:
    """The vectors of contents that were encoded before, joined where several encoders read."""
    encoder = representation.encoder
    names = encoder.name.split(SIGN)
    with store.read() as session:
        found = [get_many(session, hashes, name) for name in names]
    if len(names) == 1:
        return {key: row for key, row in found[0].items() if len(row) == encoder.dimensions}
    known = [key for key in found[0] if all(key in one for one in found)]
    if not known:
        return {}
    members = [_Known(name, one) for name, one in zip(names, found, strict=True)]
    # The keys stand for their contents: `_Known` looks them up.
    joined = JoinedEncoder(members).encode(known)  # type: ignore[arg-type]
    return dict(zip(known, joined, strict=True))


class _Known:
    """The vectors of one encoder, as if they were encoded now; keys are given as contents."""

    def __init__(self, name: str, vectors: dict[bytes, Vectors]) -> None:
        self.name = name
        self.input = Input.TEXT
        self.dimensions = len(next(iter(vectors.values()))) if vectors else 0
        self._vectors = vectors

    def encode(self, samples: Sequence[Data], *, progress: Progress | None = None) -> Vectors:  # noqa: ARG002 - the signature of `Encoder`
        """Look the vectors up."""
        keys: Sequence[Any] = samples
        return np.stack([self._vectors[key] for key in keys])
