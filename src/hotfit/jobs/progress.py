"""How far the learning of a function has come."""

from dataclasses import dataclass

from hotfit.functions.functions import Function
from hotfit.functions.learning import awaited, trained_through
from hotfit.functions.versions import live_version
from hotfit.jobs.leases import Job, job_of
from hotfit.store.sessions import Reading

STUCK = ("waiting", "parked")
"""States in which nothing happens until the function changes."""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """`change` is the last write, `trained_through` the last one that the live version knows.

    `done` of `total` parts of `step` are behind the worker, where it told so; `reason` says why
    nothing is learned although something could be.
    """

    change: int
    trained_through: int
    version: str | None
    is_training: bool
    step: str | None = None
    done: int | None = None
    total: int | None = None
    reason: str | None = None


def progress_of(session: Reading, function: Function) -> Progress:
    """How far the learning of a function has come, as of the session's moment."""
    live = live_version(session, function.id)
    through = 0 if live is None else trained_through(session, function.id, live.change)
    learn, improve = (job_of(session, function.id, kind) for kind in ("learn", "improve"))
    wanted = awaited(session, function.id)
    stuck = learn is not None and learn.state in STUCK and (wanted or 0) <= learn.change
    learns = wanted is not None and not stuck
    at_work = learn if learns or _works(learn) else improve if _works(improve) else None
    return Progress(
        change=function.change,
        trained_through=through,
        version=function.live,
        is_training=learns or at_work is not None,
        step=_step(at_work) or ("learning" if learns else None),
        done=None if at_work is None else at_work.done,
        total=None if at_work is None else at_work.total,
        reason=learn.reason if learn is not None and stuck else None,
    )


def _works(job: Job | None) -> bool:
    return job is not None and job.state == "working"


def _step(job: Job | None) -> str | None:
    """What is being done, in a word for people."""
    if job is None:
        return None
    return job.step or ("improving" if job.kind == "improve" else "learning")
