"""Several encoders read a sample, and their vectors are put side by side.

    v = (a/|a|, b/|b|, ...) / sqrt(k)        for k encoders

Every part weighs the same, whatever its scale and width, and the whole has length 1.
"""

import math
from collections.abc import Sequence

import numpy as np

from hotfit.encoders.base import Encoder, Progress
from hotfit.types import Data, Vectors

SIGN = "+"
"""Stands between the names of encoders that are joined."""


class JoinedEncoder:
    """Encoders for one kind of input as one encoder, called by their names in order."""

    def __init__(self, members: Sequence[Encoder]) -> None:
        self.members = tuple(members)
        self.name = SIGN.join(member.name for member in members)
        self.input = members[0].input
        self.dimensions = sum(member.dimensions for member in members)

    def encode(self, samples: Sequence[Data], *, progress: Progress | None = None) -> Vectors:
        """Encode n samples in order, shape (n, dimensions)."""
        vectors = np.empty((len(samples), self.dimensions), np.float32)
        scale, start = 1 / math.sqrt(len(self.members)), 0
        for member in self.members:
            part = member.encode(samples, progress=progress)
            length = np.maximum(np.linalg.norm(part, axis=1, keepdims=True), 1e-12)
            vectors[:, start : start + member.dimensions] = part * (scale / length)
            start += member.dimensions
        return vectors
