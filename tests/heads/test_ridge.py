"""Closed-form ridge against naive refits."""

import numpy as np
import pytest
from numpy.typing import NDArray

from hotfit.heads.basis import principal_basis
from hotfit.heads.held_out import Holdout
from hotfit.heads.ridge import fit_ridge, held_out_ridge
from hotfit.types import Features
from tests.heads.test_discriminant import grouping


@pytest.mark.parametrize("kind", ["none", "pairs", "mixed", "large"])
@pytest.mark.parametrize("d", [3, 30, 90])
def test_held_out_equals_a_refit_without_the_group(kind: str, d: int) -> None:
    rng = np.random.default_rng(d)
    values = (rng.normal(size=(60, d)) * 3 + 2).astype(np.float32)
    quantities = values[:, 0] + rng.normal(size=60)
    groups = grouping(kind, 60)
    penalties = np.array([0.5, 20.0])
    basis, z = principal_basis(values.astype(np.float64))
    y = quantities - quantities.mean()
    found = held_out_ridge(z, basis.eigenvalues, y, penalties, Holdout.of(groups))
    for group in np.unique(groups):
        left = groups != group
        x = values[left].astype(np.float64)
        x_mean, y_mean = x.mean(axis=0), y[left].mean()
        for column, penalty in enumerate(penalties):
            gram = (x - x_mean).T @ (x - x_mean) + penalty * np.eye(d)
            weights = np.linalg.solve(gram, (x - x_mean).T @ (y[left] - y_mean))
            expected = y_mean + (values[~left] - x_mean) @ weights
            assert np.abs(found[~left, column] - expected).max() < 1e-6


def test_columns_of_any_unit_and_constant_columns_are_learned_alike() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(300, 4)).astype(np.float32)
    values[:, 3] = 5
    noise = rng.normal(size=300)
    quantities: NDArray[np.float64] = np.zeros(300)
    quantities += values[:, 0] * 100 + values[:, 1] + noise
    units = np.array([1e-4, 1e3, 1, 1], dtype=np.float32)
    plain = fit_ridge(values, quantities, np.arange(300))
    scaled = fit_ridge(values * units, quantities, np.arange(300))
    assert np.abs(plain.held_out - scaled.held_out).max() < 0.1
    assert ((plain.held_out - quantities) ** 2).mean() < 2


def test_predictions_stay_near_the_quantities_seen() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(50, 1)).astype(np.float32)
    model = fit_ridge(values, 10 * values[:, 0].astype(np.float64), np.arange(50)).model
    far = model.predict(Features(values=np.array([[1e6]], dtype=np.float32)))
    assert far[0] < 2 * 10 * np.abs(values).max()


def test_one_group_alone_is_answered_by_nothing_but_a_constant() -> None:
    values = np.arange(20, dtype=np.float32)[:, None]
    trained = fit_ridge(values, values[:, 0].astype(np.float64), np.zeros(20, dtype=np.int64))
    assert np.ptp(trained.held_out) == 0
