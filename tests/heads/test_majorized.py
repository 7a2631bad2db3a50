"""The accelerated solver ends where any other solver does."""

import numpy as np
from scipy.optimize import minimize

from hotfit.heads.calibration import softmax
from hotfit.heads.majorized import Basis, logistic, one_hot, ridge
from hotfit.types import Vectors


def inputs(n: int = 120, d: int = 5) -> Vectors:
    rng = np.random.default_rng(0)
    return (rng.standard_normal((n, d)) * [1, 3, 0.2, 1, 1] + 2).astype(np.float32)


def test_logistic_reaches_the_minimum_on_some_of_the_rows() -> None:
    X = inputs()
    codes = np.digitize(X[:, 0] + 0.3 * X[:, 1], [1.5, 3.5]).astype(np.int64)
    basis, rows = Basis.of(X), np.arange(120) >= 30
    Y = one_hot(codes, 3)
    start = np.zeros((6, 3))
    found = logistic(basis, rows, Y[rows], strength=2.0, start=start, steps=2000)

    def loss(flat: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
        W = flat.reshape(6, 3)
        P = softmax(basis.rows[rows].astype(np.float64) @ W)
        fit = -np.log((P * Y[rows]).sum(axis=1)).sum()
        return float(fit + 0.5 * (basis.penalties(2.0)[:, None] * W**2).sum())

    least = minimize(loss, start.ravel()).fun
    assert loss(found.ravel()) < least + 0.01


def test_two_labels_in_one_column_reach_the_minimum() -> None:
    X = inputs()
    codes = (X[:, 0] > 2).astype(np.int64)
    codes[::7] = 1 - codes[::7]
    basis, every = Basis.of(X), slice(None)
    Y = one_hot(codes, 2)
    found = logistic(basis, every, Y, strength=1.0, start=np.zeros((6, 1)), steps=2000)

    def loss(w: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
        f = basis.rows.astype(np.float64) @ w
        return float((np.logaddexp(0, f) - Y[:, 0] * f).sum() + 0.5 * basis.penalties(1.0) @ w**2)

    assert loss(found[:, 0]) < minimize(loss, np.zeros(6)).fun + 0.01


def test_ridge_equals_the_normal_equations_of_the_given_inputs() -> None:
    X = inputs()
    y = X @ np.arange(5.0) + np.random.default_rng(1).standard_normal(120)
    basis = Basis.of(X)
    weights, bias = basis.unturned(ridge(basis, slice(None), y, strength=3.0))
    centred = X.astype(np.float64) - X.mean(axis=0, dtype=np.float64)
    naive = np.linalg.solve(centred.T @ centred + 3 * np.eye(5), centred.T @ (y - y.mean()))
    np.testing.assert_allclose(weights[:, 0], naive, rtol=1e-3)
    np.testing.assert_allclose((X @ weights + bias).mean(), y.mean(), rtol=1e-4)
