"""Multinomial and per-tag logistic regression with a penalty chosen on held-out predictions.

    minimise  sum_i loss(y_i, W'z_i + b) + r / 2 |W|^2

The Hessian never exceeds 1/2 Z'Z + r for softmax (Boehning 1992) and 1/4 Z'Z + r for a sigmoid.
In principal axes Z'Z is diagonal, so ONE eigendecomposition preconditions every step, penalty and
fold (a fold's Gram matrix is below the whole one). Held-out predictions come from grouped,
stratified folds, each warm-started along the penalty path from its own solutions only; one
temperature fitted on them calibrates the model.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from hotfit.heads.base import Targets, Trained
from hotfit.heads.basis import Basis, principal_basis
from hotfit.heads.calibration import as_scores, fit_slope, fit_weights, sigmoid
from hotfit.heads.folds import grouped_folds
from hotfit.heads.lbfgs import minimise
from hotfit.types import Codes, Features, Groups, Output, Scores, State

LOOSENESS = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0)
"""Inverse penalties tried, ascending, in units of the mean squared norm of a centred sample."""

FOLDS = 5
PILOT_ROWS = 1500
"""So many held-out samples choose the penalty; the other folds are fitted at the choice alone."""

TOLERANCE = 2e-3
STEPS = 60
INTERCEPT = 1e-3
"""Penalty of the intercepts: keeps them finite for a label that a fold lacks."""

Reals = NDArray[np.float32]
Link = Callable[[Reals, Reals | Codes | NDArray[np.int8]], tuple[float, Reals]]
"""Loss of logits (overwritten) and its derivative by them, given targets."""


@dataclass(frozen=True, kw_only=True)
class LogisticModel:
    """Linear scores: `centre` (d,), `weights` (d, k), `bias` (k,); softmax, or a sigmoid a tag."""

    centre: Reals
    weights: Reals
    bias: NDArray[np.float64]
    tags: bool = False
    head: ClassVar[str] = "logistic.v1"

    def predict(self, features: Features) -> Scores:
        """Probabilities (m, k)."""
        logits = ((features.values - self.centre) @ self.weights + self.bias).astype(np.float64)
        return np.asarray(sigmoid(logits) if self.tags else as_scores(logits), dtype=np.float64)

    def state(self) -> State:
        """The three arrays and whether labels exclude one another."""
        arrays: dict[str, NDArray[Any]] = {
            "centre": self.centre,
            "weights": self.weights,
            "bias": self.bias,
        }
        return State(arrays=arrays, parameters={"tags": self.tags})


class Logistic:
    """The tuned linear head for Classification and Tags."""

    name: ClassVar[str] = "logistic.v1"
    outputs: ClassVar[frozenset[Output]] = frozenset({Output.CLASSIFICATION, Output.TAGS})

    def fit(self, features: Features, targets: Targets, *, labels: int, groups: Groups) -> Trained:
        """Train on n samples; (n,) targets are label codes, (n, k) targets are tags."""
        if targets.ndim == 2:
            return fit_tags(features.values, targets.astype(np.int8), groups)
        return fit_logistic(features.values, targets.astype(np.int64), labels, groups)

    def load(self, state: State) -> LogisticModel:
        """Rebuild from `state`."""
        return LogisticModel(**state.arrays, tags=bool(state.parameters["tags"]))


def fit_logistic(
    values: Reals,
    codes: Codes,
    labels: int,
    groups: Groups,
    *,
    standardise: bool = False,
    looseness: Sequence[float] = LOOSENESS,
    tolerance: float = TOLERANCE,
) -> Trained:
    """Fit label `codes` (n,) to finite `values` (n, d); `standardise` for columns of many units."""
    search = _Search(
        values=values,
        targets=codes,
        outputs=labels,
        link=softmax_loss,
        bound=0.5,
        folds=grouped_folds(groups, codes, folds=FOLDS),
        standardise=standardise,
        tolerance=tolerance,
    )
    best, logits = search.run(looseness)
    temperature = float(fit_weights([logits], codes, start=np.ones(1))[0])
    held_out = as_scores(logits * temperature)
    return Trained(model=search.model(best, temperature, tags=False), held_out=held_out)


def fit_tags(
    values: Reals,
    tags: NDArray[np.int8],
    groups: Groups,
    *,
    standardise: bool = False,
    looseness: Sequence[float] = LOOSENESS,
    tolerance: float = TOLERANCE,
) -> Trained:
    """Fit `tags` (n, k), 1 present, 0 absent, -1 not stated, all at once."""
    rarest = np.argmin(np.where(tags > 0, (tags > 0).sum(axis=0), len(tags) + 1), axis=1)
    search = _Search(
        values=values,
        targets=tags,
        outputs=tags.shape[1],
        link=sigmoid_loss,
        bound=0.25,
        folds=grouped_folds(groups, np.where((tags > 0).any(axis=1), rarest + 1, 0), folds=FOLDS),
        standardise=standardise,
        tolerance=tolerance,
    )
    best, logits = search.run(looseness)
    slope = fit_slope(logits, tags)
    held_out = np.asarray(sigmoid(logits.astype(np.float64) * slope), dtype=np.float64)
    return Trained(model=search.model(best, slope, tags=True), held_out=held_out)


def softmax_loss(logits: Reals, codes: Reals | Codes | NDArray[np.int8]) -> tuple[float, Reals]:
    """Multinomial log loss, summed, and probabilities less truth (in place of `logits`)."""
    rows = np.arange(len(codes))
    logits -= logits.max(axis=1, keepdims=True)
    true = logits[rows, codes].sum(dtype=np.float64)
    np.exp(logits, out=logits)
    total = logits.sum(axis=1, keepdims=True)
    loss = float(np.log(total).sum(dtype=np.float64) - true)
    logits /= total
    logits[rows, codes] -= 1
    return loss, logits


def sigmoid_loss(logits: Reals, tags: Reals | Codes | NDArray[np.int8]) -> tuple[float, Reals]:
    """Binary log loss summed over stated tags and probabilities less truth (in place)."""
    stated = tags >= 0
    signed = np.where(tags > 0, -logits, logits)
    size = np.exp(-np.abs(signed))
    losses = np.maximum(signed, 0) + np.log1p(size)
    loss = float(losses.sum(where=stated, dtype=np.float64))
    wrong = np.where(signed > 0, 1, size) / (1 + size)
    np.copyto(logits, np.where(stated, np.where(tags > 0, -wrong, wrong), 0))
    return loss, logits


@dataclass(kw_only=True)
class _Search:
    """The penalty path over folds and the final fit, in one principal basis."""

    values: Reals
    targets: Codes | NDArray[np.int8]
    outputs: int
    link: Link
    bound: float
    folds: NDArray[np.int64]
    standardise: bool
    tolerance: float

    def __post_init__(self) -> None:
        self.basis: Basis
        self.basis, z = principal_basis(self.values, standardise=self.standardise)
        n = len(z)
        self.z = np.concatenate([z, np.ones((n, 1), dtype=np.float32)], axis=1)
        self.eigenvalues = np.append(self.basis.eigenvalues, float(n))
        self.unit = max(float(self.basis.eigenvalues.sum()) / max(n, 1), 1e-12)

    def run(self, looseness: Sequence[float]) -> tuple[float, Reals]:
        """Choose among `looseness` and give held-out logits (n, k) at the choice."""
        count = int(self.folds.max()) + 1
        pilots = min(count, -(-PILOT_ROWS * count // len(self.z)))
        loose, kept = self._climb(looseness, pilots)
        rest = [self.fit_without(fold, loose, self.origin()) for fold in range(pilots, count)]
        logits = np.empty((len(self.z), self.outputs), dtype=np.float32)
        for fold, weights in enumerate([*kept, *rest]):
            rows = self.folds == fold
            logits[rows] = self.z[rows] @ weights
        return loose, logits

    def _climb(self, looseness: Sequence[float], pilots: int) -> tuple[float, list[Reals]]:
        """From the middle of `looseness`, the way the held-out loss of the pilot folds falls."""
        middle = (len(looseness) - 1) // 2
        fitted, least = self._pilot(looseness[middle], [self.origin()] * pilots)
        best, kept = middle, fitted
        for way in (1, -1):
            fitted, index = kept, best + way
            while 0 <= index < len(looseness):
                fitted, loss = self._pilot(looseness[index], fitted)
                if loss >= least:
                    break
                best, kept, least = index, fitted, loss
                index += way
            if best != middle:
                break
        return looseness[best], kept

    def _pilot(self, loose: float, starts: list[Reals]) -> tuple[list[Reals], float]:
        """Fits without each pilot fold, warm-started, and the sum of their held-out losses."""
        fitted = [self.fit_without(fold, loose, start) for fold, start in enumerate(starts)]
        return fitted, sum(self._loss(fold, weights) for fold, weights in enumerate(fitted))

    def origin(self) -> Reals:
        """All weights 0."""
        return np.zeros((self.z.shape[1], self.outputs), dtype=np.float32)

    def fit_without(self, fold: int, loose: float, start: Reals) -> Reals:
        """Weights (r + 1, k) without the samples of `fold`."""
        train = self.folds != fold
        return self._fit(self.z[train], self.targets[train], loose, start)

    def model(self, loose: float, temperature: float, *, tags: bool) -> LogisticModel:
        """The calibrated model of all samples."""
        fitted = self._fit(self.z, self.targets, loose, self.origin()) * np.float32(temperature)
        return LogisticModel(
            centre=self.basis.mean.astype(np.float32),
            weights=self.basis.outward(fitted[:-1]),
            bias=fitted[-1].astype(np.float64),
            tags=tags,
        )

    def _fit(
        self, z: Reals, targets: Codes | NDArray[np.int8], loose: float, start: Reals
    ) -> Reals:
        penalty = np.full((z.shape[1], 1), self.unit / loose, dtype=np.float32)
        penalty[-1] = INTERCEPT
        diagonal = (1 / (self.bound * self.eigenvalues[:, None] + penalty)).astype(np.float32)

        def objective(weights: Reals) -> tuple[float, Reals]:
            loss, residual = self.link(z @ weights, targets)
            shrunk = penalty * weights
            return loss + 0.5 * float(np.vdot(shrunk, weights)), z.T @ residual + shrunk

        return minimise(objective, start, diagonal=diagonal, tolerance=self.tolerance, steps=STEPS)

    def _loss(self, fold: int, weights: Reals) -> float:
        """Loss of `fold` at the best temperature, so that confidence alone decides nothing."""
        rows = self.folds == fold
        targets, logits = self.targets[rows], self.z[rows] @ weights
        if targets.ndim == 1:
            codes = targets.astype(np.int64)
            logits *= np.float32(fit_weights([logits], codes, start=np.ones(1))[0])
        return self.link(logits, targets)[0]
