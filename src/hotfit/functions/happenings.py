"""What happened to a function's versions and findings, in the order of its changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from hotfit.store.sessions import Reading
from hotfit.store.tables import changes

TOLD = ("version.", "finding.")
"""How the kinds of changes begin that are told."""


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One change of a function; `payload` is what was written down about it."""

    change: int
    kind: str
    payload: Mapping[str, Any]
    created: str


def happened(session: Reading, function: str, *, since: int, limit: int) -> Sequence[Happening]:
    """The first `limit` things that happened after the change `since`, oldest first."""
    told = or_(*(changes.c.kind.startswith(start, autoescape=True) for start in TOLD))
    rows = session.rows(
        select(changes.c.number, changes.c.kind, changes.c.payload, changes.c.created)
        .where(changes.c.function_id == function, changes.c.number > since, told)
        .order_by(changes.c.number)
        .limit(limit)
    )
    return [
        Happening(change=row.number, kind=row.kind, payload=row.payload, created=row.created)
        for row in rows
    ]
