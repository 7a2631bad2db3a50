"""A text encoder that needs no weights: hashed character n-grams (Weinberger et al. 2009).

    v[h(g) mod d] += s(g)   for every n-gram g of the text, n = 2 to 4;   v / |v|

h and s are a hash and a sign (CRC-32, the same on every machine). It sees spelling, not meaning:
good for tests without weights or network, and a last resort where no weights can be had, several
points of accuracy below a pretrained network.
"""

import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from hotfit.encoders.base import Progress
from hotfit.encoders.catalogue import Entry
from hotfit.types import Data, Input, Vectors

SIZES = (2, 3, 4)


class FakeEncoder:
    """Hashed character n-grams under the interface of a real encoder."""

    input = Input.TEXT

    def __init__(self, *, name: str = "fake.v1", dimensions: int = 256) -> None:
        self.name = name
        self.dimensions = dimensions

    def encode(self, samples: Sequence[Data], *, progress: Progress | None = None) -> Vectors:
        """Encode n texts in order, shape (n, dimensions), rows of length 1."""
        vectors = np.zeros((len(samples), self.dimensions), np.float32)
        for row, sample in enumerate(samples):
            self._add(vectors[row], str(sample))
            if progress is not None and ((row + 1) % 1000 == 0 or row + 1 == len(samples)):
                progress(row + 1, len(samples))
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return vectors

    def _add(self, vector: Vectors, text: str) -> None:
        data = f" {' '.join(text.lower().split())} ".encode("utf-8", "replace")
        codes = [
            zlib.crc32(data[start : start + size])
            for size in SIZES
            for start in range(len(data) - size + 1)
        ]
        hashes = np.array(codes or [0], np.int64)
        signs = np.where(hashes >> 31 & 1, np.float32(1), np.float32(-1))
        np.add.at(vector, hashes % self.dimensions, signs)


def load(entry: Entry, files: Mapping[str, Path], *, threads: int | None = None) -> FakeEncoder:  # noqa: ARG001 - the loader's signature
    """Return the encoder; it needs no files and no threads."""
    return FakeEncoder(name=entry.name, dimensions=entry.dimensions)
