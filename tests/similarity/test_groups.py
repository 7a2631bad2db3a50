import numpy as np
import pytest

from hotfit.similarity import Pair, duplicate_groups
from hotfit.similarity.groups import _join, tie
from hotfit.types import Cell, Picture


def test_exact_and_near_copies_share_the_group_of_the_first() -> None:
    texts = [
        "where is the parcel that i ordered two weeks ago",
        "something else entirely",
        "Where is the parcel that I ordered two weeks ago?",
        "where is the pracel that i ordered two weeks ago",
    ]
    found = duplicate_groups(texts)
    assert found.groups.tolist() == [0, 1, 0, 0]
    assert found.exact == 1
    assert found.near == 1
    assert [(p.first, p.second, p.exact) for p in found.pairs] == [(0, 2, True), (0, 3, False)]


def test_every_exact_copy_is_paired_with_the_first_of_its_content() -> None:
    found = duplicate_groups(["a b", "c", "A B", "a, b", "c!"])
    assert {(p.first, p.second) for p in found.pairs} == {(0, 2), (0, 3), (1, 4)}


def test_rows_and_images_are_grouped_by_equal_content() -> None:
    assert duplicate_groups([{"x": 1.0}, {"x": 2.0}, {"x": 1.0}]).groups.tolist() == [0, 1, 0]
    assert duplicate_groups([Picture.of(b) for b in (b"p", b"q", b"q")]).groups.tolist() == [
        0,
        1,
        1,
    ]


def test_nothing_has_no_groups() -> None:
    assert duplicate_groups([]).groups.shape == (0,)


def test_a_long_chain_of_small_steps_does_not_tie_its_ends() -> None:
    chain = [Pair(i, i + 1, 0.9) for i in range(199)]
    groups = _join(np.arange(200), chain)
    assert np.bincount(groups).max() <= 16


def test_a_large_set_of_true_copies_stays_one_group() -> None:
    star = [Pair(0, i, 0.9) for i in range(1, 100)]
    assert set(_join(np.arange(100), star).tolist()) == {0}


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_groups_are_the_same_whatever_the_order_of_pairs(seed: int) -> None:
    rng = np.random.default_rng(seed)
    pairs = [Pair(int(a), int(b), 0.8) for a, b in rng.integers(0, 30, (20, 2)) if a < b]
    shuffled = [pairs[i] for i in rng.permutation(len(pairs))]
    assert _join(np.arange(30), pairs).tolist() == _join(np.arange(30), shuffled).tolist()


def test_rows_that_share_any_key_are_tied_and_those_without_one_stay_as_they_were() -> None:
    customer: list[Cell] = ["a", "b", None, "a ", "", 3.0]
    house: list[Cell] = [1.0, 2.0, None, 3.0, None, 2.0]
    tied = tie([customer, house], otherwise=np.array([0, 1, 2, 3, 2, 5]))
    assert tied[0] == tied[3]
    assert tied[1] == tied[5]
    assert tied[2] == tied[4]
    assert len(set(tied.tolist())) == 3
