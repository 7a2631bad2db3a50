"""A folder's function as its tests ask it: the version that answers, and its rows unseen."""

import re
import statistics
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from sqlalchemy import select

from hotfit.behaviour.base import Judged, said_of
from hotfit.encoders import SIGN
from hotfit.folders import Folder, Row
from hotfit.functions import functions
from hotfit.functions.functions import Function as Record
from hotfit.functions.trained import TrainedFunction
from hotfit.functions.versions import Version, live_version
from hotfit.local.function import Function, NotTrained
from hotfit.local.home import ORIGIN, Home
from hotfit.serving.sides import Side, open_side
from hotfit.similarity.groups import duplicate_groups
from hotfit.store.artifacts import unpack
from hotfit.store.sessions import Reading
from hotfit.store.tables import origins, samples
from hotfit.types import Answer, Data, Groups, Label, Output

CALLS = 40
"""Calls whose time is taken; the median counts."""

ROUNDS = 3
"""Rounds of them; the best counts, since other programs only ever add to a time."""


@dataclass(frozen=True, kw_only=True)
class Unseen:
    """What a version says of samples that it has not seen, by sample identifier.

    `groups` are those of like samples, `judged` the samples that a score rests on, `rows` the
    folder's.
    """

    said: Mapping[int, Label]
    truth: Mapping[int, Label]
    groups: Mapping[int, int]
    judged: frozenset[int]
    rows: Mapping[int, Row] = field(repr=False)


class Answering:
    """A version of a folder's function; what it answers is cached by content.

    `unseen` is given where it is known already, as in a watched folder.
    """

    def __init__(
        self,
        home: Home,
        folder: Folder,
        function: Function,
        *,
        unseen: Unseen | None = None,
    ) -> None:
        self.folder = folder
        self.function = function
        self.home = home
        self._given = unseen
        with home.app.store.read() as session:
            self.record: Record = functions.get(session, folder.name)
            version = live_version(session, self.record.id)
        if version is None:
            raise NotTrained(name=folder.name)
        self.version: Version = version

    @property
    def output(self) -> Output:
        """What the function answers."""
        return self.record.output

    @cached_property
    def side(self) -> Side:
        """The version with what it says of its rows unseen, reading through the vectors' cache."""
        app = self.home.app
        return open_side(app.store, app.blobs, app.waiting_encoder, self.record, self.version)

    @cached_property
    def trained(self) -> TrainedFunction:
        """The version, ready to answer."""
        app = self.home.app
        state = unpack(app.blobs.get(self.version.artifact))
        return TrainedFunction.load(state, open_encoder=app.waiting_encoder)

    def answer(self, data: Sequence[Data]) -> Sequence[Answer]:
        """Answer inputs as calls are answered."""
        prepare = self.folder.prepare
        return self.trained.answer(list(data) if prepare is None else [*map(prepare, data)])

    @cached_property
    def unseen(self) -> Unseen:
        """What the version says of every row it was trained on, without that row."""
        if self._given is not None:
            return self._given
        with self.home.app.store.read() as session:
            ids = ids_of_rows(session, self.record.id)
        roll = self.side.roll
        return Unseen(
            said=dict(zip(roll.ids.tolist(), said_by(self.side), strict=True)),
            truth={one: self.side.truth(row) for row, one in enumerate(roll.ids.tolist())},
            groups=dict(zip(roll.ids.tolist(), roll.groups.tolist(), strict=True)),
            judged=frozenset(roll.ids[roll.judged].tolist()),
            rows=dict(zip(ids, self.folder.rows, strict=True)),
        )

    @property
    def judged(self) -> Judged:
        """The declared test rows where there are any, else every row left out of training."""
        test = [
            row
            for row in self.folder.rows
            if row.sample.split == "test" and row.sample.label is not None
        ]
        return self._tested(test) if test else self._left_out()

    def latency_ms(self) -> float:
        """The median of single calls, without the cache of vectors."""
        asked = [row.sample.data for row in self.folder.rows[:CALLS]]
        self.function.predict(asked[:1])
        return min(statistics.median(self._times(asked)) for _ in range(ROUNDS))

    def megabytes(self) -> float:
        """The artifact and the files of its encoders."""
        app = self.home.app
        size = len(app.blobs.get(self.version.artifact))
        names = re.split(rf"\s*{re.escape(SIGN)}\s*", " + ".join(self.version.encoders))
        size += sum(app.shelf.get(name).size for name in names if name in list(app.shelf))
        return size / 1e6

    def _times(self, asked: Iterable[Data]) -> Iterable[float]:
        for each in asked:
            began = time.perf_counter()
            self.function(each)
            yield 1000 * (time.perf_counter() - began)

    def _left_out(self) -> Judged:
        unseen = self.unseen
        ids = [one for one in unseen.rows if one in unseen.judged]
        rows = [unseen.rows[one] for one in ids]
        groups: Groups = np.array([unseen.groups[one] for one in ids], dtype=np.int64)
        return Judged(
            places=[row.place for row in rows],
            data=[row.sample.data for row in rows],
            said=[unseen.said[one] for one in ids],
            truth=[unseen.truth[one] for one in ids],
            groups=groups,
        )

    def _tested(self, rows: Sequence[Row]) -> Judged:
        data = [row.sample.data for row in rows]
        return Judged(
            places=[row.place for row in rows],
            data=data,
            said=[said_of(each) for each in self.answer(data)],
            truth=[row.sample.label for row in rows if row.sample.label is not None],
            groups=duplicate_groups(data).groups,
            unseen="test",
        )


def said_by(side: Side) -> list[Label]:
    """What a version says of each sample of its roll without having learned it."""
    if side.output is Output.NUMBER:
        return [float(score) for score in side.held_out]
    if side.output is Output.TAGS:
        assert side.thresholds is not None
        present = side.held_out >= side.thresholds
        return [
            tuple(label for label, there in zip(side.labels, row, strict=True) if there)
            for row in present.tolist()
        ]
    return [side.labels[code] for code in side.held_out.argmax(axis=1).tolist()]


def ids_of_rows(session: Reading, function: str) -> list[int]:
    """The samples of a folder's rows, in the order of the rows."""
    rows = session.rows(
        select(samples.c.id)
        .join(origins, origins.c.id == samples.c.origin_id)
        .where(samples.c.function_id == function, origins.c.name == ORIGIN)
        .order_by(samples.c.number, samples.c.id)
    )
    return [row.id for row in rows]
