"""How the samples of a function become features: one frozen encoder, or a table's own pipeline.

The one place that knows which kind of input is encoded how; training and calls use it alike.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from hotfit.encoders.base import Encoder, Progress
from hotfit.encoders.table import FittedTableEncoder, TableEncoder
from hotfit.encoders.table.base import EmbedText
from hotfit.inputs.images_cells import picture_in
from hotfit.types import Data, Features, Field, Input, Kind, State, Vectors

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
    """A feature pipeline fitted on the training rows; encoders read its free text and images."""

    pipeline: FittedTableEncoder
    texts: str | None
    images: str | None = None

    @property
    def name(self) -> str:
        """The pipeline's name, and those of the encoders of free text and images."""
        return " + ".join(filter(None, (self.pipeline.name, self.texts, self.images)))

    def features(
        self,
        data: Sequence[Data],
        *,
        progress: Progress | None = None,  # noqa: ARG002 - tables encode faster than a bar is drawn
    ) -> Features:
        """Encode n rows in order."""
        return self.pipeline.encode([_row(each) for each in data])

    def state(self) -> State:
        """The fitted columns, and the encoders' names."""
        fitted = self.pipeline.state()
        named = {"texts": self.texts} | ({"images": self.images} if self.images else {})
        return State(arrays=fitted.arrays, parameters={**named, "table": dict(fitted.parameters)})


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
    images = encoders[Input.IMAGE] if any(field.kind is Kind.IMAGE for field in fields) else None
    pipeline = TableEncoder.fit(
        [_row(each) for each in data],
        fields,
        embed_text=_texts(texts, open_encoder),
        embed_image=_images(images, open_encoder),
    )
    return Table(pipeline=pipeline, texts=texts, images=images)


def restore(kind: Input, state: State, *, open_encoder: OpenEncoder) -> Representation:
    """Rebuild the representation that `state` was taken from."""
    if kind is not Input.TABULAR:
        return Frozen(encoder=open_encoder(state.parameters["encoder"]))
    texts = state.parameters["texts"]
    images = state.parameters.get("images")
    pipeline = FittedTableEncoder.load(
        State(arrays=state.arrays, parameters=state.parameters["table"]),
        embed_text=_texts(texts, open_encoder),
        embed_image=_images(images, open_encoder),
    )
    return Table(pipeline=pipeline, texts=texts, images=images)


def _texts(name: str | None, open_encoder: OpenEncoder) -> EmbedText | None:
    return open_encoder(name).encode if name else None


def _images(name: str | None, open_encoder: OpenEncoder) -> EmbedText | None:
    """Vectors of images that cells hold; NaN where a cell holds none."""
    if not name:
        return None
    encoder = open_encoder(name)

    def embed(cells: Sequence[str]) -> Vectors:
        pictures = [picture_in(cell) for cell in cells]
        found = [row for row, picture in enumerate(pictures) if picture is not None]
        vectors = np.full((len(cells), encoder.dimensions), np.nan, dtype=np.float32)
        if found:
            vectors[found] = encoder.encode([one for one in pictures if one is not None])
        return vectors

    return embed


def _row(data: Data) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise TypeError(f"a table's sample is a row by field name, not {type(data).__name__}")
    return data
