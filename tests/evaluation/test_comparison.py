"""What became of samples, and whether that is more than chance."""

import numpy as np
from numpy.typing import NDArray

from hotfit.evaluation.comparison import (
    BROKEN,
    FIXED,
    MOVED,
    SAME,
    SHIFTED,
    Slice,
    Unseen,
    change_by_slice,
    label_slices,
    paired_test,
    what_became,
)
from hotfit.types import Output, Scores


def sure(codes: list[int], k: int = 3, p: float = 0.9) -> Scores:
    scores = np.full((len(codes), k), (1 - p) / (k - 1))
    scores[np.arange(len(codes)), codes] = p
    return scores


def unseen(truth: list[int], older: Scores, newer: Scores) -> Unseen:
    return Unseen(
        output=Output.CLASSIFICATION,
        truth=np.array(truth),
        older=older,
        newer=newer,
        groups=np.arange(len(truth)),
    )


def test_samples_are_fixed_broken_moved_or_the_same() -> None:
    found = what_became(unseen([0, 0, 0, 0], sure([0, 1, 0, 1]), sure([0, 0, 1, 2])))
    assert found.tolist() == [SAME, FIXED, BROKEN, MOVED]


def test_a_confidence_that_moves_far_is_told_where_the_answer_stays() -> None:
    older, newer = sure([0, 0], p=0.9), np.array([[0.65, 0.3, 0.05], [0.8, 0.1, 0.1]])
    assert what_became(unseen([0, 0], older, newer)).tolist() == [SHIFTED, SAME]


def test_tags_are_right_where_every_tag_that_was_stated_is() -> None:
    older = np.array([[0.9, 0.1], [0.9, 0.9], [0.1, 0.1], [0.9, 0.1]])
    newer = np.array([[0.9, 0.9], [0.9, 0.1], [0.1, 0.9], [0.9, 0.9]])
    told = Unseen(
        output=Output.TAGS,
        truth=np.array([[1, 0], [1, 0], [1, 0], [1, -1]], dtype=np.int8),
        older=older,
        newer=newer,
        groups=np.arange(4),
        thresholds=(np.array([0.5, 0.5]), np.array([0.5, 0.5])),
    )
    assert what_became(told).tolist() == [BROKEN, FIXED, MOVED, SAME]


def test_each_model_reads_its_tags_by_its_own_thresholds() -> None:
    scores = np.array([[0.4], [0.4]])
    told = Unseen(
        output=Output.TAGS,
        truth=np.array([[1], [0]], dtype=np.int8),
        older=scores,
        newer=scores,
        groups=np.arange(2),
        thresholds=(np.array([0.5]), np.array([0.3])),
    )
    assert what_became(told).tolist() == [FIXED, BROKEN]


def test_quantities_are_measured_by_the_typical_error_of_the_older() -> None:
    truth = np.zeros(5)
    told = Unseen(
        output=Output.NUMBER,
        truth=truth,
        older=np.array([1.0, 1.0, 1.0, 3.0, -1.0]),
        newer=np.array([1.5, 3.0, 0.1, 0.5, 1.0]),
        groups=np.arange(5),
    )
    assert what_became(told).tolist() == [SAME, BROKEN, SAME, FIXED, MOVED]


def test_the_better_of_two_is_named_whichever_it_is() -> None:
    rng = np.random.default_rng(0)
    truth: NDArray[np.int64] = rng.integers(0, 3, 200)
    wrong = np.where(rng.random(200) < 0.3, (truth + 1) % 3, truth)
    good, bad = sure(truth.tolist()), sure(wrong.tolist())
    assert paired_test(unseen(truth.tolist(), bad, good)).better == "newer"
    worse = paired_test(unseen(truth.tolist(), good, bad))
    assert worse.better == "older"
    assert worse.gain.estimate < 0
    same = paired_test(unseen(truth.tolist(), good, good))
    assert (same.better, same.p) == (None, 1.0)


def test_equal_models_are_called_different_no_more_often_than_is_stated() -> None:
    rng = np.random.default_rng(1)
    alarms, runs = 0, 400
    for _ in range(runs):
        truth = rng.integers(0, 2, 60)
        noise = [np.where(rng.random(60) < 0.2, 1 - truth, truth) for _ in range(2)]
        older, newer = (sure(each.tolist(), 2) for each in noise)
        alarms += paired_test(unseen(truth.tolist(), older, newer)).better is not None
    assert alarms / runs < 0.08


def test_a_slice_stands_out_only_beyond_chance() -> None:
    n = 100
    became = np.full(n, SAME, dtype=np.int8)
    became[:12] = BROKEN
    became[50] = BROKEN
    rows = np.arange(n)
    slices = [
        Slice(kind="label", name="a", rows=rows < 50),
        Slice(kind="label", name="b", rows=rows >= 50),
        Slice(kind="label", name="few", rows=rows < 3),
    ]
    worst, other = change_by_slice(became, rows, slices)
    assert (worst.name, worst.broken, worst.fixed, worst.clear) == ("a", 12, 0, True)
    assert (other.name, other.broken, other.clear) == ("b", 1, False)


def test_labels_are_slices_of_what_is_true() -> None:
    tags = np.array([[1, 0], [1, 1], [0, -1]], dtype=np.int8)
    found = label_slices(Output.TAGS, tags, ("x", "y"))
    assert [one.rows.tolist() for one in found] == [[True, True, False], [False, True, False]]
    assert label_slices(Output.NUMBER, np.zeros(3), ()) == []
