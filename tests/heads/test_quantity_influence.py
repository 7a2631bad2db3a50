"""What is said of a quantity or tag without some samples equals a ridge fit without them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hotfit.heads.quantity_influence import Calibration, QuantityInfluence
from hotfit.heads.ridge import Ridge
from hotfit.types import Features

Reals = NDArray[np.float64]


def refitted(values: Reals, answers: Reals, penalty: float, queries: Reals) -> Reals:
    """The answers of a ridge regression with a free intercept, from its normal equations."""
    centre, mean = values.mean(axis=0), answers.mean(axis=0)
    z = values - centre
    weights = np.linalg.solve(z.T @ z + penalty * np.eye(z.shape[1]), z.T @ (answers - mean))
    return np.asarray((queries - centre) @ weights + mean)


@settings(max_examples=60)
@given(
    seed=st.integers(0, 10_000),
    n=st.integers(6, 60),
    d=st.integers(1, 70),
    gone=st.integers(1, 5),
    outputs=st.integers(1, 3),
)
def test_leaving_samples_out_equals_a_fit_without_them(
    seed: int, n: int, d: int, gone: int, outputs: int
) -> None:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(n, d)).astype(np.float32)
    answers = rng.normal(size=(n, outputs)) + values[:, :1]
    penalty = float(rng.uniform(0.1, 10))
    calibration = Calibration(slope=np.full(outputs, 2.0), shift=np.full(outputs, -0.5))
    fit = QuantityInfluence(values, answers, penalty=penalty, calibration=calibration)
    rows = rng.permutation(n)[:gone]
    left = np.setdiff1d(np.arange(n), rows)
    wide = values.astype(np.float64)
    expected = refitted(wide[left], answers[left], penalty, wide[:2]) * 2 - 0.5
    np.testing.assert_allclose(fit.without(values[:2], rows), expected, atol=1e-6)
    effects = fit.effects(values[0], outputs - 1, 0)
    alone = fit.raw(values[:1])[0] - fit.without(values[:1], rows[:1])[0]
    assert effects[rows[0]] == pytest.approx(alone[outputs - 1], abs=1e-4)


def test_the_penalty_is_read_off_a_fitted_ridge() -> None:
    rng = np.random.default_rng(1)
    values = (rng.normal(size=(200, 12)) * rng.uniform(0.1, 9, 12)).astype(np.float32)
    answers = values @ rng.normal(size=12) + rng.normal(size=200)
    model = Ridge().fit(Features(values=values), answers, labels=0, groups=np.arange(200)).model
    fit = QuantityInfluence(values, answers[:, None], penalty=model, standardise=True)  # type: ignore[arg-type]
    predicted = model.predict(Features(values=values))
    np.testing.assert_allclose(fit.raw(values)[:, 0], predicted, atol=1e-6)
