"""What neighbours add to a discriminant, and whom they may not ask."""

import numpy as np
import pytest

from hotfit.heads import neighbours
from hotfit.heads.discriminant import Discriminant
from hotfit.heads.neighbours import Memory, Neighbours, NeighboursModel
from hotfit.testing.heads import HeadContract
from hotfit.types import Features


class TestNeighbours(HeadContract):
    head = Neighbours()


def test_labels_of_several_clusters_are_told_apart() -> None:
    rng = np.random.default_rng(0)
    corner = rng.integers(0, 4, 400)
    values = np.stack([corner % 2, corner // 2], axis=1) * 6 + rng.normal(size=(400, 2))
    codes = (corner % 2 ^ corner // 2).astype(np.int64)
    features = Features(values=values.astype(np.float32))
    accuracy = {}
    for head in (Discriminant(), Neighbours()):
        trained = head.fit(features, codes, labels=2, groups=np.arange(400))
        accuracy[head.name] = (trained.held_out.argmax(axis=1) == codes).mean()
    assert accuracy["discriminant.v1"] < 0.7
    assert accuracy["neighbours.v1"] > 0.95


def test_votes_equal_a_plain_count_of_the_nearest_other_groups() -> None:
    rng = np.random.default_rng(1)
    vectors = rng.normal(size=(50, 3)).astype(np.float32)
    codes, groups = rng.integers(0, 3, 50), np.arange(50) // 2
    memory = Memory(vectors=vectors, codes=codes, unit=np.array([3.0]))
    found = memory.votes(vectors, 3, own=groups, groups=groups)
    for row in range(50):
        others = np.flatnonzero(groups != groups[row])
        distance = ((vectors[others] - vectors[row]).astype(np.float64) ** 2).sum(axis=1)
        near = np.argsort(distance)[:20]
        weight = np.exp(-5 * distance[near] / 3)
        votes = np.array([weight[codes[others[near]] == c].sum() for c in range(3)])
        assert np.abs(np.log(votes / votes.sum() + 0.01 / 3) - found[row]).max() < 1e-3


def test_a_model_remembers_a_bounded_even_selection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "REMEMBERED", 100)
    values = np.arange(450, dtype=np.float32)[:, None]
    codes = (values[:, 0] > 200).astype(np.int64)
    model = Neighbours().fit(Features(values=values), codes, labels=2, groups=np.arange(450)).model
    assert isinstance(model, NeighboursModel)
    assert len(model.memory.codes) == 100
    assert np.diff(model.memory.vectors[:, 0]).max() < 6
    assert (model.predict(Features(values=values)).argmax(axis=1) == codes).mean() > 0.98
