"""Categories as codes: the whole cell, its best-known word, or the letters that open it.

Codes go by frequency, ties by spelling. Values seen too rarely to learn from share one code, and
so do values never seen, as they are the rarest of all; empty cells are missing.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

import numpy as np

from hotfit.encoders.table.cells import distinct
from hotfit.types import Cell, State, Vectors

MOST_CODES = 120
"""Codes of one column; boosting's histograms hold 255 bins, and thin codes teach little."""

Reading = Callable[[str, dict[str, int]], str]


def whole(text: str, _known: dict[str, int]) -> str:
    """Return the cell itself, in one letter case."""
    return text.casefold()


def words(text: str) -> list[str]:
    """Return the words of a text that hold a letter, in one letter case."""
    return [word for word in text.casefold().split() if any(map(str.isalpha, word))]


def best_known_word(text: str, known: dict[str, int]) -> str:
    """Return the word of the cell that most cells share: the Mrs. of a name, the PC of a ticket."""
    return min(words(text), key=lambda word: known.get(word, len(known)), default="")


def opening(text: str, _known: dict[str, int]) -> str:
    """Return what stands before the first digit: the C of cabin C85."""
    head = text.casefold()
    for place, character in enumerate(head):
        if character.isdigit():
            return head[:place].strip()
    return head


READINGS: dict[str, Reading] = {"value": whole, "word": best_known_word, "opening": opening}


def ranked(counts: Counter[str], *, least: int) -> list[str]:
    """Return the values seen at least `least` times, the most frequent first."""
    often = [value for value, count in counts.items() if value and count >= least]
    return sorted(often, key=lambda value: (-counts[value], value))[:MOST_CODES]


class CodeColumn:
    """One code a cell, and on request how common the cell's value is."""

    part: ClassVar[str] = "code"

    def __init__(self, name: str, *, reading: str, values: Sequence[str], rare: bool) -> None:
        self.name, self.reading, self.values, self.rare = name, reading, list(values), rare
        self._codes = {value: code for code, value in enumerate(self.values)}
        self.names = (name if reading == "value" else f"{name} ({reading})",)
        self.categories = (len(self.values) + rare,)

    @classmethod
    def fit(cls, name: str, cells: Sequence[Cell], *, reading: str = "value") -> "CodeColumn":
        """Give codes to the values that stand in enough cells."""
        texts, which = distinct(cells)
        shares = np.bincount(which, minlength=len(texts))
        least = 2 if len(cells) < 1000 else 5
        known: dict[str, int] = {}
        if reading == "word":
            spread = _count(
                (word, n)
                for text, n in zip(texts, shares, strict=True)
                for word in set(words(text))
            )
            known = {word: rank for rank, word in enumerate(ranked(spread, least=least))}
        read = READINGS[reading]
        counts = _count((read(t, known), n) for t, n in zip(texts, shares, strict=True))
        values = ranked(counts, least=least)
        if reading == "word":
            values = [word for word in known if counts[word] >= least]
        rare = sum(counts.values()) - counts[""] > sum(counts[value] for value in values)
        return cls(name, reading=reading, values=values, rare=rare)

    def encode(self, cells: Sequence[Cell]) -> Vectors:
        """Look each distinct cell up once; unseen values share the code of rare ones."""
        texts, which = distinct(cells)
        read = READINGS[self.reading]
        codes = [self._code(read(text, self._codes)) if text else np.nan for text in texts]
        return np.array(codes, dtype=np.float32)[which][:, np.newaxis]

    def _code(self, value: str) -> float:
        unseen = len(self.values) if self.rare else np.nan
        return self._codes.get(value, unseen)

    def state(self) -> State:
        """Return the values in order of their codes."""
        parameters = {
            "name": self.name,
            "reading": self.reading,
            "values": self.values,
            "rare": self.rare,
        }
        return State(arrays={}, parameters=parameters)

    @classmethod
    def load(cls, state: State) -> "CodeColumn":
        """Rebuild the column."""
        return cls(**state.parameters)


class FrequencyColumn:
    """How common a value is: the logarithm of one plus its count among the fitted rows."""

    part: ClassVar[str] = "frequency"
    categories = (0,)

    def __init__(self, name: str, *, counts: dict[str, int]) -> None:
        self.name, self.counts = name, counts
        self.names = (f"{name} (how common)",)

    @classmethod
    def fit(cls, name: str, cells: Sequence[Cell]) -> "FrequencyColumn":
        """Count the values that stand in more than one cell."""
        texts, which = distinct(cells)
        shares = np.bincount(which, minlength=len(texts))
        counts = _count((text.casefold(), n) for text, n in zip(texts, shares, strict=True))
        return cls(name, counts={text: n for text, n in counts.items() if text and n > 1})

    def encode(self, cells: Sequence[Cell]) -> Vectors:
        """Look each distinct cell up once; a value seen once reads like one never seen."""
        texts, which = distinct(cells)
        logs = [np.log(self.counts.get(t.casefold(), 1)) if t else np.nan for t in texts]
        return np.array(logs, dtype=np.float32)[which][:, np.newaxis]

    def state(self) -> State:
        """Return the counts."""
        return State(arrays={}, parameters={"name": self.name, "counts": self.counts})

    @classmethod
    def load(cls, state: State) -> "FrequencyColumn":
        """Rebuild the column."""
        return cls(**state.parameters)


def _count(pairs: Iterable[tuple[str, int]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for value, count in pairs:
        counts[value] += int(count)
    return counts
