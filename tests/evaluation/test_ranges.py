import numpy as np
import pytest

from hotfit.evaluation.ranges import interval_score, margins, share_within
from hotfit.types import Scores


def world(n: int, seed: int) -> tuple[Scores, Scores, Scores]:
    """Skewed truths around known answers, whose errors grow with the answer."""
    rng = np.random.default_rng(seed)
    answers = rng.uniform(1, 10, n)
    return answers + answers * (rng.exponential(size=n) - 1), answers, answers


@pytest.mark.parametrize("n", [40, 100, 400])
def test_ranges_hold_new_truths_nine_times_of_ten(n: int) -> None:
    held = []
    for seed in range(60):
        truth, answers, spread = world(n, seed)
        found = margins(truth, answers, spread, np.arange(n))
        new, centre, size = world(2000, 1000 + seed)
        held.append(share_within(new, centre + found.low * size, centre + found.high * size))
    assert 0.885 <= np.mean(held) <= 0.93


def test_a_few_samples_share_one_margin_on_both_sides() -> None:
    truth, answers, spread = world(30, 0)
    found = margins(truth, answers, spread, np.arange(30))
    assert found.low == -found.high


def test_margins_are_the_naive_order_statistics() -> None:
    truth, answers, spread = world(99, 1)
    errors = np.sort((truth - answers) / spread)
    found = margins(truth, answers, spread, np.arange(99))
    assert found.high == errors[94]  # ceil(100 * 0.95) - 1
    assert found.low == errors[4]


def test_copies_do_not_narrow_a_range() -> None:
    truth, answers, spread = world(80, 2)
    exact = np.abs(truth - answers).argmin()
    rows = np.concatenate([np.arange(80), np.full(1000, exact)])
    copied = margins(truth[rows], answers[rows], spread[rows], rows)
    assert copied == margins(truth, answers, spread, np.arange(80))


def test_the_interval_score_prefers_narrow_ranges_that_hold() -> None:
    truth = np.random.default_rng(3).standard_normal(5000)
    right, narrow, wide = (
        interval_score(truth, np.full(5000, -z), np.full(5000, z)) for z in (1.645, 0.8, 3.0)
    )
    assert right < min(narrow, wide)
