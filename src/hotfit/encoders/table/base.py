"""What a fitted column is: it turns the raw cells of one field into feature columns."""

from collections.abc import Callable, Sequence
from typing import ClassVar, Protocol

from hotfit.types import Cell, State, Vectors

EmbedText = Callable[[Sequence[str]], Vectors]
"""Turns n texts into vectors, shape (n, d)."""


class FittedColumn(Protocol):
    """The features of one field, in one way of reading it."""

    part: ClassVar[str]

    @property
    def names(self) -> tuple[str, ...]:
        """Say in words what each feature column is."""
        ...

    @property
    def categories(self) -> tuple[int, ...]:
        """Return 0 for every quantity, else the number of codes."""
        ...

    def encode(self, cells: Sequence[Cell]) -> Vectors:
        """Encode n cells, shape (n, len(names)); NaN where a cell says nothing."""
        ...

    def state(self) -> State:
        """Everything the part's `load` needs to encode the same again."""
        ...
