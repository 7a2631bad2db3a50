import numpy as np
import pytest

from hotfit.inputs.looks import SIDE
from hotfit.similarity import duplicate_groups
from hotfit.similarity.pictures import Floats, near_pictures, window_in
from hotfit.types import Picture, Vectors


def thumbnails(n: int, seed: int = 0) -> Floats:
    """Random soft pictures, (n, SIDE, SIDE)."""
    rng = np.random.default_rng(seed)
    coarse = rng.random((n, 9, 9))
    grid = np.linspace(0, 8, SIDE)
    low = np.minimum(grid.astype(int), 7)
    share = grid - low
    rows = coarse[:, low] * (1 - share)[:, None] + coarse[:, low + 1] * share[:, None]
    found = rows[:, :, low] * (1 - share) + rows[:, :, low + 1] * share
    soft: Floats = found.astype(np.float32)
    return soft


def vectors(n: int) -> Vectors:
    return np.random.default_rng(1).normal(size=(n, 64)).astype(np.float32)


def test_other_light_and_noise_leave_a_near_copy() -> None:
    shown = thumbnails(20)
    noise = 0.01 * np.random.default_rng(2).normal(size=(SIDE, SIDE))
    copy = (0.8 * shown[3] + 0.05 + noise).astype(np.float32)
    pairs = near_pictures(np.concatenate([shown, copy[None]]), vectors(21))
    assert [(first, second) for first, second, _ in pairs] == [(3, 20)]
    assert 0.97 <= pairs[0][2] < 1


def test_a_crop_is_found_where_vectors_are_alike() -> None:
    shown = thumbnails(20)
    part = shown[5, 3:29, 4:30]
    grid = np.linspace(0, 25, SIDE).round().astype(int)
    every = np.concatenate([shown, part[np.ix_(grid, grid)][None]])
    known = vectors(21)
    assert near_pictures(every, known) == []
    known[20] = known[5] + 0.1 * known[20]
    assert [pair[:2] for pair in near_pictures(every, known)] == [(5, 20)]


def test_pictures_that_show_nothing_are_no_copies() -> None:
    blank = np.full((4, SIDE, SIDE), 0.5, np.float32)
    assert near_pictures(blank, np.ones((4, 8), np.float32)) == []


@pytest.mark.parametrize("n", [0, 1])
def test_nothing_has_no_copy(n: int) -> None:
    assert near_pictures(thumbnails(n), vectors(n)) == []


def test_a_picture_lies_in_itself() -> None:
    shown = thumbnails(2)
    smaller = np.stack([np.roll(shown[0], 1, axis=0), shown[1]])
    assert (window_in(shown, smaller) > 0.9).all()


def test_near_pictures_are_one_group() -> None:
    contents = [Picture.of(bytes([each])) for each in range(4)]
    found = duplicate_groups(contents, pictures=[(0, 2, 0.98)])
    assert found.groups.tolist() == [0, 1, 0, 3]
    assert (found.near, found.exact) == (1, 0)


def test_pieces_before_one_scene_are_no_copies_of_each_other() -> None:
    scene, pieces = thumbnails(1)[0], thumbnails(30, seed=3)
    shown = scene + 0.1 * pieces
    assert near_pictures(shown, np.ones((30, 8), np.float32)) == []
    assert near_pictures(shown[:9], np.ones((9, 8), np.float32))
