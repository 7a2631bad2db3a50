"""How the samples of a function become features: one frozen encoder, or a table's own pipeline.

The one place that knows which kind of input is encoded how; training and calls use it alike.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from hotfit.encoders.base import Encoder, Progress
from hotfit.encoders.table import FittedTableEncoder, TableEncoder
from hotfit.types import Data, Features, Field, Input, Kind, State

OpenEncoder = Callable[[str], Encoder]
"""Opens an encoder by its versioned name."""


class Representation(Protocol):
    """Turns samples into features, the same way in training and in calls."""

    @property
    def name(self) -> str:
        """What is said to the user: the names of the encoders."""
        ...

    def features(self, data: Sequence[Data], *, progress: Progress | None = None) -> Features:
        """Encode n samples in order."""
        ...

    def state(self) -> State:
        """What `restore` needs to encode the same again."""
        ...


@dataclass(frozen=True, kw_only=True)
class Frozen:
    """A frozen encoder alone: texts and images."""

    encoder: Encoder

    @property
    def name(self) -> str:
        """The encoder's name."""
        return self.encoder.name

    def features(self, data: Sequence[Data], *, progress: Progress | None = None) -> Features:
        """Encode n samples in order."""
        return Features(values=self.encoder.encode(data, progress=progress))

    def state(self) -> State:
        """Only the name: it pins the weights."""
        return State(arrays={}, parameters={"encoder": self.encoder.name})


@dataclass(frozen=True, kw_only=True)
class Table:
    """A feature pipeline fitted on the training rows, its free text read by a text encoder."""

    pipeline: FittedTableEncoder
    texts: str | None

    @property
    def name(self) -> str:
        """The pipeline's name, and the text encoder's where there is free text."""
        return " + ".join(filter(None, (self.pipeline.name, self.texts)))

    def features(
        self,
        data: Sequence[Data],
        *,
        progress: Progress | None = None,  # noqa: ARG002 - tables encode faster than a bar is drawn
    ) -> Features:
        """Encode n rows in order."""
        return self.pipeline.encode([_row(each) for each in data])

    def state(self) -> State:
        """The fitted columns, and the text encoder's name."""
        fitted = self.pipeline.state()
        return State(
            arrays=fitted.arrays, parameters={"texts": self.texts, "table": dict(fitted.parameters)}
        )


def represent(
    kind: Input,
    data: Sequence[Data],
    *,
    fields: Sequence[Field],
    encoders: Mapping[Input, str],
    open_encoder: OpenEncoder,
) -> Representation:
    """Choose, and for a table fit on `data`, the representation of a function's samples."""
    if kind is not Input.TABULAR:
        return Frozen(encoder=open_encoder(encoders[kind]))
    texts = encoders[Input.TEXT] if any(field.kind is Kind.TEXT for field in fields) else None
    embed = open_encoder(texts).encode if texts else None
    pipeline = TableEncoder.fit([_row(each) for each in data], fields, embed_text=embed)
    return Table(pipeline=pipeline, texts=texts)


def restore(kind: Input, state: State, *, open_encoder: OpenEncoder) -> Representation:
    """Rebuild the representation that `state` was taken from."""
    if kind is not Input.TABULAR:
        return Frozen(encoder=open_encoder(state.parameters["encoder"]))
    texts = state.parameters["texts"]
    embed = open_encoder(texts).encode if texts else None
    fitted = State(arrays=state.arrays, parameters=state.parameters["table"])
    return Table(pipeline=FittedTableEncoder.load(fitted, embed_text=embed), texts=texts)


def _row(data: Data) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise TypeError(f"a table's sample is a row by field name, not {type(data).__name__}")
    return data
