import numpy as np
import pytest

from hotfit.evaluation.baseline import frequent_tags, mean_answer, most_frequent


def test_the_most_frequent_label_scores_its_share() -> None:
    found = most_frequent(np.array([0, 1, 1, 1]), ["ham", "spam"])
    assert (found.says, found.score) == ("spam", 0.75)


def test_tags_take_the_set_with_the_best_micro_f1() -> None:
    targets = np.array([[1, 1, 0], [1, 0, 0], [1, 1, 1], [1, 0, 0]], dtype=np.int8)
    found = frequent_tags(targets, ["a", "b", "c"])
    assert found.says == "a, b"
    assert found.score == pytest.approx(2 * 6 / (8 + 7))


def test_the_mean_explains_nothing() -> None:
    found = mean_answer(np.array([1.0, 2.0, 6.0]))
    assert (found.says, found.score, found.error) == ("3", 0.0, 2.0)
