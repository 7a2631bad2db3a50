"""The logistic head against scipy's optimum, and the choices around it."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize

from hotfit.heads.folds import grouped_folds
from hotfit.heads.logistic import (
    LogisticModel,
    fit_logistic,
    fit_tags,
    sigmoid_loss,
    softmax_loss,
)
from hotfit.types import Features


def samples(n: int, d: int, k: int, seed: int = 0) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    rng = np.random.default_rng(seed)
    codes = np.arange(n) % k
    return (rng.normal(size=(k, d))[codes] + rng.normal(size=(n, d))).astype(np.float32), codes


def optimum(
    values: NDArray[np.float32], codes: NDArray[np.int64], k: int, penalty: float
) -> NDArray[np.float64]:
    """Probabilities at the optimum, by scipy in float64."""
    x = np.hstack([values.astype(np.float64) - values.mean(axis=0), np.ones((len(values), 1))])
    truth = np.eye(k)[codes]
    shrink = np.full((x.shape[1], 1), penalty)
    shrink[-1] = 1e-3

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(x.shape[1], k)
        logits = x @ weights
        logits -= logits.max(axis=1, keepdims=True)
        p = np.exp(logits)
        p /= p.sum(axis=1, keepdims=True)
        value = -np.log(p[truth == 1]).sum() + 0.5 * (shrink * weights**2).sum()
        return float(value), (x.T @ (p - truth) + shrink * weights).ravel()

    found = minimize(loss, np.zeros(x.shape[1] * k), jac=True, method="L-BFGS-B", tol=1e-12)
    logits = x @ found.x.reshape(x.shape[1], k)
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(p / p.sum(axis=1, keepdims=True))


@pytest.mark.parametrize(("n", "d", "k"), [(90, 5, 3), (60, 100, 4), (80, 8, 2)])
@pytest.mark.parametrize("loose", [1.0, 30.0])
def test_the_fit_is_the_optimum_up_to_calibration(n: int, d: int, k: int, loose: float) -> None:
    values, codes = samples(n, d, k)
    trained = fit_logistic(values, codes, k, np.arange(n), looseness=[loose], tolerance=1e-9)
    model = trained.model
    assert isinstance(model, LogisticModel)
    centred = values - values.mean(axis=0)
    expected = np.log(optimum(values, codes, k, float((centred**2).sum()) / n / loose))
    found = np.log(model.predict(Features(values=values)))
    expected -= expected.mean(axis=1, keepdims=True)
    found -= found.mean(axis=1, keepdims=True)
    temperature = (found * expected).sum() / (expected**2).sum()
    assert np.abs(found / temperature - expected).max() < 0.02 * np.abs(expected).max()


@pytest.mark.parametrize("tags", [False, True])
def test_losses_have_the_derivative_they_state(*, tags: bool) -> None:
    rng = np.random.default_rng(0)
    logits = (rng.normal(size=(6, 4)) * 3).astype(np.float32)
    truth = rng.integers(-1, 2, (6, 4)).astype(np.int8) if tags else rng.integers(0, 4, 6)
    link = sigmoid_loss if tags else softmax_loss
    _, slope = link(logits.copy(), truth)
    for place in [(0, 0), (3, 2), (5, 3)]:
        moved = logits.copy()
        moved[place] += 0.01
        change = (link(moved, truth)[0] - link(logits.copy(), truth)[0]) / 0.01
        assert change == pytest.approx(slope[place], abs=0.01)


def test_tags_not_stated_do_not_count_as_absent() -> None:
    rng = np.random.default_rng(1)
    values = rng.normal(size=(400, 5)).astype(np.float32)
    tags = (values[:, :2] + 0.5 * rng.normal(size=(400, 2)) > 0).astype(np.int8)
    hidden = tags.copy()
    hidden[(tags == 1) & (rng.random(tags.shape) < 0.8)] = -1
    hidden[(tags == 0) & (rng.random(tags.shape) < 0.8)] = -1
    held_out = fit_tags(values, hidden, np.arange(400)).held_out
    assert np.abs(held_out.mean(axis=0) - tags.mean(axis=0)).max() < 0.1
    assert ((held_out > 0.5) == tags).mean() > 0.75


def test_a_tag_that_nobody_carries_is_answered_as_unlikely() -> None:
    values, codes = samples(100, 5, 2)
    tags = np.stack([codes == 1, np.zeros(100)], axis=1).astype(np.int8)
    assert fit_tags(values, tags, np.arange(100)).held_out[:, 1].max() < 0.05


def test_columns_of_very_different_units_are_learned_alike_when_standardised() -> None:
    values, codes = samples(200, 6, 2, seed=3)
    units = np.array([1e-3, 1e4, 1.0, 50.0, 1e-6, 1.0], dtype=np.float32)
    plain = fit_logistic(values, codes, 2, np.arange(200), standardise=True)
    scaled = fit_logistic(values * units + 7, codes, 2, np.arange(200), standardise=True)
    agreed = plain.held_out.argmax(axis=1) == scaled.held_out.argmax(axis=1)
    assert agreed.mean() > 0.97


def test_held_out_scores_are_calibrated_on_pure_noise() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(200, 50)).astype(np.float32)
    codes = np.arange(200) % 2
    held_out = fit_logistic(values, codes, 2, np.arange(200)).held_out
    assert held_out.max() < 0.8


def test_folds_keep_groups_whole_and_labels_spread() -> None:
    rng = np.random.default_rng(0)
    groups = np.concatenate([np.repeat(np.arange(20), 4), 100 + np.arange(120)])
    codes = rng.integers(0, 4, 200)
    folds = grouped_folds(groups, codes, folds=5)
    assert all(len(np.unique(folds[groups == g])) == 1 for g in np.unique(groups))
    share = np.array([[((folds == f) & (codes == c)).sum() for c in range(4)] for f in range(5)])
    assert (share.max(axis=0) - share.min(axis=0)).max() <= 5
    assert (folds == grouped_folds(groups, codes, folds=5)).all()


def test_there_are_never_more_folds_than_groups() -> None:
    assert set(grouped_folds(np.array([3, 3, 8]), np.array([0, 1, 0]), folds=5)) == {0, 1}


def test_renumbered_labels_make_the_same_folds() -> None:
    codes = np.random.default_rng(0).integers(0, 4, 200)
    groups = np.arange(200) // 2
    renumbered = np.array([2, 0, 3, 1])[codes]
    assert (
        grouped_folds(groups, codes, folds=5) == grouped_folds(groups, renumbered, folds=5)
    ).all()
