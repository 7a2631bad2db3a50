import numpy as np
import pytest
from scipy import stats

from hotfit.evaluation.paired import compare, sign_test
from hotfit.types import Output
from tests.evaluation.simulated import alone, classes


def _flipped(codes: np.ndarray, scores: np.ndarray, rows: np.ndarray) -> np.ndarray:
    worse = scores.copy()
    k = scores.shape[1]
    worse[rows] = 0.1 / k
    worse[rows, (codes[rows] + 1) % k] += 0.9
    return worse


def test_the_sign_test_is_the_exact_binomial_tail() -> None:
    for wins, losses in ((0, 3), (5, 1), (9, 9), (30, 12)):
        if wins + losses:
            expected = stats.binomtest(wins, wins + losses, alternative="greater").pvalue
            assert sign_test(wins, losses) == pytest.approx(expected)
    assert sign_test(0, 0) == 1.0


def test_a_clearly_better_challenger_wins_and_not_the_other_way_round() -> None:
    codes, scores = classes(400, 4, signal=3.0)
    worse = _flipped(codes, scores, np.arange(0, 60))
    better = compare(Output.CLASSIFICATION, codes, worse, scores, alone(400))
    assert better.better
    assert better.wins > 40
    assert better.gain.low > 0
    back = compare(Output.CLASSIFICATION, codes, scores, worse, alone(400))
    assert not back.better
    assert (back.wins, back.losses) == (better.losses, better.wins)
    assert back.gain.estimate == pytest.approx(-better.gain.estimate)


def test_equal_heads_are_a_tie() -> None:
    codes, scores = classes(100, 3, signal=1.0)
    found = compare(Output.CLASSIFICATION, codes, scores, scores, alone(100))
    assert (found.wins, found.losses, found.p, found.better) == (0, 0, 1.0, False)


def test_better_confidence_alone_can_win() -> None:
    codes, scores = classes(600, 3, signal=1.5)
    vague = 0.5 * scores + 0.5 / 3
    assert compare(Output.CLASSIFICATION, codes, vague, scores, alone(600)).better


def test_copies_of_one_sample_are_one_win() -> None:
    codes, scores = classes(40, 2, signal=3.0)
    worse = _flipped(codes, scores, np.array([0]))
    many = np.r_[np.zeros(30, dtype=np.int64), np.arange(40)]
    found = compare(Output.CLASSIFICATION, codes[many], worse[many], scores[many], many)
    assert found.wins <= 1
    assert not found.better


def test_false_alarms_stay_at_the_stated_rate() -> None:
    alarms = []
    for seed in range(300):
        rng = np.random.default_rng(seed)
        codes, first = classes(150, 3, signal=1.0, seed=seed)
        noise = rng.permutation(150)[:75]
        second = first.copy()
        second[noise] = np.roll(first, 1, axis=0)[noise]
        third = first.copy()
        other = np.setdiff1d(np.arange(150), noise)
        third[other] = np.roll(first, 1, axis=0)[other]
        alarms.append(compare(Output.CLASSIFICATION, codes, second, third, alone(150)).better)
    assert np.mean(alarms) <= 0.08


def test_tags_and_numbers_are_compared_too() -> None:
    rng = np.random.default_rng(1)
    tags = (rng.random((200, 3)) < 0.3).astype(np.int8)
    good = np.clip(0.8 * tags + 0.1, 0, 1)
    bad = np.clip(good + rng.normal(size=tags.shape) * 0.5, 0.01, 0.99)
    assert compare(Output.TAGS, tags, bad, good, alone(200)).better
    truth = rng.normal(size=200)
    near, far = truth + rng.normal(size=200) * 0.3, truth + rng.normal(size=200) * 0.9
    found = compare(Output.NUMBER, truth, far, near, alone(200))
    assert found.better
    assert found.wins > found.losses
    assert not compare(Output.NUMBER, truth, near, far, alone(200)).better
