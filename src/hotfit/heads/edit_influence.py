"""Which edits of the samples turned an answer.

An edit is a sample that left a label, entered one, or both. Its weight for a query is what it
alone, made on the older fit, adds to the lead of the newer answer over the older one:

    w_e = lead(fit with e) - lead(fit)

by the closed form of `heads.influence`, penalty and calibration kept. The query's own group is left
out of the fit first, as it was when both answered. The edits that answer for a turn are the fewest
of the strongest with which the fit answers as the newer one did.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotfit.heads.influence import LabelInfluence, Move
from hotfit.types import Vectors

CANDIDATES = 32
"""Edits that are weighed for a query: those whose samples bear on it most."""

OWN = 32
"""Samples of the query's own group that are left out at most."""

Reals = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Edited:
    """An edit: its sample's vector (d,), the label it left and the one it entered."""

    vector: Vectors
    left: int | None
    entered: int | None

    def moves(self) -> list[Move]:
        """The edit as moves of the fit."""
        vector = np.asarray(self.vector, dtype=np.float64)
        found = [] if self.left is None else [Move(vector=vector, code=self.left)]
        if self.entered is not None:
            found.append(Move(vector=vector, code=self.entered, enters=True))
        return found


@dataclass(frozen=True, kw_only=True)
class Answering:
    """The edits (by place) that answer for a turn, the strongest first, and their weights.

    `turns` says that they alone turn the answer; else they only push that way.
    """

    edits: tuple[int, ...]
    weights: tuple[float, ...]
    turns: bool


class EditInfluence:
    """The older fit, and the edits that were made since."""

    def __init__(self, fit: LabelInfluence, edits: Sequence[Edited]) -> None:
        self._fit = fit
        self._edits = edits
        self._vectors = np.stack([edit.vector for edit in edits]).astype(np.float64)

    def answering(
        self,
        query: Vectors,
        own: NDArray[np.int64],
        codes: Sequence[int],
        *,
        older: int,
        newer: int,
        apart: NDArray[np.bool_],
    ) -> Answering | None:
        """The edits that turned the answer to `query` (d,) from `older` to `newer`.

        `own` are the rows of the fit that are left out with it and `codes` their labels; edits
        that stand `apart` (e,) had no say. None where the older fit does not answer `older`.
        """
        left = [
            Move(vector=self._fit.vector(int(row)), code=code)
            for row, code in zip(own[:OWN], codes[:OWN], strict=True)
        ]
        before = self._fit.after(query[None], left)[0]
        if int(np.argmax(before)) != older:
            return None
        lead = before[newer] - before[older]
        weights = {}
        for place in self._near(query, apart):
            after = self._fit.after(query[None], [*left, *self._edits[place].moves()])[0]
            weights[place] = float(after[newer] - after[older] - lead)
        pushed = sorted((p for p in weights if weights[p] > 0), key=lambda p: -weights[p])
        taken = self._fewest(query, left, pushed, newer)
        named = pushed[: taken or 3]
        return Answering(
            edits=tuple(named),
            weights=tuple(weights[place] for place in named),
            turns=taken is not None,
        )

    def _near(self, query: Vectors, apart: NDArray[np.bool_]) -> list[int]:
        bearing = np.where(apart, -np.inf, np.abs(self._fit.bearing(query, self._vectors)))
        order = np.argsort(-bearing, kind="stable")[:CANDIDATES]
        return [int(place) for place in order if not apart[place]]

    def _fewest(
        self, query: Vectors, left: Sequence[Move], order: Sequence[int], newer: int
    ) -> int | None:
        """How many of the edits, in order, it takes to answer `newer`; None where all do not."""

        def turned(count: int) -> bool:
            moves = [move for place in order[:count] for move in self._edits[place].moves()]
            return int(np.argmax(self._fit.after(query[None], [*left, *moves])[0])) == newer

        if not order or not turned(len(order)):
            return None
        low, high = 0, len(order)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if turned(middle) else (middle, high)
        return high
