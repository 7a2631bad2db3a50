import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hotfit.quality.neighbours import neighbour_votes


def naive(vectors: np.ndarray, codes: np.ndarray, groups: np.ndarray, k: int) -> np.ndarray:
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    frequency = np.bincount(codes[codes >= 0], minlength=k) / (codes >= 0).sum()
    votes = []
    for i in range(len(unit)):
        near = [
            (float(unit[i] @ unit[j]), int(codes[j]))
            for j in range(len(unit))
            if codes[j] >= 0 and groups[j] != groups[i]
        ]
        near = sorted(near, reverse=True)[:15]
        tally = frequency.copy()
        for cosine, code in near:
            tally[code] += np.exp((cosine - near[0][0]) / 0.1)
        votes.append(tally / tally.sum())
    return np.array(votes)


@given(st.integers(2, 25), st.integers(0, 999))
def test_agrees_with_counting_one_by_one(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(n, 3)).astype(np.float32)
    codes = rng.integers(-1, 3, n)
    codes[0] = 0
    groups = rng.integers(0, n, n)
    found = neighbour_votes(vectors, codes, labels=3, groups=groups)
    assert np.allclose(found, naive(vectors, codes, groups, 3), atol=1e-4)


def test_of_very_many_samples_a_part_votes() -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(160_000, 2)).astype(np.float32)
    codes = (vectors[:, 0] > 0).astype(np.int64)
    found = neighbour_votes(vectors[:], codes, labels=2)
    assert (found.argmax(axis=1) == codes).mean() > 0.97
