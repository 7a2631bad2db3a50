"""A trained function in memory: samples in, answers out; and the same as arrays and JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from hotfit.functions.reading import Reading, restore_reading
from hotfit.functions.representation import OpenEncoder, Representation, restore
from hotfit.heads import heads
from hotfit.heads.base import Model
from hotfit.types import Answer, Data, Features, Input, Output, Scores, State

FORMAT = 1
"""The layout of `TrainedFunction.state`; a reader refuses a newer one."""


@dataclass(frozen=True, kw_only=True)
class TrainedFunction:
    """Everything a call needs: how to encode, the model, and how its scores are read."""

    input: Input
    output: Output
    labels: tuple[str, ...]
    representation: Representation
    model: Model
    reading: Reading

    def scores(self, data: Sequence[Data]) -> Scores:
        """Score n samples: probabilities (n, k), or predictions (n,) for Number."""
        return self.model.predict(self.representation.features(data))

    def answer(self, data: Sequence[Data]) -> list[Answer]:
        """Answer n samples in order."""
        if not data:
            return []
        return self.answer_encoded(self.representation.features(data))

    def answer_encoded(self, features: Features) -> list[Answer]:
        """Answer n samples that `representation` has encoded."""
        return self.reading.answers(self.model.predict(features), features)

    def state(self) -> State:
        """The function as data; the weights of frozen encoders go by name."""
        encoding, model = self.representation.state(), self.model.state()
        reading = self.reading.state()
        arrays = {f"encoding/{name}": array for name, array in encoding.arrays.items()}
        arrays |= {f"model/{name}": array for name, array in model.arrays.items()}
        arrays |= {f"reading/{name}": array for name, array in reading.arrays.items()}
        parameters: dict[str, Any] = {
            "format": FORMAT,
            "input": self.input,
            "output": self.output,
            "labels": list(self.labels),
            "encoding": dict(encoding.parameters),
            "head": self.model.head,
            "model": dict(model.parameters),
            "reading": dict(reading.parameters),
        }
        return State(arrays=arrays, parameters=parameters)

    @staticmethod
    def load(state: State, *, open_encoder: OpenEncoder) -> "TrainedFunction":
        """Rebuild the function that `state` was taken from."""
        parameters = state.parameters
        kind, output = Input(parameters["input"]), Output(parameters["output"])
        labels = tuple(parameters["labels"])
        encoding = State(arrays=_under("encoding/", state), parameters=parameters["encoding"])
        model = State(arrays=_under("model/", state), parameters=parameters["model"])
        reading = State(arrays=_under("reading/", state), parameters=parameters.get("reading", {}))
        return TrainedFunction(
            input=kind,
            output=output,
            labels=labels,
            representation=restore(kind, encoding, open_encoder=open_encoder),
            model=heads.get(parameters["head"]).load(model),
            reading=restore_reading(output, labels, reading),
        )


def _under(prefix: str, state: State) -> dict[str, NDArray[Any]]:
    return {
        name.removeprefix(prefix): array
        for name, array in state.arrays.items()
        if name.startswith(prefix)
    }
