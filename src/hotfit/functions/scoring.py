"""Scoring a trained function on examples it has not seen."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from hotfit.evaluation.judge import score
from hotfit.evaluation.metrics import Truth
from hotfit.evaluation.ranges import share_within
from hotfit.evaluation.thresholds import NEVER
from hotfit.functions.reading import RangeReading, TagReading
from hotfit.functions.trained import TrainedFunction
from hotfit.types import Data, Groups, Label, Output, Scores


def score_on(
    function: TrainedFunction,
    data: Sequence[Data],
    answers: Sequence[Label],
    *,
    groups: Groups | None = None,
) -> dict[str, Any]:
    """Score `function` on n samples with true answers; JSON keys as `hotfit evaluate` prints.

    A label the function does not know counts as missed; it stands in `per_label` with the others.
    """
    features = function.representation.features(data)
    predicted = function.model.predict(features)
    if isinstance(function.reading, RangeReading):
        truth = np.array(answers, dtype=np.float64)
        values = function.reading.values(predicted)
        low, high = function.reading.ranges(predicted, features)
        return {
            **score(function.output, truth, values, (), groups=groups),
            "in_range": share_within(truth, low, high),
            "mean_range": float(np.mean(high - low)),
        }
    names = list(function.labels)
    stated = [(answer,) if isinstance(answer, str) else tuple(answer) for answer in answers]  # type: ignore[arg-type]
    names += sorted({name for each in stated for name in each} - set(names))
    widened: Scores = np.zeros((len(predicted), len(names)))
    widened[:, : predicted.shape[1]] = predicted
    return score(
        function.output,
        _truth(function.output, stated, names),
        widened,
        names,
        groups=groups,
        thresholds=_thresholds(function, len(names)),
    )


def _thresholds(function: TrainedFunction, names: int) -> Scores | None:
    """The function's own thresholds; tags that it does not know are never present."""
    if not isinstance(function.reading, TagReading):
        return None
    thresholds: Scores = np.full(names, NEVER)
    thresholds[: len(function.labels)] = function.reading.thresholds
    return thresholds


def _truth(output: Output, stated: Sequence[tuple[str, ...]], names: Sequence[str]) -> Truth:
    code = {name: place for place, name in enumerate(names)}
    if output is Output.TAGS:
        present = np.zeros((len(stated), len(names)), dtype=np.int8)
        for row, labels in enumerate(stated):
            present[row, [code[name] for name in labels]] = 1
        return present
    return np.array([code[labels[0]] for labels in stated], dtype=np.int64)
