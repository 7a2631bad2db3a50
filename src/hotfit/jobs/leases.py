"""Leases: at most one worker at a time works on a function, also when clocks jump.

No time of day is compared. A holder moves its beat; a watcher that has seen the same beat for
`patience` seconds of its own monotonic clock takes over, as does one that sees that the holder's
process has ended. Every taking raises the fence, and what is published is checked against it in
the same transaction, so that a holder that lost its lease without noticing changes nothing.
"""

import json
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from sqlalchemy import Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from hotfit.errors import Unavailable
from hotfit.store.locks import Owner, is_gone, this_process
from hotfit.store.sessions import Reading, Store, Writing
from hotfit.store.tables import jobs

Kind = Literal["learn", "improve"]
State = Literal["idle", "working", "waiting", "parked"]
"""`waiting` for samples that would make training possible, `parked` after too many failures."""

PATIENCE = 10.0
"""Seconds without a beat after which a lease is taken over."""


class LeaseLost(Unavailable):
    """Another worker has taken over a function that this one was working on."""

    def __init__(self, *, function: str, kind: str) -> None:
        super().__init__(
            f"another worker has taken over ({kind}) for {function}; nothing was published, "
            "and the other one goes on."
        )


@dataclass(frozen=True, kw_only=True)
class Lease:
    """The right to work on a function until somebody takes it over."""

    function: str
    kind: Kind
    fence: int


@dataclass(frozen=True, kw_only=True)
class Job:
    """What became of the work on a function; `change` is the one it was last done for.

    `done` of `total` parts of `step` are behind who works on it; None where nothing was told.
    """

    function: str
    kind: Kind
    state: State
    attempts: int
    change: int
    reason: str | None
    step: str | None = None
    done: int | None = None
    total: int | None = None


class Leases:
    """The leases that one process takes, watches and holds.

    `clock` counts seconds and never goes back; `gone` tells whether an owner has certainly ended.
    """

    def __init__(
        self,
        store: Store,
        *,
        clock: Callable[[], float],
        patience: float = PATIENCE,
        attempts: int = 5,
        gone: Callable[[Owner], bool] = is_gone,
    ) -> None:
        self._store = store
        self._clock = clock
        self._patience = patience
        self._attempts = attempts
        self._gone = gone
        self._owner = json.dumps({**asdict(this_process()), "nonce": secrets.token_hex(8)})
        self._seen: dict[tuple[str, str], tuple[tuple[int, int], float]] = {}

    def take(self, function: str, kind: Kind, *, change: int) -> Lease | None:
        """Take the lease on a function for work on `change`; None where that must wait.

        Work that failed too often is parked until a later change.
        """
        with self._store.read() as session:
            row = _row(session, function, kind)
        if row is not None and not self._free(row, change):
            return None
        try:
            with self._store.write() as session:
                return self._take(session, function, kind, row, change=change)
        except IntegrityError:  # the function was deleted, or another worker was faster
            return None

    def _free(self, row: Row[Any], change: int) -> bool:
        if row.state == "parked" and change <= row.change:
            return False
        if row.owner is None or row.owner == self._owner or self._gone(_owner(row.owner)):
            return True
        place, state = (row.function_id, row.kind), (row.fence, row.beat)
        seen, since = self._seen.get(place, (None, 0.0))
        if seen != state:
            self._seen[place] = (state, self._clock())
            return False
        return self._clock() - since >= self._patience

    def _take(
        self, session: Writing, function: str, kind: Kind, row: Row[Any] | None, *, change: int
    ) -> Lease | None:
        if row is None:
            session.run(
                insert(jobs).values(
                    function_id=function,
                    kind=kind,
                    fence=1,
                    beat=0,
                    owner=self._owner,
                    state="idle",
                    attempts=0,
                    change=0,
                )
            )
            return Lease(function=function, kind=kind, fence=1)
        attempts = row.attempts + (row.state == "working")  # its holder died at work
        if row.state == "parked":
            attempts = 0
        parked = attempts >= self._attempts
        taken = session.run(
            update(jobs)
            .where(*_is(function, kind), jobs.c.fence == row.fence, jobs.c.beat == row.beat)
            .values(
                fence=row.fence + 1,
                beat=0,
                owner=None if parked else self._owner,
                attempts=attempts,
                state="parked" if parked else "idle",
                change=change if parked else row.change,
                reason=_died(attempts) if parked else row.reason,
            )
        )
        if parked or not taken:
            return None
        return Lease(function=function, kind=kind, fence=row.fence + 1)

    def beat(self) -> None:
        """Show that this process lives."""
        with self._store.write() as session:
            session.run(
                update(jobs).where(jobs.c.owner == self._owner).values(beat=jobs.c.beat + 1)
            )

    def begin(self, lease: Lease) -> None:
        """Note that work starts that could bring the process down."""
        with self._store.write() as session:
            self._set(session, lease, state="working")

    def complete(self, session: Writing, lease: Lease, *, change: int) -> None:
        """Note in the caller's transaction that the work for `change` is done."""
        self._set(session, lease, state="idle", attempts=0, change=change, reason=None)

    def wait(self, session: Writing, lease: Lease, *, change: int, reason: str) -> None:
        """Note that the function has not enough to learn from."""
        self._set(session, lease, state="waiting", attempts=0, change=change, reason=reason)

    def fail(self, lease: Lease, *, change: int, reason: str) -> bool:
        """Note that the work for `change` failed; True where it is parked now."""
        with self._store.write() as session:
            row = _row(session, lease.function, lease.kind)
            if row is None:
                return True
            attempts = row.attempts + 1
            parked = attempts >= self._attempts
            self._set(
                session,
                lease,
                state="parked" if parked else "idle",
                attempts=attempts,
                change=change if parked else row.change,
                reason=reason,
            )
        return bool(parked)

    def release(self, lease: Lease) -> None:
        """Give a lease back; one that was lost is let go without a word."""
        with self._store.write() as session:
            session.run(
                update(jobs)
                .where(*_is(lease.function, lease.kind), jobs.c.fence == lease.fence)
                .where(jobs.c.owner == self._owner)
                .values(owner=None)
            )

    def idle(self, lease: Lease) -> None:
        """Note that work was stopped on purpose."""
        with self._store.write() as session:
            self._set(session, lease, state="idle")

    def _set(self, session: Writing, lease: Lease, **values: Any) -> None:
        held = session.run(
            update(jobs)
            .where(*_is(lease.function, lease.kind))
            .where(jobs.c.fence == lease.fence, jobs.c.owner == self._owner)
            .values(beat=jobs.c.beat + 1, step=None, done=None, total=None, **values)
        )
        if not held:
            raise LeaseLost(function=lease.function, kind=lease.kind)


def job_of(session: Reading, function: str, kind: Kind = "learn") -> Job | None:
    """What became of the work on a function, None where there was none."""
    row = _row(session, function, kind)
    if row is None:
        return None
    return Job(
        function=row.function_id,
        kind=row.kind,
        state=row.state,
        attempts=row.attempts,
        change=row.change,
        reason=row.reason,
        step=row.step,
        done=row.done,
        total=row.total,
    )


def retry(session: Writing, function: str) -> None:
    """Let parked work on a function be tried again."""
    session.run(
        update(jobs)
        .where(jobs.c.function_id == function, jobs.c.state == "parked")
        .values(state="idle", attempts=0, reason=None)
    )


def _row(session: Reading, function: str, kind: Kind) -> Row[Any] | None:
    return session.first(select(jobs).where(*_is(function, kind)))


def _is(function: str, kind: Kind) -> tuple[Any, ...]:
    return (jobs.c.function_id == function, jobs.c.kind == kind)


def _owner(kept: str) -> Owner:
    found = json.loads(kept)
    return Owner(pid=found["pid"], host=found["host"], boot=found["boot"])


def _died(attempts: int) -> str:
    return (
        f"the process that trained it ended {attempts} times before it was done "
        "(out of memory, or a crash); change its samples to have it tried again"
    )


def check(session: Writing, lease: Lease) -> None:
    """Raise LeaseLost where the lease was taken over; for a helper of the one who holds it."""
    held = session.run(
        update(jobs)
        .where(*_is(lease.function, lease.kind), jobs.c.fence == lease.fence)
        .values(beat=jobs.c.beat + 1)
    )
    if not held:
        raise LeaseLost(function=lease.function, kind=lease.kind)


def tell(session: Writing, lease: Lease, *, step: str, done: int, total: int) -> None:
    """Note how far the work has come; without a word where the lease was taken over."""
    session.run(
        update(jobs)
        .where(*_is(lease.function, lease.kind), jobs.c.fence == lease.fence)
        .values(beat=jobs.c.beat + 1, step=step, done=done, total=total)
    )
