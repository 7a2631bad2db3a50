"""What is asked next: spread out, then unsure, never two alike, and every answer is learned."""

import numpy as np
import pytest

from hotfit.labeling.desk import APART, RANDOMLY, UNKNOWN, WEIGHED, Desk
from hotfit.similarity.search import unit
from hotfit.types import Codes, Vectors


def pool(sizes: tuple[int, ...], *, seed: int = 0, scale: float = 0.25) -> tuple[Vectors, Codes]:
    """Clusters of these sizes in 24 dimensions, and the cluster of each sample."""
    rng = np.random.default_rng(seed)
    codes = np.repeat(np.arange(len(sizes)), sizes)
    centres = rng.normal(size=(len(sizes), 24))
    vectors = centres[codes] + scale * rng.normal(size=(len(codes), 24))
    return unit(vectors.astype(np.float32)), codes.astype(np.int64)


def names(count: int) -> list[str]:
    return [f"label {code}" for code in range(count)]


def test_before_anything_is_known_the_picks_spread_over_all_groups() -> None:
    vectors, truth = pool((60, 60, 60, 60, 60))
    desk = Desk(vectors, np.full(300, UNKNOWN), names(5))
    batch = desk.next(10)
    chosen = [pick.row for pick in batch.picks if pick.reason != RANDOMLY]
    assert len(set(truth[chosen])) == 5
    assert batch.gain is None
    assert not batch.stop


def test_two_alike_are_never_in_one_batch() -> None:
    vectors, _ = pool((40, 40))
    twice = np.concatenate([vectors, vectors])
    rows = [pick.row for pick in Desk(twice, np.full(160, UNKNOWN), names(2)).next(20).picks]
    assert len({row % 80 for row in rows}) == len(rows) == 20


def test_an_answer_counts_at_once() -> None:
    vectors, truth = pool((50, 50, 50))
    desk = Desk(vectors, np.full(150, UNKNOWN), names(3))
    for _ in range(12):
        (pick,) = desk.next(1).picks
        assert desk.codes[pick.row] == UNKNOWN
        desk.answer(pick.row, int(truth[pick.row]))
    scores = desk.scores(np.arange(150))
    assert scores is not None
    assert (scores.argmax(axis=1) == truth).mean() > 0.9
    row = int(np.flatnonzero(desk.codes >= 0)[0])
    desk.answer(row, UNKNOWN)
    assert desk.known == 11
    assert row not in desk.codes.nonzero()[0][desk.codes[desk.codes.nonzero()[0]] >= 0]


def test_later_it_asks_where_it_is_unsure() -> None:
    vectors, truth = pool((150, 150), scale=0.9)
    codes = np.where(np.arange(300) % 5 == 0, truth, UNKNOWN)
    desk = Desk(vectors, codes, names(2))
    left = np.flatnonzero(codes == UNKNOWN)
    scores = desk.scores(left)
    assert scores is not None
    margin = dict(zip(left.tolist(), np.abs(scores[:, 0] - scores[:, 1]), strict=True))
    picked = [pick.row for pick in desk.next(10).picks if pick.reason != RANDOMLY]
    assert np.mean([margin[row] for row in picked]) < np.mean(list(margin.values()))


def test_what_is_apart_is_never_asked_about() -> None:
    vectors, truth = pool((20, 20))
    codes = np.where(truth == 0, APART, UNKNOWN)
    assert {truth[pick.row] for pick in Desk(vectors, codes, names(2)).next(40).picks} == {1}


def test_a_label_without_examples_is_looked_for_by_its_name() -> None:
    vectors, truth = pool((200, 200, 4))
    codes = np.where((truth < 2) & (np.arange(404) % 10 == 0), truth, UNKNOWN)
    centres = np.stack([vectors[truth == code].mean(axis=0) for code in range(3)])
    desk = Desk(vectors, codes, names(3), names=unit(centres))
    picks = desk.next(10).picks
    assert any("label 2" in pick.reason and truth[pick.row] == 2 for pick in picks)


def test_random_picks_are_as_unsure_as_all_that_is_unlabelled() -> None:
    vectors, truth = pool((2000, 2000), scale=0.5)
    codes = np.where(np.arange(4000) % 40 == 0, truth, UNKNOWN)
    margins, drawn = np.array([]), list[float]()
    for seed in range(10):
        desk = Desk(vectors, codes, names(2), seed=seed)
        scores = desk.scores(np.arange(4000))
        assert scores is not None
        margins = np.abs(scores[:, 0] - scores[:, 1])
        picks = desk.next(60).picks
        drawn += [float(margins[pick.row]) for pick in picks if pick.reason == RANDOMLY]
    low, middle, high = np.quantile(margins, [0.2, 0.5, 0.8])
    assert low < np.median(drawn) < high
    assert 0.25 < np.mean(np.array(drawn) < middle) < 0.75


def test_of_a_large_pool_every_part_is_asked_about() -> None:
    vectors, _ = pool((WEIGHED, WEIGHED))
    desk = Desk(vectors, np.full(2 * WEIGHED, UNKNOWN), names(2))
    asked = set[int]()
    for _ in range(6):
        rows = [pick.row for pick in desk.next(20).picks]
        assert len(rows) == len(set(rows)) == 20
        assert not asked & set(rows)
        asked |= set(rows)
        for row in rows:
            desk.answer(row, int(row >= WEIGHED))
    assert min(asked) < WEIGHED <= max(asked)


def test_a_label_with_few_examples_is_looked_for_by_them() -> None:
    vectors, truth = pool((400, 400, 12), scale=0.4)
    codes = np.where((truth < 2) & (np.arange(812) % 20 == 0), truth, UNKNOWN)
    codes[np.flatnonzero(truth == 2)[0]] = 2
    found = [
        pick for pick in Desk(vectors, codes, names(3)).next(10).picks if "1 so" in pick.reason
    ]
    assert len(found) >= 2
    assert all(truth[pick.row] == 2 for pick in found)


def test_a_label_whose_name_says_nothing_is_looked_for_in_what_is_new() -> None:
    vectors, truth = pool((400, 400, 12), scale=0.4)
    codes = np.where((truth < 2) & (np.arange(812) % 20 == 0), truth, UNKNOWN)
    picks = Desk(vectors, codes, names(3)).next(10).picks
    looked = [pick for pick in picks if "first example" in pick.reason]
    assert looked
    assert all("label 2" in pick.reason and truth[pick.row] == 2 for pick in looked)


@pytest.mark.parametrize("left", [0, 1])
def test_it_says_when_nothing_is_left(left: int) -> None:
    vectors, truth = pool((10, 10))
    codes = truth.copy()
    codes[:left] = UNKNOWN
    batch = Desk(vectors, codes, names(2)).next(5)
    assert len(batch.picks) == left
    assert batch.stop is (left == 0)


def test_more_like_this_finds_a_rare_group_and_heeds_what_it_is_not() -> None:
    vectors, truth = pool((400, 400, 8), scale=0.5)
    desk = Desk(vectors, np.full(808, UNKNOWN), names(3))
    rare = np.flatnonzero(truth == 2)
    found = desk.more_like([int(rare[0]), int(rare[1])], [0, 1], count=6)
    assert all(truth[pick.row] == 2 for pick in found)
    assert not {pick.row for pick in found} & {int(rare[0]), int(rare[1]), 0, 1}
