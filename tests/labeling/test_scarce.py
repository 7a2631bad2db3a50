"""Scarce labels are looked for by name, by what is new, by example, and given up at last."""

import numpy as np
from numpy.typing import NDArray

from hotfit.labeling.scarce import ANSWERS, PATIENCE, SHARE, SMALL_SHARE, Clues, Scarce
from hotfit.similarity.search import unit
from hotfit.types import Vectors

NEWEST = 77
"""The one sample that was found to be new."""


def vectors() -> Vectors:
    return unit(np.random.default_rng(0).normal(size=(100, 16)).astype(np.float32))


def sought(
    scarce: Scarce,
    counts: list[int],
    likeliest: dict[int, int] | None,
    most: int = 4,
    newest: int = NEWEST,
) -> list[tuple[int, int]]:
    """What is searched where the names say that `likeliest` are of these labels."""

    def named(code: int) -> NDArray[np.float64]:
        return np.where(np.arange(100) == (likeliest or {}).get(code, -1), 0.9, 0.1)

    def new() -> NDArray[np.float64]:
        return np.where(np.arange(100) == newest, 0.9, -np.inf)

    clues = Clues(scores=None, named=None if likeliest is None else named, new=new)
    rows, free = np.arange(100), np.ones(100, dtype=np.bool_)
    return list(scarce.search(rows, np.array(counts), clues, most=most, free=free))


def test_a_label_without_examples_is_looked_for_where_its_name_points() -> None:
    found = sought(Scarce(vectors(), 3), [20, 20, 0], {2: 55})
    assert found[0] == (55, 2)
    assert {code for _, code in found} == {2}
    assert len({row for row, _ in found}) == 4


def test_no_label_is_looked_for_that_has_its_share() -> None:
    assert sought(Scarce(vectors(), 3), [2, 2, 2], {}) == []


def test_a_label_that_is_never_found_is_given_up_until_more_is_known() -> None:
    scarce = Scarce(vectors(), 2)
    for place in range(PATIENCE + 20 // ANSWERS):
        assert sought(scarce, [20, 0], {1: place}, most=1) == [(place, 1)]
        scarce.answered(place, 0)
    for _ in range(PATIENCE + 20 // ANSWERS):  # its name says nothing
        assert sought(scarce, [20, 0], {1: 50}) == [(NEWEST, 1)]
        scarce.answered(NEWEST, 0)
    assert sought(scarce, [20, 0], {1: 50}) == []
    assert sought(scarce, [200, 0], {1: 50})


def test_a_label_without_a_name_that_says_something_is_looked_for_in_what_is_new() -> None:
    assert sought(Scarce(vectors(), 3), [20, 20, 0], None) == [(NEWEST, 2)]


def test_one_that_is_found_is_looked_for_further() -> None:
    scarce = Scarce(vectors(), 2)
    for place in range(PATIENCE):
        ((row, _),) = sought(scarce, [20, 0], {1: place}, most=1)
        scarce.answered(row, 0)
    scarce.answered(90, 1)
    for place in range(PATIENCE):
        ((row, code),) = sought(scarce, [20, 0], {1: place}, most=1)
        assert code == 1
        scarce.answered(row, 0)


def test_the_search_takes_less_of_a_batch_while_most_labels_are_scarce() -> None:
    assert Scarce(vectors(), 2).share(np.array([60, 1])) == SHARE
    assert Scarce(vectors(), 5).share(np.array([12, 0, 0, 0, 0])) == SMALL_SHARE
