"""Saying what samples are, and taking it back; what was said before stays in their history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select

from hotfit.functions.functions import Function
from hotfit.samples.adding import Written
from hotfit.samples.annotations import SampleUnknown, annotate_many
from hotfit.samples.answering import Said, to_value
from hotfit.store import outbox
from hotfit.store.sessions import Reading, Writing
from hotfit.store.tables import annotations, samples


def annotate_one(
    session: Writing, function: Function, sample: int, said: Said | None, *, author: str
) -> Written:
    """Replace what is said about a sample, None to withdraw it; raise SampleUnknown."""
    change = outbox.next_change(session, function.id)
    mine = select(samples.c.id).where(samples.c.function_id == function.id, samples.c.id == sample)
    if session.scalar(mine) is None:
        raise SampleUnknown(sample=sample)
    value = None if said is None else to_value(session, function, said, implied=False)
    annotate_many(session, [(sample, value)], author=author)
    payload = {"samples": [sample], "count": 1}
    outbox.record(session, function.id, "samples.annotated", payload, number=change)
    return Written(sample=sample, change=change, value=value)


@dataclass(frozen=True, kw_only=True)
class Step:
    """Annotations that were written as one change: how many differ, and what was there before."""

    change: int
    changed: int
    former: Mapping[int, str | None]


def annotate_each(
    session: Writing, function: Function, said: Mapping[int, Said | None], *, author: str
) -> Step:
    """Replace what is said about samples, None to withdraw it, all or none; raise SampleUnknown."""
    change = outbox.next_change(session, function.id)
    former = values_of(session, function.id, list(said))
    for sample in said:
        if sample not in former:
            raise SampleUnknown(sample=sample)
    values: dict[int, str | None] = {}
    known: dict[str, str] = {}
    for sample, each in said.items():
        key = repr(each)
        if each is not None and key not in known:
            known[key] = to_value(session, function, each, implied=False)
        values[sample] = None if each is None else known[key]
    new = {sample: value for sample, value in values.items() if value != former[sample]}
    write_values(session, function, new, author=author, change=change)
    return Step(change=change, changed=len(new), former=former)


def write_values(
    session: Writing,
    function: Function,
    values: Mapping[int, str | None],
    *,
    author: str,
    change: int,
) -> None:
    """Replace what is kept of samples, and write it down as `change`."""
    annotate_many(session, list(values.items()), author=author)
    payload = {"samples": list(values)[:1000], "count": len(values)}
    outbox.record(session, function.id, "samples.annotated", payload, number=change)


def values_of(session: Reading, function: str, ids: Sequence[int]) -> dict[int, str | None]:
    """What is said now of those of the samples that the function has, in the order given."""
    latest = and_(annotations.c.sample_id == samples.c.id, annotations.c.latest)
    query = select(samples.c.id, annotations.c.value).select_from(
        samples.outerjoin(annotations, latest)
    )
    found = {
        row.id: row.value
        for start in range(0, len(ids), 5000)
        for row in session.rows(
            query.where(
                samples.c.function_id == function, samples.c.id.in_(ids[start : start + 5000])
            )
        )
    }
    return {sample: found[sample] for sample in ids if sample in found}
