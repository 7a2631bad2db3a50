"""What a ridge regression would say without some of its samples.

    l_i(x) = 1 / n + (x - m)' (Z'Z + r)^-1 (x_i - m),     H_GG = [l_i(x_j)]
    f(x) - f_-G(x) = l_G(x)' (I - H_GG)^-1 (y_G - f(x_G))

exactly, with the penalty r, the centre m and the scale of the columns as they are (Cook 1977;
Allen 1974). Several outputs share one H. Calibrated scores are a f + c, a and c as they are.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hotfit.heads.basis import deviations
from hotfit.heads.ridge import RidgeModel
from hotfit.types import Vectors

CHUNK = 4096
"""Rows worked on at once."""

MARGIN = 1e-9
"""Smallest 1 - h: below it nothing but the sample itself determines its prediction."""

Reals = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Scores are `slope` f + `shift`, both (t,)."""

    slope: Reals
    shift: Reals


class QuantityInfluence:
    """A ridge fit of n rows and what each row does to its answers.

    `values` (n, d), `answers` (n, t). The penalty is absolute; `standardise` as the head does.
    """

    def __init__(
        self,
        values: Vectors,
        answers: Reals,
        *,
        penalty: float | RidgeModel,
        calibration: Calibration | None = None,
        standardise: bool = False,
    ) -> None:
        self._values = values
        self._centre = values.mean(axis=0, dtype=np.float64)
        self._scale = np.ones(values.shape[1])
        if standardise:
            self._scale = deviations(values.astype(np.float64) - self._centre, self._centre)
        self._mean = answers.mean(axis=0)
        gram, mixed = self._moments(answers)
        if isinstance(penalty, RidgeModel):
            penalty = _penalty_of(penalty.weights * self._scale, gram, mixed[:, 0])
        gram[np.diag_indices(len(gram))] += penalty
        self._inverse = np.asarray(np.linalg.inv(gram), dtype=np.float64)
        self._weights = self._inverse @ mixed
        self._answers = answers
        nothing = Calibration(slope=np.ones(answers.shape[1]), shift=np.zeros(answers.shape[1]))
        self._calibration = calibration or nothing

    def _moments(self, answers: Reals) -> tuple[Reals, Reals]:
        """Z'Z (d, d) and Z'y (d, t)."""
        d = self._values.shape[1]
        gram, mixed = np.zeros((d, d)), np.zeros((d, answers.shape[1]))
        for start in range(0, len(answers), CHUNK):
            part = slice(start, start + CHUNK)
            rows = self._placed(self._values[part])
            gram += rows.T @ rows
            mixed += rows.T @ (answers[part] - self._mean)
        return gram, mixed

    def raw(self, queries: Vectors | Reals) -> Reals:
        """Calibrated scores (m, t) by the fit of all rows."""
        return self._read(self._placed(queries) @ self._weights + self._mean)

    def without(self, queries: Vectors | Reals, rows: NDArray[np.int64]) -> Reals:
        """Calibrated scores (m, t) by a fit without `rows`."""
        members, x = self._placed(self._values[rows]), self._placed(queries)
        turned = members @ self._inverse
        hat = 1 / len(self._values) + turned @ members.T
        missed = self._answers[rows] - members @ self._weights - self._mean
        values, vectors = np.linalg.eigh(np.eye(len(rows)) - (hat + hat.T) / 2)
        gone = vectors @ ((vectors.T @ missed) / np.maximum(values, MARGIN)[:, None])
        moved = (1 / len(self._values) + x @ turned.T) @ gone
        return self._read(x @ self._weights + self._mean - moved)

    def effects(self, query: Vectors | Reals, label: int, other: int) -> Reals:  # noqa: ARG002 - outputs do not compete
        """What each row alone adds to the score of output `label` for `query` (d,), (n,)."""
        turned = (self._inverse @ self._placed(query[None])[0]) / self._scale
        shares = (self._values @ turned.astype(np.float32)).astype(np.float64)
        shares += 1 / len(self._values) - self._centre @ turned
        return np.asarray(self._calibration.slope[label] * shares * self._missed[:, label])

    @cached_property
    def _missed(self) -> Reals:
        """(y_i - f(x_i)) / (1 - h_i) of every row, (n, t)."""
        missed = np.empty(self._answers.shape)
        for start in range(0, len(missed), CHUNK):
            part = slice(start, start + CHUNK)
            rows = self._placed(self._values[part])
            own = np.einsum("nd,nd->n", rows @ self._inverse, rows)
            free = np.maximum(1 - 1 / len(missed) - own, MARGIN)
            residual = self._answers[part] - rows @ self._weights - self._mean
            missed[part] = residual / free[:, None]
        return missed

    def _placed(self, values: Vectors | Reals) -> Reals:
        return np.asarray((values - self._centre) / self._scale, dtype=np.float64)

    def _read(self, raw: Reals) -> Reals:
        return np.asarray(raw * self._calibration.slope + self._calibration.shift)


def _penalty_of(weights: Reals, gram: Reals, mixed: Reals) -> float:
    """The penalty r of a solution: (Z'Z + r) w = Z'y, least squares over the equations."""
    size = float(weights @ weights)
    if size == 0:
        return max(float(np.trace(gram)), 1.0)
    return max(float(weights @ (mixed - gram @ weights)) / size, 0.0)
