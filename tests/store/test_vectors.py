from collections.abc import Sequence

import numpy as np
import pytest

from hotfit.encoders.base import Progress
from hotfit.store import vectors
from hotfit.store.content import content_hash
from hotfit.store.sessions import Store
from hotfit.store.vectors import CachedEncoder, count, get_many, missing, put_many
from hotfit.types import Data, Input, Vectors


class Lengths:
    """Encodes a text as its length and its first character, and remembers what it was asked."""

    name = "lengths.v1"
    input = Input.TEXT
    dimensions = 2

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, samples: Sequence[Data], *, progress: Progress | None = None) -> Vectors:
        for done, sample in enumerate(samples):
            self.asked.append(str(sample))
            if progress:
                progress(done + 1, len(samples))
        return np.array([[len(str(one)), ord(str(one)[0])] for one in samples], dtype=np.float32)


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "CHUNK", 3)
    monkeypatch.setattr(vectors, "ENCODE", 2)


HASHES = [content_hash(str(number)) for number in range(10)]


def test_vectors_come_back_bit_by_bit(store: Store) -> None:
    values = np.random.default_rng(0).normal(size=(10, 5)).astype(np.float32)
    values[0, 0] = np.nan
    with store.write() as w:
        put_many(w, HASHES, "e.v1", np.asfortranarray(values))
    with store.read() as r:
        found = get_many(r, [*HASHES, content_hash("new")], "e.v1")
        assert count(r, "e.v1") == 10
        assert count(r, "e.v2") == 0
    assert np.array_equal(np.array([found[key] for key in HASHES]), values, equal_nan=True)
    assert len(found) == 10


def test_missing_names_each_hash_once_in_order(store: Store) -> None:
    with store.write() as w:
        put_many(w, HASHES[:4], "e.v1", np.ones((4, 2), dtype=np.float32))
    with store.read() as r:
        asked = [HASHES[9], HASHES[1], HASHES[5], HASHES[9], HASHES[4]]
        assert missing(r, asked, "e.v1") == [HASHES[9], HASHES[5], HASHES[4]]
        assert missing(r, HASHES, "e.v2") == HASHES
        assert missing(r, [], "e.v1") == []


def test_a_vector_that_is_there_stays(store: Store) -> None:
    with store.write() as w:
        put_many(w, HASHES[:1], "e.v1", np.ones((1, 2), dtype=np.float32))
        put_many(w, HASHES[:2], "e.v1", np.zeros((2, 2), dtype=np.float32))
    with store.read() as r:
        found = get_many(r, HASHES[:2], "e.v1")
    assert [found[key].tolist() for key in HASHES[:2]] == [[1, 1], [0, 0]]


def test_each_content_is_encoded_once(store: Store) -> None:
    encoder = Lengths()
    cached = CachedEncoder(encoder, store)
    texts = ["a", "bb", "a", "ccc", "dddd", "bb", "e"]
    first = cached.encode(texts)
    assert encoder.asked == ["a", "bb", "ccc", "dddd", "e"]
    assert np.array_equal(first, Lengths().encode(texts))
    again = CachedEncoder(encoder, store).encode(["e", "f", *texts])
    assert encoder.asked[5:] == ["f"]
    assert np.array_equal(again, Lengths().encode(["e", "f", *texts]))


def test_a_cached_encoder_is_like_the_one_inside(store: Store) -> None:
    cached = CachedEncoder(Lengths(), store)
    assert (cached.name, cached.input, cached.dimensions) == ("lengths.v1", Input.TEXT, 2)
    assert cached.encode([]).shape == (0, 2)


def test_progress_counts_what_is_new(store: Store) -> None:
    seen: list[tuple[int, int]] = []
    cached = CachedEncoder(Lengths(), store)
    cached.encode(["a"])
    cached.encode(["a", "b", "c", "d"], progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_an_interrupted_encoding_keeps_what_it_had(store: Store) -> None:
    class Failing(Lengths):
        def encode(self, samples: Sequence[Data], *, progress: Progress | None = None) -> Vectors:
            if "e" in samples:
                raise KeyboardInterrupt
            return super().encode(samples)

    with pytest.raises(KeyboardInterrupt):
        CachedEncoder(Failing(), store).encode(["a", "b", "c", "d", "e"])
    encoder = Lengths()
    CachedEncoder(encoder, store).encode(["a", "b", "c", "d", "e"])
    assert encoder.asked == ["e"]


def test_a_store_that_may_not_be_written_still_encodes(store: Store) -> None:
    store.writable = False
    encoder = Lengths()
    assert CachedEncoder(encoder, store).encode(["a", "bb"]).tolist() == [[1, 97], [2, 98]]
    with store.read() as r:
        assert count(r, "lengths.v1") == 0
