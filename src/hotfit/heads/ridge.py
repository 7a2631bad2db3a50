"""Ridge regression in closed form with exact leave-group-out predictions for every penalty.

    minimise  |y - b - Z w|^2 + r |w|^2,    H = 1 1' / n + Z (Z'Z + r)^-1 Z'
    y_i - f_-G(x_i) = [(I - H_GG)^-1 (y - H y)_G]_i

in principal axes Z of the standardised features, the intercept unpenalised (Allen 1974, PRESS;
Golub, Heath, Wahba 1979). Single samples divide by 1 - h_i; small groups solve their block; large
groups are refitted in folds. The penalty with the least squared error wins. The standardisation
is of all samples; it uses no target.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from hotfit.heads.base import Targets, Trained
from hotfit.heads.basis import principal_basis
from hotfit.heads.held_out import Holdout
from hotfit.types import Features, Groups, Output, Scores, State

PENALTIES = tuple(float(p) for p in np.logspace(-5, 2, 15))
"""Penalties tried, in units of the mean squared norm of all standardised samples together."""

MARGIN = 1e-9
"""Smallest 1 - h: below it nothing but the sample itself determines its prediction."""

Reals = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class RidgeModel:
    """`weights` (d,), `bias` (1,); predictions are kept within the trained range, widened by half.

    `limits` (2,): a linear model is not trusted far outside the quantities it has seen.
    """

    weights: Reals
    bias: Reals
    limits: Reals
    head: ClassVar[str] = "ridge.v1"

    def predict(self, features: Features) -> Scores:
        """Quantities (m,)."""
        raw = features.values.astype(np.float64) @ self.weights + self.bias[0]
        return np.asarray(np.clip(raw, self.limits[0], self.limits[1]), dtype=np.float64)

    def state(self) -> State:
        """The three arrays."""
        return State(
            arrays={"weights": self.weights, "bias": self.bias, "limits": self.limits},
            parameters={},
        )


class Ridge:
    """The closed-form head for Number."""

    name: ClassVar[str] = "ridge.v1"
    outputs: ClassVar[frozenset[Output]] = frozenset({Output.NUMBER})

    def fit(self, features: Features, targets: Targets, *, labels: int, groups: Groups) -> Trained:  # noqa: ARG002 - a quantity has no labels
        """Train on n samples without missing cells; every penalty is judged."""
        return fit_ridge(features.values, targets.astype(np.float64), groups)

    def load(self, state: State) -> RidgeModel:
        """Rebuild from `state`."""
        return RidgeModel(**state.arrays)


def fit_ridge(
    values: NDArray[np.float32],
    targets: Reals,
    groups: Groups,
    *,
    penalties: tuple[float, ...] = PENALTIES,
    standardise: bool = True,
) -> Trained:
    """Fit quantities `targets` (n,) to finite `values` (n, d)."""
    basis, z = principal_basis(values.astype(np.float64), standardise=standardise)
    mean = float(targets.mean())
    y = targets - mean
    grid = np.array(penalties) * max(float(basis.eigenvalues.sum()), 1e-12)
    holdout = Holdout.of(groups)
    predictions = held_out_ridge(z, basis.eigenvalues, y, grid, holdout)
    best = int(np.argmin(((predictions - y[:, None]) ** 2).sum(axis=0)))
    inner = (z.T @ y) / (basis.eigenvalues + grid[best])
    weights = basis.outward(inner[:, None])[:, 0]
    low, high = float(targets.min()), float(targets.max())
    limits = np.array([low, high]) + np.array([-0.5, 0.5]) * (high - low)
    model = RidgeModel(
        weights=weights, bias=np.array([mean - float(basis.mean @ weights)]), limits=limits
    )
    return Trained(model=model, held_out=np.clip(predictions[:, best] + mean, *limits))


def held_out_ridge(
    z: Reals, eigenvalues: Reals, y: Reals, penalties: Reals, holdout: Holdout
) -> Reals:
    """Predictions (n, p) of centred `y` (n,) by fits without each sample's group.

    `z` (n, r) are orthogonal, centred coordinates with squared column norms `eigenvalues`.
    """
    n = len(y)
    shrink = 1 / (eigenvalues[:, None] + penalties)
    residuals = y[:, None] - z @ ((z.T @ y)[:, None] * shrink)
    answer = np.empty((n, len(penalties)))
    single = holdout.singles
    free = np.maximum(1 - 1 / n - z[single] ** 2 @ shrink, MARGIN)
    answer[single] = y[single, None] - residuals[single] / free
    for block in holdout.blocks:
        members = z[block]
        s = block.shape[1]
        for index in range(len(penalties)):
            hat = (members * shrink[:, index]) @ members.transpose(0, 2, 1) + 1 / n
            values, vectors = np.linalg.eigh(np.eye(s) - hat)
            turned = np.einsum("gsp,gs->gp", vectors, residuals[block, index])
            turned /= np.maximum(values, MARGIN)
            answer[block, index] = y[block] - np.einsum("gsp,gp->gs", vectors, turned)
    for rows in holdout.folds:
        answer[rows] = _refit_without(rows, z, eigenvalues, y, penalties)
    return answer


def _refit_without(
    rows: NDArray[np.int64], z: Reals, eigenvalues: Reals, y: Reals, penalties: Reals
) -> Reals:
    """Predictions (m, p) for `rows` by a fit of all other samples, from downdated moments."""
    out, left = z[rows], len(y) - len(rows)
    if left == 0:
        return np.zeros((len(rows), len(penalties)))
    z_mean, y_mean = -out.sum(axis=0) / left, (y.sum() - y[rows].sum()) / left
    gram = np.diag(eigenvalues) - out.T @ out - left * np.outer(z_mean, z_mean)
    mixed = z.T @ y - out.T @ y[rows] - left * z_mean * y_mean
    values, vectors = np.linalg.eigh(gram)
    inner = (vectors.T @ mixed)[:, None] / (np.maximum(values, 0)[:, None] + penalties)
    return np.asarray(y_mean + (out - z_mean) @ (vectors @ inner))
