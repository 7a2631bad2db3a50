"""The map keeps neighbours together, and what comes later moves nothing."""

import numpy as np

from hotfit.similarity.layout import Layout
from hotfit.similarity.search import unit
from hotfit.types import Vectors


def groups(seed: int = 0) -> tuple[Vectors, np.ndarray]:
    centres = np.random.default_rng(5).normal(size=(4, 20))
    rng = np.random.default_rng(seed)
    codes = np.repeat(np.arange(4), 40)
    return unit((centres[codes] + 0.3 * rng.normal(size=(160, 20))).astype(np.float32)), codes


def test_what_is_alike_lies_together() -> None:
    vectors, codes = groups()
    at = Layout.fit(vectors).place(vectors)
    apart = ((at[:, None] - at) ** 2).sum(axis=2)
    np.fill_diagonal(apart, np.inf)
    assert (codes[apart.argmin(axis=1)] == codes).mean() > 0.95
    assert np.abs(at).max() <= 1


def test_a_place_depends_on_the_sample_and_the_landmarks_alone() -> None:
    vectors, codes = groups()
    layout = Layout.fit(vectors)
    new, new_codes = groups(seed=1)
    kept = Layout(**layout.state().arrays)
    both = kept.place(np.concatenate([vectors, new]))
    assert np.allclose(both[:160], layout.place(vectors))
    centre = np.stack([both[:160][codes == code].mean(axis=0) for code in range(4)])
    near = ((both[160:, None] - centre) ** 2).sum(axis=2).argmin(axis=1)
    assert (near == new_codes).mean() > 0.95


def test_few_samples_have_places_too() -> None:
    for count in (0, 1, 2, 3):
        vectors = unit(np.eye(3, dtype=np.float32)[:count].reshape(count, 3))
        at = Layout.fit(vectors).place(vectors)
        assert at.shape == (count, 2)
        assert np.isfinite(at).all()
