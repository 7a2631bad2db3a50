"""What is new in company comes before what is new alone, and both before what is known."""

import numpy as np
import pytest

from hotfit.labeling.novelty import COMPANY, novelty
from hotfit.similarity.search import unit
from hotfit.types import Vectors


def around(centre: int, count: int, *, seed: int) -> Vectors:
    """Vectors near one of the axes."""
    noise = 0.05 * np.random.default_rng(seed).normal(size=(count, 16))
    return unit((np.eye(16)[centre] + noise).astype(np.float32))


def test_a_small_cluster_is_newer_than_one_odd_sample_and_both_than_what_is_known() -> None:
    cluster, odd, common = (
        around(place, count, seed=place) for place, count in ((1, COMPANY + 1), (2, 1), (0, 60))
    )
    new = novelty(np.concatenate([cluster, odd, common]), around(0, 10, seed=9))
    assert new[: len(cluster)].min() > new[len(cluster)] > new[len(cluster) + 1 :].max()


@pytest.mark.parametrize("left", [1, 2, COMPANY, COMPANY + 1])
def test_few_samples_are_their_own_company(left: int) -> None:
    new = novelty(around(1, left, seed=0), around(0, 3, seed=1))
    assert new.shape == (left,)
    assert np.isfinite(new).all()
