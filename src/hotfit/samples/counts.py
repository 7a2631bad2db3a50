"""How many samples a function has, by label."""

import json
from collections import Counter, OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import and_, func, select

from hotfit.functions.functions import Function
from hotfit.functions.labels import labels_of
from hotfit.store.sessions import Reading
from hotfit.store.tables import annotations, samples


@dataclass(frozen=True, kw_only=True)
class Counts:
    """All samples, those without an answer, those of a declared test split, and those by label."""

    samples: int
    unlabelled: int
    test: int
    by_label: Mapping[str, int]


class CountMemory:
    """Counts of the functions that were asked for last, each as of a change; safe to share.

    Counting looks at every sample, which takes a second where there are a million; what is shown
    again and again while nothing is written is counted once.
    """

    def __init__(self, *, room: int = 256) -> None:
        self._room = room
        self._kept: OrderedDict[str, tuple[int, Counts]] = OrderedDict()
        self._lock = Lock()

    def of(self, session: Reading, function: Function) -> Counts:
        """The counts as of the function's change, which the session must have read."""
        with self._lock:
            kept = self._kept.get(function.id)
        if kept is not None and kept[0] == function.change:
            return kept[1]
        counted = count_by_label(session, function.id)
        with self._lock:
            self._kept[function.id] = (function.change, counted)
            self._kept.move_to_end(function.id)
            if len(self._kept) > self._room:
                self._kept.popitem(last=False)
        return counted


def count_by_label(session: Reading, function: str) -> Counts:
    """Count the samples of a function; labels stand in the order of the function."""
    latest = and_(annotations.c.sample_id == samples.c.id, annotations.c.latest)
    rows = [
        tuple(row)
        for row in session.rows(
            select(samples.c.split, annotations.c.value, func.count())
            .select_from(samples.outerjoin(annotations, latest))
            .where(samples.c.function_id == function)
            .group_by(samples.c.split, annotations.c.value)
        )
    ]
    by_id: Counter[str] = Counter()
    for _, value, count in rows:
        for label in _present(value):
            by_id[label] += count
    return Counts(
        samples=sum(count for _, _, count in rows),
        unlabelled=sum(count for _, value, count in rows if value is None),
        test=sum(count for split, _, count in rows if split == "test"),
        by_label={label.name: by_id[label.id] for label in labels_of(session, function)},
    )


def _present(value: str | None) -> list[str]:
    """The identifiers of the labels that an annotation says are present."""
    answer = None if value is None else json.loads(value)
    if isinstance(answer, dict):
        return [answer["label"]]
    if isinstance(answer, list):
        return [label for label, present in answer if present]
    return []
