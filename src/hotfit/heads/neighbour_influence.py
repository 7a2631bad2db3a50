"""What a discriminant that listens to its nearest samples would say without some of them.

    score_c = a ln p_c + b ln (v_c + s)        (`heads.neighbours`)

p without samples is that of `heads.influence`; v is counted again over the nearest of those left.
Penalty, mixture and the unit of distance stay as chosen, so the answer equals that of a fit
without the samples but for what rounding in float32 costs.
"""

import numpy as np
from numpy.typing import NDArray

from hotfit.heads.calibration import as_scores
from hotfit.heads.influence import LabelInfluence
from hotfit.heads.neighbours import NEAREST, Memory, NeighboursModel, logs
from hotfit.types import Vectors

Reals = NDArray[np.float64]


class NeighbourInfluence:
    """A fit of n rows, all of which are remembered, and what each row does to its answers."""

    def __init__(self, base: LabelInfluence, model: NeighboursModel) -> None:
        self._base = base
        self._centre = model.discriminant.centre
        self._memory = model.memory
        self._weights = model.weights
        self._labels = len(model.discriminant.bias)
        self._norms = np.einsum("nd,nd->n", model.memory.vectors, model.memory.vectors)

    def raw(self, queries: Vectors | Reals) -> Reals:
        """Scores before the softmax, (m, k), by the fit of all rows."""
        return self.without(queries, np.empty(0, dtype=np.int64))

    def without(self, queries: Vectors | Reals, rows: NDArray[np.int64]) -> Reals:
        """Scores (m, k) by a fit without `rows`."""
        votes = self._votes(queries, rows)
        return self._mixed(as_scores(self._base.without(queries, rows)), votes)

    def effects(self, query: Vectors | Reals, label: int, other: int) -> Reals:
        """What each row alone adds to the lead of `label` over `other` for `query` (d,), (n,).

        A first reckoning, by which rows are picked: small probabilities are not kept from mattering
        more than the head lets them.
        """
        pushed = self._weights[0] * self._base.effects(query, label, other)
        nothing = np.empty(0, dtype=np.int64)
        votes = self._votes(query[None], nothing)[0]
        for row in self._nearest(query):
            left = self._votes(query[None], np.array([row]))[0]
            lost = (votes[label] - votes[other]) - (left[label] - left[other])
            pushed[row] += self._weights[1] * lost
        return np.asarray(pushed)

    def _mixed(self, scores: Reals, votes: Reals) -> Reals:
        mixed = self._weights[0] * logs(scores) + self._weights[1] * votes
        return np.asarray(np.where(scores == 0, -np.inf, mixed))

    def _nearest(self, query: Vectors | Reals) -> NDArray[np.int64]:
        far = self._far(query)
        count = min(NEAREST, len(far))
        return np.asarray(np.argpartition(far, count - 1)[:count], dtype=np.int64)

    def _votes(self, queries: Vectors | Reals, rows: NDArray[np.int64]) -> Reals:
        """Log votes (m, k) of the nearest rows that are not among `rows`."""
        votes = np.empty((len(queries), self._labels))
        for place, query in enumerate(queries):
            far = self._far(query)
            # Few are near enough to vote: only they are looked at again.
            count = min(NEAREST + len(rows), len(far))
            near = np.argpartition(far, count - 1)[:count]
            near = np.setdiff1d(near, rows)
            part = Memory(
                vectors=self._memory.vectors[near],
                codes=self._memory.codes[near],
                unit=self._memory.unit,
            )
            votes[place] = part.votes(self._shifted(query)[None], self._labels)[0]
        return votes

    def _far(self, query: Vectors | Reals) -> NDArray[np.float32]:
        """Squared distances (n,) less what all have in common."""
        vectors = self._memory.vectors
        return np.asarray(self._norms - 2 * (vectors @ self._shifted(query)))

    def _shifted(self, query: Vectors | Reals) -> NDArray[np.float32]:
        return np.asarray(query - self._centre, dtype=np.float32)
