from pathlib import Path

import numpy as np
import pytest

from hotfit import encoders
from hotfit.encoders.fake import FakeEncoder


def test_opens_without_weights_or_network(tmp_path: Path) -> None:
    encoder = encoders.open("fake.v1", cache=tmp_path, offline=True)
    assert encoder.name == "fake.v1"
    assert encoder.encode(["hello"]).shape == (1, 256)
    assert not list(tmp_path.iterdir())


def test_vectors_are_the_same_for_ever() -> None:
    vector = FakeEncoder(dimensions=8).encode(["spam and eggs"])[0]
    expected = [0, 0, -0.185695, 0.185695, -0.185695, -0.742781, 0.557086, -0.185695]
    np.testing.assert_allclose(vector, expected, atol=1e-6)


@pytest.mark.parametrize("dimensions", [64, 256])
def test_texts_spelt_alike_lie_closer(dimensions: int) -> None:
    a, b, c = FakeEncoder(dimensions=dimensions).encode(
        ["where is my parcel", "where are my parcels", "tomato soup"]
    )
    assert a @ b > a @ c + 0.2


def test_rows_have_length_one_and_the_empty_text_has_a_vector() -> None:
    vectors = FakeEncoder().encode(["", "a", "\ud800", "a b " * 500])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_progress_ends_with_all() -> None:
    seen: list[tuple[int, int]] = []
    FakeEncoder().encode(["a"] * 1500, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1000, 1500), (1500, 1500)]
