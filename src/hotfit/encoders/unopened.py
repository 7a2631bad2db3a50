"""An encoder that is opened only when something has to be encoded: cached vectors need none."""

from collections.abc import Callable, Sequence

from hotfit.encoders.base import Encoder, Progress
from hotfit.types import Data, Input, Vectors


class Unopened:
    """Stands for an encoder; `opening` gives it when it is first needed."""

    def __init__(
        self, name: str, *, kind: Input, dimensions: int, opening: Callable[[str], Encoder]
    ) -> None:
        self.name = name
        self.input = kind
        self.dimensions = dimensions
        self._opening = opening

    def encode(self, samples: Sequence[Data], *, progress: Progress | None = None) -> Vectors:
        """Encode n samples in order, shape (n, dimensions)."""
        return self._opening(self.name).encode(samples, progress=progress)
