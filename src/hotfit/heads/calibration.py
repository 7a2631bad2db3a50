"""Turn raw scores into probabilities that mean what they say.

    p(c | i) = softmax_c( sum_m w_m F_m[i, c] )

with a few weights w fitted by Newton's method on the log loss of held-out scores. One term F is
temperature scaling (Guo et al. 2017, On Calibration of Modern Neural Networks); evidence and log
prior as two terms also correct how much the class frequencies should count. A tag is the binary
case with an intercept (Platt 1999).
"""

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from hotfit.types import Codes, Scores

ABSENT = -1e6
"""Log prior of a label that no training sample carries: its probability is 0."""

STEPS = 25
TOLERANCE = 1e-3
"""Relative change of the weights at which Newton stops; the next step would square it."""
PULL = 1e-3
"""Strength of the pull to the starting weights, in samples: weights without evidence stay."""

Floats = NDArray[np.floating[Any]]
Precision = TypeVar("Precision", bound=np.floating[Any])


def softmax(logits: NDArray[Precision]) -> NDArray[Precision]:
    """Probabilities of each row of (n, k) logits, in the precision of the input."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    np.exp(shifted, out=shifted)
    shifted /= shifted.sum(axis=1, keepdims=True)
    return np.asarray(shifted)


def log_loss(probabilities: Floats, codes: Codes) -> float:
    """Mean negative log probability of the true label, each bounded at 1e-7."""
    true = probabilities[np.arange(len(codes)), codes].astype(np.float64)
    return float(-np.log(np.maximum(true, 1e-7)).mean())


def weigh(terms: Sequence[Floats], weights: NDArray[np.float64]) -> Floats:
    """The logits sum_m w_m F_m, shape (n, k), in the precision of the first term."""
    kind = terms[0].dtype.type
    total = terms[0] * kind(weights[0])
    for term, weight in zip(terms[1:], weights[1:], strict=True):
        total += term * kind(weight)
    return total


def fit_weights(
    terms: Sequence[Floats], codes: Codes, *, start: NDArray[np.float64], low: float = 1e-3
) -> NDArray[np.float64]:
    """Fit the weights of `terms`, each (n, k), to held-out truth; every weight is at least `low`.

    Damped Newton steps on a convex loss; a weight at its bound stays there while the loss asks.
    """
    weights = np.maximum(start, low).astype(np.float64)
    if len(codes) == 0:
        return weights
    for _ in range(STEPS):
        value, gradient, hessian = _derivatives(terms, codes, weights, start)
        free = np.flatnonzero((weights > low) | (gradient < 0))
        step = np.zeros_like(weights)
        step[free] = np.linalg.solve(hessian[np.ix_(free, free)], gradient[free])
        for size in (1.0, 0.25, 0.05, 0.01):
            candidate = np.maximum(weights - size * step, low)
            if _loss(terms, codes, candidate, start) <= value:
                break
        else:
            return weights
        moved = np.abs(candidate - weights).max()
        weights = candidate
        if moved < TOLERANCE * weights.max():
            break
    return weights


def _loss(
    terms: Sequence[Floats],
    codes: Codes,
    weights: NDArray[np.float64],
    start: NDArray[np.float64],
) -> float:
    logits = weigh(terms, weights)
    top = logits.max(axis=1)
    total = np.log(np.exp(logits - top[:, None]).sum(axis=1, dtype=np.float64)) + top
    fit = float((total - logits[np.arange(len(codes)), codes]).sum())
    return fit + 0.5 * PULL * float(((weights - start) ** 2).sum())


def _derivatives(
    terms: Sequence[Floats],
    codes: Codes,
    weights: NDArray[np.float64],
    start: NDArray[np.float64],
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    p = softmax(weigh(terms, weights))
    rows = np.arange(len(codes))
    means = np.stack([np.einsum("nk,nk->n", p, term) for term in terms]).astype(np.float64)
    true = np.stack([term[rows, codes] for term in terms]).astype(np.float64)
    gradient = (means - true).sum(axis=1) + PULL * (weights - start)
    hessian = -means @ means.T
    for a, first in enumerate(terms):
        weighted = p * first
        for b in range(a, len(terms)):
            hessian[a, b] += float(np.einsum("nk,nk->n", weighted, terms[b]).sum(dtype=np.float64))
            hessian[b, a] = hessian[a, b]
    hessian[np.diag_indices(len(terms))] += PULL
    value = _loss(terms, codes, weights, start)
    return value, gradient, hessian


def as_scores(logits: Floats) -> Scores:
    """Probabilities in float64 whose rows sum to 1."""
    return np.asarray(softmax(logits.astype(np.float64)), dtype=np.float64)


def sigmoid(logits: NDArray[Precision]) -> NDArray[Precision]:
    """1 / (1 + exp(-logits)) without overflow."""
    size = np.exp(-np.abs(logits))
    return np.asarray(np.where(logits >= 0, 1, size) / (1 + size))


def fit_slope(logits: Floats, tags: NDArray[np.int8]) -> float:
    """One slope for all tags (n, k) by Newton on the log loss of the stated ones."""
    stated = tags >= 0
    x = logits[stated].astype(np.float64)
    y = tags[stated].astype(np.float64)
    slope = 1.0
    for _ in range(STEPS):
        p = sigmoid(slope * x)
        gradient = float(x @ (p - y)) + PULL * (slope - 1)
        hessian = float((x * x) @ (p * (1 - p))) + PULL
        step = gradient / hessian
        slope = float(np.clip(slope - step, 0.5 * slope, 2 * slope))
        if abs(step) < TOLERANCE * slope:
            break
    return slope
