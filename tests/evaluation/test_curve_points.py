from itertools import pairwise

import numpy as np
import pytest

from hotfit.evaluation.curve_points import Answers, Rows, measure, nested_parts
from hotfit.evaluation.learning_curve import CurvePoint
from hotfit.types import Groups
from tests.evaluation.simulated import alone


def mean(right: Answers, rows: Rows) -> float:
    return float(right[rows].mean())


def measured(groups: Groups, *, skill: float, noise: float) -> tuple[CurvePoint, ...]:
    """Fits that are right where a sample is easy: the easier half of errors vanish with labels."""
    n = len(groups)
    hardness = np.random.default_rng(0).random(n)
    rng = np.random.default_rng(1)

    def right(share: float) -> Answers:
        answers: Answers = hardness + noise * rng.normal(size=n) < skill * share**0.25
        return answers

    return measure(right(1.0), lambda rows: right(len(rows) / n), mean, groups, spread=0.02, seed=0)


def test_parts_are_nested_and_keep_groups_whole() -> None:
    groups = np.repeat(np.arange(100), 4)
    parts = nested_parts(groups, seed=1)
    assert [len(rows) for rows in parts] == pytest.approx([50, 100, 200], abs=4)
    for small, large in pairwise(parts):
        assert set(small) <= set(large)
    for rows in parts:
        assert np.all(np.isin(np.flatnonzero(np.isin(groups, groups[rows])), rows))


def test_small_sets_and_single_groups_have_no_parts() -> None:
    assert nested_parts(alone(20), seed=0) == []
    assert nested_parts(np.zeros(400, dtype=np.int64), seed=0) == []
    (only,) = measure(np.ones(20), lambda _: np.ones(20), mean, alone(20), spread=0.1, seed=0)
    assert only == CurvePoint(labels=20, score=1.0, spread=0.1)


def test_each_point_is_judged_on_all_samples_and_ends_with_today() -> None:
    points = measured(alone(800), skill=0.9, noise=0.0)
    assert [point.labels for point in points] == [100, 200, 400, 800]
    assert [point.score for point in points] == sorted(point.score for point in points)
    assert points[-1].step is None


def test_a_step_is_surer_where_fits_err_on_the_same_samples() -> None:
    alike = measured(alone(800), skill=0.9, noise=0.0)[-2]
    apart = measured(alone(800), skill=0.9, noise=1.0)[-2]
    assert alike.step is not None
    assert apart.step is not None
    assert 0 < alike.step < apart.step
    assert alike.step < alike.spread


def test_the_error_of_a_step_is_that_of_independent_samples() -> None:
    rng = np.random.default_rng(0)
    n = 2000
    whole, half = rng.random(n) < 0.8, rng.random(n) < 0.7
    points = measure(whole, lambda _: half, mean, alone(n), spread=0.01, seed=0)
    assert points[-2].step == pytest.approx(np.sqrt((0.16 + 0.21) / n), rel=0.4)
