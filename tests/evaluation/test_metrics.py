import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as reference

from hotfit.evaluation import metrics
from tests.evaluation.simulated import classes


@pytest.mark.parametrize(("n", "k", "signal"), [(200, 2, 0.5), (300, 7, 1.0), (40, 12, 0.3)])
def test_classification_scores_equal_the_reference(n: int, k: int, signal: float) -> None:
    codes, scores = classes(n, k, signal=signal)
    said = scores.argmax(axis=1)
    assert metrics.accuracy(codes, scores) == pytest.approx(reference.accuracy_score(codes, said))
    assert metrics.macro_f1(codes, scores) == pytest.approx(
        reference.f1_score(codes, said, average="macro")
    )
    recalls = reference.recall_score(
        codes, said, average=None, labels=np.unique(codes), zero_division=0
    )
    assert metrics.balanced_accuracy(codes, scores) == pytest.approx(recalls.mean())
    assert metrics.log_loss(codes, scores) == pytest.approx(
        reference.log_loss(codes, scores, labels=np.arange(k))
    )


def test_per_label_scores_equal_the_reference() -> None:
    codes, scores = classes(300, 5, signal=0.8)
    said = scores.argmax(axis=1)
    names = list("abcde")
    found = metrics.per_label(*metrics.label_counts(codes, said, 5), names)
    precision, recall, f1, n = reference.precision_recall_fscore_support(
        codes, said, zero_division=0
    )
    for i, name in enumerate(names):
        label = found[name]
        assert (label.precision, label.recall, label.f1, label.n) == pytest.approx(
            (precision[i], recall[i], f1[i], n[i])
        )


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=1, max_size=40))
def test_ranking_counts_every_pair(pairs: list[tuple[bool, int]]) -> None:
    positive = np.array([one for one, _ in pairs])
    scores = np.array([score for _, score in pairs], dtype=np.float64)
    ours = metrics.ranking(positive, scores)
    ups, downs = scores[positive], scores[~positive]
    if len(ups) == 0 or len(downs) == 0:
        assert np.isnan(ours)
        return
    naive = np.mean([(u > d) + 0.5 * (u == d) for u in ups for d in downs])
    assert ours == pytest.approx(naive)


def test_calibration_error_is_small_for_true_chances_and_large_for_overconfidence() -> None:
    rng = np.random.default_rng(0)
    chance = rng.uniform(0.5, 1.0, 5000)
    right = rng.random(5000) < chance
    scores = np.stack([chance, 1 - chance], axis=1)
    codes = np.where(right, 0, 1)
    assert metrics.calibration_error(codes, scores) < 0.03
    sure = np.tile([0.999, 0.001], (5000, 1))
    expected = abs(np.mean(right) - 0.999)
    assert metrics.calibration_error(codes, sure, bins=1) == pytest.approx(expected)


def test_confusions_name_the_most_frequent_mistake_first() -> None:
    codes = np.array([0, 0, 0, 1, 1, 2])
    scores = np.eye(3)[[1, 1, 0, 0, 1, 2]]
    first, second = metrics.confusions(codes, scores, ["a", "b", "c"])
    assert (first.true, first.predicted, first.n) == ("a", "b", 2)
    assert (second.true, second.predicted, second.n) == ("b", "a", 1)


def test_tags_equal_the_reference_and_skip_cells_not_stated() -> None:
    rng = np.random.default_rng(1)
    targets = (rng.random((200, 4)) < 0.3).astype(np.int8)
    scores = np.clip(0.3 * targets + rng.random((200, 4)) * 0.7, 0, 1)
    said, true = metrics.tag_counts(targets, scores, np.full(4, 0.5))
    assert metrics.micro_f1(said, true) == pytest.approx(
        reference.f1_score(targets, scores >= 0.5, average="micro")
    )
    hidden = targets.copy()
    hidden[:100] = -1
    said, true = metrics.tag_counts(hidden, scores, np.full(4, 0.5))
    assert metrics.micro_f1(said, true) == pytest.approx(
        reference.f1_score(targets[100:], scores[100:] >= 0.5, average="micro")
    )


def test_numbers_equal_the_reference() -> None:
    rng = np.random.default_rng(3)
    truth = rng.normal(size=100)
    said = truth + rng.normal(size=100) * 0.4
    assert metrics.r2(truth, said) == pytest.approx(reference.r2_score(truth, said))
    assert metrics.mae(truth, said) == pytest.approx(reference.mean_absolute_error(truth, said))
    assert metrics.rmse(truth, said) == pytest.approx(
        reference.root_mean_squared_error(truth, said)
    )
    assert metrics.r2(np.ones(5), np.zeros(5)) == 0.0
