"""Adding and deleting single samples, each content once a function."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import delete, func, insert, select

from hotfit.errors import Refusal
from hotfit.functions.functions import Function
from hotfit.samples.annotations import annotate_many
from hotfit.samples.answering import Said, to_value
from hotfit.samples.ids import sample_id
from hotfit.samples.sets import put_into
from hotfit.store import outbox
from hotfit.store.columns import now
from hotfit.store.content import content_hash, data_to_json
from hotfit.store.sessions import Writing
from hotfit.store.tables import origins, samples
from hotfit.types import Data, Picture

ORIGIN = "api"
"""Where samples are said to come from that were added one by one."""


class SampleExists(Refusal):
    """The function has this sample already."""

    status: ClassVar[int] = 409

    def __init__(self, *, sample: int, why: str) -> None:
        super().__init__(
            f"the function already has {sample_id(sample)}, {why}; change that one instead."
        )
        self.sample = sample

    @property
    def details(self) -> Mapping[str, Any]:
        """The sample that is there, under the two names that clients look for."""
        return {"existingSampleId": sample_id(self.sample), "id": sample_id(self.sample)}


@dataclass(frozen=True, kw_only=True)
class Written:
    """A sample that was written, and the change it was."""

    sample: int
    change: int
    value: str | None = None


def add_one(
    session: Writing,
    function: Function,
    data: Data,
    *,
    external_id: str | None = None,
    said: Said | None = None,
    author: str,
    blob: str | None = None,
    sets: Sequence[tuple[str, float | None]] = (),
) -> Written:
    """Add a sample; raise SampleExists where its content or its external id is there already.

    Of parallel additions of one content exactly one succeeds: taking the change number holds all
    other writers of the function back. `blob` is where the file of an image was kept, `sets` are
    sample sets by identifier or name, with the sample's weight.
    """
    change = outbox.next_change(session, function.id)
    content = content_hash(data)
    _refuse_known(session, function.id, content, external_id)
    value = None if said is None else to_value(session, function, said, implied=True)
    origin = _origin(session, function.id)
    highest = session.scalar(
        select(func.max(samples.c.number)).where(samples.c.origin_id == origin)
    )
    row = {
        "function_id": function.id,
        "origin_id": origin,
        "number": (highest or 0) + 1,
        "external_id": external_id,
        "data": None if isinstance(data, Picture) else data_to_json(data),
        "blob": blob,
        "content_hash": content,
        "stated": value,
        "seen": change,
        "created": now(),
    }
    sample = int(session.scalar(insert(samples).values(**row).returning(samples.c.id)))
    if value is not None:
        annotate_many(session, [(sample, value)], author=author, fresh=True)
    put_into(session, function.id, sample, sets)
    payload = {"samples": [sample], "annotated": value is not None}
    outbox.record(session, function.id, "samples.added", payload, number=change)
    return Written(sample=sample, change=change, value=value)


def remove(session: Writing, function: str, ids: list[int]) -> int:
    """Delete samples of a function by number; return the change it was."""
    change = outbox.next_change(session, function)
    session.run(delete(samples).where(samples.c.function_id == function, samples.c.id.in_(ids)))
    payload = {"samples": ids[:1000], "count": len(ids)}
    return outbox.record(session, function, "samples.removed", payload, number=change)


def _refuse_known(session: Writing, function: str, content: bytes, external_id: str | None) -> None:
    mine = samples.c.function_id == function
    same = select(samples.c.id).where(mine, samples.c.content_hash == content)
    found = session.scalar(same.order_by(samples.c.id).limit(1))
    if found is not None:
        raise SampleExists(sample=found, why="which holds the same data")
    if external_id is None:
        return
    found = session.scalar(select(samples.c.id).where(mine, samples.c.external_id == external_id))
    if found is not None:
        raise SampleExists(sample=found, why="which has the same external id")


def _origin(session: Writing, function: str) -> int:
    mine = origins.c.function_id == function
    found = session.scalar(select(origins.c.id).where(mine, origins.c.name == ORIGIN))
    if found is None:
        made = insert(origins).values(function_id=function, name=ORIGIN).returning(origins.c.id)
        found = session.scalar(made)
    return int(found)
