"""Small tables that every head of tables is tested on."""

import numpy as np

from hotfit.types import Codes, Features


def mixed(n: int, *, seed: int = 0) -> Features:
    """Four quantities, a category of 30 codes and one of 5, one cell in ten missing."""
    rng = np.random.default_rng(seed)
    values = rng.standard_normal((n, 6)).astype(np.float32)
    values[:, 4] = rng.integers(0, 30, n)
    values[:, 5] = rng.integers(0, 5, n)
    values[rng.random((n, 6)) < 0.1] = np.nan
    return Features(values=values, categories=(0, 0, 0, 0, 30, 5))


def two_labels(features: Features, *, seed: int = 0) -> Codes:
    """Labels that a quantity and a category tell, with noise."""
    rng = np.random.default_rng(seed)
    filled = np.nan_to_num(features.values)
    score = filled[:, 0] + 2 * (filled[:, 5] == 4) + 0.5 * rng.standard_normal(len(filled))
    return np.asarray(score > 0.5, dtype=np.int64)


def four_labels(features: Features) -> Codes:
    """Labels that need two columns at once."""
    return 2 * two_labels(features) + (np.nan_to_num(features.values[:, 4]) > 15)
