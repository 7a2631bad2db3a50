"""Answers and scores with a known amount of signal."""

import numpy as np
from numpy.typing import NDArray

from hotfit.types import Codes, Groups, Scores


def classes(
    n: int, k: int, *, signal: float, seed: int = 0, shares: NDArray[np.float64] | None = None
) -> tuple[Codes, Scores]:
    """Label codes and calibrated probabilities of k labels, `signal` apart."""
    rng = np.random.default_rng(seed)
    shares = np.full(k, 1 / k) if shares is None else shares
    codes = rng.choice(k, n, p=shares).astype(np.int64)
    logits = rng.normal(size=(n, k))
    logits[np.arange(n), codes] += signal
    odds = np.exp(logits * signal) * shares
    return codes, odds / odds.sum(axis=1, keepdims=True)


def alone(n: int) -> Groups:
    """Every sample its own group."""
    return np.arange(n, dtype=np.int64)
