import numpy as np
import pytest

from hotfit.evaluation.thresholds import (
    CONFIDENCE,
    NEVER,
    Goal,
    Tags,
    choose_thresholds,
    crossed_thresholds,
    surely,
)
from hotfit.types import Scores


def tags(n: int, seed: int, shares: tuple[float, ...] = (0.3, 0.05)) -> tuple[Tags, Scores]:
    """Tags of known shares with calibrated scores."""
    rng = np.random.default_rng(seed)
    logits = np.log(np.array(shares) / (1 - np.array(shares))) + 2 * rng.standard_normal((n, 2))
    scores = 1 / (1 + np.exp(-logits))
    return (rng.random((n, 2)) < scores).astype(np.int8), scores


def f1(truth: Tags, scores: Scores, threshold: float) -> float:
    said = scores >= threshold
    return float(2 * (said & (truth == 1)).sum() / (said.sum() + (truth == 1).sum()))


def test_a_frequent_tag_gets_the_threshold_of_the_best_f1() -> None:
    truth, scores = tags(4000, 0)
    chosen = choose_thresholds(truth, scores)
    best = max(f1(truth[:, 0], scores[:, 0], t) for t in np.linspace(0.01, 0.99, 99))
    assert f1(truth[:, 0], scores[:, 0], float(chosen[0])) > best - 0.005
    assert chosen[0] < 0.5


def test_a_rare_tag_is_said_about_as_often_as_it_is_there() -> None:
    truth, scores = tags(3000, 1)
    likeliest = np.argsort(-scores[:, 1])
    truth[:, 1] = 0
    truth[likeliest[[0, 9, 19, 29]], 1] = 1
    said = (scores[:, 1] >= choose_thresholds(truth, scores)[1]).sum()
    assert 1 <= said <= 12


def test_a_tag_nobody_has_is_never_said() -> None:
    truth, scores = tags(300, 2)
    truth[:, 1] = 0
    assert choose_thresholds(truth, scores)[1] == NEVER


@pytest.mark.parametrize("least", [0.6, 0.8])
def test_a_least_precision_is_kept_on_new_samples(least: float) -> None:
    kept = []
    for seed in range(30):
        truth, scores = tags(1500, seed, (0.3, 0.2))
        chosen = choose_thresholds(truth, scores, Goal(min_precision=least))
        new, said = tags(8000, 100 + seed, (0.3, 0.2))
        for tag in range(2):
            found = said[:, tag] >= chosen[tag]
            kept.append((new[found, tag] == 1).mean() >= least)
    assert np.mean(kept) > 0.7


@pytest.mark.parametrize("least", [0.6, 0.9])
def test_a_least_recall_is_kept_on_new_samples(least: float) -> None:
    kept = []
    for seed in range(30):
        truth, scores = tags(1500, seed, (0.3, 0.2))
        chosen = choose_thresholds(truth, scores, Goal(min_recall=least))
        new, said = tags(8000, 100 + seed, (0.3, 0.2))
        for tag in range(2):
            kept.append((said[new[:, tag] == 1, tag] >= chosen[tag]).mean() >= least)
    assert np.mean(kept) > 0.7


def test_a_tag_that_cannot_be_precise_is_never_said() -> None:
    rng = np.random.default_rng(0)
    truth = (rng.random((500, 1)) < 0.2).astype(np.int8)
    chosen = choose_thresholds(truth, rng.random((500, 1)), Goal(min_precision=0.9))
    assert chosen[0] == NEVER


def test_samples_that_do_not_state_a_tag_have_no_say() -> None:
    truth, scores = tags(1000, 3)
    unstated = np.full((300, 2), -1, dtype=np.int8)
    more = np.concatenate([truth, unstated])
    noise = np.random.default_rng(4).random((300, 2))
    both = choose_thresholds(more, np.concatenate([scores, noise]))
    assert (both == choose_thresholds(truth, scores)).all()


def test_crossed_thresholds_do_not_know_their_own_sample() -> None:
    truth, scores = tags(400, 5)
    before = crossed_thresholds(truth, scores, np.arange(400))
    truth[7] = 1 - truth[7]
    after = crossed_thresholds(truth, scores, np.arange(400))
    assert (before[7] == after[7]).all()
    assert before.shape == (400, 2)


def test_crossed_thresholds_do_not_find_skill_in_noise() -> None:
    rng = np.random.default_rng(6)
    truth = (rng.random((2000, 1)) < 0.5).astype(np.int8)
    scores = rng.random((2000, 1))
    said = scores >= crossed_thresholds(truth, scores, np.arange(2000))
    assert (said & (truth == 1)).sum() / said.sum() < 0.55


def test_the_sure_share_is_the_wilson_bound() -> None:
    bound = surely(np.array([8.0]), np.array([10.0]))[0]
    assert bound < 0.8
    assert (0.8 - bound) ** 2 * 10 == pytest.approx(CONFIDENCE**2 * bound * (1 - bound))
    assert surely(np.array([0.0]), np.array([0.0]))[0] == 0
