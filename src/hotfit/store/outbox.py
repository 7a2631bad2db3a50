"""The outbox: each write to a function takes its next change number and leaves a row behind.

The number is taken by updating the function's row, so that writers of one function follow each
other and numbers become visible in their order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from hotfit.store.columns import now
from hotfit.store.sessions import Reading, Writing
from hotfit.store.tables import changes, functions


@dataclass(frozen=True, kw_only=True)
class Change:
    """One write to a function."""

    function: str
    number: int
    kind: str
    payload: Mapping[str, Any]


def next_change(session: Writing, function: str) -> int:
    """Take the function's next change number and hold its row until the session ends."""
    statement = (
        update(functions)
        .where(functions.c.id == function)
        .values(change=functions.c.change + 1)
        .returning(functions.c.change)
    )
    return int(session.scalar(statement))


def record(
    session: Writing,
    function: str,
    kind: str,
    payload: Mapping[str, Any],
    *,
    number: int | None = None,
) -> int:
    """Write down a change under `number`, or under the next one; return its number."""
    number = next_change(session, function) if number is None else number
    session.run(
        insert(changes).values(
            function_id=function,
            number=number,
            kind=kind,
            payload=dict(payload),
            created=now(),
            done=False,
        )
    )
    return number


def pending(session: Reading, *, limit: int = 100) -> Sequence[Change]:
    """The oldest changes of each function that nobody has dealt with."""
    found = session.rows(
        select(changes.c.function_id, changes.c.number, changes.c.kind, changes.c.payload)
        .where(~changes.c.done)
        .order_by(changes.c.function_id, changes.c.number)
        .limit(limit)
    )
    return [
        Change(function=row.function_id, number=row.number, kind=row.kind, payload=row.payload)
        for row in found
    ]


def finish(session: Writing, function: str, *, through: int) -> None:
    """Mark the changes of a function up to `through` as dealt with."""
    session.run(
        update(changes)
        .where(changes.c.function_id == function, changes.c.number <= through, ~changes.c.done)
        .values(done=True)
    )
