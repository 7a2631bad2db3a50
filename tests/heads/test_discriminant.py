"""The closed forms of the discriminant head against naive refits."""

import numpy as np
import pytest
from numpy.typing import NDArray

from hotfit.heads.discriminant import PENALTIES, Choice, Discriminant, fit_discriminant
from hotfit.types import Codes, Features, Groups


def naive_held_out(
    values: NDArray[np.float64],
    codes: Codes,
    labels: int,
    groups: Groups,
    penalty: float,
    weights: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Refit without each group, from scratch, in float64."""
    answer = np.zeros((len(codes), labels))
    for group in np.unique(groups):
        left, out = groups != group, groups == group
        x, y = values[left], codes[left]
        counts = np.bincount(y, minlength=labels)
        means = np.stack([x[y == c].mean(axis=0) if counts[c] else x[0] for c in range(labels)])
        residuals = x - means[y]
        inverse = np.linalg.inv(residuals.T @ residuals + penalty * np.eye(x.shape[1]))
        delta = values[out][:, None] - means
        distance = np.einsum("nkd,de,nke->nk", delta, inverse, delta)
        logits = -weights[0] * len(x) / 2 * distance
        with np.errstate(divide="ignore"):
            logits = logits + np.where(counts > 0, weights[1] * np.log(counts), -np.inf)
        logits -= logits.max(axis=1, keepdims=True)
        answer[out] = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return answer


def fixed(penalty: float) -> Choice:
    return Choice(penalty=penalty, weights=np.array([0.5, 0.8]))


def problem(
    seed: int, n: int = 60, d: int = 8, k: int = 3
) -> tuple[NDArray[np.float32], Codes, NDArray[np.float64]]:
    rng = np.random.default_rng(seed)
    codes = np.arange(n) % k
    means = rng.normal(size=(k, d))
    values = (means[codes] + rng.normal(size=(n, d)) + 5).astype(np.float32)
    return values, codes.astype(np.int64), means


def grouping(kind: str, n: int) -> Groups:
    if kind == "none":
        return np.arange(n)
    if kind == "pairs":
        return np.arange(n) // 2
    if kind == "mixed":
        return np.concatenate([np.zeros(4), np.ones(7), np.arange(n - 11) // 2 + 2]).astype(int)
    return np.concatenate([np.zeros(12), np.ones(15), np.arange(n - 27) + 2]).astype(np.int64)


@pytest.mark.parametrize("kind", ["none", "pairs", "mixed", "large"])
@pytest.mark.parametrize("penalty", [0.01, 1.0, 30.0, 1000.0])
@pytest.mark.parametrize("d", [3, 8, 100])
def test_held_out_equals_a_refit_without_the_group(kind: str, penalty: float, d: int) -> None:
    values, codes, _ = problem(d, d=d)
    groups = grouping(kind, len(codes))
    trained, choice = fit_discriminant(values, codes, 3, groups, choice=fixed(penalty))
    expected = naive_held_out(
        values.astype(np.float64), codes, 3, groups, choice.penalty, choice.weights
    )
    assert np.abs(trained.held_out - expected).max() < 2e-3


def test_held_out_is_exact_where_a_class_has_one_or_two_samples() -> None:
    values, codes, _ = problem(1)
    codes = np.concatenate([np.minimum(codes, 1), [2, 3, 3, 4, 4, 4]])
    values = np.concatenate([values, values[:6] + 0.5])
    groups = np.arange(len(codes))
    groups[-2:] = groups[-3]
    trained, choice = fit_discriminant(values, codes, 6, groups, choice=fixed(2.0))
    expected = naive_held_out(
        values.astype(np.float64), codes, 6, groups, choice.penalty, choice.weights
    )
    assert np.abs(trained.held_out - expected).max() < 1e-4
    assert trained.held_out[60, 2] == 0
    assert (trained.held_out[:, 5] == 0).all()


def test_the_penalty_is_chosen_among_the_grid_by_held_out_loss() -> None:
    values, codes, _ = problem(2, n=90)
    _, choice = fit_discriminant(values, codes, 3, np.arange(90))
    residuals = values - np.stack([values[codes == c].mean(axis=0) for c in range(3)])[codes]
    unit = float((residuals**2).sum()) / values.shape[1]
    assert min(abs(choice.penalty / unit - p) / p for p in PENALTIES) < 1e-3


def test_duplicates_with_contradictory_labels_are_not_learned_by_heart() -> None:
    rng = np.random.default_rng(0)
    values = np.repeat(rng.normal(size=(30, 5)), 2, axis=0).astype(np.float32)
    codes = np.tile([0, 1], 30).astype(np.int64)
    head = Discriminant()
    groups = np.arange(60) // 2
    trained = head.fit(Features(values=values), codes, labels=2, groups=groups)
    assert np.abs(trained.held_out - 0.5).max() < 0.2
