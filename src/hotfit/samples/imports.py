"""Bringing in the samples of a source: what it held before is replaced, nothing else is touched.

A sample is recognised by its external id, else by its content, each earlier one at most once; a
recognised sample keeps its identifier and, while its source says the same about it, the
annotation a person gave it. Memory holds one batch and the copies that wait for later batches,
whatever the size of the source.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, bindparam, delete, func, insert, select, update

from hotfit.errors import Refusal
from hotfit.samples.annotations import Answers, annotate_many
from hotfit.store import outbox
from hotfit.store.blobs import Blobs
from hotfit.store.columns import now
from hotfit.store.content import content_hash, data_to_json
from hotfit.store.sessions import Writing
from hotfit.store.tables import origins, samples
from hotfit.types import Data, Picture, Sample

BATCH = 2000
WRITERS = 8
"""Image files written at once; the disk syncs several for the price of one."""


class ExternalIdTaken(Refusal):
    """Two samples of a function carry one external id."""

    status = 409

    def __init__(self, *, external_id: str, number: int, taken_by: int, origin: str) -> None:
        super().__init__(
            f"sample {number} has the external id {external_id!r}, which sample {taken_by} of "
            f"{origin} has already; give each sample an id of its own, or leave the ids out."
        )


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What an import did; `change` is the number it was written down under."""

    change: int
    added: int
    updated: int
    unchanged: int
    removed: int


def replace(
    session: Writing,
    function: str,
    origin: str,
    batches: Iterable[Sequence[Sample]],
    *,
    blobs: Blobs | None = None,
) -> Imported:
    """Make the samples of `origin` those of `batches`, in the caller's transaction."""
    work = _Import(session, function, origin, blobs)
    for batch in batches:
        for start in range(0, len(batch), BATCH):
            work.take(batch[start : start + BATCH])
    return work.finish()


def add(
    session: Writing,
    function: str,
    new: Sequence[Sample],
    *,
    origin: str = "added",
    author: str = "source",
    blobs: Blobs | None = None,
) -> list[int]:
    """Append samples to `origin`, numbered on from its last; return their identifiers in order."""
    work = _Import(session, function, origin, blobs, author=author)
    work.number_on()
    ids = [
        identifier
        for start in range(0, len(new), BATCH)
        for identifier in work.append(new[start : start + BATCH])
    ]
    work.record()
    return ids


def append(
    session: Writing,
    function: str,
    origin: str,
    batches: Iterable[Sequence[Sample]],
    *,
    author: str,
    blobs: Blobs | None = None,
) -> Imported:
    """Add the samples of `batches` to those of `origin`; none of them may be there already."""
    work = _Import(session, function, origin, blobs, author=author)
    work.number_on()
    for batch in batches:
        work.append(batch)
    work.record()
    return work.imported(removed=0)


class _Import:
    """One import under way: the counts so far and what it knows of the function."""

    def __init__(
        self,
        session: Writing,
        function: str,
        origin: str,
        blobs: Blobs | None,
        *,
        author: str = "source",
    ) -> None:
        self.session = session
        self.function = function
        self.origin = origin
        self.blobs = blobs
        self.author = author
        self.change = outbox.next_change(session, function)
        self.time = now()
        self.origin_id = _origin(session, function, origin)
        self.answers = Answers(session, function)
        self.first_time = session.first(_of_origin(self.origin_id).limit(1)) is None
        self.shift: int | None = None
        self.alike: dict[bytes, deque[Row[Any]]] = {}
        self.added = self.updated = self.unchanged = 0

    def number_on(self) -> None:
        """Number new samples on from the last one of the origin."""
        highest = self.session.scalar(
            select(func.max(samples.c.number)).where(samples.c.origin_id == self.origin_id)
        )
        self.shift = (highest or 0) + 1

    def take(self, batch: Sequence[Sample]) -> None:
        """Recognise, update and insert one batch."""
        rows = self._rows(batch)
        fresh = rows if self.first_time else self._match(rows)
        self._refuse_taken(fresh)
        self._insert(fresh)

    def append(self, batch: Sequence[Sample]) -> list[int]:
        """Insert one batch after all others."""
        rows = self._rows(batch)
        self._refuse_taken(rows)
        return self._insert(rows)

    def finish(self) -> Imported:
        """Drop what the source no longer holds and write the change down."""
        gone = self.session.run(
            delete(samples).where(
                samples.c.origin_id == self.origin_id, samples.c.seen != self.change
            )
        )
        self.record(removed=gone)
        return self.imported(removed=gone)

    def imported(self, *, removed: int) -> Imported:
        """What was done."""
        return Imported(
            change=self.change,
            added=self.added,
            updated=self.updated,
            unchanged=self.unchanged,
            removed=removed,
        )

    def record(self, *, removed: int = 0) -> None:
        """Write the change into the outbox."""
        outbox.record(
            self.session,
            self.function,
            "samples.imported",
            {
                "origin": self.origin,
                "added": self.added,
                "updated": self.updated,
                "removed": removed,
            },
            number=self.change,
        )

    def _rows(self, batch: Sequence[Sample]) -> list[dict[str, Any]]:
        self.answers.learn(sample.label for sample in batch)
        kept = self._keep_all([sample.data for sample in batch])
        return [self._row(sample, place, kept[place]) for place, sample in enumerate(batch)]

    def _row(
        self, sample: Sample, place: int, kept: tuple[str | None, str | None]
    ) -> dict[str, Any]:
        number = sample.number if self.shift is None else self.shift + self.added + place
        data, blob = kept
        return {
            "function_id": self.function,
            "origin_id": self.origin_id,
            "number": number,
            "external_id": sample.external_id,
            "data": data,
            "blob": blob,
            "file": sample.data.file if isinstance(sample.data, Picture) else None,
            "content_hash": content_hash(sample.data) if blob is None else bytes.fromhex(blob),
            "split": sample.split,
            "stated": self.answers.to_json(sample.label),
            "seen": self.change,
            "created": self.time,
        }

    def _keep_all(self, batch: Sequence[Data]) -> list[tuple[str | None, str | None]]:
        """Keep the data of a batch; image files beside each other, as each waits for the disk."""
        if not any(isinstance(data, Picture) for data in batch):
            return [self._keep(data) for data in batch]
        with ThreadPoolExecutor(WRITERS) as pool:
            return list(pool.map(self._keep, batch))

    def _keep(self, data: Data) -> tuple[str | None, str | None]:
        """A text or a row as JSON, or the key under which an image's file is kept now."""
        if not isinstance(data, Picture):
            return data_to_json(data), None
        if self.blobs is None:
            raise ValueError("images are kept as blobs; pass the blobs to keep them in")
        return None, self.blobs.put(data.read())

    def _insert(self, rows: Sequence[dict[str, Any]]) -> list[int]:
        if not rows:
            return []
        statement = insert(samples).returning(samples.c.id, sort_by_parameter_order=True)
        ids = [int(row.id) for row in self.session.returned(statement, rows)]
        stated = [
            (identifier, row["stated"])
            for identifier, row in zip(ids, rows, strict=True)
            if row["stated"] is not None
        ]
        annotate_many(self.session, stated, author=self.author, fresh=True)
        self.added += len(rows)
        return ids

    def _match(self, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Update the samples that are recognised; return the rows that are new."""
        by_id = self._known_by_id(rows)
        self._recall_alike(rows)
        updates, stated, fresh = [], [], []
        for row in rows:
            if row["external_id"] is not None:
                old = by_id.pop(row["external_id"], None)
            else:
                alike = self.alike.get(row["content_hash"])
                old = alike.popleft() if alike else None
            if old is None:
                fresh.append(row)
                continue
            updates.append({"key": old.id, **{name: row[name] for name in _MUTABLE}})
            if old.stated != row["stated"]:
                stated.append((old.id, row["stated"]))
            same = all(getattr(old, name) == row[name] for name in _COMPARED)
            self.unchanged += same
            self.updated += not same
        self.session.run_many(_UPDATE, updates)
        annotate_many(self.session, stated, author=self.author)
        return fresh

    def _unmet(self) -> Select[Any]:
        """The samples of this origin that this import has not met yet."""
        return _of_origin(self.origin_id).where(samples.c.seen != self.change)

    def _known_by_id(self, rows: Sequence[dict[str, Any]]) -> dict[str, Row[Any]]:
        ids = [row["external_id"] for row in rows if row["external_id"] is not None]
        query = self._unmet().where(samples.c.external_id.in_(ids))
        return {row.external_id: row for row in self.session.rows(query)} if ids else {}

    def _recall_alike(self, rows: Sequence[dict[str, Any]]) -> None:
        """Look up the contents of `rows`; what has more copies than the batch waits for the next.

        Without that, each batch of a source full of copies would read all of them again.
        """
        self.alike = {key: left for key, left in self.alike.items() if left}
        hashes = {row["content_hash"] for row in rows if row["external_id"] is None}
        query = self._unmet().where(
            samples.c.content_hash.in_(hashes - self.alike.keys()), samples.c.external_id.is_(None)
        )
        # Ordered here: an ORDER BY tempts SQLite into walking the whole source for each batch.
        for row in sorted(self.session.rows(query), key=lambda row: (row.number, row.id)):
            self.alike.setdefault(bytes(row.content_hash), deque()).append(row)

    def _refuse_taken(self, rows: Sequence[dict[str, Any]]) -> None:
        """Raise where an external id of `rows` belongs to another sample."""
        numbers: dict[str, int] = {}
        for row in rows:
            external_id = row["external_id"]
            if external_id in numbers:
                raise ExternalIdTaken(
                    external_id=external_id,
                    number=row["number"],
                    taken_by=numbers[external_id],
                    origin=self.origin,
                )
            if external_id is not None:
                numbers[external_id] = row["number"]
        if not numbers:
            return
        taken = self.session.first(
            select(samples.c.external_id, samples.c.number, origins.c.name)
            .join(origins, origins.c.id == samples.c.origin_id)
            .where(samples.c.function_id == self.function, samples.c.external_id.in_(list(numbers)))
        )
        if taken is not None:
            raise ExternalIdTaken(
                external_id=taken.external_id,
                number=numbers[taken.external_id],
                taken_by=taken.number,
                origin=taken.name,
            )


_COMPARED = ("number", "content_hash", "split", "stated")
_MUTABLE = ("number", "data", "blob", "file", "content_hash", "split", "stated", "seen")
_UPDATE = (
    update(samples)
    .where(samples.c.id == bindparam("key"))
    .values({name: bindparam(name) for name in _MUTABLE})
)


def _of_origin(origin_id: int) -> Select[Any]:
    return select(
        samples.c.id,
        samples.c.number,
        samples.c.external_id,
        samples.c.content_hash,
        samples.c.split,
        samples.c.stated,
    ).where(samples.c.origin_id == origin_id)


def _origin(session: Writing, function: str, name: str) -> int:
    """The key of a source, made where it is new."""
    mine = origins.c.function_id == function
    found = session.scalar(select(origins.c.id).where(mine, origins.c.name == name))
    if found is None:
        statement = insert(origins).values(function_id=function, name=name)
        found = session.scalar(statement.returning(origins.c.id))
    return int(found)
