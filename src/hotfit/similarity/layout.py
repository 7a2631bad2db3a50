"""A map: samples that are alike lie together, and none moves when another comes.

    landmarks   a part of the samples; their neighbours attract, all others repel each other, by
                the forces of t-SNE (van der Maaten and Hinton 2008), from their two main axes on
    the others  the mean of their nearest landmarks' places, the nearer the heavier

A place depends on the sample and the landmarks alone. The landmarks are kept, so the map stays.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hotfit.similarity.search import nearest, unit
from hotfit.types import State, Vectors

LANDMARKS = 800
"""Samples that span the map."""

NEIGHBOURS = 12
ROUNDS = 200
EARLY = 60
"""Rounds in which neighbours attract four times as much, so that groups find together."""

BETWEEN = 6
"""Landmarks that place a sample."""

SHARPNESS = 30.0
"""How much heavier a nearer landmark weighs, per unit of cosine distance."""

Places = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Layout:
    """`landmarks` (l, d) of length 1 and their `places` (l, 2), within -1 and 1."""

    landmarks: Vectors = field(repr=False)
    places: Places = field(repr=False)

    @classmethod
    def fit(cls, vectors: Vectors, *, seed: int = 0) -> "Layout":
        """Lay out a part of `vectors` (n, d)."""
        rng = np.random.default_rng(seed)
        size = min(LANDMARKS, len(vectors))
        landmarks = unit(vectors[np.sort(rng.choice(len(vectors), size, replace=False))])
        return cls(landmarks=landmarks, places=_spread(landmarks, rng))

    def place(self, vectors: Vectors) -> Places:
        """Where samples (n, d) lie, (n, 2)."""
        if not len(self.landmarks):
            return np.zeros((len(vectors), 2), dtype=np.float32)
        hits = nearest(self.landmarks, vectors, k=min(BETWEEN, len(self.landmarks)))
        gap = hits.cosines[:, :1] - hits.cosines
        weights = np.exp(-SHARPNESS * gap)
        weights /= weights.sum(axis=1, keepdims=True)
        mean = np.einsum("nk,nkc->nc", weights, self.places[hits.rows])
        same = hits.cosines[:, 0] > 1 - 1e-6
        mean[same] = self.places[hits.rows[same, 0]]
        return np.asarray(mean, dtype=np.float32)

    def state(self) -> State:
        """The landmarks and their places."""
        return State(arrays={"landmarks": self.landmarks, "places": self.places}, parameters={})


def _spread(vectors: Vectors, rng: np.random.Generator) -> Places:
    """Places (l, 2) of the landmarks."""
    n = len(vectors)
    if n < 3:
        return np.linspace(-0.5, 0.5, 2 * n, dtype=np.float32).reshape(n, 2)
    attract = _neighbourhood(vectors)
    at = _main_axes(vectors) + rng.normal(scale=1e-6, size=(n, 2))
    speed = np.zeros_like(at)
    for step in range(ROUNDS):
        pull = attract * (4.0 if step < EARLY else 1.0)
        near = 1 / (1 + _squared(at))
        np.fill_diagonal(near, 0)
        force = (pull - near / near.sum()) * near
        gradient = 4 * (force.sum(axis=1)[:, None] * at - force @ at)
        speed = (0.5 if step < EARLY else 0.8) * speed - n / 6 * gradient
        at = at + speed
    at -= at.mean(axis=0)
    return np.asarray(at / max(float(np.abs(at).max()), 1e-9), dtype=np.float32)


def _neighbourhood(vectors: Vectors) -> NDArray[np.float64]:
    """How much each pair attracts, (l, l); sums to 1."""
    n = len(vectors)
    k = min(NEIGHBOURS, n - 1)
    hits = nearest(vectors, vectors, k=k, skip_self=True)
    attract = np.zeros((n, n))
    attract[np.arange(n)[:, None], hits.rows] = 1.0
    attract += attract.T
    return np.asarray(attract / attract.sum())


def _main_axes(vectors: Vectors) -> NDArray[np.float64]:
    centred = (vectors - vectors.mean(axis=0)).astype(np.float64)
    axes = np.linalg.eigh(centred.T @ centred)[1][:, ::-1][:, :2]
    at = centred @ axes
    if at.shape[1] < 2:
        at = np.pad(at, ((0, 0), (0, 2 - at.shape[1])))
    return np.asarray(1e-2 * at / max(float(at.std()), 1e-9))


def _squared(at: NDArray[np.float64]) -> NDArray[np.float64]:
    lengths = (at**2).sum(axis=1)
    return np.asarray(np.maximum(lengths[:, None] + lengths - 2 * at @ at.T, 0))
