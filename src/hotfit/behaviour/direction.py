"""Something added that must not lower, or raise, the confidence of a label, or a quantity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from hotfit.behaviour.base import Case, Check, Result, Subject, shortly
from hotfit.behaviour.deciding import ALARM, hold_ceiling
from hotfit.behaviour.invariance import ROWS
from hotfit.behaviour.sampled import chosen, told
from hotfit.types import Answer, Cell, Data, Picture, Prediction, Quantity

BY = 0.01
"""How far a confidence may go the wrong way: arithmetic alone moves one by less."""

Way = Literal["fall", "rise"]


@dataclass(frozen=True, kw_only=True)
class Direction(Check):
    """With `add` at the end of a text, or the cells `put` into a row, `label` may not fall or rise.

    Of a Number the quantity may not. `by` is how far it may all the same. Of rows of the data a
    share of `at_most` may go the wrong way; of named inputs none, unless that is said.
    """

    kind: ClassVar[str] = "direction"

    label: str | None = None
    add: str | None = None
    put: Mapping[str, Cell] = field(default_factory=dict)
    may_not: Way = "fall"
    by: float = BY
    inputs: Sequence[Data] = field(default=(), repr=False)
    rows: int = ROWS
    at_most: float = 0.0
    alarm: float = ALARM
    seed: int = 0

    @property
    def cheap(self) -> bool:
        """Only of named inputs: of rows it answers hundreds."""
        return bool(self.inputs)

    def asks(self, subject: Subject) -> Sequence[Data]:
        """The inputs, as they are and with what is added."""
        return [
            each
            for one in self._tried(subject)
            if (changed := self._changed(one)) is not None
            for each in (one, changed)
        ]

    def run(self, subject: Subject) -> Result:
        """Whether the confidence goes no wrong way."""
        tried = 0
        cases = []
        for one in self._tried(subject):
            changed = self._changed(one)
            if changed is None:
                continue
            tried += 1
            before, after = subject.answer([one, changed])
            step = self._worth(after) - self._worth(before)
            if (step if self.may_not == "rise" else -step) > self.by:
                cases.append(self._case(changed, before, after))
        what = f"of {self.label!r}" if self.label else "of the quantity"
        return told(
            self,
            cases,
            tried,
            what=f"inputs make the confidence {what} {self.may_not}"
            if self.label
            else f"inputs make the quantity {self.may_not}",
            nothing="no input can be changed so",
            decide=lambda: hold_ceiling(len(cases), tried, self.at_most, alarm=self.alarm),
        )

    def _tried(self, subject: Subject) -> Sequence[Data]:
        return self.inputs or chosen(subject, self.rows, seed=self.seed)

    def _changed(self, data: Data) -> Data | None:
        """The input with what is added, None where it is like that already."""
        if isinstance(data, str) and self.add is not None:
            return f"{data.rstrip()} {self.add}"
        if isinstance(data, str | Picture):
            return None
        changed = {**data, **self.put}
        return None if changed == data else changed

    def _worth(self, answer: Answer) -> float:
        if isinstance(answer, Quantity):
            return answer.value
        return next((each.confidence for each in answer.labels if each.label == self.label), 0.0)

    def _case(self, changed: Data, before: Answer, after: Answer) -> Case:
        was, now = self._worth(before), self._worth(after)
        return Case(
            data=changed,
            sentence=f'{was:.4g} becomes {now:.4g} with "{shortly(changed)}"',
            label=self.label if self.may_not == "fall" else None,
            said=after.label if isinstance(after, Prediction) else None,
        )
