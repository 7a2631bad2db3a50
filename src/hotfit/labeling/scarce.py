"""Labels with few examples, and where in a pool more of them may be.

    l_c(x) = p_name(c | x)                                without an example
    l_c(x) = log p(c | x) + log p_name(c | x) / n_c       with n_c of them

p is the head, p_name what the names alone say. A label is looked for while it has under half of
its fair share and at most FEW examples, and until its searches have failed too often. While the
examples that are missing are many beside the answers given, most of a batch goes elsewhere: then
labels are scarce because little is known, and what is picked for other reasons finds them.
"""

from collections.abc import Callable, Iterator

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

Named = Callable[[int], NDArray[np.float64]]
"""How likely samples have a label, by the names alone."""


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
        scores: Scores | None,
        named: Named | None,
        *,
        most: int,
        free: NDArray[np.bool_],
    ) -> Iterator[tuple[int, int]]:
        """At most `most` of the `free` rows of `left` (m,), unlike each other, and their labels.

        `scores` (m, k) are the answers of the head, `named` those of the names, label by label.
        """
        possible: list[NDArray[np.float64]] = []
        sought: list[int] = []
        for code in self._codes(counts):
            if len(sought) == most:
                break
            alike = _likeness(code, int(counts[code]), scores, named)
            if alike is not None:
                sought.append(code)
                possible.append(alike)
        free = free.copy()
        for turn in range(most if sought else 0):
            code, alike = sought[turn % len(sought)], possible[turn % len(sought)]
            if not free.any():
                return
            best = int(np.argmax(np.where(free, alike, -np.inf)))
            row = int(left[best])
            free[best] = False
            free &= self._vectors[left] @ self._vectors[row] < LIKE
            self._searched[row] = code
            yield row, code

    def _codes(self, counts: NDArray[np.int64]) -> list[int]:
        """The labels to look for: those whose searches fail least first."""
        known = int(counts.sum())
        thin = (counts <= FEW) & (counts * len(counts) <= known / 2)
        hopeful = self._misses < PATIENCE + known // ANSWERS
        codes = np.flatnonzero(thin & hopeful)
        return [int(code) for code in codes[np.lexsort((counts[codes], self._misses[codes]))]]


def _likeness(
    code: int, examples: int, scores: Scores | None, named: Named | None
) -> NDArray[np.float64] | None:
    """How likely each of m samples has a label, (m,); None where nothing tells."""
    if not examples or scores is None:
        return None if named is None else named(code)
    said = np.log(scores[:, code] + _LEAST)
    if named is not None:
        said += np.log(named(code) + _LEAST) / examples
    return np.asarray(said)
