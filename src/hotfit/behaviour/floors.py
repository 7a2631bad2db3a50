"""What a function must reach: a share right, of all rows or of some; a call's time; a size.

Shares are of predictions by models that have not seen the row; rows that are alike count once.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from hotfit.behaviour.base import Check, Judged, Result, Subject, words
from hotfit.behaviour.deciding import ALARM, Decision, hold_floor
from hotfit.behaviour.sampled import needed
from hotfit.behaviour.slices import Slice
from hotfit.types import label_names

Measure = Literal["accuracy", "recall", "precision"]


@dataclass(frozen=True, kw_only=True)
class Floor(Check):
    """At least a share `floor` of rows must be answered right.

    Of all rows (accuracy), of those that are `label` (recall), or of those that are answered
    `label` (precision); of a `slice` of them where one is given.
    """

    kind: ClassVar[str] = "floor"

    measure: Measure
    floor: float
    label: str | None = None
    slice: Slice | None = None
    alarm: float = ALARM

    def run(self, subject: Subject) -> Result:
        """Whether the share is reached."""
        judged = subject.judged
        rows = self._rows(judged)
        right = [row for row in rows if self._right(judged, row)]
        decision = hold_floor(len(right), len(rows), self.floor, alarm=self.alarm)
        wrong = sorted(set(rows) - set(right))
        return Result(
            name=self.name,
            kind=self.kind,
            place=self.place,
            outcome=decision.outcome,
            message=self._message(decision, judged),
            cases=[judged.case(row) for row in wrong],
            decision=decision,
            fixes=self._fixes(judged, wrong) if decision.outcome == "fail" else (),
        )

    def _fixes(self, judged: Judged, wrong: Sequence[int]) -> Sequence[str]:
        """The labels that are taken for one another most often."""
        pairs = Counter((words(judged.truth[row]), words(judged.said[row])) for row in wrong)
        if not pairs:
            return ()
        (truth, said), count = pairs.most_common(1)[0]
        told = f"label more rows of {truth} that read like {said}, and look over those there are"
        return (f"{told}: {count} of the {len(wrong)} wrong ones are {truth} and answered {said}",)

    def _rows(self, judged: Judged) -> list[int]:
        """The rows it speaks of, one of each group of like rows."""
        found = [row for row in range(len(judged)) if self._speaks_of(judged, row)]
        if not found:
            return []
        _, first = np.unique(judged.groups[found], return_index=True)
        return [found[at] for at in np.sort(first).tolist()]

    def _speaks_of(self, judged: Judged, row: int) -> bool:
        if self.measure != "accuracy":
            asked = judged.truth if self.measure == "recall" else judged.said
            if self.label not in label_names(asked[row]):
                return False
        if self.slice is None:
            return True
        return self.slice.holds(judged.data[row], judged.truth[row], judged.places[row])

    def _right(self, judged: Judged, row: int) -> bool:
        if self.measure == "accuracy":
            return judged.right(row)
        other = judged.said if self.measure == "recall" else judged.truth
        return self.label in label_names(other[row])

    def _message(self, decision: Decision, judged: Judged) -> str:
        which = f" {self.slice.sentence()}" if self.slice is not None else ""
        rows = {"recall": f"rows labelled {self.label!r}", "precision": f"answers {self.label!r}"}
        what = f"{judged.unseen} {rows.get(self.measure, 'rows')}{which}"
        if decision.n == 0:
            return f"there are no {what}: add some to data/"
        told = (
            f"{100 * decision.share:.1f} % of {decision.n:,} {what} right, "
            f"{100 * self.floor:g} % wanted"
        )
        if decision.outcome == "cannot_tell":
            labels = f"labels of {self.label!r}" if self.label else f"labelled rows{which}"
            return f"{told}; {needed(decision, labels)}"
        if decision.outcome == "fail":
            chance = f"{100 * decision.stated:.2g} %"
            return f"{told}; a function at the floor fails this test {chance} of the time"
        return told


@dataclass(frozen=True, kw_only=True)
class Budget(Check):
    """A call must take no more than so many milliseconds, or the function so many megabytes."""

    kind: ClassVar[str] = "budget"

    max_latency_ms: float | None = None
    max_mb: float | None = None

    @property
    def cheap(self) -> bool:
        """No: it calls or trains."""
        return False

    def run(self, subject: Subject) -> Result:
        """Whether it is kept."""
        if self.max_latency_ms is not None:
            found, most, unit = subject.latency_ms(), self.max_latency_ms, "ms"
            told = f"a call takes {found:.3g} ms"
        else:
            assert self.max_mb is not None
            found, most, unit = subject.megabytes(), self.max_mb, "MB"
            told = f"the function and its encoder take {found:.3g} MB"
        return Result(
            name=self.name,
            kind=self.kind,
            place=self.place,
            outcome="pass" if found <= most else "fail",
            message=f"{told}, {most:g} {unit} at most wanted",
        )
