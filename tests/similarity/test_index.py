"""The index finds nearly all that a full search finds, and says how much it measured."""

import numpy as np
import pytest

from hotfit.similarity.index import Index
from hotfit.similarity.search import nearest, unit
from hotfit.types import Vectors


def clustered(n: int, *, seed: int) -> Vectors:
    centres = np.random.default_rng(9).normal(size=(40, 48))
    rng = np.random.default_rng(seed)
    noise = rng.normal(scale=0.6, size=(n, 48))
    return unit((centres[rng.integers(0, 40, n)] + noise).astype(np.float32))


def test_finds_nearly_all_that_a_full_search_finds() -> None:
    vectors, asked = clustered(6000, seed=0), clustered(50, seed=1)
    index = Index.build(vectors)
    truth = nearest(vectors, asked, k=10).rows
    found = [index.nearest(query, k=10)[0] for query in asked]
    hits = [len(set(one) & set(all_)) for one, all_ in zip(found, truth, strict=True)]
    assert np.mean(hits) >= 9.5
    assert index.recall >= 0.95


def test_reads_everything_where_nothing_lies_together() -> None:
    rng = np.random.default_rng(0)
    vectors = unit(rng.normal(size=(1500, 300)).astype(np.float32))
    index = Index.build(vectors)
    assert index.recall >= 0.95


def test_what_may_not_be_found_is_not_found() -> None:
    vectors = clustered(3000, seed=2)
    mask = np.arange(3000) % 3 == 0
    rows, cosines = Index.build(vectors).nearest(vectors[0], k=20, mask=mask)
    assert mask[rows].all()
    assert rows[0] == 0
    assert (np.diff(cosines) <= 0).all()
    assert cosines[0] == pytest.approx(1, abs=1e-5)
