"""Shrunken linear discriminant analysis in closed form, judged on every sample left out.

    W = V diag(e) V',   M = W + r I,   D_c(x) = (x - m_c)' M^-1 (x - m_c)
    p(c | x) = softmax_c( -a n / 2 D_c(x) + b log n_c )

One eigendecomposition serves every penalty r (Friedman 1989, Regularized Discriminant Analysis;
Guo, Hastie, Tibshirani 2007). The penalty, and the weights a and b that calibrate, are those with
the least log loss over samples scored without their own group (`heads.held_out`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from hotfit.heads.base import Targets, Trained
from hotfit.heads.basis import principal_basis
from hotfit.heads.calibration import ABSENT, as_scores, fit_weights, log_loss, softmax, weigh
from hotfit.heads.held_out import Fit, Holdout, Refit, evidence
from hotfit.heads.moments import Moments
from hotfit.types import Codes, Features, Groups, Output, Scores, State

PENALTIES = tuple(float(p) for p in np.logspace(-2.5, 2.0, 10))
"""Penalties tried, in units of the mean eigenvalue of the within-class scatter."""

SELECTION = 1 << 18
"""Numbers (rows times labels) that weigh penalties and calibrate."""

Reals = NDArray[np.float32]
Weights = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What a fit settled on: the penalty r and the calibration weights (a, b)."""

    penalty: float
    weights: Weights


@dataclass(frozen=True, kw_only=True)
class DiscriminantModel:
    """Linear scores: `centre` (d,), `weights` (d, k), `bias` (k,), softmax.

    `choice` is what the fit settled on: with it and the samples the fit can be made again.
    """

    centre: Reals
    weights: Reals
    bias: NDArray[np.float64]
    choice: Choice | None = None
    head: ClassVar[str] = "discriminant.v1"

    def predict(self, features: Features) -> Scores:
        """Probabilities (m, k)."""
        return as_scores((features.values - self.centre) @ self.weights + self.bias)

    def state(self) -> State:
        """The three arrays, and the choice."""
        arrays: dict[str, NDArray[Any]] = {
            "centre": self.centre,
            "weights": self.weights,
            "bias": self.bias,
        }
        return State(arrays=arrays, parameters=_stated(self.choice))


class Discriminant:
    """The instant head for Classification."""

    name: ClassVar[str] = "discriminant.v1"
    outputs: ClassVar[frozenset[Output]] = frozenset({Output.CLASSIFICATION})

    def fit(self, features: Features, targets: Targets, *, labels: int, groups: Groups) -> Trained:
        """Train on n samples; every penalty is judged without each sample's group."""
        codes = np.asarray(targets, dtype=np.int64)
        return fit_discriminant(features.values, codes, labels, groups)[0]

    def load(self, state: State) -> DiscriminantModel:
        """Rebuild from `state`."""
        arrays = {name: state.arrays[name] for name in ("centre", "weights", "bias")}
        return DiscriminantModel(**arrays, choice=_choice_in(state.parameters))


def _stated(choice: Choice | None) -> dict[str, Any]:
    if choice is None:
        return {}
    return {"penalty": choice.penalty, "calibration": [float(each) for each in choice.weights]}


def _choice_in(parameters: Mapping[str, Any]) -> Choice | None:
    """The choice that `_stated` told; models of older versions tell none."""
    if "penalty" not in parameters:
        return None
    weights = np.array(parameters["calibration"], dtype=np.float64)
    return Choice(penalty=float(parameters["penalty"]), weights=weights)


class _Problem:
    """One data set in the eigenbasis of its within-class scatter."""

    def __init__(self, values: Reals, codes: Codes, labels: int) -> None:
        n, d = values.shape
        self.mean = values.mean(axis=0, dtype=np.float64)
        # Fewer samples than dimensions: all that tells classes apart lies in the samples' span.
        span, inside = principal_basis(values) if n < d else (None, None)
        self.axes = None if span is None else span.axes
        centred = inside if inside is not None else (values - self.mean).astype(np.float32)
        self.moments = Moments.of(centred, codes, labels)
        eigenvalues, self.basis = np.linalg.eigh(self.moments.within())
        self.eigenvalues = np.maximum(eigenvalues, 0)
        turn = self.basis.astype(np.float32)
        self.vectors = centred
        self.fit = Fit(
            vectors=centred @ turn,
            means=(self.moments.means @ self.basis).astype(np.float32),
            counts=self.moments.counts,
            codes=codes,
        )

    def own(self, penalties: NDArray[np.float64]) -> NDArray[np.float64]:
        """r_i' M^-1 r_i for every sample and penalty, (n, p)."""
        inverse = 1 / (self.eigenvalues[:, None] + penalties)
        squares = self.fit.vectors - self.fit.means[self.fit.codes]
        squares *= squares
        return np.asarray(squares @ inverse.astype(np.float32), dtype=np.float64)

    def refits(self, holdout: Holdout) -> tuple[Refit, ...]:
        """The fits without each fold of large groups."""
        k = len(self.moments.counts)
        return tuple(
            Refit.of(
                self.moments.minus(Moments.of(self.vectors[rows], self.fit.codes[rows], k)),
                self.vectors[rows],
            )
            for rows in holdout.folds
        )

    def terms(
        self, holdout: Holdout, refits: tuple[Refit, ...], penalty: float, own: Weights
    ) -> tuple[Reals, Reals]:
        """Held-out evidence and log prior of all rows of `holdout`, each (m, k)."""
        inverse = (1 / (self.eigenvalues + penalty)).astype(np.float32)
        parts = list(evidence(self.fit, holdout, refits, inverse=inverse, own=own, penalty=penalty))
        return np.concatenate([p[1] for p in parts]), np.concatenate([p[2] for p in parts])

    def model(self, choice: Choice) -> DiscriminantModel:
        """The model of all samples under `choice`."""
        inverse = 1 / (self.eigenvalues + choice.penalty)
        means = self.moments.means
        turned = (means @ self.basis) * inverse @ self.basis.T
        if self.axes is not None:
            means, turned = means @ self.axes.T, turned @ self.axes.T
        return linear_model(
            turned, means=means, counts=self.moments.counts, mean=self.mean, choice=choice
        )


def linear_model(
    turned: NDArray[np.float64],
    *,
    means: NDArray[np.float64],
    counts: Codes,
    mean: NDArray[np.float64],
    choice: Choice,
) -> DiscriminantModel:
    """The calibrated linear scores of class `means` (k, d) and `turned` = M^-1 means."""
    scale = choice.weights[0] * float(counts.sum())
    with np.errstate(divide="ignore"):
        prior = choice.weights[1] * np.maximum(np.log(counts), ABSENT)
    bias = prior - 0.5 * scale * np.einsum("kd,kd->k", turned, means)
    return DiscriminantModel(
        centre=mean.astype(np.float32),
        weights=np.ascontiguousarray((scale * turned).T, dtype=np.float32),
        bias=bias,
        choice=choice,
    )


def fit_discriminant(
    values: Reals,
    codes: Codes,
    labels: int,
    groups: Groups,
    *,
    choice: Choice | None = None,
) -> tuple[Trained, Choice]:
    """Fit `values` (n, d); what is not given as `choice` is chosen on held-out log loss."""
    problem = _Problem(values, codes, labels)
    choice = choice or _choose(problem, groups)
    holdout = Holdout.of(groups)
    own = problem.own(np.array([choice.penalty]))[:, 0]
    inverse = (1 / (problem.eigenvalues + choice.penalty)).astype(np.float32)
    held_out = np.empty((len(codes), labels))
    for rows, *terms in evidence(
        problem.fit,
        holdout,
        problem.refits(holdout),
        inverse=inverse,
        own=own,
        penalty=choice.penalty,
    ):
        held_out[rows] = as_scores(weigh(terms, choice.weights))
    return Trained(model=problem.model(choice), held_out=held_out), choice


def _choose(problem: _Problem, groups: Groups) -> Choice:
    """Judge the penalties, each calibrated at its best, on held-out log loss."""
    labels = len(problem.moments.counts)
    holdout = Holdout.of(groups, rows=max(256, SELECTION // labels))
    refits = problem.refits(holdout)
    penalties = np.array(PENALTIES) * problem.moments.scale()
    own = problem.own(penalties)
    codes = problem.fit.codes[holdout.rows]
    weights = np.ones(2)
    best = (np.inf, Choice(penalty=float(penalties[-1]), weights=weights))
    for index in range(len(penalties) - 1, -1, -1):
        terms = problem.terms(holdout, refits, float(penalties[index]), own[:, index])
        known = terms[1][np.arange(len(codes)), codes] > ABSENT / 2
        kept = tuple(term[known] for term in terms)
        weights = fit_weights(kept, codes[known], start=weights)
        loss = log_loss(softmax(weigh(kept, weights)), codes[known]) if known.any() else 0.0
        if loss < best[0]:
            best = (loss, Choice(penalty=float(penalties[index]), weights=weights))
    return best[1]
