"""Labels with few examples, and where in a pool more of them may be.

    l_c(x) = p_name(c | x)                                without an example
    l_c(x) = how new x is (`labeling.novelty`)            where that failed, or there is no name
    l_c(x) = log p(c | x) + log p_name(c | x) / n_c       with n_c of them

p is the head, p_name what the names alone say. A label is looked for while it has under half of
its fair share and at most FEW examples, and until its searches have failed too often. A label
without an example is looked for twice as long: first by its name, then by what is new. While the
examples that are missing are many beside the answers given, most of a batch goes elsewhere: then
labels are scarce because little is known, and what is picked for other reasons finds them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotfit.labeling.likeness import LIKE
from hotfit.types import Scores, Vectors

FEW = 4
"""Examples of a label up to which it is looked for."""

SHARE = 0.5
"""Share of a batch that looks for labels where few examples are missing in all."""

SMALL_SHARE = 0.25
"""The share where many are."""

MISSING = 0.25
"""Missing examples, in answers given, up to which they are few."""

PATIENCE = 30
"""Searches in a row that may fail before a label is given up for now: one in a hundred samples is
to be found by a search that is but a few times better than chance."""

ANSWERS = 10
"""Answers for which one more search may fail."""

_LEAST = 1e-9

Reals = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Clues:
    """What tells of m samples which labels they may have.

    `scores` (m, k) are the answers of the head, `named` how likely they have a label by the names
    alone, (m,), and `new` how unlike all that is known they are, (m,), -inf where that was not
    looked at.
    """

    scores: Scores | None
    named: Callable[[int], Reals] | None
    new: Callable[[], Reals]


class Scarce:
    """Which labels are scarce, and how the searches for them went; `vectors` have length 1."""

    def __init__(self, vectors: Vectors, labels: int) -> None:
        self._vectors = vectors
        self._misses = np.zeros(labels, dtype=np.int64)
        self._searched: dict[int, int] = {}

    def answered(self, row: int, code: int) -> None:
        """Take note of what a sample turned out to be."""
        sought = self._searched.pop(row, code)
        self._misses[code] = 0
        if sought != code:
            self._misses[sought] += 1

    def share(self, counts: NDArray[np.int64]) -> float:
        """How much of a batch looks for scarce labels, given the examples (k,) of each label."""
        missing = sum(FEW + 1 - int(counts[code]) for code in self._codes(counts))
        return SHARE if missing <= MISSING * counts.sum() else SMALL_SHARE

    def search(
        self,
        left: NDArray[np.int64],
        counts: NDArray[np.int64],
        clues: Clues,
        *,
        most: int,
        free: NDArray[np.bool_],
    ) -> Iterator[tuple[int, int]]:
        """At most `most` of the `free` rows of `left` (m,), unlike each other, and their labels."""
        sought = self._codes(counts)[:most]
        possible = [self._likeness(code, counts, clues) for code in sought]
        free = free.copy()
        for turn in range(most if sought else 0):
            code, alike = sought[turn % len(sought)], possible[turn % len(sought)]
            there = np.where(free, alike, -np.inf)
            best = int(np.argmax(there))
            if np.isneginf(there[best]):
                continue
            row = int(left[best])
            free[best] = False
            free &= self._vectors[left] @ self._vectors[row] < LIKE
            self._searched[row] = code
            yield row, code

    def _codes(self, counts: NDArray[np.int64]) -> list[int]:
        """The labels to look for: those whose searches fail least first."""
        thin = (counts <= FEW) & (counts * len(counts) <= counts.sum() / 2)
        hopeful = self._misses < np.where(counts == 0, 2, 1) * _patience(counts)
        codes = np.flatnonzero(thin & hopeful)
        return [int(code) for code in codes[np.lexsort((counts[codes], self._misses[codes]))]]

    def _likeness(self, code: int, counts: NDArray[np.int64], clues: Clues) -> Reals:
        """How likely each of m samples has a label, (m,)."""
        if not counts[code] or clues.scores is None:
            if clues.named is None or self._misses[code] >= _patience(counts):
                return clues.new()
            return clues.named(code)
        said = np.log(clues.scores[:, code] + _LEAST)
        if clues.named is not None:
            said += np.log(clues.named(code) + _LEAST) / counts[code]
        return np.asarray(said)


def _patience(counts: NDArray[np.int64]) -> int:
    """Searches in a row that may fail, given the examples (k,) of each label."""
    return PATIENCE + int(counts.sum()) // ANSWERS
