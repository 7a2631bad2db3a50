"""Samples that come and go after an index was built are found and passed over."""

import numpy as np

from hotfit.serving.indexed import SPARSE, Indexed
from hotfit.similarity.index import Index
from hotfit.similarity.search import unit


def test_later_samples_are_found_and_removed_ones_are_not() -> None:
    rng = np.random.default_rng(0)
    vectors = unit(rng.normal(size=(2000, 16)).astype(np.float32))
    ids = np.arange(2000) * 2 + 5
    indexed = Indexed(encoder="e", ids=ids, index=Index.build(vectors))
    keep = np.delete(np.arange(2000), [0, 7])
    now_ids = np.append(ids[keep], [9000, 9001])
    now = np.concatenate([vectors[keep], vectors[:1], vectors[7:8]])
    rows, cosines = indexed.nearest(now_ids, now, vectors[0], k=3)
    assert now_ids[rows[0]] == 9000
    assert cosines[0] > 0.999
    assert 5 not in now_ids[rows]
    assert not indexed.is_stale(now_ids)
    assert indexed.is_stale(now_ids[:1000])
    mask = np.ones(len(now_ids), dtype=np.bool_)
    mask[rows[0]] = False
    assert len(now_ids) < SPARSE
    assert indexed.nearest(now_ids, now, vectors[0], k=3, mask=mask)[0][0] == rows[1]
