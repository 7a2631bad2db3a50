"""Discriminant analysis that also listens to the nearest samples.

    p(c | x) = softmax_c( a ln p_discriminant(c | x) + b ln (v_c(x) + s) )
    v_c(x) = sum of exp(-5 |x - x_j|^2 / u) over the 20 nearest x_j of class c, scaled to sum to 1

with u the mean squared norm of a centred sample. A discriminant draws one plane between two
labels; neighbours see labels of several clusters (k nearest neighbours, Cover and Hart 1967).
Held-out scores leave a sample's whole group out of both; a and b are fitted to them.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from hotfit.heads.base import Targets, Trained
from hotfit.heads.calibration import as_scores, fit_weights
from hotfit.heads.discriminant import Discriminant, DiscriminantModel, fit_discriminant
from hotfit.types import Codes, Features, Groups, Output, Scores, State

NEAREST = 20
SHARPNESS = 5.0
DOUBT = 0.01
"""Share of a vote that is spread over all labels."""

REMEMBERED = 20_000
"""Most samples a model keeps; of more it keeps an even selection."""

CHUNK = 1 << 23
"""Similarities computed at once."""

Reals = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Memory:
    """`vectors` (m, d) centred, `codes` (m,) and the unit of squared distance (1,)."""

    vectors: Reals
    codes: Codes
    unit: NDArray[np.float64]

    def votes(
        self,
        queries: Reals,
        labels: int,
        *,
        own: Groups | None = None,
        groups: Groups | None = None,
    ) -> NDArray[np.float64]:
        """Log votes (n, labels) on centred `queries`; `own` groups do not vote on themselves."""
        norms = np.einsum("nd,nd->n", self.vectors, self.vectors)
        answer = np.empty((len(queries), labels))
        width = max(1, CHUNK // max(len(self.codes), 1))
        for start in range(0, len(queries), width):
            chunk = queries[start : start + width]
            far = norms - 2 * (chunk @ self.vectors.T)
            far += np.einsum("nd,nd->n", chunk, chunk)[:, None]
            if own is not None and groups is not None:
                far[own[start : start + width, None] == groups] = np.inf
            answer[start : start + width] = self._count(far, labels)
        return answer

    def _count(self, far: Reals, labels: int) -> NDArray[np.float64]:
        nearest = min(NEAREST, far.shape[1])
        near = np.argpartition(far, nearest - 1, axis=1)[:, :nearest]
        distance = np.maximum(np.take_along_axis(far, near, axis=1), 0).astype(np.float64)
        with np.errstate(invalid="ignore"):
            closeness = distance - distance.min(axis=1, keepdims=True)
        # A row whose every neighbour is of its own group has no votes: infinity less infinity.
        weight = np.nan_to_num(np.exp(-SHARPNESS / self.unit[0] * closeness))
        votes = np.zeros((len(far), labels))
        rows = np.arange(len(far))
        for rank in range(nearest):
            votes[rows, self.codes[near[:, rank]]] += weight[:, rank]
        votes /= np.maximum(votes.sum(axis=1, keepdims=True), 1e-12)
        return np.asarray(np.log(votes + DOUBT / labels))


@dataclass(frozen=True, kw_only=True)
class NeighboursModel:
    """A discriminant, the remembered samples and the `weights` (a, b)."""

    discriminant: DiscriminantModel
    memory: Memory
    weights: NDArray[np.float64]
    head: ClassVar[str] = "neighbours.v1"

    def predict(self, features: Features) -> Scores:
        """Probabilities (m, k)."""
        scores = self.discriminant.predict(features)
        votes = self.memory.votes(features.values - self.discriminant.centre, scores.shape[1])
        return _mix(scores, votes, self.weights)

    def state(self) -> State:
        """The arrays of all three."""
        arrays: dict[str, NDArray[Any]] = dict(self.discriminant.state().arrays)
        arrays |= {"vectors": self.memory.vectors, "codes": self.memory.codes}
        arrays |= {"unit": self.memory.unit, "mixture": self.weights}
        return State(arrays=arrays, parameters=self.discriminant.state().parameters)


class Neighbours:
    """A background head for Classification on vectors in which distance means something."""

    name: ClassVar[str] = "neighbours.v1"
    outputs: ClassVar[frozenset[Output]] = frozenset({Output.CLASSIFICATION})

    def fit(self, features: Features, targets: Targets, *, labels: int, groups: Groups) -> Trained:
        """Train on n samples; compares all with at most `REMEMBERED` of them."""
        codes = targets.astype(np.int64)
        base, _ = fit_discriminant(features.values, codes, labels, groups)
        assert isinstance(base.model, DiscriminantModel)
        memory, votes = remember(features.values - base.model.centre, codes, labels, groups)
        known = base.held_out[np.arange(len(codes)), codes] > 0
        terms = [logs(base.held_out)[known], votes[known]]
        weights = fit_weights(terms, codes[known], start=np.array([1.0, 0.1]))
        model = NeighboursModel(discriminant=base.model, memory=memory, weights=weights)
        return Trained(model=model, held_out=_mix(base.held_out, votes, weights))

    def load(self, state: State) -> NeighboursModel:
        """Rebuild from `state`."""
        arrays = state.arrays
        return NeighboursModel(
            discriminant=Discriminant().load(state),
            memory=Memory(vectors=arrays["vectors"], codes=arrays["codes"], unit=arrays["unit"]),
            weights=arrays["mixture"],
        )


def remember(
    centred: Reals, codes: Codes, labels: int, groups: Groups
) -> tuple[Memory, NDArray[np.float64]]:
    """Remember at most `REMEMBERED` of n samples; the log votes of other groups on all (n, k)."""
    kept = np.unique(np.linspace(0, len(codes) - 1, min(len(codes), REMEMBERED)).astype(np.int64))
    unit = float(np.einsum("nd,nd->", centred, centred, dtype=np.float64)) / len(codes)
    memory = Memory(vectors=centred[kept], codes=codes[kept], unit=np.array([max(unit, 1e-12)]))
    return memory, memory.votes(centred, labels, own=groups, groups=groups[kept])


def logs(scores: Scores) -> NDArray[np.float64]:
    """Log probabilities, none below that of 1e-9."""
    return np.asarray(np.log(np.maximum(scores, 1e-9)))


def _mix(
    scores: Scores, votes: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    mixed = as_scores(weights[0] * logs(scores) + weights[1] * votes)
    # A label without a sample stays impossible.
    mixed[scores == 0] = 0
    return np.asarray(mixed / np.maximum(mixed.sum(axis=1, keepdims=True), 1e-300))
