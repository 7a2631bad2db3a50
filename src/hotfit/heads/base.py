"""What a head is: it learns labels from features and judges itself on samples it has not seen."""

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from hotfit.types import Codes, Features, Groups, Output, Scores, State

Targets = Codes | NDArray[np.int8] | NDArray[np.float64]
"""True answers of n samples.

Classification: label index, (n,) int64. Tags: 1 present, 0 absent, -1 not stated, (n, k) int8.
Number: the quantity, (n,) float64.
"""


class Model(Protocol):
    """A trained head: immutable, safe to call from several threads at once."""

    @property
    def head(self) -> str:
        """The versioned name of the head that made it."""
        ...

    def predict(self, features: Features) -> Scores:
        """Score m samples: probabilities (m, k), or predictions (m,) for Number."""
        ...

    def state(self) -> State:
        """Everything `Head.load` needs to predict the same again."""
        ...


@dataclass(frozen=True, kw_only=True)
class Trained:
    """A model and, for every sample it was trained on, what a fit without its group says.

    `held_out` is calibrated like `model.predict` and has the same columns.
    """

    model: Model
    held_out: Scores


class Head(Protocol):
    """A way to learn labels from features, named and versioned."""

    name: ClassVar[str]
    outputs: ClassVar[frozenset[Output]]

    def fit(self, features: Features, targets: Targets, *, labels: int, groups: Groups) -> Trained:
        """Train on n samples with `labels` label names (k; ignored for Number)."""
        ...

    def load(self, state: State) -> Model:
        """Rebuild the model that `state` was taken from."""
        ...
