"""The trivial answer every head must beat: always the most frequent label, or the mean."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotfit.evaluation.metrics import micro_f1
from hotfit.types import Codes, Scores


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """What always answering the same would score.

    `says` names the answer; `score` is accuracy, micro F1 or R2, as the verdict's metric;
    `error` is the mean absolute error of the mean, for Number, else 0.
    """

    says: str
    score: float
    error: float = 0.0


def most_frequent(targets: Codes, names: Sequence[str]) -> Baseline:
    """Always the most frequent label."""
    counts = np.bincount(targets, minlength=len(names))
    return Baseline(says=names[int(counts.argmax())], score=float(counts.max() / len(targets)))


def frequent_tags(targets: NDArray[np.int8], names: Sequence[str]) -> Baseline:
    """Always the set of most frequent tags with the best micro F1."""
    true = targets == 1
    order = np.argsort(-true.sum(axis=0), kind="stable")
    best = Baseline(says="", score=0.0)
    said = np.zeros(true.shape, dtype=np.bool_)
    for place, j in enumerate(order):
        said[:, j] = targets[:, j] >= 0
        score = micro_f1(said, true)
        if score > best.score:
            best = Baseline(says=", ".join(names[i] for i in order[: place + 1]), score=score)
    return best


def mean_answer(targets: Scores) -> Baseline:
    """Always the mean: R2 is 0 by definition."""
    mean = float(targets.mean())
    says = f"{float(f'{mean:.4g}'):,.10g}"
    return Baseline(says=says, score=0.0, error=float(np.mean(np.abs(targets - mean))))
