"""One door to judging: predictions on unseen samples in, scores, range, baseline, verdict out."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hotfit.evaluation import metrics
from hotfit.evaluation.baseline import Baseline, frequent_tags, mean_answer, most_frequent
from hotfit.evaluation.intervals import (
    FRESH,
    HELD_OUT,
    NO_SIGNAL,
    Range,
    bounded_range,
    mean_range,
    mean_variance,
    r2_range,
    score_range,
    share_range,
)
from hotfit.evaluation.learning_curve import (
    Curve,
    CurvePoint,
    Forecast,
    More,
    cheapest,
    fit_curve,
    usual_rate,
)
from hotfit.evaluation.metrics import LabelScore, Truth
from hotfit.evaluation.verdict import Evidence, Verdict, decide
from hotfit.types import Groups, Output, Scores


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What is known about a head.

    `score` has the JSON keys of `hotfit evaluate`; `forecast` is for 2 and 5 times the labels;
    `curve` are the points that it rests on, today's the last.
    """

    score: Mapping[str, Any]
    per_label: Mapping[str, LabelScore]
    range: Range
    baseline: Baseline
    forecast: tuple[Forecast, ...]
    curve: tuple[CurvePoint, ...]
    verdict: Verdict


@dataclass(frozen=True, kw_only=True)
class _Case:
    targets: Any
    scores: Scores
    groups: Groups
    names: Sequence[str]
    widening: float
    thresholds: Scores


def judge(
    output: Output,
    targets: Truth,
    held_out: Scores,
    groups: Groups,
    label_names: Sequence[str],
    *,
    suspects: int = 0,
    curve: Sequence[CurvePoint] = (),
    goal: float | None = None,
    thresholds: Scores | None = None,
    table: bool = False,
) -> Judgement:
    """Judge a head by `held_out`, what fits without each sample's group said of it.

    `suspects` counts labels that look wrong; `curve` holds scores on parts of the samples, which
    grow slowly for a `table`; `goal` is the score asked for; tags count from `thresholds` (k,) on.
    """
    case = _case(
        targets, held_out, groups, names=label_names, widening=HELD_OUT, thresholds=thresholds
    )
    baseline, skill, balanced = _SKILLS[output](case)
    case = replace(case, widening=_widening(skill, balanced))
    score, labels, reach = _SCORES[output](case)
    n = len(groups)
    law = _law(curve, reach, n, usual_rate(n, answers=len(label_names), table=table))
    verdict = decide(
        Evidence(
            metric=_METRICS[output],
            score=reach,
            skill=skill,
            balanced=balanced,
            baseline=baseline,
            groups=len(np.unique(groups)),
            n=n,
            suspects=suspects,
            curve=law,
            more=_more(labels, law) if output is not Output.NUMBER else None,
            goal=goal,
        )
    )
    return Judgement(
        score=score,
        per_label=labels,
        range=reach,
        baseline=baseline,
        forecast=(law.forecast(2 * n), law.forecast(5 * n)),
        curve=law.points,
        verdict=verdict,
    )


def score(
    output: Output,
    targets: Truth,
    scores: Scores,
    label_names: Sequence[str],
    *,
    groups: Groups | None = None,
    thresholds: Scores | None = None,
) -> dict[str, Any]:
    """Score predictions on a fresh test set, which no head was trained or chosen on.

    Classification: n, accuracy, low, high, balanced_accuracy, macro_f1, log_loss, ece, per_label.
    Tags: n, micro_f1, macro_f1, per_label, with `thresholds` (k,), else 0.5. Number: n, r2, mae,
    rmse, low, high (of r2).
    """
    if groups is None:
        groups = np.arange(len(targets), dtype=np.int64)
    case = _case(targets, scores, groups, names=label_names, widening=FRESH, thresholds=thresholds)
    return dict(_SCORES[output](case)[0])


def _case(
    targets: Truth,
    scores: Scores,
    groups: Groups,
    *,
    names: Sequence[str],
    widening: float,
    thresholds: Scores | None = None,
) -> _Case:
    if len(targets) == 0 or len(targets) != len(scores) or len(targets) != len(groups):
        raise ValueError(
            f"{len(targets)} targets, {len(scores)} scores and {len(groups)} groups do not match"
        )
    if thresholds is None:
        thresholds = np.full(scores.shape[-1], 0.5)
    return _Case(
        targets=targets,
        scores=scores,
        groups=groups,
        names=names,
        widening=widening,
        thresholds=thresholds,
    )


def _score_classes(case: _Case) -> tuple[dict[str, Any], dict[str, LabelScore], Range]:
    predicted = case.scores.argmax(axis=1)
    counts = metrics.label_counts(case.targets, predicted, len(case.names))
    labels = metrics.per_label(*counts, case.names)
    hits = (predicted == case.targets).astype(np.float64)
    reach = share_range(hits, case.groups, widening=case.widening)
    result = {
        "n": len(hits),
        "accuracy": reach.estimate,
        "low": reach.low,
        "high": reach.high,
        "balanced_accuracy": metrics.balanced_accuracy(case.targets, case.scores),
        "macro_f1": metrics.macro_f1(case.targets, case.scores),
        "log_loss": metrics.log_loss(case.targets, case.scores),
        "ece": metrics.calibration_error(case.targets, case.scores),
        "per_label": {name: asdict(label) for name, label in labels.items()},
    }
    return result, labels, reach


def _score_tags(case: _Case) -> tuple[dict[str, Any], dict[str, LabelScore], Range]:
    said, true = metrics.tag_counts(case.targets, case.scores, case.thresholds)
    columns = [part.sum(axis=0).astype(np.float64) for part in (said & true, said, true)]
    labels = metrics.per_label(columns[0], columns[1], columns[2], case.names)
    occurring = [label.f1 for label in labels.values() if label.n]
    reach = _micro_range(case, said, true)
    result = {
        "n": len(true),
        "micro_f1": reach.estimate,
        "macro_f1": float(np.mean(occurring)) if occurring else 0.0,
        "per_label": {name: asdict(label) for name, label in labels.items()},
    }
    return result, labels, reach


def _micro_range(case: _Case, said: NDArray[np.bool_], true: NDArray[np.bool_]) -> Range:
    both = (said & true).sum(axis=1)
    either = said.sum(axis=1) + true.sum(axis=1)
    statistics = np.stack([2.0 * both, either.astype(np.float64)], axis=1)
    return score_range(
        statistics,
        lambda means: float(means[0] / means[1]) if means[1] > 0 else 0.0,
        case.groups,
        independent=float(np.count_nonzero(either)),
        widening=case.widening,
    )


def _score_number(case: _Case) -> tuple[dict[str, Any], dict[str, LabelScore], Range]:
    reach = r2_range(case.targets, case.scores, case.groups, widening=case.widening)
    result = {
        "n": len(case.targets),
        "r2": reach.estimate,
        "mae": metrics.mae(case.targets, case.scores),
        "rmse": metrics.rmse(case.targets, case.scores),
        "low": reach.low,
        "high": reach.high,
    }
    return result, {}, reach


def _skill_classes(case: _Case) -> tuple[Baseline, Range, Range | None]:
    baseline = most_frequent(case.targets, case.names)
    hits = case.scores.argmax(axis=1) == case.targets
    trivial = case.targets == np.bincount(case.targets).argmax()
    room = max(1 - baseline.score, 1 / len(case.targets))
    paired = (hits.astype(np.float64) - trivial) / room
    skill = mean_range(paired, case.groups, widening=case.widening)
    return baseline, skill, _balanced_skill(case, hits)


def _balanced_skill(case: _Case, hits: NDArray[np.bool_]) -> Range:
    counts = np.bincount(case.targets, minlength=len(case.names))
    present = int(np.count_nonzero(counts))
    recall = metrics.ratio(
        np.bincount(case.targets[hits], minlength=len(case.names)).astype(np.float64),
        counts.astype(np.float64),
    )
    estimate = float(recall.sum() / present)
    weights = len(case.targets) / (present * counts[case.targets])
    variance, groups = mean_variance((hits - recall[case.targets]) * weights, case.groups)
    independent = min(present**2 / float(np.sum(1 / counts[counts > 0])), groups)
    balanced = bounded_range(
        estimate, variance, independent=independent, count=groups, widening=case.widening
    )
    chance = 1 / max(present, 2)
    estimate, low, high = (
        (value - chance) / (1 - chance)
        for value in (balanced.estimate, balanced.low, balanced.high)
    )
    return Range(estimate=estimate, low=low, high=high)


def _skill_tags(case: _Case) -> tuple[Baseline, Range, Range | None]:
    baseline = frequent_tags(case.targets, case.names)
    said, true = metrics.tag_counts(case.targets, case.scores, case.thresholds)
    return baseline, _relative(_micro_range(case, said, true), baseline.score), None


def _skill_number(case: _Case) -> tuple[Baseline, Range, Range | None]:
    reach = r2_range(case.targets, case.scores, case.groups, widening=case.widening)
    return mean_answer(case.targets), reach, None


def _relative(reach: Range, baseline: float) -> Range:
    room = max(1 - baseline, 1e-9)
    estimate, low, high = (
        (value - baseline) / room for value in (reach.estimate, reach.low, reach.high)
    )
    return Range(estimate=estimate, low=low, high=high)


def _widening(skill: Range, balanced: Range | None) -> float:
    signal = skill.low > 0 or (balanced is not None and balanced.low > 0)
    return HELD_OUT if signal else NO_SIGNAL


def _law(curve: Sequence[CurvePoint], reach: Range, n: int, rate: float) -> Curve:
    """The law of the scores on parts and of today's, of n samples."""
    half = (reach.high - reach.low) / 4
    spread = half if math.isfinite(half) else 1.0
    return fit_curve((*curve, CurvePoint(labels=n, score=reach.estimate, spread=spread)), rate=rate)


def _more(labels: Mapping[str, LabelScore], law: Curve) -> More | None:
    counts = np.array([label.n for label in labels.values()], dtype=np.float64)
    hits = counts * np.array([label.recall for label in labels.values()])
    return cheapest(list(labels), counts, hits, law)


_SCORES = {
    Output.CLASSIFICATION: _score_classes,
    Output.TAGS: _score_tags,
    Output.NUMBER: _score_number,
}
_SKILLS = {
    Output.CLASSIFICATION: _skill_classes,
    Output.TAGS: _skill_tags,
    Output.NUMBER: _skill_number,
}
_METRICS = {Output.CLASSIFICATION: "accuracy", Output.TAGS: "micro_f1", Output.NUMBER: "r2"}
