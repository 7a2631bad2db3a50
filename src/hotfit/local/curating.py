"""Finding samples of a function: alike, unlike, what to label next; as the server does it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from hotfit.app import App
from hotfit.app.opening import open_version
from hotfit.errors import Refusal
from hotfit.functions import functions, versions
from hotfit.functions.functions import Function as Record
from hotfit.functions.labels import Label, by_name, labels_of, listed
from hotfit.functions.representation import Frozen
from hotfit.samples.answering import from_value
from hotfit.samples.ids import as_sample, sample_id
from hotfit.samples.labelled import read_data
from hotfit.samples.sets import find_set, sets_of
from hotfit.serving.alike import Alike as Galleries
from hotfit.serving.alike import SampleMissing, Wanted
from hotfit.serving.curating import Curating, Queued
from hotfit.serving.gallery import Gallery
from hotfit.store.tables import origins, samples
from hotfit.types import Data, Input, Picture


class NothingToCompare(Refusal):
    """A search was given nothing to search near to, or two things."""

    def __init__(self, *, function: str) -> None:
        super().__init__(
            f"similar needs one thing to search near to in {function!r}: an input, or a sample; "
            "or ask for the most different with --unlike."
        )


class NoExamples(Refusal):
    """More like nothing was asked for."""

    def __init__(self, *, function: str) -> None:
        super().__init__(
            f"more_like of {function!r} was given no example; give one or more samples to look for."
        )


class SetUnknown(Refusal):
    """The function has no such sample set."""

    status = 404

    def __init__(self, *, given: str, known: Sequence[str]) -> None:
        told = listed(known) or "none yet"
        super().__init__(f"no sample set is called {given!r}; the function has: {told}.")


class RowUnclear(Refusal):
    """A row of the source names no sample of a function, or several."""

    status = 404

    def __init__(self, *, function: str, row: int, found: int) -> None:
        told = "no sample is" if found == 0 else "several samples, of different sources, are"
        super().__init__(
            f"{told} row {row} of {function!r}; name the sample by its identifier, as lists with "
            "--json do."
        )


@dataclass(frozen=True, kw_only=True)
class Narrowed:
    """Which samples may be found: those of a label, of a sample set, with an answer or without."""

    label: str | None = None
    sample_set: str | None = None
    annotated: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A sample to label, why, and what it may be: `guess` has `label` and `confidence`, or None."""

    sample: str
    row: int
    data: Data
    reason: str
    guess: dict[str, Any] | None

    def to_json(self) -> dict[str, Any]:
        """What `hotfit queue --json` prints."""
        return {
            "sample": self.sample,
            "row": self.row,
            "data": plain(self.data),
            "reason": self.reason,
            "guess": self.guess,
        }


@dataclass(frozen=True, kw_only=True)
class Queue:
    """What to label next; `gain` is the share of right answers that it is expected to add."""

    items: tuple[Suggestion, ...]
    gain: float | None
    stop: bool
    sentence: str

    def __iter__(self) -> Iterator[Suggestion]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True, kw_only=True)
class Alike:
    """A sample that was found; `distance` from 0 (alike) to 2, `row` as in its source."""

    sample: str
    row: int
    distance: float
    data: Data
    label: Any

    def to_json(self) -> dict[str, Any]:
        """What `hotfit similar --json` prints."""
        return {
            "sample": self.sample,
            "row": self.row,
            "distance": self.distance,
            "data": plain(self.data),
            "label": self.label,
        }


class Curation:
    """The samples of one function in memory, read again where they changed."""

    def __init__(self, app: App, record: Record) -> None:
        self._app = app
        self._record = record
        self._galleries = Galleries(
            store=app.store,
            blobs=app.blobs,
            open_encoder=app.open_encoder,
            encoders=app.encoders,
        )
        self._curating = Curating(self._galleries)

    def similar(
        self,
        data: Data | None,
        *,
        sample: str | int | None,
        k: int,
        narrowed: Narrowed,
        unlike: bool,
    ) -> list[Alike]:
        """As `Function.similar`."""
        given = (data is not None) + (sample is not None)
        if given > 1 or (given == 0 and not unlike):
            raise NothingToCompare(function=self._record.name)
        query = data if sample is None else number_of(sample)
        gallery = self.gallery()
        near = self._galleries.near(
            self._record,
            gallery,
            query=query,
            count=k,
            wanted=self._wanted(narrowed, unlike=unlike),
        )
        told = self.told([each.sample for each in near])
        return [
            Alike(distance=each.distance, **told[each.sample])
            for each in near
            if each.sample in told
        ]

    def _wanted(self, narrowed: Narrowed, *, unlike: bool) -> Wanted:
        """Which samples may be found; raise LabelUnknown or SetUnknown."""
        label, sample_set = narrowed.label, narrowed.sample_set
        with self._app.store.read() as session:
            known = labels_of(session, self._record.id)
            sets = [] if sample_set is None else sets_of(session, self._record.id)
            found = None if sample_set is None else find_set(session, self._record.id, sample_set)
        if sample_set is not None and found is None:
            raise SetUnknown(given=sample_set, known=[one.name for one in sets])
        return Wanted(
            label=None if label is None else by_name(known, label).id,
            sample_set=None if found is None else found.id,
            annotated=narrowed.annotated,
            unlike=unlike,
        )

    def queue(self, count: int) -> Queue:
        """As `Function.queue`."""
        gallery = self.gallery()
        return self._queue(self._curating.queue(self._record, self._labels(), gallery, count=count))

    def more_like(
        self, examples: Sequence[str | int], others: Sequence[str | int], count: int
    ) -> Queue:
        """As `Function.more_like`."""
        if not examples:
            raise NoExamples(function=self._record.name)
        gallery = self.gallery()
        found = self._curating.more_like(
            self._record,
            self._labels(),
            gallery,
            examples=[number_of(one) for one in examples],
            others=[number_of(one) for one in others],
            count=count,
        )
        return self._queue(found)

    def _queue(self, found: Queued) -> Queue:
        told = self.told([item.sample for item in found.items])
        items = []
        for item in found.items:
            if item.sample not in told:
                continue
            shown = told[item.sample]
            first = next(iter(item.guesses), None)
            guess = (
                None
                if first is None
                else {"label": first.label.name, "confidence": first.confidence}
            )
            items.append(
                Suggestion(
                    sample=shown["sample"],
                    row=shown["row"],
                    data=shown["data"],
                    reason=item.reason,
                    guess=guess,
                )
            )
        return Queue(items=tuple(items), gain=found.gain, stop=found.stop, sentence=found.sentence)

    def _labels(self) -> list[Label]:
        with self._app.store.read() as session:
            return labels_of(session, self._record.id)

    def gallery(self) -> Gallery:
        """The samples as they are now."""
        with self._app.store.read() as session:
            self._record = functions.get(session, self._record.id)
        encoder = self._encoder()
        found = self._galleries.known(self._record, encoder)
        return found or self._galleries.gallery(self._record, encoder)

    def told(self, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
        """Identifier, row, data and label of samples."""
        with self._app.store.read() as session:
            data = read_data(session, list(ids), blobs=self._app.blobs)
            numbers = session.rows(
                select(samples.c.id, samples.c.number).where(samples.c.id.in_(list(ids)))
            )
            names = {one.id: one.name for one in labels_of(session, self._record.id)}
        gallery = self.gallery()
        return {
            row.id: {
                "sample": sample_id(row.id),
                "row": row.number,
                "data": data[row.id],
                "label": _label(gallery.answers[gallery.places[row.id]], names),
            }
            for row in numbers
            if row.id in gallery.places
        }

    def _encoder(self) -> str:
        """The encoder that reads the samples."""
        if self._record.input is Input.TABULAR:
            return ""
        with self._app.store.read() as session:
            live = versions.live_version(session, self._record.id)
        if live is not None:
            representation = open_version(self._app, live).representation
            if isinstance(representation, Frozen):
                return representation.encoder.name
        return self._app.encoders[self._record.input]


def contents(app: App, record: Record, given: Sequence[str | int]) -> dict[str, Any]:
    """What samples of a function hold, by identifier; raise SampleMissing."""
    numbers = [number_of(one) for one in given]
    with app.store.read() as session:
        rows = session.rows(
            select(samples.c.id).where(
                samples.c.function_id == record.id, samples.c.id.in_(numbers)
            )
        )
        held = read_data(session, [row.id for row in rows], blobs=app.blobs)
    return {sample_id(number): plain(data) for number, data in held.items()}


def at_row(app: App, record: Record, row: int) -> str:
    """As `Function.at_row`."""
    mine = select(origins.c.id).where(origins.c.function_id == record.id)
    standing = select(samples.c.id).where(samples.c.origin_id.in_(mine), samples.c.number == row)
    with app.store.read() as session:
        found = session.rows(standing.limit(2))
    if len(found) != 1:
        raise RowUnclear(function=record.name, row=row, found=len(found))
    return sample_id(found[0].id)


def number_of(sample: str | int) -> int:
    """The number of a sample by its identifier; raise SampleMissing."""
    number = sample if isinstance(sample, int) else as_sample(sample)
    if number is None:
        raise SampleMissing(given=sample)
    return number


def plain(data: Data) -> Any:
    """What a sample holds as JSON; an image by its file's SHA-256 and, where known, its name."""
    if isinstance(data, Picture):
        named = {} if data.file is None else {"file": data.file}
        return {"sha256": data.sha256, **named}
    return data if isinstance(data, str) else dict(data)


def _label(value: str | None, names: dict[str, str]) -> Any:
    """An annotation by label names: one, a list of the tags present, or a quantity."""
    found = from_value(value)
    if not isinstance(found, list):
        return found
    present = [names[label] for label, there in found if there and label in names]
    return present[0] if len(present) == 1 else present or None
