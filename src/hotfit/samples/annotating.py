"""Saying what one sample is, and taking it back; what was said before stays in its history."""

from sqlalchemy import select

from hotfit.functions.functions import Function
from hotfit.samples.adding import Written
from hotfit.samples.annotations import SampleUnknown, annotate_many
from hotfit.samples.answering import Said, to_value
from hotfit.store import outbox
from hotfit.store.sessions import Writing
from hotfit.store.tables import samples


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
