"""Dirty strings by likeness: hashed character n-grams, weighted by rarity, reduced by SVD.

A string is the unit vector of its weighted 3- and 4-grams, w = (1 + ln tf)(1 + ln((1+n)/(1+df))),
hashed into B buckets (Weinberger et al. 2009), projected on the leading right singular vectors of
the fitted strings, found by randomised range finding (Halko, Martinsson and Tropp 2011). Strings
that share most of their letters land close together: Cerda and Varoquaux 2022.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from hotfit.encoders.table.cells import distinct
from hotfit.types import Cell, State, Vectors

if TYPE_CHECKING:
    from scipy.sparse import csr_array

BUCKETS = 4096
SIZES = (3, 4)
MOST_LETTERS = 200
MOST_STRINGS = 6000
"""Strings the projection is learned from, the most frequent first."""
CHUNK = 2000


def grams(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (text index, bucket) of every n-gram, ordered by text."""
    padded = [f" {text.casefold()[:MOST_LETTERS]} " for text in texts]
    letters = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    owner = np.repeat(np.arange(len(padded)), [len(text) for text in padded])
    owners, buckets = [], []
    for size in SIZES:
        count = len(letters) - size + 1
        if count <= 0:
            continue
        mixed = np.full(count, size, dtype=np.uint32)
        for shift in range(size):
            mixed = (mixed ^ letters[shift : shift + count]) * np.uint32(0x01000193)
        mixed ^= mixed >> np.uint32(15)
        inside = owner[:count] == owner[size - 1 :]
        owners.append(owner[:count][inside])
        buckets.append((mixed[inside] % BUCKETS).astype(np.int64))
    if not owners:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    texts_of, found = np.concatenate(owners), np.concatenate(buckets)
    return texts_of, found


def weighted(
    texts: Sequence[str], rarity: NDArray[np.float32] | None
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Return (text index, bucket, weight) of every distinct n-gram; unit length per text."""
    owner, bucket = grams(texts)
    keys, counts = np.unique(owner * BUCKETS + bucket, return_counts=True)
    owner, bucket = keys // BUCKETS, keys % BUCKETS
    weight = 1 + np.log(counts, dtype=np.float32)
    if rarity is not None:
        weight *= rarity[bucket]
        norm = np.sqrt(np.bincount(owner, weights=weight**2, minlength=len(texts)))
        weight /= norm[owner].astype(np.float32)
    return owner, bucket, weight


class GramColumn:
    """Likeness of strings in a few dimensions."""

    part: ClassVar[str] = "grams"

    def __init__(self, name: str, *, projection: Vectors) -> None:
        self.name = name
        self.projection = projection[:, :-1]
        self.rarity = projection[:, -1]
        dimensions = self.projection.shape[1]
        self.names = tuple(f"{name} (spelling {place + 1})" for place in range(dimensions))
        self.categories = (0,) * dimensions

    @classmethod
    def fit(cls, name: str, cells: Sequence[Cell], *, dimensions: int) -> "GramColumn":
        """Learn the projection from the most frequent distinct strings."""
        from scipy.sparse import csr_array

        texts, which = distinct(cells)
        order = np.argsort(-np.bincount(which, minlength=len(texts)), kind="stable")
        kept = [texts[index] for index in order[:MOST_STRINGS] if texts[index]]
        owner, bucket, _ = weighted(kept, None)
        seen = np.bincount(bucket, minlength=BUCKETS)
        rarity = (1 + np.log((1 + len(kept)) / (1 + seen))).astype(np.float32)
        owner, bucket, weight = weighted(kept, rarity)
        matrix = csr_array((weight, (owner, bucket)), shape=(len(kept), BUCKETS))
        basis = leading_directions(matrix, dimensions)
        return cls(name, projection=np.column_stack([basis, rarity]))

    def encode(self, cells: Sequence[Cell]) -> Vectors:
        """Project each distinct string once; empty cells are missing."""
        texts, which = distinct(cells)
        values = np.full((len(texts), len(self.names)), np.nan, dtype=np.float32)
        filled = np.array([index for index, text in enumerate(texts) if text], dtype=np.int64)
        for start in range(0, len(filled), CHUNK):
            rows = filled[start : start + CHUNK]
            values[rows] = self._project([texts[row] for row in rows])
        return values[which]

    def _project(self, texts: Sequence[str]) -> Vectors:
        owner, bucket, weight = weighted(texts, self.rarity)
        starts = np.searchsorted(owner, np.arange(len(texts)))
        summed = np.add.reduceat(self.projection[bucket] * weight[:, np.newaxis], starts, axis=0)
        return summed.astype(np.float32, copy=False)

    def state(self) -> State:
        """Return the projection and the weights of the buckets."""
        projection = np.column_stack([self.projection, self.rarity])
        return State(arrays={"projection": projection}, parameters={"name": self.name})

    @classmethod
    def load(cls, state: State) -> "GramColumn":
        """Rebuild the column."""
        return cls(state.parameters["name"], projection=state.arrays["projection"])


def leading_directions(matrix: "csr_array", dimensions: int, *, seed: int = 0) -> Vectors:
    """Return the leading right singular vectors of `matrix`, shape (columns, dimensions)."""
    width = min(dimensions + 10, *matrix.shape)
    basis = np.random.default_rng(seed).standard_normal((matrix.shape[1], width))
    for _ in range(3):
        image = matrix @ orthonormal(basis)
        basis = np.asarray(matrix.T @ image, dtype=np.float64)
    basis = orthonormal(basis)
    image = matrix @ basis
    _, turn = np.linalg.eigh(image.T @ image)
    directions = basis @ turn[:, ::-1]
    return np.asarray(directions[:, : min(dimensions, width)], dtype=np.float32)


def orthonormal(basis: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return an orthonormal basis of the same span; cheaper for tall matrices than a QR."""
    sizes, turn = np.linalg.eigh(basis.T @ basis)
    kept = sizes > 1e-12 * sizes[-1]
    return np.asarray(basis @ (turn[:, kept] / np.sqrt(sizes[kept])), dtype=np.float64)
