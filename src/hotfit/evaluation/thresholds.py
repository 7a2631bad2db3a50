"""From which score on a tag is present, chosen on held-out scores for a stated goal.

F1            argmax_t 2 TP / (2 TP + FP + FN). The best threshold of few positives is mostly luck
              (Lipton et al. 2014), so that of a tag with p positives counts p / (p + 100); the rest
              is the threshold from which on g p samples have the tag, with the g of the best mean
              F1 over all tags. Both are weighed as log odds.
precision m   the lowest threshold from which on TP / (TP + FP) >= m, of those above the goal's own
              luck: its lower 80 % confidence bound (Wilson 1927) is held, so that new samples keep
              the promise more often than not
recall m      the highest threshold with TP / (TP + FN) >= m, by the same bound

A tag that cannot keep its goal is never present (precision) or always (recall); one that no sample
has is never present.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotfit.types import Groups, Scores

Tags = NDArray[np.int8]

NEVER = 1.01
"""A threshold above every probability."""

SHRINK = 100
"""Positives at which a tag's own best threshold counts as much as that of all tags."""

RATES = np.geomspace(0.3, 4, 16)
"""Tags said, in units of the tags that are there, that are tried for all tags at once."""

EDGE = 1e-6
CONFIDENCE = 0.8416212
"""Standard errors of the one-sided 80 % bound."""


@dataclass(frozen=True, kw_only=True)
class Goal:
    """What thresholds are for: the least precision or recall wanted, from 0 to 1, else F1."""

    min_precision: float | None = None
    min_recall: float | None = None


def choose_thresholds(targets: Tags, scores: Scores, goal: Goal | None = None) -> Scores:
    """Thresholds (k,) for tags (n, k) as 1, 0, -1 not stated, and their held-out scores (n, k).

    With both a least precision and a least recall asked, precision is held and recall is as high
    as it then can be.
    """
    curves = [_Curve.of(targets[:, tag], scores[:, tag]) for tag in range(targets.shape[1])]
    goal = goal or Goal()
    if goal.min_precision is not None:
        return np.array([_for_precision(curve, goal.min_precision) for curve in curves])
    if goal.min_recall is not None:
        return np.array([_for_recall(curve, goal.min_recall) for curve in curves])
    shared = _shared(curves)
    return np.array([_for_f1(curve, shared) for curve in curves])


def crossed_thresholds(
    targets: Tags, scores: Scores, groups: Groups, goal: Goal | None = None
) -> Scores:
    """Thresholds (n, k) for each sample from the other half of the groups.

    What they score is what `choose_thresholds` brings on samples it has not seen.
    """
    _, place = np.unique(groups, return_inverse=True)
    half = np.random.default_rng(0).permutation(int(place.max()) + 1)[place] % 2
    answer: Scores = np.empty(scores.shape)
    for side in (0, 1):
        rest = half != side
        rows = rest if rest.any() else ~rest
        answer[half == side] = choose_thresholds(targets[rows], scores[rows], goal)
    return answer


@dataclass(frozen=True, kw_only=True)
class _Curve:
    """Candidates of one tag, falling; `hits` of `said` are right at each; `positives` in all."""

    thresholds: Scores
    hits: Scores
    said: Scores
    positives: int

    @staticmethod
    def of(targets: NDArray[np.int8], scores: Scores) -> "_Curve":
        stated = targets >= 0
        true, ranked = targets[stated] == 1, scores[stated]
        order = np.argsort(-ranked, kind="stable")
        true, ranked = true[order], ranked[order]
        last = np.append(ranked[1:] < ranked[:-1], True) if len(ranked) else np.zeros(0, dtype=bool)
        below = np.append(ranked[1:], 0.0) if len(ranked) else ranked
        return _Curve(
            thresholds=((ranked + below) / 2)[last],
            hits=np.cumsum(true)[last].astype(np.float64),
            said=np.arange(1, len(true) + 1)[last].astype(np.float64),
            positives=int(true.sum()),
        )

    def f1(self) -> Scores:
        return np.asarray(2 * self.hits / (self.said + self.positives))

    def at(self, rate: float) -> int:
        """The place from which on `rate` times as many samples as have the tag are said to."""
        place = int(np.searchsorted(self.said, rate * self.positives))
        return min(place, len(self.said) - 1)


def _for_f1(curve: _Curve, rate: float) -> float:
    if curve.positives == 0:
        return NEVER
    weight = curve.positives / (curve.positives + SHRINK)
    own = curve.thresholds[int(np.argmax(curve.f1()))]
    odds = weight * _odds(own) + (1 - weight) * _odds(curve.thresholds[curve.at(rate)])
    return float(1 / (1 + np.exp(-odds)))


def _odds(threshold: float) -> float:
    kept = min(max(threshold, EDGE), 1 - EDGE)
    return float(np.log(kept / (1 - kept)))


def _shared(curves: list[_Curve]) -> float:
    """The one rate of tags said to tags there with the best mean F1 of all tags."""
    known = [curve for curve in curves if curve.positives]
    totals = [sum(curve.f1()[curve.at(rate)] for curve in known) for rate in RATES]
    return float(RATES[int(np.argmax(totals))])


def _for_precision(curve: _Curve, least: float) -> float:
    kept = np.flatnonzero(surely(curve.hits, curve.said) >= least)
    return float(curve.thresholds[kept[-1]]) if len(kept) else NEVER


def _for_recall(curve: _Curve, least: float) -> float:
    reached = surely(curve.hits, np.full(len(curve.hits), float(curve.positives)))
    kept = np.flatnonzero(reached >= least)
    return float(curve.thresholds[kept[0]]) if len(kept) and curve.positives else 0.0


def surely(hits: Scores, trials: Scores) -> Scores:
    """The lower bound of the share `hits` of `trials`, one-sided at 80 % (Wilson 1927)."""
    n = np.maximum(trials, 1)
    share, z = hits / n, CONFIDENCE
    middle = share + z * z / (2 * n)
    spread = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return np.asarray((middle - spread) / (1 + z * z / n))
