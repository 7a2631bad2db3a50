"""Improving a function whose data rests: the whole examination, then other heads.

Nothing is published that is older than what answers, or under a lease that was taken over.
"""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import select

from hotfit.errors import Unavailable
from hotfit.functions.functions import get
from hotfit.functions.learning import newest_learned, unlearned
from hotfit.functions.versions import Candidate, Version
from hotfit.jobs.leases import Lease, check
from hotfit.store.sessions import Writing
from hotfit.store.tables import functions
from hotfit.training.bench import Bench
from hotfit.training.run import run


class Outdated(Unavailable):
    """A function changed while it was being improved."""

    def __init__(self, *, function: str, change: int) -> None:
        super().__init__(
            f"{function} has changed after change {change}, for which it was being improved; "
            "it will be improved again when it rests."
        )


def improve(bench: Bench, lease: Lease, published: Callable[[str, Version], None]) -> None:
    """Examine and tune the function of `lease`; raise Outdated or LeaseLost."""
    function = lease.function

    def guard(session: Writing, candidate: Candidate) -> None:
        # Held until the commit: what another worker publishes comes before or after, not between.
        session.first(select(functions.c.id).where(functions.c.id == function).with_for_update())
        check(session, lease)
        newer = newest_learned(session, function) > candidate.change
        if newer or unlearned(session, function, since=candidate.change):
            raise Outdated(function=function, change=candidate.change)

    with bench.store.read() as session:
        record = get(session, function)
    for version in run(replace(bench, guard=guard), record, growing=False):
        published(function, version)
