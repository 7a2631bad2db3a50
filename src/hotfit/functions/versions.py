"""The trained versions of a function."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Row, func, insert, select, update

from hotfit.errors import Refusal
from hotfit.functions.findings import FoundInData, renew
from hotfit.store import outbox
from hotfit.store.columns import now
from hotfit.store.ids import as_id, new_id
from hotfit.store.sessions import Reading, Writing
from hotfit.store.tables import functions, versions

Build = Literal["instant", "tuned", "deep"]


class VersionMissing(Refusal):
    """A function has no version of this number or identifier."""

    status = 404

    def __init__(self, *, function: str, given: str) -> None:
        super().__init__(
            f"{function!r} has no version {given!r}; `hotfit versions {function}` lists them."
        )


class NothingBefore(Refusal):
    """There is no version to go back to."""

    status = 409

    def __init__(self, *, function: str) -> None:
        super().__init__(
            f"no version of {function!r} is older than the one that answers; "
            f"`hotfit versions {function}` lists those there are."
        )


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A trained function that is ready to be published; `artifact` is the key of its blob.

    `change` is the last change it has learned, `findings` the count of each kind.
    """

    change: int
    build: Build
    encoders: Sequence[str]
    head: str
    artifact: str
    fingerprint: str
    scores: Mapping[str, Any]
    verdict: Mapping[str, Any]
    findings: Mapping[str, int]
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Version(Candidate):
    """An immutable published version; `parent` is the one that answered before it."""

    id: str
    number: int
    parent: str | None
    created: str


def publish(
    session: Writing, function: str, candidate: Candidate, found: Sequence[FoundInData] = ()
) -> Version:
    """Keep a version and let it answer from now on, unless another one is pinned.

    A version for which the data was examined brings what was `found` in it. All of it happens in
    the caller's transaction.
    """
    change = outbox.next_change(session, function)
    parent, pinned = _standing(session, function)
    highest = session.scalar(
        select(func.max(versions.c.number)).where(versions.c.function_id == function)
    )
    identifier = new_id("version")
    session.run(
        insert(versions).values(
            id=identifier,
            function_id=function,
            number=(highest or 0) + 1,
            change=candidate.change,
            build=candidate.build,
            encoders=list(candidate.encoders),
            head=candidate.head,
            artifact=candidate.artifact,
            fingerprint=candidate.fingerprint,
            scores=dict(candidate.scores),
            verdict=dict(candidate.verdict),
            findings=dict(candidate.findings),
            parent=parent,
            created=now(),
            seconds=candidate.seconds,
        )
    )
    if found or candidate.scores.get("examined") is True:
        counts = renew(session, function, identifier, found, change=candidate.change)
        session.run(update(versions).where(versions.c.id == identifier).values(findings=counts))
    if pinned is None:
        _point(session, function, identifier)
    payload = {"version": identifier, "live": pinned is None}
    outbox.record(session, function, "version.published", payload, number=change)
    return version(session, identifier)


def make_live(session: Writing, function: str, identifier: str) -> int:
    """Let a version answer, and no newer one until it is unpinned; return the change's number."""
    change = outbox.next_change(session, function)
    _point(session, function, identifier, pinned=identifier)
    payload = {"version": identifier}
    return outbox.record(session, function, "version.promoted", payload, number=change)


def unpin(session: Writing, function: str) -> int:
    """Let the newest version answer, and every newer one after it; return the change's number."""
    change = outbox.next_change(session, function)
    identifier = session.scalar(
        select(versions.c.id)
        .where(versions.c.function_id == function)
        .order_by(versions.c.number.desc())
    )
    _point(session, function, identifier)
    payload = {"version": identifier}
    return outbox.record(session, function, "version.unpinned", payload, number=change)


def version(session: Reading, identifier: str) -> Version:
    """The version of this identifier, which must exist."""
    row = session.first(select(versions).where(versions.c.id == identifier))
    assert row is not None
    return _version(row)


def live_version(session: Reading, function: str) -> Version | None:
    """The version that answers, None where nothing was trained yet."""
    row = session.first(
        select(versions)
        .join(functions, functions.c.live == versions.c.id)
        .where(functions.c.id == function)
    )
    return None if row is None else _version(row)


def find_version(session: Reading, function: str, given: str) -> Version | None:
    """The version of this number or identifier (with or without `version_`), None if there is none.

    A number goes before an identifier.
    """
    here = select(versions).where(versions.c.function_id == function)
    row, identifier = None, as_id("version", given)
    if given.isascii() and given.isdigit() and len(given) < 10:
        row = session.first(here.where(versions.c.number == int(given)))
    elif identifier is not None:
        row = session.first(here.where(versions.c.id == identifier))
    return None if row is None else _version(row)


def version_before(session: Reading, function: str) -> Version | None:
    """The newest version that is older than the one that answers, None where there is none."""
    number = select(versions.c.number).join(functions, functions.c.live == versions.c.id)
    row = session.first(
        select(versions)
        .where(
            versions.c.function_id == function,
            versions.c.number < number.where(functions.c.id == function).scalar_subquery(),
        )
        .order_by(versions.c.number.desc())
    )
    return None if row is None else _version(row)


def history(
    session: Reading, function: str, *, limit: int | None = None, offset: int = 0
) -> list[Version]:
    """The versions of a function, newest first."""
    rows = session.rows(
        select(versions)
        .where(versions.c.function_id == function)
        .order_by(versions.c.number.desc())
        .limit(limit)
        .offset(offset)
    )
    return [_version(row) for row in rows]


def _standing(session: Reading, function: str) -> tuple[str | None, str | None]:
    """The version that answers, and the one that is pinned."""
    row = session.first(
        select(functions.c.live, functions.c.pinned).where(functions.c.id == function)
    )
    return (None, None) if row is None else (row.live, row.pinned)


def _point(
    session: Writing, function: str, identifier: str | None, *, pinned: str | None = None
) -> None:
    session.run(
        update(functions).where(functions.c.id == function).values(live=identifier, pinned=pinned)
    )


def _version(row: Row[Any]) -> Version:
    return Version(
        id=row.id,
        number=row.number,
        change=row.change,
        build=row.build,
        encoders=tuple(row.encoders),
        head=row.head,
        artifact=row.artifact,
        fingerprint=row.fingerprint,
        scores=row.scores,
        verdict=row.verdict,
        findings=row.findings,
        parent=row.parent,
        created=row.created,
        seconds=row.seconds,
    )
