import json
import math
from typing import Any

import numpy as np
import pytest

from hotfit.evaluation.intervals import share_range
from hotfit.evaluation.judge import judge, score
from hotfit.evaluation.learning_curve import CurvePoint
from hotfit.types import Output
from tests.evaluation.simulated import alone, classes

NAMES = ["ham", "spam"]


def test_classification_scores_have_the_promised_keys() -> None:
    codes, scores = classes(200, 2, signal=1.5)
    found = score(Output.CLASSIFICATION, codes, scores, NAMES)
    assert list(found) == [
        "n",
        "accuracy",
        "low",
        "high",
        "balanced_accuracy",
        "macro_f1",
        "log_loss",
        "ece",
        "per_label",
    ]
    assert set(found["per_label"]["spam"]) == {"n", "precision", "recall", "f1"}
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_tag_and_number_scores_have_the_promised_keys() -> None:
    rng = np.random.default_rng(0)
    tags = (rng.random((50, 2)) < 0.4).astype(np.int8)
    found = score(Output.TAGS, tags, rng.random((50, 2)), ["a", "b"])
    assert list(found) == ["n", "micro_f1", "macro_f1", "per_label"]
    truth = rng.normal(size=50)
    number = score(Output.NUMBER, truth, truth + 0.1, [])
    assert list(number) == ["n", "r2", "mae", "rmse", "low", "high"]
    assert number["mae"] == pytest.approx(0.1)
    assert json.dumps([found, number], allow_nan=False)


def test_the_judgement_of_held_out_predictions_is_more_careful_than_a_fresh_test() -> None:
    codes, scores = classes(300, 3, signal=1.2)
    names = ["a", "b", "c"]
    fresh = score(Output.CLASSIFICATION, codes, scores, names)
    held = judge(Output.CLASSIFICATION, codes, scores, alone(300), names)
    assert held.score["accuracy"] == fresh["accuracy"]
    assert held.range.low < fresh["low"]
    assert held.range.high > fresh["high"]
    assert held.verdict.estimate == fresh["accuracy"]


@pytest.mark.parametrize("n", [2, 25])
@pytest.mark.parametrize("output", [Output.CLASSIFICATION, Output.TAGS, Output.NUMBER])
def test_tiny_sets_are_judged_without_a_crash(output: Output, n: int) -> None:
    rng = np.random.default_rng(1)
    targets: Any = {
        Output.CLASSIFICATION: np.arange(n) % 2,
        Output.TAGS: (rng.random((n, 2)) < 0.5).astype(np.int8),
        Output.NUMBER: rng.normal(size=n),
    }[output]
    scores = rng.random(n if output is Output.NUMBER else (n, 2))
    found = judge(output, targets, scores, alone(n), NAMES)
    assert found.verdict.answer == "cannot tell"
    assert all(math.isfinite(x) for x in (found.range.low, found.range.high))


def test_a_label_never_seen_is_scored_zero_and_does_not_crash() -> None:
    codes, scores = classes(100, 2, signal=1.0)
    wider = np.hstack([scores, np.zeros((100, 1))])
    found = judge(Output.CLASSIFICATION, codes, wider, alone(100), ["a", "b", "new"])
    assert found.per_label["new"].n == 0


def test_mismatched_lengths_are_an_error() -> None:
    codes, scores = classes(10, 2, signal=1.0)
    with pytest.raises(ValueError, match="10 targets, 9 scores"):
        score(Output.CLASSIFICATION, codes, scores[:9], NAMES)


def test_a_curve_sharpens_the_forecast() -> None:
    codes, scores = classes(800, 4, signal=1.0)
    today = float(np.mean(scores.argmax(axis=1) == codes))
    points = [CurvePoint(labels=n, score=today, spread=0.01) for n in (100, 200, 400)]
    flat = judge(Output.CLASSIFICATION, codes, scores, alone(800), list("abcd"), curve=points)
    alone_ = judge(Output.CLASSIFICATION, codes, scores, alone(800), list("abcd"))
    assert [one.labels for one in flat.forecast] == [1600, 4000]
    assert flat.forecast[1].score < alone_.forecast[1].score


def test_ranges_are_wider_still_where_no_signal_is_seen() -> None:
    codes, _ = classes(300, 2, signal=1.0)
    guesses = np.random.default_rng(0).dirichlet(np.ones(2), 300)
    found = judge(Output.CLASSIFICATION, codes, guesses, alone(300), NAMES)
    hits = (guesses.argmax(axis=1) == codes).astype(np.float64)
    assert found.range.width > 1.1 * share_range(hits, alone(300)).width
    assert (found.score["low"], found.score["high"]) == (found.range.low, found.range.high)
