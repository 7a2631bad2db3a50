import numpy as np
import pytest

from hotfit.encoders.fake import FakeEncoder
from hotfit.samples import imports
from hotfit.samples.rows import read_rows
from hotfit.serving.gallery import Gallery, hang
from hotfit.serving.searching import SampleMissing
from hotfit.serving.serving import Serving
from hotfit.store.tables import samples
from hotfit.types import Sample
from tests.serving.test_batching import Watched
from tests.serving.worlds import TEXTS, World


@pytest.mark.parametrize("count", [1, 3, 50, 500])
def test_the_nearest_are_those_of_a_full_sort(count: int) -> None:
    random = np.random.default_rng(0)
    vectors = random.normal(size=(200, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    gallery = Gallery(
        encoder="e",
        change=1,
        ids=np.arange(200) + 7,
        external_ids=[f"x{n}" for n in range(200)],
        hashes=[bytes([n]) for n in range(200)],
        vectors=vectors,
    )
    query = random.normal(size=8).astype(np.float32) * 3
    distances = [1 - float(row @ query / np.linalg.norm(query)) for row in vectors]
    order = sorted(range(200), key=lambda row: distances[row])[:count]
    found = gallery.nearest(query, count=count)
    assert [near.sample for near in found] == [row + 7 for row in order]
    assert [near.external_id for near in found] == [f"x{row}" for row in order]
    assert [near.distance for near in found] == pytest.approx([distances[row] for row in order])


def test_only_what_is_new_is_encoded(world: World) -> None:
    encoder = Watched()
    world.encoder = encoder
    function = world.function("sms")
    world.fill(function)
    first = hang(world.store, world.blobs, function, encoder)
    assert len(first.ids) == 6
    encoder.batches.clear()
    with world.store.write() as session:
        new = [Sample(number=1, data="a new text", label="ham")]
        imports.add(session, function, new, author="me", blobs=world.blobs)
    for old in (None, first):
        again = hang(world.store, world.blobs, function, encoder, old=old)
        assert len(again.ids) == 7
        np.testing.assert_allclose(again.vectors[:6], first.vectors, atol=1e-6)
    assert encoder.batches == [["a new text"]]


def test_samples_are_found_by_a_text_and_by_a_sample(world: World) -> None:
    function = world.trained("sms")
    with world.store.read() as session:
        ids = dict(
            zip(read_rows(session, function).data, read_rows(session, function).ids, strict=True)
        )

    async def story(serving: Serving) -> None:
        standing = serving.standing("sms")
        text = TEXTS["ham"][0]
        found = await serving.near(standing, text, count=3)
        assert found[0].sample == ids[text]
        assert found[0].distance == pytest.approx(0, abs=1e-6)
        assert [near.distance for near in found] == sorted(near.distance for near in found)
        by_sample = await serving.near(standing, ids[text], count=3)
        assert [near.sample for near in by_sample] == [near.sample for near in found]
        with pytest.raises(SampleMissing):
            await serving.near(standing, 10**9, count=1)

    world.serve(story)


def test_a_sample_is_found_as_soon_as_it_is_there_and_not_once_it_is_gone(world: World) -> None:
    function = world.trained("sms")

    async def story(serving: Serving) -> None:
        await serving.near(serving.standing("sms"), "anything", count=1)
        with world.store.write() as session:
            new = [Sample(number=1, data="a parcel has arrived", label="ham")]
            imports.add(session, function, new, author="me", blobs=world.blobs)
        (near,) = await serving.near(serving.standing("sms"), "a parcel has arrived", count=1)
        assert near.distance == pytest.approx(0, abs=1e-6)
        with world.store.write() as session:
            session.run(samples.delete().where(samples.c.id == near.sample))
            add = [Sample(number=2, data="another text", label="ham")]
            imports.add(session, function, add, author="me", blobs=world.blobs)
        (other,) = await serving.near(serving.standing("sms"), "a parcel has arrived", count=1)
        assert other.sample != near.sample

    world.serve(story)


def test_nothing_is_found_where_there_is_nothing(world: World) -> None:
    function = world.function("empty")
    assert (
        hang(world.store, world.blobs, function, FakeEncoder()).nearest(
            np.ones(256, np.float32), count=5
        )
        == []
    )
