"""The points of a learning curve: what fits on parts of the samples score.

A random eighth, quarter and half are fitted, each within the next. A fit answers for all n samples,
for its own held out, for the others as they come, so that every point is judged on the same n
samples. What a point's score owes to these the others owe to them too; the step to the next point
is much surer than either. Its standard error is the jackknife's over `BLOCKS` blocks of groups
(Efron & Tibshirani 1993):
    step^2 = (B - 1) / B * sum_b (d_b - mean d)^2,  d_b the step without block b
"""

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hotfit.evaluation.intervals import HELD_OUT
from hotfit.evaluation.learning_curve import CurvePoint
from hotfit.types import Groups

Rows = NDArray[np.int64]
Answers = NDArray[Any]
"""What is said of n samples, (n, ...)."""

FRACTIONS = (0.125, 0.25, 0.5)

FEWEST = 12
"""Samples below which a part teaches nothing."""

BLOCKS = 20

LEAST = 0.3
"""Samples that a step is unsure by where no answer differs."""


def measure(
    today: Answers,
    refit: Callable[[Rows], Answers],
    score: Callable[[Answers, Rows], float],
    groups: Groups,
    *,
    spread: float,
    seed: int,
) -> tuple[CurvePoint, ...]:
    """The points of the curve, the last one that of all samples, whose fit answers `today`.

    `refit(rows)` trains on those rows alone and answers for all; `score(answers, rows)` scores the
    answers for these rows. Groups stay whole. `spread` is the standard error of today's score.
    """
    everything = np.arange(len(groups))
    end = CurvePoint(labels=len(groups), score=score(today, everything), spread=spread)
    parts = nested_parts(groups, seed=seed)
    if not parts:
        return (end,)
    said = [refit(rows) for rows in parts]
    blocks = _jackknife(groups, seed=seed)
    without = [np.array([score(one, rows) for rows in blocks]) for one in (*said, today)]
    points = [
        CurvePoint(
            labels=len(rows),
            score=score(one, everything),
            spread=max(spread, math.sqrt(HELD_OUT) * _deviation(before)),
            step=math.hypot(_deviation(before - after), LEAST / len(groups)),
        )
        for rows, one, (before, after) in zip(parts, said, pairwise(without), strict=True)
    ]
    return (*points, end)


def nested_parts(groups: Groups, *, seed: int) -> list[Rows]:
    """The rows of a random part of each of `FRACTIONS`, groups whole."""
    rank = _shuffled(groups, seed=seed)
    order = np.sort(rank)
    parts = [
        np.flatnonzero(rank <= order[round(fraction * len(groups)) - 1])
        for fraction in FRACTIONS
        if fraction * len(groups) >= FEWEST
    ]
    return [rows for rows in parts if len(rows) < len(groups)]


def _shuffled(groups: Groups, *, seed: int) -> Rows:
    """The place of each sample's group in a random order of the groups."""
    _, place = np.unique(groups, return_inverse=True)
    order: Rows = np.random.default_rng(seed).permutation(int(place.max()) + 1)
    return order[place]


def _jackknife(groups: Groups, *, seed: int) -> list[Rows]:
    """All rows but those of one block of groups, for every block."""
    block = _shuffled(groups, seed=seed) % BLOCKS
    return [np.flatnonzero(block != one) for one in np.unique(block)]


def _deviation(without: NDArray[np.float64]) -> float:
    """The jackknife's standard error, from the value without each block."""
    blocks = len(without)
    return math.sqrt((blocks - 1) / blocks * float(np.sum((without - without.mean()) ** 2)))
