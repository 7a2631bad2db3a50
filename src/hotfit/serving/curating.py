"""What to label next, more like this, and the map, of a function's samples: for one thread.

Scores of samples come from the desk that learns every answer, not from the live version, so that
what was answered a moment ago counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hotfit.encoders.base import Encoder
from hotfit.functions.functions import Function
from hotfit.functions.labels import Label
from hotfit.labeling.batch import Batch, Pick
from hotfit.serving.alike import Alike, SampleMissing
from hotfit.serving.desks import Desks
from hotfit.serving.gallery import Gallery
from hotfit.serving.maps import Maps
from hotfit.types import Output

GUESSES = 10
"""Likeliest labels that are told of a sample."""


@dataclass(frozen=True, kw_only=True)
class Guess:
    """A label and how likely it is."""

    label: Label
    confidence: float


@dataclass(frozen=True, kw_only=True)
class Item:
    """A sample to label, why, and what it may be, likeliest first; `sample` is its number."""

    sample: int
    reason: str
    guesses: tuple[Guess, ...]


@dataclass(frozen=True, kw_only=True)
class Queued:
    """What to label next; `gain` is in shares of right answers, None where nothing can be said."""

    items: tuple[Item, ...]
    gain: float | None = None
    stop: bool = False
    sentence: str = ""


@dataclass(frozen=True, kw_only=True)
class Point:
    """Where a sample lies on the map, what it is said to be and what it is guessed to be."""

    sample: int
    x: float
    y: float
    answer: str | None
    guess: Guess | None


class Curating:
    """Desks and maps over the samples of functions."""

    def __init__(self, alike: Alike) -> None:
        self._alike = alike
        self._desks = Desks()
        self._maps = Maps(alike.store)

    def queue(
        self, function: Function, labels: Sequence[Label], gallery: Gallery, *, count: int
    ) -> Queued:
        """At most `count` samples to label next."""
        if not len(gallery.ids):
            return Queued(items=(), sentence="There is no sample yet; add some.")
        if function.output is Output.SEARCH:
            return Queued(items=(), stop=True, sentence="What only searches needs no labels.")
        reader = self._reader(function, gallery)
        batch: Batch = self._desks.desk(function, labels, gallery, reader).next(count)
        return Queued(
            items=_items(batch.picks, gallery, labels),
            gain=batch.gain,
            stop=batch.stop,
            sentence=batch.sentence,
        )

    def more_like(
        self,
        function: Function,
        labels: Sequence[Label],
        gallery: Gallery,
        *,
        examples: Sequence[int],
        others: Sequence[int],
        count: int,
    ) -> Queued:
        """Samples without an answer most like `examples`, unlike `others`; raise SampleMissing."""
        unknown = [one for one in (*examples, *others) if one not in gallery.places]
        if unknown:
            raise SampleMissing(given=unknown[0])
        desk = self._desks.desk(function, labels, gallery, self._reader(function, gallery))
        places = gallery.places
        picks = desk.more_like(
            [places[one] for one in examples], [places[one] for one in others], count=count
        )
        return Queued(items=_items(picks, gallery, labels), sentence=_told(len(picks)))

    def map(
        self,
        function: Function,
        labels: Sequence[Label],
        gallery: Gallery,
        *,
        start: int,
        count: int,
    ) -> list[Point]:
        """Where the samples from `start` on lie, oldest first."""
        rows = np.arange(len(gallery.ids))[start : start + count]
        if not len(rows):
            return []
        places = self._maps.places(function.id, gallery, slice(start, start + count))
        desk = self._desks.desk(function, labels, gallery, self._reader(function, gallery))
        scores = desk.scores(rows)
        told = [None] * len(rows) if scores is None else list(scores)
        return [
            Point(
                sample=int(gallery.ids[row]),
                x=float(place[0]),
                y=float(place[1]),
                answer=gallery.answers[row],
                guess=next(iter(_guesses(score, labels)), None),
            )
            for row, place, score in zip(rows, places, told, strict=True)
        ]

    def _reader(self, function: Function, gallery: Gallery) -> Encoder:
        return self._alike.reader(function, gallery)


def _told(found: int) -> str:
    """How many samples were found that are like some."""
    if found == 0:
        return "Every sample has an answer, so there is none left to find."
    if found == 1:
        return "One sample without an answer is most like the examples."
    return f"{found:,} of the samples without an answer are most like the examples."


def _items(picks: Sequence[Pick], gallery: Gallery, labels: Sequence[Label]) -> tuple[Item, ...]:
    return tuple(
        Item(
            sample=int(gallery.ids[pick.row]),
            reason=pick.reason,
            guesses=_guesses(pick.scores, labels),
        )
        for pick in picks
    )


def _guesses(scores: object, labels: Sequence[Label]) -> tuple[Guess, ...]:
    """The likeliest labels, likeliest first."""
    if not isinstance(scores, np.ndarray) or len(scores) != len(labels):
        return ()
    order = np.argsort(-scores, kind="stable")[:GUESSES]
    return tuple(Guess(label=labels[code], confidence=float(scores[code])) for code in order)
