"""Which rows of a folder were edited, by content: no database is asked, no row is hashed."""

from collections.abc import Sequence
from dataclasses import dataclass

from hotfit.types import Data, Label, Picture, Sample


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A row as it was last learned; `id` is its sample in the home."""

    id: int
    sample: Sample


@dataclass(frozen=True, kw_only=True)
class Edits:
    """What has to be done so that the kept rows are the new ones.

    `start` and `end` rows at the beginning and the end are as they were; `order` is what is between
    them now, with the identifier of each row, None where it is new; `relabelled` are identifiers
    with their answer, `removed` identifiers.
    """

    start: Sequence[Kept]
    order: Sequence[tuple[int | None, Sample]]
    end: Sequence[Kept]
    relabelled: Sequence[tuple[int, Label | None]]
    removed: Sequence[int]

    @property
    def added(self) -> list[Sample]:
        """The rows that are new."""
        return [sample for found, sample in self.order if found is None]

    def rows(self, made: Sequence[int] = ()) -> list[Kept]:
        """All rows as they are kept now; `made` identifies the new ones, in order."""
        fresh = iter(made)
        between = [
            Kept(id=next(fresh) if found is None else found, sample=sample)
            for found, sample in self.order
        ]
        return [*self.start, *between, *self.end]

    def __bool__(self) -> bool:
        return bool(self.relabelled or self.removed or self.added)


def edits_between(before: Sequence[Kept], now: Sequence[Sample]) -> Edits:
    """Match rows by identity and equality, then by external id and content, whatever they say."""
    start, end = _common(before, now)
    middle = now[start : len(now) - end]
    left = list(before[start : len(before) - end])
    found: list[int | None] = [None] * len(middle)
    relabelled: list[tuple[int, Label | None]] = []
    for key in (_itself, _whole, _content):
        waiting: dict[object, list[Kept]] = {}
        for kept in reversed(left):
            waiting.setdefault(key(kept.sample), []).append(kept)
        taken: set[int] = set()
        for place, sample in enumerate(middle):
            if found[place] is None and (alike := waiting.get(key(sample))):
                kept = alike.pop()
                found[place] = kept.id
                taken.add(kept.id)
                if kept.sample.label != sample.label:
                    relabelled.append((kept.id, sample.label))
        left = [kept for kept in left if kept.id not in taken]
    return Edits(
        start=before[:start],
        order=list(zip(found, middle, strict=True)),
        end=before[len(before) - end :],
        relabelled=relabelled,
        removed=[kept.id for kept in left],
    )


def _common(before: Sequence[Kept], now: Sequence[Sample]) -> tuple[int, int]:
    """How many rows are equal at the beginning, and after those at the end."""
    most = min(len(before), len(now))
    start = 0
    while start < most and _same(before[start].sample, now[start]):
        start += 1
    end = 0
    while end < most - start and _same(before[-1 - end].sample, now[-1 - end]):
        end += 1
    return start, end


def _same(one: Sample, other: Sample) -> bool:
    return one is other or (
        one.label == other.label
        and one.data == other.data
        and one.split == other.split
        and one.external_id == other.external_id
    )


def _itself(sample: Sample) -> object:
    """Rows that were not read again are the same objects, whatever stands between them."""
    return id(sample)


def _whole(sample: Sample) -> object:
    return (_content(sample), sample.label)


def _content(sample: Sample) -> object:
    return (_data(sample.data), sample.split, sample.external_id)


def _data(data: Data) -> object:
    if isinstance(data, Picture):
        return data.sha256
    return data if isinstance(data, str) else tuple(sorted(data.items()))
