"""Checks over many inputs: which rows are tried, and what is said of those that went against."""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from hotfit.behaviour.base import Case, Result, Subject
from hotfit.behaviour.deciding import Decision, Outcome
from hotfit.types import Data


class Share(Protocol):
    """A check of which a share may go against."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    @property
    def kind(self) -> str:
        """Its kind."""
        ...

    @property
    def place(self) -> str:
        """Where it is written."""
        ...

    @property
    def at_most(self) -> float:
        """The share that may go against."""
        ...


def chosen(subject: Subject, count: int, *, seed: int) -> Sequence[Data]:
    """Some rows of the data, one of each group of like rows, the same every time."""
    judged = subject.judged
    _, first = np.unique(judged.groups, return_index=True)
    rows = np.sort(first)
    if len(rows) > count:
        rows = np.sort(np.random.default_rng(seed).choice(rows, size=count, replace=False))
    return [judged.data[row] for row in rows.tolist()]


def told(
    check: Share,
    cases: Sequence[Case],
    tried: int,
    *,
    what: str,
    nothing: str,
    decide: Callable[[], Decision],
) -> Result:
    """The result of a check over `tried` inputs, of which `cases` went against."""
    outcome: Outcome = "cannot_tell"
    decision = None
    if tried == 0:
        message = nothing
    elif check.at_most == 0:
        outcome = "fail" if cases else "pass"
        message = f"{len(cases)} of {tried:,} {what}"
    else:
        decision = decide()
        outcome = decision.outcome
        message = f"{len(cases)} of {tried:,} {what}, {100 * check.at_most:g} % may"
        if outcome == "cannot_tell":
            message += f"; {needed(decision, 'rows')}"
    return Result(
        name=check.name,
        kind=check.kind,
        place=check.place,
        outcome=outcome,
        message=message,
        cases=cases,
        decision=decision,
    )


def needed(decision: Decision, what: str) -> str:
    """How many more would decide, as a clause."""
    if decision.more is None:
        return f"no number of {what} would decide, it is so near"
    return f"{decision.more:,} more {what} would decide"
