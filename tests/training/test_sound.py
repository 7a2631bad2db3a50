from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, ClassVar

import numpy as np
import pytest
from numpy.typing import NDArray

from hotfit.encoders.fake import FakeEncoder
from hotfit.functions import trials
from hotfit.functions.reading import Labelling
from hotfit.functions.representation import Frozen
from hotfit.functions.trained import TrainedFunction
from hotfit.training import sound
from hotfit.training.sound import BrokenCandidate, refuse_broken
from hotfit.types import Features, Input, Output, State


@dataclass
class Says:
    """A model that says the same of every sample."""

    row: NDArray[np.float64]
    head: ClassVar[str] = "says.v1"

    def predict(self, features: Features) -> NDArray[np.float64]:
        return np.tile(self.row, (len(features), 1))

    def state(self) -> State:
        return State(arrays={}, parameters={})


def _candidate(*row: float) -> TrainedFunction:
    labels = ("a", "b")
    return TrainedFunction(
        input=Input.TEXT,
        output=Output.CLASSIFICATION,
        labels=labels,
        representation=Frozen(encoder=FakeEncoder()),
        model=Says(np.array(row)),
        reading=Labelling(labels=labels),
    )


FEATURES = Features(values=np.zeros((3, 4), dtype=np.float32))


def test_a_candidate_that_answers_passes() -> None:
    refuse_broken("f", _candidate(0.5, 0.5), FEATURES)


@pytest.mark.parametrize(
    ("row", "said"),
    [((np.nan, 0.5), "NaN"), ((np.inf, 0.5), "infinity"), ((0.2, 0.3, 0.5), "shape")],
)
def test_a_candidate_that_cannot_answer_is_refused(row: tuple[float, ...], said: str) -> None:
    with pytest.raises(BrokenCandidate, match=said):
        refuse_broken("f", _candidate(*row), FEATURES)


def test_a_candidate_that_was_slow_once_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 60.0, 60.0, 60.1])
    monkeypatch.setattr(trials, "time", SimpleNamespace(perf_counter=lambda: next(clock)))
    refuse_broken("f", _candidate(0.5, 0.5), FEATURES)


def test_a_candidate_that_is_too_slow_is_refused(monkeypatch: Any) -> None:
    monkeypatch.setattr(sound, "SLOWEST", -1.0)
    with pytest.raises(BrokenCandidate, match="takes"):
        refuse_broken("f", _candidate(0.5, 0.5), FEATURES)
