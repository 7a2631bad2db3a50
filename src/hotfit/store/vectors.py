"""Vectors by (content hash, encoder): what was encoded once is never encoded again."""

from collections.abc import Iterator, Sequence

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from hotfit.encoders.base import Encoder, Progress
from hotfit.store.content import content_hash
from hotfit.store.sessions import Reading, Store, Writing
from hotfit.store.tables import vectors
from hotfit.types import Data, Input, Vectors

CHUNK = 5000
"""Hashes per query and rows per insert; both databases take over 32,000 parameters."""

ENCODE = 4096
"""Samples encoded between two writes: what an interruption costs at most."""

_STORED = np.dtype("<f4")


def get_many(session: Reading, hashes: Sequence[bytes], encoder: str) -> dict[bytes, Vectors]:
    """The cached vectors among `hashes`, each of shape (d,)."""
    found: dict[bytes, Vectors] = {}
    for chunk in _chunks(list(dict.fromkeys(hashes))):
        statement = select(vectors.c.content_hash, vectors.c.data).where(
            vectors.c.encoder == encoder, vectors.c.content_hash.in_(chunk)
        )
        for row in session.rows(statement):
            found[bytes(row.content_hash)] = np.frombuffer(row.data, dtype=_STORED)
    return found


def missing(session: Reading, hashes: Sequence[bytes], encoder: str) -> list[bytes]:
    """The hashes without a cached vector, each once, in their order."""
    wanted = list(dict.fromkeys(hashes))
    found: set[bytes] = set()
    for chunk in _chunks(wanted):
        statement = select(vectors.c.content_hash).where(
            vectors.c.encoder == encoder, vectors.c.content_hash.in_(chunk)
        )
        found.update(bytes(row[0]) for row in session.rows(statement))
    return [key for key in wanted if key not in found]


def put_many(session: Writing, hashes: Sequence[bytes], encoder: str, values: Vectors) -> None:
    """Keep the vectors (n, d) of n hashes; one that is kept already stays."""
    insert = (sqlite.insert if session.dialect == "sqlite" else postgresql.insert)(vectors)
    stored = np.ascontiguousarray(values, dtype=_STORED)
    session.run_many(
        insert.on_conflict_do_nothing(),
        [
            {"encoder": encoder, "content_hash": key, "data": row.tobytes()}
            for key, row in zip(hashes, stored, strict=True)
        ],
    )


def count(session: Reading, encoder: str) -> int:
    """How many vectors of an encoder are kept."""
    return int(session.scalar(select(func.count()).where(vectors.c.encoder == encoder)))


def _chunks(keys: list[bytes]) -> Iterator[list[bytes]]:
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]


class CachedEncoder:
    """An encoder that encodes each content once; it has the wrapped encoder's interface."""

    def __init__(self, encoder: Encoder, store: Store) -> None:
        self.encoder = encoder
        self.store = store
        self.name = encoder.name
        self.input: Input = encoder.input
        self.dimensions = encoder.dimensions

    def encode(self, samples: Sequence[Data], *, progress: Progress | None = None) -> Vectors:
        """Encode n samples in order, shape (n, dimensions), only those never met before."""
        hashes = [content_hash(sample) for sample in samples]
        rows: dict[bytes, list[int]] = {}
        for row, key in enumerate(hashes):
            rows.setdefault(key, []).append(row)
        values = np.empty((len(samples), self.dimensions), dtype=np.float32)
        new = self._fill(values, rows)
        for start in range(0, len(new), ENCODE):
            keys = new[start : start + ENCODE]
            encoded = self.encoder.encode(
                [samples[rows[key][0]] for key in keys],
                progress=_shifted(progress, start, len(new)),
            )
            if self.store.writable:
                with self.store.write() as session:
                    put_many(session, keys, self.name, encoded)
            for key, vector in zip(keys, encoded, strict=True):
                values[rows[key]] = vector
        return values

    def _fill(self, values: Vectors, rows: dict[bytes, list[int]]) -> list[bytes]:
        """Copy what is cached into `values`; return the hashes that are not."""
        keys = list(rows)
        new = []
        with self.store.read() as session:
            for chunk in _chunks(keys):
                found = get_many(session, chunk, self.name)
                for key in chunk:
                    if key in found and len(found[key]) == self.dimensions:
                        values[rows[key]] = found[key]
                    else:
                        new.append(key)
        return new


def _shifted(progress: Progress | None, start: int, total: int) -> Progress | None:
    if progress is None:
        return None
    return lambda done, _part: progress(start + done, total)
