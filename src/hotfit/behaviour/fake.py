"""A subject that answers by a rule, for tests of checks and for simulations."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from hotfit.behaviour.base import Earlier, Judged
from hotfit.types import Answer, Data, Label, LabelConfidence, Output, Prediction


@dataclass(frozen=True, kw_only=True)
class FakeSubject:
    """Answers as `rule` does; `rows` are (what is said unseen, what is true)."""

    rule: Callable[[Data], Answer] = field(default=lambda _: sure("yes"))
    rows: Sequence[tuple[Label, Label]] = ()
    data: Sequence[Data] | None = None
    groups: Sequence[int] | None = None
    before: Sequence[Label | None] = ()
    output: Output = Output.CLASSIFICATION
    latency: float = 1.0
    size: float = 1.0

    @property
    def judged(self) -> Judged:
        """The rows, none alike unless `groups` says so."""
        n = len(self.rows)
        return Judged(
            places=[f"data/rows.csv:{line}" for line in range(2, n + 2)],
            data=[f"row {row}" for row in range(n)] if self.data is None else self.data,
            said=[said for said, _ in self.rows],
            truth=[truth for _, truth in self.rows],
            groups=np.array(range(n) if self.groups is None else self.groups, dtype=np.int64),
        )

    def answer(self, data: Sequence[Data]) -> Sequence[Answer]:
        """Answer by the rule."""
        return [self.rule(each) for each in data]

    def earlier(self, than: str) -> Earlier:
        """What was said before."""
        return Earlier(name=than, said=self.before)

    def latency_ms(self) -> float:
        """As was given."""
        return self.latency

    def megabytes(self) -> float:
        """As was given."""
        return self.size


def sure(label: str, confidence: float = 1.0) -> Prediction:
    """A prediction of one label."""
    return Prediction(label, confidence, (LabelConfidence(label, confidence),))
