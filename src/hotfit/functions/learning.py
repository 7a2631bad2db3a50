"""Which changes a function still has to learn, and through which one a version knows it.

A change that cannot alter what a model answers (a version was published, a finding was settled)
teaches nothing; every other kind, also one unknown here, does.
"""

from collections.abc import Mapping

from sqlalchemy import and_, func, select

from hotfit.store import outbox
from hotfit.store.sessions import Reading
from hotfit.store.tables import changes, functions, versions

SILENT = (
    "version.",
    "finding.",
    "capture.",
    "key.",
    "function.created",
    "function.renamed",
    "function.moved",
    "label.described",
    "set.created",
)
"""How the kinds of changes begin that teach nothing."""

TEACHES = and_(*(~changes.c.kind.startswith(start, autoescape=True) for start in SILENT))
"""Made once: a call asks for it while it waits for what it wrote."""


def waiting(session: Reading) -> Mapping[str, int]:
    """The functions that have something to learn, and the last change of each that teaches."""
    rows = session.rows(
        select(changes.c.function_id, func.max(changes.c.number).label("number"))
        .where(~changes.c.done, TEACHES)
        .group_by(changes.c.function_id)
    )
    return {row.function_id: int(row.number) for row in rows}


def is_behind(session: Reading, function: str) -> bool:
    """Whether something was changed that teaches and that nobody has dealt with."""
    mine = changes.c.function_id == function
    found = session.first(select(changes.c.number).where(mine, ~changes.c.done, TEACHES))
    return found is not None


def awaited(session: Reading, function: str) -> int | None:
    """The last change of a function that teaches and that nobody has dealt with, if any."""
    mine = changes.c.function_id == function
    found = session.scalar(select(func.max(changes.c.number)).where(mine, ~changes.c.done, TEACHES))
    return None if found is None else int(found)


def unlearned(session: Reading, function: str, *, since: int) -> list[outbox.Change]:
    """The changes after `since` that teach something, oldest first."""
    rows = session.rows(
        select(changes.c.number, changes.c.kind, changes.c.payload)
        .where(changes.c.function_id == function, changes.c.number > since, TEACHES)
        .order_by(changes.c.number)
    )
    return [
        outbox.Change(function=function, number=row.number, kind=row.kind, payload=row.payload)
        for row in rows
    ]


def newest_learned(session: Reading, function: str) -> int:
    """The last change that any version of a function has learned, 0 where it has none."""
    found = session.scalar(
        select(func.max(versions.c.change)).where(versions.c.function_id == function)
    )
    return int(found or 0)


def trained_through(session: Reading, function: str, change: int) -> int:
    """The last change after which nothing is left to learn for a version that learned `change`."""
    following = session.scalar(
        select(func.min(changes.c.number)).where(
            changes.c.function_id == function, changes.c.number > change, TEACHES
        )
    )
    if following is not None:
        return int(following) - 1
    return int(session.scalar(select(functions.c.change).where(functions.c.id == function)) or 0)
