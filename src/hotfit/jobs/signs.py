"""A cheap sign of each of many functions, which is another one whenever something happened."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from hotfit.store.sessions import Reading
from hotfit.store.tables import functions, jobs

Sign = tuple[object, ...]


def signs(session: Reading, wanted: Collection[str]) -> Mapping[str, Sign]:
    """The sign of each function of `wanted` that still exists."""
    found: dict[str, Sign] = {
        row.id: (row.change,)
        for row in session.rows(
            select(functions.c.id, functions.c.change).where(functions.c.id.in_(wanted))
        )
    }
    work = select(jobs.c.function_id, jobs.c.kind, jobs.c.state, jobs.c.step, jobs.c.done)
    for row in session.rows(
        work.where(jobs.c.function_id.in_(wanted)).order_by(jobs.c.function_id, jobs.c.kind)
    ):
        if row.function_id in found:
            found[row.function_id] += (row.kind, row.state, row.step, row.done)
    return found
