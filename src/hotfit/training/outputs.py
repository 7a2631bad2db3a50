"""What each output needs besides a model: how its scores are read, and how they are judged.

All of it is learned from held-out predictions: nothing for labels, thresholds for tags, margins
and the spread of errors for numbers.
"""

from dataclasses import dataclass

import numpy as np

from hotfit.evaluation.ranges import interval_score, margins
from hotfit.evaluation.thresholds import choose_thresholds, crossed_thresholds
from hotfit.functions.reading import Labelling, RangeReading, Reading, Spread, TagReading, bounded
from hotfit.heads import heads
from hotfit.heads.base import Trained
from hotfit.training.candidates import SPREAD
from hotfit.training.encoded import Encoded
from hotfit.types import Output, Scores

FEWEST_SPREAD = 200
"""Samples from which the error to expect is learned sample by sample."""

CLEARLY = 0.99
"""A learned spread must bring the interval score below this part of the plain one's."""


@dataclass(frozen=True, kw_only=True)
class Read:
    """How scores become answers, and the thresholds (n, k) that judging tags needs.

    Judging asks what the model can tell, so it takes those of the best F1 whatever the goal.
    """

    reading: Reading
    thresholds: Scores | None = None


def learn_reading(encoded: Encoded, trained: Trained) -> Read:
    """Learn from held-out predictions how the scores of `trained` are read."""
    return _LEARNERS[encoded.material.output](encoded, trained)


def _labelling(encoded: Encoded, _trained: Trained) -> Read:
    return Read(reading=Labelling(labels=encoded.material.labels))


def _tags(encoded: Encoded, trained: Trained) -> Read:
    material, goal = encoded.material, encoded.material.goal
    tags = material.targets.astype(np.int8)
    reading = TagReading(
        labels=material.labels, thresholds=choose_thresholds(tags, trained.held_out, goal)
    )
    crossed = crossed_thresholds(tags, trained.held_out, encoded.groups)
    return Read(reading=reading, thresholds=crossed)


def _range(encoded: Encoded, trained: Trained) -> Read:
    rows = encoded.judged
    truth, held_out = encoded.material.quantities(), trained.held_out
    assert truth is not None
    everywhere = np.ones(len(truth))
    choices: list[tuple[Spread | None, Scores]] = [(None, everywhere)]
    if len(rows) >= FEWEST_SPREAD:
        choices.append(_learn_spread(encoded, truth - held_out))
    readings, scores = [], []
    for spread, expected in choices:
        found = margins(truth[rows], held_out[rows], expected[rows], encoded.groups[rows])
        reading = RangeReading(
            low=found.low,
            high=found.high,
            floor=0.0 if truth.min() >= 0 else -np.inf,
            spread=spread,
        )
        readings.append(reading)
        low, high = reading.around(held_out[rows], expected[rows])
        scores.append(interval_score(truth[rows], low, high))
    return Read(reading=readings[-1] if scores[-1] < CLEARLY * scores[0] else readings[0])


def _learn_spread(encoded: Encoded, residuals: Scores) -> tuple[Spread, Scores]:
    """A head for the logarithm of the error, and what it says held out of each sample."""
    size = np.abs(residuals)
    low, high = (float(np.quantile(size[encoded.judged], share)) for share in (0.1, 0.99))
    low = max(low, 1e-3 * high, 1e-12)
    high = max(high, low)
    trained = heads.get(SPREAD[encoded.material.input]).fit(
        encoded.features, np.log(np.clip(size, low, high)), labels=0, groups=encoded.groups
    )
    spread = Spread(model=trained.model, low=low, high=high)
    return spread, bounded(trained.held_out, low, high)


_LEARNERS = {
    Output.CLASSIFICATION: _labelling,
    Output.TAGS: _tags,
    Output.NUMBER: _range,
}
