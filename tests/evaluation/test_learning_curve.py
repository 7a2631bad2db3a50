import numpy as np
import pytest

from hotfit.evaluation.learning_curve import (
    CurvePoint,
    cheapest,
    fit_curve,
    tidy,
    usual_rate,
)


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


def test_steps_that_are_sure_narrow_the_forecast_of_scores_that_are_not() -> None:
    points = [
        CurvePoint(labels=n, score=1 - 2.0 * n**-0.5, spread=0.03, step=step)
        for n, step in ((100, 0.002), (200, 0.002), (400, 0.002), (800, None))
    ]
    loose = [CurvePoint(labels=p.labels, score=p.score, spread=p.spread) for p in points]
    sure, unsure = (fit_curve(given).gain(4) for given in (points, loose))
    assert abs(sure - 0.5) < abs(unsure - 0.5)


def test_scores_grow_slowly_where_each_answer_has_many_labels_and_in_tables() -> None:
    few, many = (usual_rate(n, answers=10, table=False) for n in (100, 1000))
    assert few > many > usual_rate(1000, answers=10, table=True)
    assert usual_rate(10**7, answers=2, table=True) > 0


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
