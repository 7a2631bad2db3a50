"""Looking at rows one by one before they are kept: what is bad or there already is told by row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import and_, select

from hotfit.errors import Refusal
from hotfit.functions.functions import Function
from hotfit.functions.names import clean_name
from hotfit.samples.ids import sample_id
from hotfit.store.columns import storable
from hotfit.store.content import content_hash
from hotfit.store.sessions import Reading
from hotfit.store.tables import annotations, samples
from hotfit.types import Label, Sample, label_names

KEPT_ROWS = 1000
"""Rows that are told of one by one; all are counted."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What became of a row that was not added; `sample` is the identifier of its like."""

    row: int
    reason: str
    sample: str | None = None


@dataclass(kw_only=True)
class Screened:
    """What was found so far: rows by fate, the first of them in words, labels for known samples."""

    rows: int = 0
    refused: int = 0
    known: int = 0
    told: list[Told] = field(default_factory=list)
    labels: dict[int, Label] = field(default_factory=dict)

    def tell(self, row: int, reason: str, *, sample: int | None = None) -> None:
        """Keep what became of a row while there is room."""
        if len(self.told) < KEPT_ROWS:
            name = None if sample is None else sample_id(sample)
            self.told.append(Told(row=row, reason=reason, sample=name))


def screen(
    session: Reading,
    function: Function,
    batches: Iterator[list[Sample]],
    found: Screened,
) -> Iterator[list[Sample]]:
    """Yield the samples that can be added; write down in `found` what became of the others.

    Each batch must be kept before the next is asked for, so that repeats are seen across batches.
    """
    for batch in batches:
        found.rows += len(batch)
        sound = [(one, key) for one in batch if (key := _sound(one, found)) is not None]
        yield _fresh(session, function.id, sound, found)


def sound_only(batches: Iterator[list[Sample]], found: Screened) -> Iterator[list[Sample]]:
    """Yield the samples that can be kept, repeats too; write down in `found` what others lack."""
    for batch in batches:
        found.rows += len(batch)
        yield [one for one in batch if _sound(one, found) is not None]


def _sound(sample: Sample, found: Screened) -> bytes | None:
    """The content hash of a sample that can be kept, None for any other."""
    try:
        for name in label_names(sample.label):
            clean_name("label", name)
        storable(sample.external_id or "")
        return content_hash(sample.data)
    except Refusal as refusal:
        found.refused += 1
        found.tell(sample.number, str(refusal))
        return None


def _fresh(
    session: Reading, function: str, sound: Sequence[tuple[Sample, bytes]], found: Screened
) -> list[Sample]:
    contents = _known_contents(session, function, [key for _, key in sound])
    names = [one.external_id for one, _ in sound if one.external_id is not None]
    taken = _known_names(session, function, names)
    fresh: list[Sample] = []
    here: dict[bytes, int] = {}
    for sample, key in sound:
        if key in contents:
            _tell_known(sample, *contents[key], found)
        elif key in here:
            found.known += 1
            found.tell(sample.number, f"holds the same data as row {here[key]}")
        elif sample.external_id is not None and sample.external_id in taken:
            found.refused += 1
            other = taken[sample.external_id]
            found.tell(sample.number, "its external id is another sample's", sample=other)
        else:
            here[key] = sample.number
            if sample.external_id is not None:
                taken[sample.external_id] = None
            fresh.append(sample)
    return fresh


def _tell_known(sample: Sample, there: int, labelled: bool, found: Screened) -> None:  # noqa: FBT001 - a pair from a dict
    found.known += 1
    if sample.label is not None and not labelled:
        found.labels.setdefault(there, sample.label)
        found.tell(
            sample.number, "is there already; it had no label and has this one", sample=there
        )
    else:
        found.tell(sample.number, "is there already, and stays as it is", sample=there)


def _known_contents(
    session: Reading, function: str, keys: Sequence[bytes]
) -> dict[bytes, tuple[int, bool]]:
    """The samples of these contents: the oldest of each, and whether it has a label."""
    latest = and_(annotations.c.sample_id == samples.c.id, annotations.c.latest)
    query = select(samples.c.id, samples.c.content_hash, annotations.c.value).select_from(
        samples.outerjoin(annotations, latest)
    )
    known: dict[bytes, tuple[int, bool]] = {}
    for start in range(0, len(keys), 5000):
        part = samples.c.content_hash.in_(keys[start : start + 5000])
        for row in session.rows(query.where(samples.c.function_id == function, part)):
            there = known.get(bytes(row.content_hash))
            if there is None or row.id < there[0]:
                known[bytes(row.content_hash)] = (row.id, row.value is not None)
    return known


def _known_names(session: Reading, function: str, names: Sequence[str]) -> dict[str, int | None]:
    query = select(samples.c.id, samples.c.external_id).where(samples.c.function_id == function)
    return {
        row.external_id: row.id
        for start in range(0, len(names), 5000)
        for row in session.rows(query.where(samples.c.external_id.in_(names[start : start + 5000])))
    }
