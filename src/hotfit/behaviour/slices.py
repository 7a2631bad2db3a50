"""A part of the rows that a floor speaks of: those with a word, short ones, those of a file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from hotfit.types import Cell, Data, Label, label_names


@dataclass(frozen=True, kw_only=True)
class Slice:
    """Rows that keep everything that is stated.

    `field` names the column of a table that is looked at; of a text, the text is.
    """

    field: str | None = None
    equals: str | float | bool | None = None
    contains: str | None = None
    matches: str | None = None
    low: float | None = None
    high: float | None = None
    min_words: int | None = None
    max_words: int | None = None
    file: str | None = None
    label: str | None = None

    def holds(self, data: Data, truth: Label, place: str) -> bool:
        """Whether a row is one of these."""
        if self.file is not None and place.rsplit(":", 1)[0] != self.file:
            return False
        if self.label is not None and self.label not in label_names(truth):
            return False
        cell = self._looked_at(data)
        return self._equal(cell) and self._said(cell) and self._within(cell)

    def sentence(self) -> str:
        """The slice in words."""
        subject = f"{self.field} " if self.field else ""
        said = [
            (self.equals, f"{subject}= {self.equals}"),
            (self.contains, f"{subject}with {self.contains!r}"),
            (self.matches, f"{subject}matching {self.matches!r}"),
            (self.low, f"{subject}from {self.low}"),
            (self.high, f"{subject}up to {self.high}"),
            (self.min_words, f"of {self.min_words} words and more"),
            (self.max_words, f"of {self.max_words} words at most"),
            (self.file, f"in {self.file}"),
            (self.label, f"labelled {self.label!r}"),
        ]
        return ", ".join(text for value, text in said if value is not None)

    def _looked_at(self, data: Data) -> Cell:
        if isinstance(data, str):
            return data
        return data.get(self.field or "") if isinstance(data, Mapping) else None

    def _equal(self, cell: Cell) -> bool:
        if self.equals is None:
            return True
        if isinstance(self.equals, str) or isinstance(cell, bool):
            return str(cell).casefold() == str(self.equals).casefold()
        return _number(cell) == self.equals

    def _said(self, cell: Cell) -> bool:
        text = "" if cell is None else str(cell)
        if self.contains is not None and self.contains.casefold() not in text.casefold():
            return False
        if self.matches is not None and not re.search(self.matches, text):
            return False
        words = len(text.split())
        return (self.min_words is None or words >= self.min_words) and (
            self.max_words is None or words <= self.max_words
        )

    def _within(self, cell: Cell) -> bool:
        if self.low is None and self.high is None:
            return True
        value = _number(cell)
        if value is None:
            return False
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


def _number(cell: Cell) -> float | None:
    try:
        return None if cell is None else float(cell)
    except ValueError:
        return None
