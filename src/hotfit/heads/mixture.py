"""Discriminant, logistic regression and the nearest samples, each as much as it proves right.

    p(c | x) = softmax_c( a ln p_discriminant(c | x) + b ln p_logistic(c | x) + e ln (v_c(x) + s) )

a, b, e >= 0 have the least log loss on held-out scores (logarithmic opinion pool, Genest and Zidek
1986); v is that of `heads.neighbours`. What normalises a probability is the same for every label,
so the two linear members add up to one linear model, and where votes gain no more than fitting
their weight could by luck they are left out: then a call costs what one linear head costs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from hotfit.heads.base import Targets, Trained
from hotfit.heads.calibration import ABSENT, as_scores, fit_weights, log_loss, weigh
from hotfit.heads.discriminant import DiscriminantModel, fit_discriminant
from hotfit.heads.logistic import LogisticModel, fit_logistic
from hotfit.heads.neighbours import Memory, remember
from hotfit.types import Codes, Features, Groups, Output, Scores, State

LUCK = 1.0
"""Log loss per data set (not per sample) that a weight must gain to be worth a search a call."""

LEAST = 1e-30
"""Smallest probability that is told from none."""

Reals = NDArray[np.float32]
Terms = Sequence[NDArray[np.float64]]


@dataclass(frozen=True, kw_only=True)
class MixtureModel:
    """Linear scores, `centre` (d,), `weights` (d, k), `bias` (k,), and votes that count `share`."""

    centre: Reals
    weights: Reals
    bias: NDArray[np.float64]
    memory: Memory | None = None
    share: float = 0.0
    head: ClassVar[str] = "mixture.v1"

    def predict(self, features: Features) -> Scores:
        """Probabilities (m, k)."""
        centred = features.values - self.centre
        logits = (centred @ self.weights).astype(np.float64) + self.bias
        if self.memory is not None:
            logits += self.share * self.memory.votes(centred, len(self.bias))
        return as_scores(logits)

    def state(self) -> State:
        """The linear part and, where votes count, the remembered samples."""
        arrays: dict[str, NDArray[Any]] = {
            "centre": self.centre,
            "weights": self.weights,
            "bias": self.bias,
        }
        if self.memory is not None:
            arrays |= {
                "vectors": self.memory.vectors,
                "codes": self.memory.codes,
                "unit": self.memory.unit,
            }
        return State(arrays=arrays, parameters={"share": self.share})


class Mixture:
    """The tuned head for Classification on vectors."""

    name: ClassVar[str] = "mixture.v1"
    outputs: ClassVar[frozenset[Output]] = frozenset({Output.CLASSIFICATION})

    def fit(self, features: Features, targets: Targets, *, labels: int, groups: Groups) -> Trained:
        """Fit the members on n samples and weigh them by what they say of samples left out."""
        codes, values = targets.astype(np.int64), features.values
        near = fit_discriminant(values, codes, labels, groups)[0]
        straight = fit_logistic(values, codes, labels, groups)
        first, second = near.model, straight.model
        assert isinstance(first, DiscriminantModel)
        assert isinstance(second, LogisticModel)
        memory, votes = remember(values - first.centre, codes, labels, groups)
        terms = [_logs(near.held_out), _logs(straight.held_out), votes]
        # A label left without a sample where it was held out teaches no weight.
        known = near.held_out[np.arange(len(codes)), codes] > 0
        weights = weights_of([term[known] for term in terms], codes[known])
        absent = np.bincount(codes, minlength=labels) == 0
        model = MixtureModel(
            centre=first.centre,
            weights=_float32(weights[0] * first.weights + weights[1] * second.weights),
            bias=np.where(absent, ABSENT, _bias(first, second, weights)),
            memory=memory if weights[2] > 0 else None,
            share=float(weights[2]),
        )
        held_out = as_scores(weigh(terms, weights))
        held_out[near.held_out == 0] = 0
        held_out /= np.maximum(held_out.sum(axis=1, keepdims=True), 1e-300)
        return Trained(model=model, held_out=held_out)

    def load(self, state: State) -> MixtureModel:
        """Rebuild from `state`."""
        arrays = state.arrays
        memory = None
        if "vectors" in arrays:
            memory = Memory(vectors=arrays["vectors"], codes=arrays["codes"], unit=arrays["unit"])
        return MixtureModel(
            centre=arrays["centre"],
            weights=arrays["weights"],
            bias=arrays["bias"],
            memory=memory,
            share=float(state.parameters["share"]),
        )


def weights_of(terms: Terms, codes: Codes) -> NDArray[np.float64]:
    """The weight of each of three terms (n, k); the last is 0 unless it gains more than luck."""
    alone = fit_weights(terms[:2], codes, start=np.array([0.5, 0.5]))
    if len(codes) == 0:
        return np.append(alone, 0.0)
    voting = fit_weights(terms, codes, start=np.append(alone, 0.1))
    gain = _loss(terms[:2], alone, codes) - _loss(terms, voting, codes)
    return voting if gain * len(codes) > LUCK else np.append(alone, 0.0)


def _loss(terms: Terms, weights: NDArray[np.float64], codes: Codes) -> float:
    return log_loss(as_scores(weigh(terms, weights)), codes)


def _logs(scores: Scores) -> NDArray[np.float64]:
    return np.asarray(np.log(np.maximum(scores, LEAST)))


def _bias(
    first: DiscriminantModel, second: LogisticModel, weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The bias of both members about the centre of the first."""
    moved = second.bias + (first.centre - second.centre).astype(np.float64) @ second.weights
    return np.asarray(weights[0] * first.bias + weights[1] * moved)


def _float32(values: NDArray[np.floating[Any]]) -> Reals:
    return np.ascontiguousarray(values, dtype=np.float32)
