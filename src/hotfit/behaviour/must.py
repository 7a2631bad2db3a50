"""An example that must be answered as it says."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from hotfit.behaviour.base import Case, Check, Result, Subject, shortly
from hotfit.types import Answer, Data, Label, Prediction, Quantity, Tagging


@dataclass(frozen=True, kw_only=True)
class Must(Check):
    """`data` must be answered with `label`, or with a quantity from `low` to `high`.

    Of Tags one `label` must be among those present; a tuple must be exactly those. `sure` is the
    least confidence of the label.
    """

    kind: ClassVar[str] = "must"

    data: Data = field(repr=False)
    label: Label | None = None
    low: float | None = None
    high: float | None = None
    sure: float = 0.0

    def asks(self, subject: Subject) -> Sequence[Data]:  # noqa: ARG002 - the protocol's signature
        """The example."""
        return (self.data,)

    def run(self, subject: Subject) -> Result:
        """Whether the example is answered so."""
        answer = subject.answer([self.data])[0]
        wrong = self._wrong(answer)
        told = f'"{shortly(self.data)}" is answered {answer.sentence()}'
        case = Case(
            data=self.data,
            sentence=told,
            label=self.label if isinstance(self.label, str) else None,
            said=answer.label if isinstance(answer, Prediction) else None,
            place=self.place,
        )
        return Result(
            name=self.name,
            kind=self.kind,
            place=self.place,
            outcome="fail" if wrong else "pass",
            message=f"{told}; {wrong}" if wrong else told,
            cases=(case,) if wrong else (),
        )

    def _wrong(self, answer: Answer) -> str | None:
        """What was expected instead, None where the answer is right."""
        if isinstance(answer, Quantity):
            return self._wrong_quantity(answer.value)
        if isinstance(answer, Tagging):
            return self._wrong_tags(answer)
        if answer.label != self.label:
            return f"{self.label!r} was expected"
        if answer.confidence < self.sure:
            return f"a confidence of {self.sure:g} was expected"
        return None

    def _wrong_quantity(self, value: float) -> str | None:
        low = float("-inf") if self.low is None else self.low
        high = float("inf") if self.high is None else self.high
        if low <= value <= high:
            return None
        if self.low is None:
            return f"at most {high:,.6g} was expected"
        if self.high is None:
            return f"at least {low:,.6g} was expected"
        return f"{low:,.6g} to {high:,.6g} was expected"

    def _wrong_tags(self, answer: Tagging) -> str | None:
        present = {each.label: each.confidence for each in answer.present}
        if isinstance(self.label, tuple):
            right = set(present) == set(self.label)
            return None if right else f"exactly {', '.join(self.label) or 'no tag'} was expected"
        if self.label not in present:
            return f"{self.label!r} was expected among the tags"
        if present[str(self.label)] < self.sure:
            return f"a confidence of {self.sure:g} was expected for {self.label!r}"
        return None
