"""Rules of thumb that vote on labels: how often each is right, and what they say together.

    p(c | votes of i) ~ prior_c prod_f  a_f              where f votes c
                                        (1 - a_f)/(k-1)  where f votes another label

A rule that abstains says nothing. a_f starts from the gold samples (right votes + 2 of votes + 3, a
Beta prior with mean 2/3) and is refined by expectation and maximisation over all votes, where gold
answers are known and stay known: the one-coin model of Dawid and Skene 1979, as in Ratner et al.
2017. What two rules share is counted twice; correlated rules should be merged.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hotfit.evaluation.intervals import wilson
from hotfit.types import Codes, Scores

ABSTAIN = -1
"""Vote of a rule that says nothing of a sample."""

ROUNDS = 30
PRIOR_RIGHT, PRIOR_ALL = 2.0, 3.0
LEAST, MOST = 0.05, 0.99


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What is known of one rule: shares of samples, and its accuracy with a 95 % range.

    `judged` counts its votes on gold samples; `accuracy` is None where it never votes.
    """

    name: str
    votes: int
    coverage: float
    judged: int
    accuracy: float | None
    low: float | None
    high: float | None
    conflicts: float


@dataclass(frozen=True, kw_only=True)
class Combined:
    """What m rules say of n samples; `scores` (n, k) are soft labels, `voted` (n,) who has any."""

    rules: tuple[Rule, ...]
    scores: Scores = field(repr=False)
    voted: NDArray[np.bool_] = field(repr=False)


def combine(votes: Codes, gold: Codes, *, labels: int, names: Sequence[str]) -> Combined:
    """Weigh `votes` (n, m), label indices or ABSTAIN, by how right they are.

    `gold` (n,) are the true labels where they are known, else ABSTAIN.
    """
    known = gold >= 0
    right = np.array([_right(votes[:, rule], gold) for rule in range(votes.shape[1])]).reshape(
        -1, 2
    )
    accuracy = (right[:, 0] + PRIOR_RIGHT) / (right[:, 1] + PRIOR_ALL)
    prior = (np.bincount(gold[known], minlength=labels) + 1) / (known.sum() + labels)
    voted: NDArray[np.bool_] = np.asarray((votes >= 0).any(axis=1))
    scores = _posterior(votes, accuracy, prior, labels)
    for _ in range(ROUNDS):
        scores[known] = np.eye(labels)[gold[known]]
        moved = _accuracy(votes, scores)
        scores = _posterior(votes, moved, prior, labels)
        if np.abs(moved - accuracy).max(initial=0.0) < 1e-4:
            break
        accuracy = moved
    rules = tuple(
        _rule(name, votes, rule, accuracy[rule], right[rule]) for rule, name in enumerate(names)
    )
    return Combined(rules=rules, scores=scores, voted=voted)


def _right(vote: Codes, gold: Codes) -> tuple[float, float]:
    """Right votes and votes of a rule on gold samples."""
    judged = (vote >= 0) & (gold >= 0)
    return float((vote[judged] == gold[judged]).sum()), float(judged.sum())


def _posterior(
    votes: Codes, accuracy: NDArray[np.float64], prior: NDArray[np.float64], labels: int
) -> Scores:
    """What all votes say of each sample, (n, k)."""
    logits = np.tile(np.log(prior), (len(votes), 1))
    for rule, right in enumerate(accuracy):
        rows = np.flatnonzero(votes[:, rule] >= 0)
        wrong = (1 - right) / max(labels - 1, 1)
        logits[rows, votes[rows, rule]] += np.log(right / max(wrong, 1e-9))
    logits -= logits.max(axis=1, keepdims=True)
    weights = np.exp(logits)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _accuracy(votes: Codes, scores: Scores) -> NDArray[np.float64]:
    """How often each rule agrees with what is believed, with the prior."""
    found = []
    for rule in range(votes.shape[1]):
        rows = np.flatnonzero(votes[:, rule] >= 0)
        agreed = float(scores[rows, votes[rows, rule]].sum())
        found.append((agreed + PRIOR_RIGHT) / (len(rows) + PRIOR_ALL))
    return np.clip(np.array(found, dtype=np.float64), LEAST, MOST)


def _rule(name: str, votes: Codes, rule: int, accuracy: float, right: NDArray[np.float64]) -> Rule:
    own = votes[:, rule]
    spoke = own >= 0
    others = np.delete(votes, rule, axis=1)
    against = spoke & ((others >= 0) & (others != own[:, None])).any(axis=1)
    count = int(spoke.sum())
    hits, judged = right
    reach = wilson(hits / judged, judged) if judged else None
    return Rule(
        name=name,
        votes=count,
        coverage=count / max(len(own), 1),
        judged=int(judged),
        accuracy=float(accuracy) if count else None,
        low=None if reach is None else reach.low,
        high=None if reach is None else reach.high,
        conflicts=float(against.sum() / max(count, 1)),
    )
