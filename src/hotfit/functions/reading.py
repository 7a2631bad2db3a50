"""How scores are read as answers: the likeliest label, the tags over their threshold, a range.

One member an output; what it needs is learned from held-out scores and kept with the model.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from hotfit.heads import heads
from hotfit.heads.base import Model
from hotfit.types import (
    Answer,
    Features,
    LabelConfidence,
    Output,
    Prediction,
    Quantity,
    Scores,
    State,
    Tagging,
)


class Reading(Protocol):
    """Turns the scores of a model into answers."""

    def answers(self, scores: Scores, features: Features) -> list[Answer]:
        """Read the scores of n samples, whose features they were made from."""
        ...

    def state(self) -> State:
        """What `restore_reading` needs to read the same again."""
        ...


@dataclass(frozen=True, kw_only=True)
class Labelling:
    """The likeliest of k labels."""

    labels: tuple[str, ...]

    def answers(self, scores: Scores, features: Features) -> list[Answer]:  # noqa: ARG002
        """One Prediction a sample."""
        return [self._one(row) for row in scores]

    def _one(self, row: NDArray[np.float64]) -> Prediction:
        labels = likeliest_first(self.labels, row)
        return Prediction(labels[0].label, labels[0].confidence, labels)

    def state(self) -> State:
        """Nothing: the labels stand with the function."""
        return State(arrays={}, parameters={})


@dataclass(frozen=True, kw_only=True)
class TagReading:
    """The tags whose score reaches their threshold; `thresholds` (k,)."""

    labels: tuple[str, ...]
    thresholds: Scores

    def answers(self, scores: Scores, features: Features) -> list[Answer]:  # noqa: ARG002
        """One Tagging a sample."""
        return [self._one(row) for row in scores]

    def _one(self, row: NDArray[np.float64]) -> Tagging:
        labels = likeliest_first(self.labels, row)
        said = {
            name for name, there in zip(self.labels, row >= self.thresholds, strict=True) if there
        }
        return Tagging(tuple(each for each in labels if each.label in said), labels)

    def state(self) -> State:
        """The thresholds."""
        return State(arrays={"thresholds": self.thresholds}, parameters={})


@dataclass(frozen=True, kw_only=True)
class Spread:
    """How far off answers are to be expected, sample by sample: exp of a head's answers.

    `low` and `high` bound it to what was met in training.
    """

    model: Model
    low: float
    high: float

    def of(self, features: Features) -> Scores:
        """The error to expect, (n,), in the unit of the target."""
        return bounded(self.model.predict(features), self.low, self.high)


def bounded(logs: Scores, low: float, high: float) -> Scores:
    """Errors to expect from their logarithms, kept within what was met."""
    return np.asarray(np.exp(np.clip(logs, np.log(low), np.log(high))))


@dataclass(frozen=True, kw_only=True)
class RangeReading:
    """The quantity, and a range around it; without `spread` it is as wide everywhere.

    `low` (negative) and `high` are in units of the spread; ranges end at `floor` and `ceiling`,
    beyond which no quantity can lie.
    """

    low: float
    high: float
    floor: float = -np.inf
    spread: Spread | None = None

    def answers(self, scores: Scores, features: Features) -> list[Answer]:
        """One Quantity a sample."""
        low, high = self.ranges(scores, features)
        return [
            Quantity(value=float(value), low=float(below), high=float(above))
            for value, below, above in zip(self.values(scores), low, high, strict=True)
        ]

    def values(self, scores: Scores) -> Scores:
        """The quantities (n,), none below the floor."""
        return np.asarray(np.maximum(scores, self.floor))

    def ranges(self, scores: Scores, features: Features) -> tuple[Scores, Scores]:
        """Where each range begins and ends, both (n,)."""
        spread = np.ones(len(scores)) if self.spread is None else self.spread.of(features)
        return self.around(scores, spread)

    def around(self, scores: Scores, spread: Scores) -> tuple[Scores, Scores]:
        """Ranges around answers (n,) of known spread (n,); each holds its answer."""
        values = self.values(scores)
        low = np.minimum(np.maximum(scores + self.low * spread, self.floor), values)
        return low, np.maximum(scores + self.high * spread, values)

    def state(self) -> State:
        """The margins, and the model of the spread."""
        parameters: dict[str, Any] = {"low": self.low, "high": self.high, "spread": None}
        parameters["floor"] = None if np.isinf(self.floor) else self.floor
        if self.spread is None:
            return State(arrays={}, parameters=parameters)
        state = self.spread.model.state()
        parameters["spread"] = {
            "head": self.spread.model.head,
            "model": dict(state.parameters),
            "low": self.spread.low,
            "high": self.spread.high,
        }
        return State(arrays=state.arrays, parameters=parameters)


def restore_reading(output: Output, labels: Sequence[str], state: State) -> Reading:
    """Rebuild the reading that `state` was taken from."""
    if output is Output.TAGS:
        return TagReading(labels=tuple(labels), thresholds=state.arrays["thresholds"])
    if output is Output.NUMBER:
        return _restore_range(state.parameters, state.arrays)
    return Labelling(labels=tuple(labels))


def _restore_range(
    parameters: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]
) -> RangeReading:
    saved, spread = parameters["spread"], None
    if saved is not None:
        own = State(arrays=arrays, parameters=saved["model"])
        spread = Spread(
            model=heads.get(saved["head"]).load(own), low=saved["low"], high=saved["high"]
        )
    floor = parameters["floor"]
    return RangeReading(
        low=parameters["low"],
        high=parameters["high"],
        floor=-np.inf if floor is None else floor,
        spread=spread,
    )


def likeliest_first(labels: Sequence[str], row: NDArray[np.float64]) -> tuple[LabelConfidence, ...]:
    """All labels with their scores, highest first."""
    order = np.argsort(-row, kind="stable")
    return tuple(LabelConfidence(labels[i], float(row[i])) for i in order)
