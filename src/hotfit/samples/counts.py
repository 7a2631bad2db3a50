"""How many samples a function has, by label."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import and_, func, select

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
