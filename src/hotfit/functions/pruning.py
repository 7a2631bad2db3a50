"""Letting go of versions that only stood between two others."""

from collections.abc import Mapping

from sqlalchemy import Text, delete, func, insert, select, type_coerce

from hotfit.store.blobs import Blobs
from hotfit.store.sessions import Reading, Store, Writing
from hotfit.store.tables import (
    captures,
    functions,
    jobs,
    retired_blobs,
    rolls,
    samples,
    versions,
)


def prune(session: Writing, function: str, *, keep: int) -> int:
    """Delete instant versions that were never examined, except the newest; return how many.

    A version stays that answers, or that came less than `keep` versions ago. Its blobs are
    retired, for `collect` to delete when it is old.
    """
    newest = session.scalar(
        select(func.max(versions.c.number)).where(versions.c.function_id == function)
    )
    live = select(functions.c.live).where(functions.c.id == function, functions.c.live.is_not(None))
    examined = type_coerce(versions.c.scores, Text).contains('"examined":true')
    doomed = session.rows(
        select(versions.c.id, versions.c.artifact).where(
            versions.c.function_id == function,
            versions.c.number <= (newest or 0) - keep,
            versions.c.build == "instant",
            versions.c.id.not_in(live),
            ~examined,
        )
    )
    keys = {row.artifact for row in doomed}
    for start in range(0, len(doomed), 1000):
        part = [row.id for row in doomed[start : start + 1000]]
        mine = session.rows(select(rolls.c.blob).where(rolls.c.version_id.in_(part)))
        keys.update(row.blob for row in mine)
        session.run(delete(versions).where(versions.c.id.in_(part)))
    retired = {
        row.key
        for row in session.rows(select(retired_blobs.c.key).where(retired_blobs.c.key.in_(keys)))
    }
    session.run_many(insert(retired_blobs), [{"key": key} for key in sorted(keys - retired)])
    return len(doomed)


def collect(store: Store, blobs: Blobs, *, age: float, most: int = 200) -> int:
    """Delete retired blobs that nothing refers to and that are `age` seconds old.

    One that a version, a sample or a capture refers to again is kept; returns how many went.
    """
    with store.read() as session:
        keys = [row.key for row in session.rows(select(retired_blobs.c.key).limit(most))]
        used = {
            row[0]
            for column in (versions.c.artifact, rolls.c.blob, samples.c.blob, captures.c.blob)
            for row in session.rows(select(column).where(column.in_(keys)))
        }
    gone = [key for key in keys if key not in used and blobs.discard(key, age=age)]
    settled = [*gone, *used]
    if settled:
        with store.write() as session:
            session.run(delete(retired_blobs).where(retired_blobs.c.key.in_(settled)))
    return len(gone)


def resting_due(session: Reading) -> Mapping[str, int]:
    """Functions that learned more than they were improved for, and through which change."""
    learned, improved = jobs.alias(), jobs.alias()
    rows = session.rows(
        select(learned.c.function_id, learned.c.change)
        .select_from(
            learned.outerjoin(
                improved,
                (improved.c.function_id == learned.c.function_id) & (improved.c.kind == "improve"),
            )
        )
        .where(
            learned.c.kind == "learn",
            learned.c.state == "idle",
            learned.c.change > func.coalesce(improved.c.change, 0),
        )
    )
    return {row.function_id: int(row.change) for row in rows}
