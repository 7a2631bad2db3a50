"""A head for tests: class frequencies and nearest means, nothing chosen, no linear algebra.

    p(c | x) = softmax_c( log n_c - |x - m_c|^2 / 2 )

Tags are scored one by one from the mean of the samples that carry them and of those that do not;
a quantity is answered by its mean. Leaving a group out subtracts its sums, which is exact.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from hotfit.heads.base import Targets, Trained
from hotfit.heads.calibration import ABSENT, as_scores
from hotfit.types import Features, Groups, Output, Scores, State


@dataclass(frozen=True, kw_only=True)
class FakeModel:
    """Per output column: `counts` (k, c) and `sums` (k, c, d); for Number `mean` (1,)."""

    counts: NDArray[np.float64]
    sums: NDArray[np.float64]
    output: Output
    head: ClassVar[str] = "fake.v1"

    def predict(self, features: Features) -> Scores:
        """Probabilities (m, k), or the mean quantity (m,)."""
        if self.output is Output.NUMBER:
            mean = float(self.sums.sum() / max(float(self.counts.sum()), 1.0))
            return np.full(len(features), mean)
        values = np.nan_to_num(features.values.astype(np.float64))
        columns = [
            _nearest(values, counts, sums)
            for counts, sums in zip(self.counts, self.sums, strict=True)
        ]
        if self.output is Output.CLASSIFICATION:
            return columns[0]
        return np.stack([column[:, 1] for column in columns], axis=1)

    def state(self) -> State:
        """Counts and sums."""
        return State(
            arrays={"counts": self.counts, "sums": self.sums},
            parameters={"output": self.output.value},
        )


class Fake:
    """Deterministic, exact and simple enough to check by hand."""

    name: ClassVar[str] = "fake.v1"
    outputs: ClassVar[frozenset[Output]] = frozenset(
        {Output.CLASSIFICATION, Output.TAGS, Output.NUMBER}
    )

    def fit(self, features: Features, targets: Targets, *, labels: int, groups: Groups) -> Trained:
        """Sum up the samples of each label."""
        whole = _sum_up(features, targets, labels)
        shape = targets.shape if targets.ndim == 2 else (len(targets), labels)
        number = whole.output is Output.NUMBER
        held_out = np.zeros(len(targets) if number else shape)
        for group in np.unique(groups):
            rows = np.flatnonzero(groups == group)
            part = _sum_up(features[rows], targets[rows], labels)
            rest = FakeModel(
                counts=whole.counts - part.counts,
                sums=whole.sums - part.sums,
                output=whole.output,
            )
            held_out[rows] = rest.predict(features[rows])
        return Trained(model=whole, held_out=held_out)

    def load(self, state: State) -> FakeModel:
        """Rebuild from `state`."""
        return FakeModel(
            counts=state.arrays["counts"],
            sums=state.arrays["sums"],
            output=Output(state.parameters["output"]),
        )


def _sum_up(features: Features, targets: Targets, labels: int) -> FakeModel:
    values = np.nan_to_num(features.values.astype(np.float64))
    if targets.dtype.kind == "f":
        counts, sums = np.array([[float(len(targets))]]), targets.sum().reshape(1, 1, 1)
        return FakeModel(counts=counts, sums=sums, output=Output.NUMBER)
    if targets.ndim == 1:
        carried = (targets[:, None] == np.arange(labels))[None].astype(np.float64)
        output = Output.CLASSIFICATION
    else:
        carried = (targets.T[:, :, None] == np.arange(2)).astype(np.float64)
        output = Output.TAGS
    return FakeModel(
        counts=carried.sum(axis=1),
        sums=np.einsum("knc,nd->kcd", carried, values),
        output=output,
    )


def _nearest(
    values: NDArray[np.float64], counts: NDArray[np.float64], sums: NDArray[np.float64]
) -> Scores:
    means = sums / np.maximum(counts, 1)[:, None]
    distance = ((values[:, None] - means) ** 2).sum(axis=2)
    with np.errstate(divide="ignore"):
        prior = np.maximum(np.log(np.maximum(counts, 0)), ABSENT)
    return as_scores(prior - distance / 2)
