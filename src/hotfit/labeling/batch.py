"""What is handed out to be labelled, and what labelling it is worth.

The expected gain is the usual learning curve (`evaluation.learning_curve`) through one point: the
answers known, and how sure the head is of the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotfit.evaluation.learning_curve import CurvePoint, fit_curve, usual_rate

WORTH = 0.005
"""Share of right answers that doubling the labels must add; below it, labelling may stop."""

ENOUGH = 100
"""Answers below which stopping is never advised, and A_LABEL times as many as there are labels."""

A_LABEL = 10

LITTLE = 0.1
"""Points below which a gain is not told."""


@dataclass(frozen=True, kw_only=True)
class Pick:
    """A sample to label next; `scores` (k,) is what is known of it, None before anything is."""

    row: int
    reason: str
    scores: NDArray[np.float64] | None


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What to label next.

    `gain` is the share of right answers that labelling the batch is expected to add, None while
    nothing can be said; `stop` says that more labels are hardly worth their while.
    """

    picks: tuple[Pick, ...]
    gain: float | None
    stop: bool
    sentence: str


def nothing_left() -> Batch:
    """The batch of a pool in which every sample has an answer."""
    return Batch(picks=(), gain=0.0, stop=True, sentence="Every sample has an answer.")


def unjudged(picks: Sequence[Pick]) -> Batch:
    """A batch before there is a head that could tell what it is worth."""
    these = "this one: it stands" if len(picks) == 1 else f"these {len(picks)}: they stand"
    sentence = f"Label {these} for the most of what is unlabelled."
    return Batch(picks=tuple(picks), gain=None, stop=False, sentence=sentence)


def judged(picks: Sequence[Pick], *, error: float, known: int, labels: int) -> Batch:
    """A batch with what it is worth, where `error` is how unsure the head is after `known`."""
    error = float(np.clip(error, 1e-4, 1))
    known = max(known, 1)
    rate = usual_rate(known, answers=labels, table=False)
    curve = fit_curve([CurvePoint(labels=known, score=1 - error, spread=0.02)], rate=rate)
    gain = error * curve.gain((known + len(picks)) / known)
    enough = known >= max(ENOUGH, A_LABEL * labels)
    stop = enough and error * curve.gain(2) < WORTH
    these = "this one" if len(picks) == 1 else f"these {len(picks)}"
    points = f"under {LITTLE} points" if 100 * gain < LITTLE else f"about {100 * gain:.1f} points"
    sentence = (
        f"Labelling {these} would add {points}."
        if not stop
        else f"You can stop: twice the labels would add under {100 * WORTH:.1f} points."
    )
    return Batch(picks=tuple(picks), gain=gain, stop=stop, sentence=sentence)
