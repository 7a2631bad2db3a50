"""The words every layer shares: inputs, outputs, fields, samples and what a call answers.

Nothing here computes. In comments and docstrings `n` counts samples, `d` dimensions, `k` labels.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from hotfit.answers import Answer, LabelConfidence, Prediction, Quantity, Tagging

__all__ = [
    "Answer",
    "Cell",
    "Codes",
    "Data",
    "Features",
    "Field",
    "Groups",
    "Input",
    "Kind",
    "Label",
    "LabelConfidence",
    "Output",
    "Picture",
    "Prediction",
    "Quantity",
    "Sample",
    "Scores",
    "Split",
    "State",
    "Tagging",
    "Vectors",
]

Vectors = NDArray[np.float32]
"""Encoded samples, shape (n, d)."""

Codes = NDArray[np.int64]
"""One label index per sample, shape (n,)."""

Groups = NDArray[np.int64]
"""Group of each sample, shape (n,); samples of one group are always held out together."""

Scores = NDArray[np.float64]
"""Probabilities, shape (n, k), for Classification and Tags; predictions, shape (n,), for Number."""


class Input(StrEnum):
    """What a function is given."""

    TEXT = "Text"
    IMAGE = "Image"
    TABULAR = "Tabular"


class Output(StrEnum):
    """What a function answers."""

    CLASSIFICATION = "Classification"
    TAGS = "Tags"
    NUMBER = "Number"
    SEARCH = "Search"


class Kind(StrEnum):
    """What a column holds; IDENTIFIER and CONSTANT columns teach nothing and are left out."""

    TEXT = "Text"
    NUMBER = "Number"
    IMAGE = "Image"
    CATEGORY = "Category"
    DATE = "Date"
    BOOLEAN = "Boolean"
    IDENTIFIER = "Identifier"
    CONSTANT = "Constant"


@dataclass(frozen=True, kw_only=True)
class Field:
    """A named column of a tabular function."""

    name: str
    kind: Kind


Cell = str | float | bool | None
"""One value of a row as it was read; None where the source had nothing."""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """An image file, known by the SHA-256 of its bytes, which are read only when asked for.

    `file` is what its source calls it, a path in a folder or an archive, where it came from one.
    """

    sha256: str
    reader: Callable[[], bytes] = field(repr=False, compare=False)
    file: str | None = field(default=None, compare=False)

    @staticmethod
    def of(content: bytes) -> "Picture":
        """The picture whose file holds `content`."""
        return Picture(sha256=hashlib.sha256(content).hexdigest(), reader=lambda: content)

    def read(self) -> bytes:
        """The bytes of the file."""
        return self.reader()


Data = str | Mapping[str, Cell] | Picture
"""What a sample holds: a text, a row by field name, or an image file."""

Label = str | tuple[str, ...] | float
"""A true answer: one label name, the tags present, or a quantity."""


def label_names(label: Label | None) -> tuple[str, ...]:
    """The labels that an answer names; none for a quantity, or where nothing is known."""
    if isinstance(label, str):
        return (label,)
    return label if isinstance(label, tuple) else ()


def label_json(label: Label | None) -> str | list[str] | float | None:
    """An answer as JSON has it: tags are a list."""
    return list(label) if isinstance(label, tuple) else label


Split = Literal["train", "test"]


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One example as a source holds it; `number` counts from 1 in the order of the source."""

    number: int
    data: Data
    label: Label | None = None
    split: Split | None = None
    external_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Features:
    """Encoded samples as heads take them.

    `values` has shape (n, d); NaN marks a missing cell of a table. `categories[j]` is 0 where
    column j is a quantity, else the number of codes (0 .. categories[j] - 1) column j may hold.
    An empty `categories` means that every column is a quantity.
    """

    values: Vectors
    categories: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, rows: NDArray[np.int64] | NDArray[np.bool_] | slice) -> "Features":
        return Features(values=self.values[rows], categories=self.categories)


@dataclass(frozen=True, kw_only=True)
class State:
    """A fitted part as data: arrays for safetensors, parameters for JSON."""

    arrays: Mapping[str, NDArray[Any]]
    parameters: Mapping[str, Any]
