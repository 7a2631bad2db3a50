"""Made-up labelled worlds with known mistakes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotfit.types import Codes, Scores, Vectors


@dataclass(frozen=True)
class World:
    """Vectors, labels as given, honest probabilities, and which labels are wrong."""

    vectors: Vectors
    codes: Codes
    held_out: Scores
    wrong: NDArray[np.bool_]


def world(
    *, n: int = 1500, k: int = 4, rate: float = 0.08, spread: float = 0.9, seed: int = 0
) -> World:
    """Draw k round clouds, the last two overlapping, and mislabel a share of the samples.

    The probabilities are those of the true clouds, softened as a calibrated model's would be by
    the mistakes.
    """
    rng = np.random.default_rng(seed)
    centres = 3.0 * np.eye(k, 8)
    centres[k - 1] = centres[k - 2] + 0.5
    true = rng.integers(0, k, n)
    points = centres[true] + spread * rng.normal(size=(n, 8))
    logits = -0.5 * ((points[:, None] - centres) ** 2).sum(axis=2) / spread**2
    clean = np.exp(logits - logits.max(axis=1, keepdims=True))
    clean /= clean.sum(axis=1, keepdims=True)
    wrong = rng.random(n) < rate
    codes = np.where(wrong, (true + rng.integers(1, k, n)) % k, true)
    return World(
        vectors=points.astype(np.float32),
        codes=codes.astype(np.int64),
        held_out=(1 - rate) * clean + rate / k,
        wrong=wrong,
    )
