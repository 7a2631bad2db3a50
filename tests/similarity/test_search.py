import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hotfit.similarity import nearest


@given(st.integers(1, 20), st.integers(1, 5), st.integers(1, 25), st.integers(0, 999))
def test_agrees_with_a_full_sort(n: int, m: int, k: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    base = rng.normal(size=(n, 4)).astype(np.float32)
    asked = rng.normal(size=(m, 4)).astype(np.float32)
    hits = nearest(base, asked, k=k)
    cosines = (asked / np.linalg.norm(asked, axis=1, keepdims=True)) @ (
        base / np.linalg.norm(base, axis=1, keepdims=True)
    ).T
    expected = -np.sort(-cosines, axis=1)[:, :k]
    assert np.allclose(hits.cosines[:, : min(k, n)], expected, atol=1e-5)
    assert (hits.rows[:, min(k, n) :] == -1).all()


def test_masked_rows_and_the_asker_itself_are_not_found() -> None:
    base = np.eye(3, dtype=np.float32) + np.float32(0.1)
    hits = nearest(base, base, k=3, mask=np.array([True, True, False]), skip_self=True)
    assert hits.rows.tolist() == [[1, -1, -1], [0, -1, -1], hits.rows[2].tolist()]
    assert set(hits.rows[2].tolist()) == {0, 1, -1}


def test_a_zero_vector_is_near_nothing_but_breaks_nothing() -> None:
    base = np.array([[1, 0], [0, 0]], dtype=np.float32)
    hits = nearest(base, np.zeros((1, 2), dtype=np.float32), k=2)
    assert hits.cosines.tolist() == [[0.0, 0.0]]


def test_an_empty_collection_has_no_neighbours() -> None:
    hits = nearest(np.empty((0, 2), np.float32), np.ones((1, 2), np.float32), k=2)
    assert hits.rows.tolist() == [[-1, -1]]
