"""Which of two heads is better, judged by the same held-out predictions.

Rightness: sign test over groups, which without groups is the exact McNemar (1947) test. A group
counts as a win where the challenger is right on more of its samples; under equality wins among the
decided groups are Binomial(1/2). Log loss (squared error for Number): one-sided t test of the mean
paired difference with cluster-robust variance. `better` allows a false alarm in `alarm` of the
comparisons of equal heads, shared evenly by the two tests (Bonferroni); the second test may decide
only where the challenger is not behind in rightness.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotfit.evaluation.intervals import FRESH, Range, group_sums, mean_range, mean_variance
from hotfit.evaluation.metrics import Truth, sample_log_loss
from hotfit.types import Groups, Output, Scores


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The challenger against the incumbent.

    `wins` and `losses` count groups where one answers better; `gain` is the mean difference of
    rightness (accuracy, cell accuracy, or explained variance) with its range; `p` is the chance to
    see as much from a challenger no better; `better` holds at the false-alarm rate `alarm`.
    """

    wins: int
    losses: int
    gain: Range
    p: float
    better: bool
    alarm: float


def compare(
    output: Output,
    targets: Truth,
    incumbent: Scores,
    challenger: Scores,
    groups: Groups,
    *,
    alarm: float = 0.05,
) -> Comparison:
    """Test whether `challenger` beats `incumbent` on the same n held-out samples."""
    right, loss = _differences(output, targets, incumbent, challenger)
    net = group_sums(np.sign(right)[:, None] if output is Output.NUMBER else right[:, None], groups)
    wins, losses = int((net > 1e-12).sum()), int((net < -1e-12).sum())
    gain = mean_range(right, groups, widening=FRESH)
    p_right = sign_test(wins, losses)
    p_loss = _t_test(loss, groups)
    if output is Output.NUMBER:
        p = p_loss
    else:
        p = min(1.0, 2 * min(p_right, p_loss if gain.estimate >= 0 else 1.0))
    return Comparison(wins=wins, losses=losses, gain=gain, p=p, better=p < alarm, alarm=alarm)


def sign_test(wins: int, losses: int) -> float:
    """P(at least `wins` of wins + losses fair coin tosses)."""
    from scipy.special import bdtrc

    if wins == 0:
        return 1.0
    return float(bdtrc(wins - 1, wins + losses, 0.5))


def _t_test(gains: Scores, groups: Groups) -> float:
    from scipy.special import stdtr

    mean = float(gains.mean())
    variance, count = mean_variance(gains - mean, groups)
    if count < 2 or variance == 0:
        return 1.0
    return float(1 - stdtr(count - 1, mean / math.sqrt(variance)))


def _differences(
    output: Output, targets: Truth, incumbent: Scores, challenger: Scores
) -> tuple[Scores, Scores]:
    """Per sample: rightness gained and loss saved by the challenger, each (n,)."""
    if output is Output.NUMBER:
        total = float(np.mean((targets - targets.mean()) ** 2)) or 1.0
        saved = ((targets - incumbent) ** 2 - (targets - challenger) ** 2) / total
        return saved, saved
    if output is Output.TAGS:
        return _tag_right(targets, challenger) - _tag_right(targets, incumbent), _tag_loss(
            targets, incumbent
        ) - _tag_loss(targets, challenger)
    codes = targets.astype(np.int64)
    before = (incumbent.argmax(axis=1) == codes).astype(np.float64)
    after = (challenger.argmax(axis=1) == codes).astype(np.float64)
    return after - before, sample_log_loss(codes, incumbent) - sample_log_loss(codes, challenger)


def _tag_right(targets: Truth, scores: Scores) -> Scores:
    stated: NDArray[np.bool_] = targets >= 0
    right = ((scores >= 0.5) == (targets == 1)) & stated
    return np.asarray(right.sum(axis=1) / np.maximum(stated.sum(axis=1), 1), dtype=np.float64)


def _tag_loss(targets: Truth, scores: Scores) -> Scores:
    given = np.where(targets == 1, scores, 1 - scores)
    loss = -np.log(np.clip(given, 1e-15, 1.0)) * (targets >= 0)
    return np.asarray(loss.mean(axis=1), dtype=np.float64)
