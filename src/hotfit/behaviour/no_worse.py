"""No worse than an earlier version, on the rows that both are judged by."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from hotfit.behaviour.base import (
    Check,
    Earlier,
    Judged,
    Result,
    Subject,
    agree,
)
from hotfit.behaviour.deciding import ALARM
from hotfit.behaviour.pairing import hold_pace
from hotfit.behaviour.sampled import needed

BY = 0.01
"""The share of rows that may be lost, net, before it matters."""


@dataclass(frozen=True, kw_only=True)
class NoWorse(Check):
    """What the version `than` got right must not be lost, beyond chance.

    Both are asked about rows that they have not seen, and judged by what is true now. A net loss
    that is surely below the share `by` passes.
    """

    kind: ClassVar[str] = "no_worse"

    than: str
    by: float = BY
    alarm: float = ALARM

    @property
    def cheap(self) -> bool:
        """No: it calls or trains."""
        return False

    def run(self, subject: Subject) -> Result:
        """Whether it is no worse."""
        judged, earlier = subject.judged, subject.earlier(self.than)
        rows = _shared(judged, earlier)
        lost = [row for row in rows if _before(judged, earlier, row) and not judged.right(row)]
        won = [row for row in rows if not _before(judged, earlier, row) and judged.right(row)]
        decision = hold_pace(len(won), len(lost), len(rows), margin=self.by, alarm=self.alarm)
        outcome = "pass" if earlier.same else decision.outcome
        message = f"{len(lost)} lost and {len(won)} won of {len(rows):,} {judged.unseen} rows"
        if earlier.same:
            message = f"it is {earlier.name}"
        elif not rows:
            outcome, message = "cannot_tell", f"no row is known to {earlier.name} too"
        else:
            message += f" against {earlier.name}"
            if outcome == "cannot_tell":
                message += f"; {needed(decision, 'labelled rows')}"
            if outcome == "fail":
                chance = f"{100 * decision.stated:.2g} %"
                message += f"; one of equal worth fails this test {chance} of the time"
        return Result(
            name=self.name,
            kind=self.kind,
            place=self.place,
            outcome=outcome,
            message=message,
            cases=[judged.case(row, before=earlier.said[row]) for row in lost],
            decision=decision,
        )


def _shared(judged: Judged, earlier: Earlier) -> list[int]:
    """The rows that both answer, one of each group of like rows."""
    known = [row for row, said in enumerate(earlier.said) if said is not None]
    if not known:
        return []
    _, first = np.unique(judged.groups[known], return_index=True)
    return [known[at] for at in np.sort(first).tolist()]


def _before(judged: Judged, earlier: Earlier, row: int) -> bool:
    said = earlier.said[row]
    return said is not None and agree(said, judged.truth[row])
