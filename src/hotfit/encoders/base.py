"""What an encoder is: it turns samples into vectors, the same way for ever under one name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from hotfit.types import Data, Input, Vectors

Progress = Callable[[int, int], None]
"""Called with (done, total) while a long step runs."""


class Encoder(Protocol):
    """A frozen network that turns a sample into a vector.

    `name` is versioned (`minilm-l6.v1`) and pins the weights: equal name, equal vectors.
    """

    name: str
    input: Input
    dimensions: int

    def encode(self, samples: Sequence[Data], *, progress: Progress | None = None) -> Vectors:
        """Encode n samples in order, shape (n, dimensions)."""
        ...


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What encoding costs on this machine.

    `latency` is of a call with one short sample, `each` of a sample among many; in seconds.
    """

    latency: float
    each: float
