"""Scores of predictions against the truth.

accuracy           share of samples whose likeliest label is right
balanced accuracy  mean recall over the labels that occur in the truth
macro F1           mean over labels, in truth or prediction, of 2 TP / (2 TP + FP + FN)
log loss           mean of -log p(true label), p clipped to [1e-15, 1]
ECE                sum over equal-mass bins of share * |accuracy - mean confidence|
                   (adaptive calibration error; Nguyen & O'Connor 2015, Nixon et al. 2019)
AUC                chance that a sample of label 1 outranks one of label 0, ties half
                   (Mann & Whitney 1947)
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotfit.types import Codes, Scores

Truth = Codes | NDArray[np.int8] | NDArray[np.float64]
"""True answers of n samples: label index (n,); tags (n, k) as 1, 0, -1 not stated; number (n,)."""

Counts = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class LabelScore:
    """How one label fares: `n` true samples, and precision, recall and F1 from 0 to 1."""

    n: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, kw_only=True)
class Confusion:
    """`n` samples of `true` were answered as `predicted`."""

    true: str
    predicted: str
    n: int


def ratio(top: Counts, bottom: Counts) -> Counts:
    """Divide, and answer 0 where the bottom is 0."""
    return np.divide(top, bottom, out=np.zeros_like(top, dtype=np.float64), where=bottom > 0)


def label_counts(targets: Codes, predicted: Codes, k: int) -> tuple[Counts, Counts, Counts]:
    """Count true positives, predictions and true samples per label, each (k,)."""
    hits = np.bincount(targets[targets == predicted], minlength=k).astype(np.float64)
    said = np.bincount(predicted, minlength=k).astype(np.float64)
    true = np.bincount(targets, minlength=k).astype(np.float64)
    return hits, said, true


def per_label(
    hits: Counts, said: Counts, true: Counts, names: Sequence[str]
) -> dict[str, LabelScore]:
    """Precision, recall and F1 per label name from counts, each (k,)."""
    precision, recall, f1 = ratio(hits, said), ratio(hits, true), ratio(2 * hits, said + true)
    return {
        name: LabelScore(
            n=int(true[i]), precision=float(precision[i]), recall=float(recall[i]), f1=float(f1[i])
        )
        for i, name in enumerate(names)
    }


def accuracy(targets: Codes, scores: Scores) -> float:
    """Share of samples whose likeliest label is the true one."""
    return float(np.mean(scores.argmax(axis=1) == targets))


def balanced_accuracy(targets: Codes, scores: Scores) -> float:
    """Mean recall over the labels that occur in `targets`."""
    hits, _, true = label_counts(targets, scores.argmax(axis=1), scores.shape[1])
    return float(np.mean(hits[true > 0] / true[true > 0]))


def macro_f1(targets: Codes, scores: Scores) -> float:
    """Mean F1 over the labels that occur in the truth or among the answers."""
    hits, said, true = label_counts(targets, scores.argmax(axis=1), scores.shape[1])
    return float(np.mean(ratio(2 * hits, said + true)[said + true > 0]))


def sample_log_loss(targets: Codes, scores: Scores) -> Scores:
    """-log of the probability given to the true label, (n,); rows are scaled to sum to 1."""
    chosen = scores[np.arange(len(targets)), targets] / np.maximum(scores.sum(axis=1), 1e-300)
    return np.asarray(-np.log(np.clip(chosen, 1e-15, 1.0)), dtype=np.float64)


def log_loss(targets: Codes, scores: Scores) -> float:
    """Mean of -log of the probability given to the true label."""
    return float(np.mean(sample_log_loss(targets, scores)))


def calibration_error(targets: Codes, scores: Scores, *, bins: int = 15) -> float:
    """Expected gap between confidence and accuracy over `bins` bins of equal mass.

    Fewer than 20 samples a bin would measure noise, so small sets get fewer bins.
    """
    n = len(targets)
    confidence = scores.max(axis=1)
    gap = (scores.argmax(axis=1) == targets) - confidence
    parts = np.array_split(gap[np.argsort(confidence, kind="stable")], max(1, min(bins, n // 20)))
    return float(sum(abs(part.sum()) for part in parts) / n)


def ranking(positive: NDArray[np.bool_], scores: Scores) -> float:
    """AUC: the chance that a positive sample outranks a negative one, ties counted half.

    NaN where one side is empty.
    """
    n1 = int(positive.sum())
    n0 = len(positive) - n1
    if n1 == 0 or n0 == 0:
        return float("nan")
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]
    return float((ranks[positive].sum() - n1 * (n1 + 1) / 2) / (n1 * n0))


def confusions(
    targets: Codes, scores: Scores, names: Sequence[str], *, most: int = 10
) -> tuple[Confusion, ...]:
    """The pairs of labels taken for one another most often, most frequent first."""
    k = scores.shape[1]
    predicted = scores.argmax(axis=1)
    wrong = predicted != targets
    pairs, counts = np.unique(targets[wrong] * k + predicted[wrong], return_counts=True)
    order = np.argsort(-counts, kind="stable")[:most]
    return tuple(
        Confusion(
            true=names[int(pairs[i]) // k], predicted=names[int(pairs[i]) % k], n=int(counts[i])
        )
        for i in order
    )


def tag_counts(
    targets: NDArray[np.int8], scores: Scores, thresholds: Scores
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where a tag was said and where it is true, both (n, k), cells not stated being neither."""
    stated = targets >= 0
    return (scores >= thresholds) & stated, targets == 1


def micro_f1(said: NDArray[np.bool_], true: NDArray[np.bool_]) -> float:
    """2 TP / (2 TP + FP + FN) over all cells."""
    total = int(said.sum() + true.sum())
    return float(2 * (said & true).sum() / total) if total else 0.0


def r2(targets: Scores, predicted: Scores) -> float:
    """1 - residual / total sum of squares; 0 where the targets do not vary."""
    total = float(np.sum((targets - targets.mean()) ** 2))
    return 1 - float(np.sum((targets - predicted) ** 2)) / total if total > 0 else 0.0


def mae(targets: Scores, predicted: Scores) -> float:
    """Mean absolute error, in the unit of the target."""
    return float(np.mean(np.abs(targets - predicted)))


def rmse(targets: Scores, predicted: Scores) -> float:
    """Root of the mean squared error, in the unit of the target."""
    return float(np.sqrt(np.mean((targets - predicted) ** 2)))
