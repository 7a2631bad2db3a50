"""The learning curve of a trained head: the scores of its fits on growing parts of the samples."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotfit.evaluation.curve_points import Answers, Rows, measure
from hotfit.evaluation.judge import judge
from hotfit.evaluation.learning_curve import CurvePoint
from hotfit.evaluation.metrics import micro_f1, r2, tag_counts
from hotfit.evaluation.thresholds import crossed_thresholds
from hotfit.heads import heads
from hotfit.heads.base import Targets, Trained
from hotfit.training.encoded import Encoded
from hotfit.types import Groups, Output, Scores


def learning_curve(encoded: Encoded, trained: Trained) -> tuple[CurvePoint, ...]:
    """Score the head of `trained` on growing parts of the samples; the last point is all.

    Along a timeline parts would be judged by other rows than all are: only all are then.
    """
    believed, score, spread = encoded.believed, *_today(encoded, trained)
    if encoded.timeline is not None:
        return (CurvePoint(labels=len(believed), score=score, spread=spread),)
    head = heads.get(trained.model.head)
    groups = encoded.groups[believed]
    features, targets = encoded.features[believed], encoded.material.targets[believed]
    judging = _JUDGING[encoded.material.output]

    def refit(rows: Rows) -> Answers:
        fitted = head.fit(
            features[rows],
            targets[rows],
            labels=len(encoded.material.labels),
            groups=groups[rows],
        )
        scores = fitted.model.predict(features)
        scores[rows] = fitted.held_out
        return judging.answers(scores, targets, groups)

    return measure(
        judging.answers(trained.held_out[believed], targets, groups),
        refit,
        lambda said, rows: judging.score(said[rows], targets[rows]),
        groups,
        spread=spread,
        seed=0,
    )


def _today(encoded: Encoded, trained: Trained) -> tuple[float, float]:
    """The score of the whole, and its standard error."""
    material, rows, thresholds = encoded.material, encoded.judged, None
    if material.output is Output.TAGS:
        tags = material.targets.astype(np.int8)
        thresholds = crossed_thresholds(tags, trained.held_out, encoded.groups)[rows]
    reach = judge(
        material.output,
        material.targets[rows],
        trained.held_out[rows],
        encoded.groups[rows],
        material.labels,
        thresholds=thresholds,
    ).range
    return reach.estimate, reach.width / 4


@dataclass(frozen=True, kw_only=True)
class _Judging:
    """What `scores` (n, ...) answer, and what answers are worth beside the truth."""

    answers: Callable[[Scores, Targets, Groups], Answers]
    score: Callable[[Answers, Targets], float]


def _tags(scores: Scores, targets: Targets, groups: Groups) -> NDArray[np.bool_]:
    tags = targets.astype(np.int8)
    return tag_counts(tags, scores, crossed_thresholds(tags, scores, groups))[0]


_JUDGING: Mapping[Output, _Judging] = {
    Output.CLASSIFICATION: _Judging(
        answers=lambda scores, targets, _: scores.argmax(axis=1) == targets,
        score=lambda right, _: float(right.mean()),
    ),
    Output.TAGS: _Judging(
        answers=_tags, score=lambda said, targets: micro_f1(said, targets.astype(np.int8) == 1)
    ),
    Output.NUMBER: _Judging(
        answers=lambda scores, *_: scores,
        score=lambda said, targets: r2(targets.astype(np.float64), said),
    ),
}
