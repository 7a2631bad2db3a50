import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hotfit.similarity.search import unit
from hotfit.similarity.spread import most_different


@given(st.integers(1, 15), st.integers(0, 99))
def test_each_next_is_farthest_from_all_before(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    vectors = unit(rng.normal(size=(n, 3)).astype(np.float32))
    rows, distances = most_different(vectors, count=n)
    assert sorted(rows) == list(range(n))
    for place in range(1, n):
        taken, left = rows[:place], np.setdiff1d(np.arange(n), rows[:place])
        nearest = (1 - vectors[left] @ vectors[taken].T).min(axis=1)
        assert np.isclose(distances[place], max(nearest.max(), 0), atol=1e-5)


def test_a_start_and_a_mask_are_kept_to() -> None:
    vectors = unit(np.array([[1, 0], [0.9, 0.1], [0, 1], [-1, 0]], dtype=np.float32))
    mask = np.array([True, True, True, False])
    rows, _ = most_different(vectors, count=5, start=vectors[:1], mask=mask)
    assert rows[0] == 2
    assert sorted(rows) == [0, 1, 2]
