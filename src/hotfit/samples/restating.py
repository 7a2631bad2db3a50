"""What the source of samples says about some of them now, without reading all of it again."""

from collections.abc import Sequence

from sqlalchemy import bindparam, update

from hotfit.samples.annotations import Answers, annotate_many
from hotfit.store import outbox
from hotfit.store.sessions import Writing
from hotfit.store.tables import samples
from hotfit.types import Label

_UPDATE = update(samples).where(samples.c.id == bindparam("key")).values(stated=bindparam("said"))


def restate(
    session: Writing, function: str, answers: Sequence[tuple[int, Label | None]], *, author: str
) -> int:
    """Let the source say what samples (by identifier) are; return the change it was.

    The next import of the source finds that it says the same.
    """
    change = outbox.next_change(session, function)
    names = Answers(session, function)
    names.learn(answer for _, answer in answers)
    kept = [(sample, names.to_json(answer)) for sample, answer in answers]
    session.run_many(_UPDATE, [{"key": sample, "said": said} for sample, said in kept])
    annotate_many(session, kept, author=author)
    payload = {"samples": [sample for sample, _ in kept][:1000], "count": len(kept)}
    return outbox.record(session, function, "samples.annotated", payload, number=change)
