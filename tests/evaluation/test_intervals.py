import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotfit.evaluation import intervals
from hotfit.evaluation.intervals import FRESH, HELD_OUT
from tests.evaluation.simulated import alone


@given(st.integers(0, 60), st.integers(1, 60))
def test_wilson_inverts_the_score_test(hits: int, n: int) -> None:
    share = min(hits, n) / n
    found = intervals.wilson(share, n)
    assert 0 <= found.low <= share <= found.high <= 1
    for end in (found.low, found.high):
        if 0 < end < 1:
            assert abs(share - end) / np.sqrt(end * (1 - end) / n) == pytest.approx(1.96, abs=1e-3)


def test_a_perfect_score_still_has_a_range() -> None:
    found = intervals.share_range(np.ones(50), alone(50))
    assert found.high == 1.0
    assert 0.8 < found.low < 0.95


def test_independent_samples_give_wilsons_range_with_a_t_quantile() -> None:
    hits = np.repeat([1.0, 0.0], [700, 300])
    found = intervals.share_range(hits, alone(1000), widening=FRESH)
    plain = intervals.wilson(0.7, 1000)
    assert (found.low, found.high) == pytest.approx((plain.low, plain.high), abs=2e-3)


def test_copies_of_a_sample_count_once() -> None:
    hits = np.random.default_rng(0).random(60) < 0.8
    once = intervals.share_range(hits.astype(float), alone(60))
    copied = intervals.share_range(np.repeat(hits, 5).astype(float), np.repeat(alone(60), 5))
    assert (copied.low, copied.high) == pytest.approx((once.low, once.high), abs=1e-6)


def test_held_out_ranges_are_wider_than_fresh_ones_but_not_useless() -> None:
    hits = np.repeat([1.0, 0.0], [160, 40])
    fresh = intervals.share_range(hits, alone(200), widening=FRESH)
    held = intervals.share_range(hits, alone(200), widening=HELD_OUT)
    assert fresh.width < held.width < 1.5 * fresh.width


def test_fresh_ranges_hold_the_truth_at_the_stated_rate() -> None:
    rng = np.random.default_rng(4)
    for share, n in ((0.5, 30), (0.9, 100), (0.98, 400)):
        ranges = [
            intervals.share_range((rng.random(n) < share).astype(float), alone(n), widening=FRESH)
            for _ in range(300)
        ]
        held = np.mean([one.low <= share <= one.high for one in ranges])
        assert 0.92 <= held <= 0.995


def test_r2_ranges_hold_the_truth_at_about_the_stated_rate() -> None:
    rng = np.random.default_rng(5)
    held = []
    for _ in range(300):
        signal, noise = rng.normal(size=100), rng.normal(size=100)
        found = intervals.r2_range(signal + noise, signal, alone(100), widening=FRESH)
        held.append(found.low <= 0.5 <= found.high)
    assert 0.9 <= np.mean(held) <= 0.99


def test_the_delta_method_agrees_with_a_bootstrap_of_f1() -> None:
    rng = np.random.default_rng(6)
    true = rng.random(400) < 0.3
    said = np.where(rng.random(400) < 0.8, true, ~true)
    statistics = np.stack([2.0 * (said & true), 1.0 * said + true], axis=1)

    def f1(means: np.ndarray) -> float:
        return float(means[0] / means[1])

    estimate, deviations = intervals.influence(statistics, f1)
    variance, _ = intervals.mean_variance(deviations, alone(400))
    draws = [f1(statistics[rng.integers(0, 400, 400)].mean(axis=0)) for _ in range(600)]
    assert estimate == pytest.approx(2 * np.sum(said & true) / (said.sum() + true.sum()))
    assert np.sqrt(variance) == pytest.approx(np.std(draws), rel=0.12)
    found = intervals.score_range(statistics, f1, alone(400), independent=400, widening=FRESH)
    assert found.low < estimate < found.high
    assert found.width == pytest.approx(3.92 * np.std(draws), rel=0.15)


def test_a_single_group_says_nothing() -> None:
    found = intervals.share_range(np.array([1.0, 0.0, 1.0]), np.zeros(3, dtype=np.int64))
    assert found.width > 0.8


def test_targets_that_do_not_vary_leave_r2_open() -> None:
    found = intervals.r2_range(np.ones(5), np.zeros(5), alone(5))
    assert (found.estimate, found.high) == (0.0, 1.0)
    assert np.isfinite(found.low)
    assert found.low < -1


def test_r2_ranges_stay_finite_however_bad_the_predictions() -> None:
    found = intervals.r2_range(np.arange(5.0), np.full(5, 1e6), alone(5))
    assert found.low <= found.estimate <= found.high
    assert np.isfinite(found.low)
