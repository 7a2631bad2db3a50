"""Penalised linear models in one eigenbasis: multinomial logistic regression and ridge.

    minimise  sum_i -ln softmax(W' x_i + b)_{y_i} + r/2 |W|^2

Two labels share one column of weights, the logit of the second. The curvature of the loss is
nowhere above c X'X, c = 1/2 (1/4 for two labels), so that

    W <- W - (c X'X + r)^-1 gradient

never overshoots (Boehning 1992). One eigendecomposition of X'X serves every step, every r and
every fold, as X'X of some of the rows is below that of all; Nesterov's momentum, dropped whenever
it points uphill (O'Donoghue and Candes 2015), makes tens of steps enough.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotfit.heads.calibration import sigmoid, softmax
from hotfit.types import Codes, Vectors

Wide = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Basis:
    """Centred inputs in the eigenbasis of their Gram matrix; the last column is the intercept."""

    rows: Vectors
    sizes: Wide
    turn: Wide
    mean: Wide

    @classmethod
    def of(cls, inputs: Vectors) -> "Basis":
        """Decompose n inputs, shape (n, d)."""
        mean = inputs.mean(axis=0, dtype=np.float64)
        centred = inputs - mean.astype(np.float32)
        sizes, turn = np.linalg.eigh((centred.T @ centred).astype(np.float64))
        ones = np.ones((len(inputs), 1), dtype=np.float32)
        rows = np.concatenate([centred @ turn.astype(np.float32), ones], axis=1)
        sizes = np.append(np.maximum(sizes, 0), len(inputs))
        return cls(rows=rows, sizes=sizes, turn=turn, mean=mean)

    def penalties(self, strength: float) -> Wide:
        """Return r for every column, (d + 1,); the intercept goes nearly free."""
        return np.append(np.full(len(self.sizes) - 1, strength), 1e-3)

    def unturned(self, weights: Wide) -> tuple[Wide, Wide]:
        """Return weights (d, k) and bias (k,) on the inputs as they were given."""
        plain = self.turn @ weights[:-1]
        return plain, weights[-1] - self.mean @ plain


def logistic(
    basis: Basis,
    rows: NDArray[np.bool_] | slice,
    answers: Vectors,
    *,
    strength: float,
    start: Wide,
    steps: int,
) -> Wide:
    """Fit weights (d + 1, k) to `answers` (m, k), 1 for the true label, on some of the rows.

    For two labels k is 1 and `answers` say whether the label is the second.
    """
    inputs = basis.rows[rows]
    curvature = 0.25 if answers.shape[1] == 1 else 0.5
    penalties = basis.penalties(strength)[:, np.newaxis]
    rate = 1 / (curvature * basis.sizes[:, np.newaxis] + penalties)
    weights = ahead = start
    momentum = 1.0
    for _ in range(steps):
        wrong = probabilities(inputs @ ahead.astype(np.float32)) - answers
        gradient = (inputs.T @ wrong).astype(np.float64) + penalties * ahead
        moved = ahead - rate * gradient
        if float((gradient * (moved - weights)).sum()) > 0:
            momentum, ahead = 1.0, weights
            continue
        faster = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = moved + (momentum - 1) / faster * (moved - weights)
        if np.abs(moved - weights).max() < 1e-3 * max(np.abs(moved).max(), 1e-3):
            return np.asarray(moved)
        weights, momentum = moved, faster
    return np.asarray(weights)


def ridge(basis: Basis, rows: NDArray[np.bool_] | slice, answers: Wide, *, strength: float) -> Wide:
    """Solve least squares on some of the rows, exactly; answers (m,), weights (d + 1, 1)."""
    inputs = basis.rows[rows].astype(np.float64)
    gram = inputs.T @ inputs
    gram[np.diag_indices(len(gram))] += basis.penalties(strength)
    solved = np.linalg.solve(gram, inputs.T @ answers)
    return np.asarray(solved[:, np.newaxis], dtype=np.float64)


def probabilities(raw: Vectors) -> Vectors:
    """Return softmax of each row, or the logistic function where there is one column."""
    if raw.shape[1] > 1:
        return np.asarray(softmax(raw), dtype=np.float32)
    return np.asarray(sigmoid(raw), dtype=np.float32)


def one_hot(codes: Codes, labels: int) -> Vectors:
    """Return 1 for the true label, else 0, shape (n, k); one column for two labels."""
    if labels == 2:
        return np.asarray(codes[:, np.newaxis] == 1, dtype=np.float32)
    return np.asarray(codes[:, np.newaxis] == np.arange(labels), dtype=np.float32)
