"""A change that must not change the answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from hotfit.behaviour.base import Case, Check, Result, Subject, said_of, shortly
from hotfit.behaviour.deciding import ALARM, hold_ceiling
from hotfit.behaviour.sampled import chosen, told
from hotfit.behaviour.variants import variants
from hotfit.types import Answer, Data, Prediction, Quantity, Tagging

ROWS = 200
"""Rows of the data that are tried where a check names no inputs."""


@dataclass(frozen=True, kw_only=True)
class Invariance(Check):
    """`change` must not change the answers to `inputs`, or to rows of the data where none are.

    Of the rows, a share of `at_most` may change; of named inputs none, unless that is said.
    """

    kind: ClassVar[str] = "invariance"

    change: str
    inputs: Sequence[Data] = field(default=(), repr=False)
    rows: int = ROWS
    fields: Sequence[str] = ()
    at_most: float = 0.0
    alarm: float = ALARM
    seed: int = 0

    @property
    def cheap(self) -> bool:
        """Only of named inputs: of rows it answers hundreds."""
        return bool(self.inputs)

    def asks(self, subject: Subject) -> Sequence[Data]:
        """The inputs and what the change makes of them."""
        return [each for one in self._tried(subject) for each in (one, *self._variants(one))]

    def run(self, subject: Subject) -> Result:
        """Whether the answers stay."""
        tried = 0
        cases = []
        for one in self._tried(subject):
            made = self._variants(one)
            before, *after = subject.answer([one, *made])
            tried += bool(made)
            other = [
                (changed, answer)
                for changed, answer in zip(made, after, strict=True)
                if not same(before, answer)
            ]
            if other:
                cases.append(_case(one, before, *other[0]))
        return told(
            self,
            cases,
            tried,
            what=f"answers change with {self.change}",
            nothing=f"no input has anything to change by {self.change}",
            decide=lambda: hold_ceiling(len(cases), tried, self.at_most, alarm=self.alarm),
        )

    def _tried(self, subject: Subject) -> Sequence[Data]:
        return self.inputs or chosen(subject, self.rows, seed=self.seed)

    def _variants(self, data: Data) -> list[Data]:
        return variants(data, self.change, seed=self.seed, fields=self.fields)


def same(one: Answer, other: Answer) -> bool:
    """Whether two answers are the same: the label, the tags, or a quantity within the range."""
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        return one.low <= other.value <= one.high
    if isinstance(one, Tagging) and isinstance(other, Tagging):
        return {each.label for each in one.present} == {each.label for each in other.present}
    return said_of(one) == said_of(other)


def _case(data: Data, before: Answer, changed: Data, after: Answer) -> Case:
    return Case(
        data=changed,
        sentence=(
            f'"{shortly(data)}" is answered {before.sentence()}; '
            f'"{shortly(changed)}" {after.sentence()}'
        ),
        label=before.label if isinstance(before, Prediction) else None,
        said=after.label if isinstance(after, Prediction) else None,
    )
