"""Free text: meaning by the text encoder, reduced by principal components; and its length."""

from collections.abc import Sequence
from typing import ClassVar, Self

import numpy as np

from hotfit.encoders.table.base import EmbedText
from hotfit.encoders.table.cells import distinct
from hotfit.types import Cell, State, Vectors


class MeaningColumn:
    """The leading principal components of the vectors of a text."""

    part: ClassVar[str] = "meaning"
    aspect: ClassVar[str] = "meaning"

    def __init__(self, name: str, *, mean: Vectors, components: Vectors, embed: EmbedText) -> None:
        self.name, self.mean, self.components, self._embed = name, mean, components, embed
        self.names = tuple(
            f"{name} ({self.aspect} {place + 1})" for place in range(components.shape[1])
        )
        self.categories = (0,) * components.shape[1]

    @classmethod
    def fit(cls, name: str, cells: Sequence[Cell], *, dimensions: int, embed: EmbedText) -> Self:
        """Learn the components from the distinct texts."""
        vectors = embed([text for text in distinct(cells)[0] if text])
        vectors = vectors[~np.isnan(vectors).any(axis=1)]
        if not len(vectors):
            vectors = np.zeros((1, vectors.shape[1]), dtype=np.float32)
        mean = vectors.mean(axis=0, dtype=np.float64).astype(np.float32)
        centred = (vectors - mean).astype(np.float64)
        if len(centred) < centred.shape[1]:
            directions = np.linalg.svd(centred, full_matrices=False)[2].T
        else:
            directions = np.linalg.eigh(centred.T @ centred)[1][:, ::-1]
        components = np.ascontiguousarray(directions[:, :dimensions], dtype=np.float32)
        return cls(name, mean=mean, components=components, embed=embed)

    def encode(self, cells: Sequence[Cell]) -> Vectors:
        """Embed each distinct text once; empty cells are missing."""
        texts, which = distinct(cells)
        filled = [index for index, text in enumerate(texts) if text]
        values = np.full((len(texts), len(self.names)), np.nan, dtype=np.float32)
        if filled:
            vectors = self._embed([texts[index] for index in filled])
            values[filled] = (vectors - self.mean) @ self.components
        return values[which]

    def state(self) -> State:
        """Return mean and components; the text encoder is named by whoever gave it."""
        arrays = {"mean": self.mean, "components": self.components}
        return State(arrays=arrays, parameters={"name": self.name})

    @classmethod
    def load(cls, state: State, embed: EmbedText) -> Self:
        """Rebuild the column around the same text encoder."""
        return cls(state.parameters["name"], embed=embed, **state.arrays)


class LengthColumn:
    """How many letters and words a text has, as logarithms; an empty cell has none."""

    part: ClassVar[str] = "length"
    categories = (0, 0)

    def __init__(self, name: str) -> None:
        self.name = name
        self.names = (f"{name} (letters)", f"{name} (words)")

    def encode(self, cells: Sequence[Cell]) -> Vectors:
        """Count each distinct text once."""
        texts, which = distinct(cells)
        counts = np.array([(len(text), len(text.split())) for text in texts], dtype=np.float32)
        return np.log1p(counts.reshape(-1, 2))[which]

    def state(self) -> State:
        """Return the name alone."""
        return State(arrays={}, parameters={"name": self.name})

    @classmethod
    def load(cls, state: State) -> "LengthColumn":
        """Rebuild the column."""
        return cls(state.parameters["name"])
