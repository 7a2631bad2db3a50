"""The accuracy that no model can be seen to pass, because some labels it is judged by are wrong.

A model that is right about every true label is still counted wrong where the given label is not
the true one: ceiling = 1 - E[wrong labels] / n, with E[wrong labels] the sum over samples of the
probability that their label is wrong (`label_noise`).
"""

from dataclasses import dataclass

from hotfit.quality.suspect_label import suspect_labels
from hotfit.types import Codes, Groups, Scores, Vectors


@dataclass(frozen=True, kw_only=True)
class Ceiling:
    """The ceiling of accuracy, from 0 to 1, and the estimated number of wrong labels behind it."""

    accuracy: float
    wrong: float


def noise_ceiling(
    codes: Codes,
    held_out: Scores,
    *,
    vectors: Vectors | None = None,
    groups: Groups | None = None,
) -> Ceiling:
    """Estimate the ceiling from n labels (-1: none) and (n, k) held-out probabilities."""
    suspects = suspect_labels(codes, held_out, vectors=vectors, groups=groups)
    labelled = int((codes >= 0).sum())
    accuracy = 1 - suspects.wrong / labelled if labelled else 1.0
    return Ceiling(accuracy=accuracy, wrong=suspects.wrong)
