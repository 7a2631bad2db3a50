from itertools import pairwise

import numpy as np
import pytest

from hotfit.evaluation.learning_curve import CurvePoint, cheapest, fit_curve, measure, tidy
from tests.evaluation.simulated import alone


def _points(law: object, sizes: tuple[int, ...], spread: float) -> list[CurvePoint]:
    assert callable(law)
    return [CurvePoint(labels=n, score=1 - law(n), spread=spread) for n in sizes]


def test_a_known_power_law_is_forecast() -> None:
    points = _points(lambda n: 0.05 + 2.0 * n**-0.5, (100, 200, 400, 800), 0.003)
    curve = fit_curve(points)
    for times in (2, 5):
        truth = 1 - 0.05 - 2.0 * (800 * times) ** -0.5
        found = curve.forecast(800 * times)
        assert found.score == pytest.approx(truth, abs=0.012)
        assert found.low <= truth <= found.high


def test_a_flat_curve_promises_little_and_a_steep_one_much() -> None:
    flat = fit_curve(_points(lambda _: 0.2, (100, 200, 400, 800), 0.005))
    steep = fit_curve(_points(lambda n: 8 / n**0.6, (100, 200, 400, 800), 0.005))
    assert flat.gain(5) < 0.1
    assert steep.gain(5) > 0.4


def test_one_point_gives_a_wide_forecast_instead_of_none() -> None:
    curve = fit_curve([CurvePoint(labels=50, score=0.7, spread=0.06)])
    found = curve.forecast(250)
    assert 0.7 < found.score < 0.95
    assert found.high - found.low > 0.15


def test_more_labels_are_never_forecast_to_hurt() -> None:
    curve = fit_curve(_points(lambda n: 0.1 + n / 10000, (100, 200, 400), 0.01))
    scores = [curve.forecast(n).score for n in (400, 800, 2000, 8000)]
    assert scores == sorted(scores)


def test_forecasts_hold_on_noisy_curves() -> None:
    rng = np.random.default_rng(0)
    held = []
    for _ in range(60):
        floor, rate = rng.uniform(0, 0.15), rng.uniform(0.25, 0.8)
        scale = rng.uniform(0.1, 0.4) * 100**rate
        sizes = (50, 100, 200, 400)
        points = [
            CurvePoint(
                labels=n, score=1 - floor - scale * n**-rate + rng.normal() * 0.01, spread=0.01
            )
            for n in sizes
        ]
        found = fit_curve(points).forecast(2000)
        held.append(found.low <= 1 - floor - scale * 2000**-rate <= found.high)
    assert np.mean(held) >= 0.8


def test_parts_are_nested_and_keep_groups_whole() -> None:
    groups = np.repeat(np.arange(100), 4)
    seen: list[np.ndarray] = []

    def refit(rows: np.ndarray) -> tuple[float, float]:
        seen.append(rows)
        return 0.5, 0.1

    points = measure(refit, groups, seed=1)
    assert [point.labels for point in points] == [len(rows) for rows in seen]
    assert [len(rows) for rows in seen] == pytest.approx([50, 100, 200], abs=4)
    for small, large in pairwise(seen):
        assert set(small) <= set(large)
    for rows in seen:
        assert np.all(np.isin(np.flatnonzero(np.isin(groups, groups[rows])), rows))


def test_tiny_sets_have_no_parts_to_measure() -> None:
    assert measure(lambda _: (0.5, 0.1), alone(30), seed=0) == ()


def test_the_weak_thin_label_is_the_cheapest_to_grow() -> None:
    curve = fit_curve(_points(lambda n: 2 / n**0.5, (100, 200, 400), 0.01))
    found = cheapest(
        ["big", "thin", "done"], np.array([200.0, 30, 170]), np.array([190.0, 9, 170]), curve
    )
    assert found is not None
    assert found.name == "thin"
    assert found.labels == 30
    assert 0 < found.gain <= 30 / 400


def test_nothing_is_advised_where_nothing_is_wrong_or_known() -> None:
    curve = fit_curve([CurvePoint(labels=1000, score=1.0, spread=0.001)])
    assert cheapest(["a", "b"], np.array([500.0, 500]), np.array([500.0, 500]), curve) is None
    assert cheapest(["a", "b"], np.array([4.0, 4]), np.array([1.0, 4]), curve) is None


def test_estimates_look_like_estimates() -> None:
    assert [tidy(n) for n in (0.2, 7.4, 43, 148)] == [1, 7, 45, 150]
