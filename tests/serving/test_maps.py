"""A map is kept: nothing moves but where a small one has grown."""

import numpy as np

from hotfit.serving.gallery import Gallery
from hotfit.serving.maps import GROWN, Maps
from hotfit.similarity.layout import Places
from hotfit.similarity.search import unit
from tests.serving.worlds import World

VECTORS = unit(np.random.default_rng(0).normal(size=(60, 8)).astype(np.float32))


def gallery(count: int) -> Gallery:
    """The first so many samples."""
    return Gallery(
        encoder="one",
        change=count,
        ids=np.arange(1, count + 1),
        external_ids=[None] * count,
        hashes=[bytes([row]) for row in range(count)],
        vectors=VECTORS[:count],
        answers=[None] * count,
    )


def whole(maps: Maps, function: str, count: int) -> Places:
    return maps.places(function, gallery(count), slice(0, count))


def test_samples_that_come_later_move_none_also_after_a_restart(world: World) -> None:
    function = world.function("sms")
    maps = Maps(world.store)
    first = whole(maps, function, 12)
    later = whole(maps, function, 12 * GROWN)
    np.testing.assert_array_equal(later[:12], first)
    np.testing.assert_array_equal(whole(Maps(world.store), function, 12 * GROWN), later)


def test_a_small_map_that_has_grown_is_laid_out_anew(world: World) -> None:
    function = world.function("sms")
    maps = Maps(world.store)
    first = whole(maps, function, 12)
    grown = whole(maps, function, 12 * GROWN + 1)
    assert not np.allclose(grown[:12], first)
    np.testing.assert_array_equal(whole(Maps(world.store), function, 12 * GROWN + 1), grown)
