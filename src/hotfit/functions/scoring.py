"""Scoring a trained function on examples it has not seen."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hotfit.evaluation.judge import score
from hotfit.evaluation.metrics import Truth
from hotfit.evaluation.ranges import share_within
from hotfit.evaluation.thresholds import NEVER
from hotfit.functions.reading import RangeReading, TagReading
from hotfit.functions.trained import TrainedFunction
from hotfit.quality.far_off import far_off
from hotfit.types import Data, Features, Groups, Label, Output, Scores, label_names


def score_on(
    function: TrainedFunction,
    data: Sequence[Data],
    answers: Sequence[Label],
    *,
    groups: Groups | None = None,
    apart: NDArray[np.bool_] | None = None,
) -> dict[str, Any]:
    """Score `function` on n samples with true answers; JSON keys as `hotfit evaluate` prints.

    A label the function does not know counts as missed; it stands in `per_label` with the others.
    Where quantities are too far off to be true, `left_out` counts them; `r2_of_all` is with them.
    `apart` (n,) marks the samples that are not learned from: the score of these stands in `apart`,
    null where there are none, beside the number of the others, `also_learned`.
    """
    features = function.representation.features(data)
    predicted = function.model.predict(features)
    whole = _score(function, features, predicted, answers, groups)
    if apart is None or apart.all():
        return whole
    rows = np.flatnonzero(apart)
    alone = None
    if len(rows):
        told = [answers[row] for row in rows.tolist()]
        tied = None if groups is None else groups[rows]
        alone = _score(function, features[rows], predicted[rows], told, tied)
    return {**whole, "also_learned": len(apart) - len(rows), "apart": alone}


def _score(
    function: TrainedFunction,
    features: Features,
    predicted: Scores,
    answers: Sequence[Label],
    groups: Groups | None,
) -> dict[str, Any]:
    if isinstance(function.reading, RangeReading):
        truth = np.array(answers, dtype=np.float64)
        low, high = function.reading.ranges(predicted, features)
        return _quantities(function.reading.values(predicted), low, high, truth, groups)
    names = list(function.labels)
    stated = [label_names(answer) for answer in answers]
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


def _quantities(
    values: Scores, low: Scores, high: Scores, truth: Scores, groups: Groups | None
) -> dict[str, Any]:
    """Score n quantities and their ranges; those too far off to be true are only counted.

    A version is judged without such quantities, so what it promised is for the others.
    """
    rows = np.flatnonzero(~far_off(truth))
    if groups is None:
        groups = np.arange(len(truth), dtype=np.int64)
    found = {
        **score(Output.NUMBER, truth[rows], values[rows], (), groups=groups[rows]),
        "in_range": share_within(truth[rows], low[rows], high[rows]),
        "mean_range": float(np.mean(high[rows] - low[rows])),
    }
    if len(rows) == len(truth):
        return found
    everything = score(Output.NUMBER, truth, values, (), groups=groups)
    return {**found, "left_out": len(truth) - len(rows), "r2_of_all": everything["r2"]}


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
