"""Tags in closed form: one ridge regression for all tags, its scores turned into probabilities.

    minimise |Y - b - Z W|^2 + r |W|^2,     p(tag | x) = sigmoid(a f(x) + c)

in principal axes Z, where leaving a sample out divides its residual by 1 - h_i (Allen 1974) and a
small group solves its block. A tag that a sample does not state is filled with the tag's mean.
The penalty has the least squared held-out error; a and c are fitted to the held-out scores of each
tag (Platt 1999), drawn to those of all tags where a tag is rare.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from hotfit.heads.base import Targets, Trained
from hotfit.heads.basis import Basis, principal_basis
from hotfit.heads.calibration import sigmoid
from hotfit.heads.held_out import Holdout
from hotfit.types import Features, Groups, Output, Scores, State

PENALTIES = tuple(float(p) for p in np.logspace(-4.5, 0, 7))
"""Penalties tried, in units of the mean squared norm of all samples together."""

PILOT = 4000
"""Samples whose held-out errors choose the penalty."""

MARGIN = 1e-6
STEPS = 30
CLOSE = 1e-4
PULL = 1.0
"""Strength of the pull of a tag's calibration to that of all tags, in positives."""

Reals = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class TagChoice:
    """What a fit settled on: the penalty r and each tag's calibration, `slope` and `shift` (k,)."""

    penalty: float
    slope: NDArray[np.float64]
    shift: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class TagRidgeModel:
    """`weights` (d, k), `bias` (k,): the log odds of each tag.

    `choice` is what the fit settled on: with it and the samples the fit can be made again.
    """

    weights: Reals
    bias: NDArray[np.float64]
    choice: TagChoice | None = None
    head: ClassVar[str] = "tag-ridge.v1"

    def predict(self, features: Features) -> Scores:
        """Probabilities (m, k)."""
        return sigmoid((features.values @ self.weights).astype(np.float64) + self.bias)

    def state(self) -> State:
        """The two arrays, and the choice."""
        arrays: dict[str, NDArray[Any]] = {"weights": self.weights, "bias": self.bias}
        if self.choice is None:
            return State(arrays=arrays, parameters={})
        arrays |= {"slope": self.choice.slope, "shift": self.choice.shift}
        return State(arrays=arrays, parameters={"penalty": self.choice.penalty})


class TagRidge:
    """The closed-form head for Tags."""

    name: ClassVar[str] = "tag-ridge.v1"
    outputs: ClassVar[frozenset[Output]] = frozenset({Output.TAGS})

    def fit(self, features: Features, targets: Targets, *, labels: int, groups: Groups) -> Trained:  # noqa: ARG002 - the targets' width says it
        """Train on n samples; `targets` (n, k) hold 1 present, 0 absent, -1 not stated."""
        tags = targets.astype(np.int8)
        answers = tag_answers(tags).astype(np.float32)
        basis, z = principal_basis(features.values.astype(np.float32))
        penalty = _choose(z, basis, answers, groups)
        shrink = 1 / (basis.eigenvalues + penalty)
        inner = np.asarray((z.T @ answers) * shrink[:, None])
        raw = _held_out(z, answers, inner, shrink, Holdout.of(groups))
        slope, shift = calibrate(raw, tags)
        weights = basis.outward(inner * slope)
        model = TagRidgeModel(
            weights=weights.astype(np.float32),
            bias=shift - basis.mean @ weights,
            choice=TagChoice(penalty=penalty, slope=slope, shift=shift),
        )
        return Trained(model=model, held_out=sigmoid(slope * raw + shift))

    def load(self, state: State) -> TagRidgeModel:
        """Rebuild from `state`."""
        arrays, choice = state.arrays, None
        if "penalty" in state.parameters:
            choice = TagChoice(
                penalty=float(state.parameters["penalty"]),
                slope=arrays["slope"],
                shift=arrays["shift"],
            )
        return TagRidgeModel(weights=arrays["weights"], bias=arrays["bias"], choice=choice)


def tag_answers(tags: NDArray[np.int8]) -> NDArray[np.float64]:
    """The tags (n, k) as quantities less their means; 0 where a sample does not state one."""
    stated = tags >= 0
    means = (tags == 1).sum(axis=0) / np.maximum(stated.sum(axis=0), 1)
    return np.where(stated, (tags == 1) - means, 0.0)


def _choose(z: Reals, basis: Basis, answers: Reals, groups: Groups) -> float:
    """The penalty with the least squared error of single samples left out, by a pilot."""
    unit = max(float(basis.eigenvalues.sum()), 1e-12)
    singles = Holdout.of(groups).singles
    if len(singles) < 2:
        return unit * PENALTIES[len(PENALTIES) // 2]
    rows = singles[np.linspace(0, len(singles) - 1, min(len(singles), PILOT)).astype(np.int64)]
    mixed, squares = z.T @ answers, z[rows].astype(np.float64) ** 2
    errors = []
    for penalty in PENALTIES:
        shrink = 1 / (basis.eigenvalues + penalty * unit)
        residuals = answers[rows] - z[rows] @ (mixed * shrink[:, None].astype(np.float32))
        free = np.maximum(1 - 1 / len(z) - squares @ shrink, MARGIN)
        errors.append(float(((residuals / free[:, None]) ** 2).sum()))
    return unit * PENALTIES[int(np.argmin(errors))]


def _held_out(z: Reals, answers: Reals, inner: Scores, shrink: Scores, holdout: Holdout) -> Scores:
    """Centred scores (n, k) by fits without each sample's group."""
    residuals = answers - z @ inner
    gone = np.empty_like(residuals)
    single = holdout.singles
    free = 1 - 1 / len(z) - z[single].astype(np.float64) ** 2 @ shrink
    gone[single] = residuals[single] / np.maximum(free, MARGIN)[:, None]
    for rows in (*_blocks(holdout), *holdout.folds):
        members = z[rows].astype(np.float64)
        hat = (members * shrink) @ members.T + 1 / len(z)
        values, vectors = np.linalg.eigh(np.eye(len(rows)) - hat)
        turned = (vectors.T @ residuals[rows]) / np.maximum(values, MARGIN)[:, None]
        gone[rows] = vectors @ turned
    return answers - gone


def _blocks(holdout: Holdout) -> list[NDArray[np.int64]]:
    return [rows for block in holdout.blocks for rows in block]


def calibrate(
    raw: Scores, tags: NDArray[np.int8]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Slope and shift (k,) that make sigmoids of held-out `raw` (n, k) probabilities."""
    width = max(float(raw.std()), 1e-9)
    stated = tags >= 0
    everything = _newton((raw / width).ravel(), (tags == 1).ravel(), stated.ravel(), None)
    found = np.array(
        [
            _newton(raw[:, tag] / width, tags[:, tag] == 1, stated[:, tag], everything)
            for tag in range(raw.shape[1])
        ]
    )
    return np.maximum(found[:, 0], 1e-3) / width, found[:, 1]


def _newton(
    x: Scores,
    true: NDArray[np.bool_],
    stated: NDArray[np.bool_],
    start: NDArray[np.float64] | None,
) -> NDArray[np.float64]:
    """Slope and shift by Newton on the log loss, pulled to `start`; each step lowers it.

    A whole step overshoots where most scores are saturated, then comes back and overshoots again.
    """
    x, y = x[stated], true[stated].astype(np.float64)
    share = (y.sum() + 0.5) / (len(y) + 1)
    origin = np.array([1.0, np.log(share / (1 - share))])
    if start is not None:
        origin[0] = start[0]
    found = origin.copy()
    design = np.stack([x, np.ones_like(x)], axis=1)

    def loss(at: NDArray[np.float64]) -> float:
        logits = design @ at
        pulled = 0.5 * PULL * float(((at - origin) ** 2).sum())
        return float((np.logaddexp(0, logits) - y * logits).sum()) + pulled

    best = loss(found)
    for _ in range(STEPS):
        p = sigmoid(design @ found)
        gradient = design.T @ (p - y) + PULL * (found - origin)
        hessian = (design * (p * (1 - p))[:, None]).T @ design + PULL * np.eye(2)
        step = np.linalg.solve(hessian, gradient)
        while (lower := loss(found - step)) > best and np.abs(step).max() >= CLOSE:
            step = step / 2
        if lower > best:
            break
        found, best = found - step, lower
        if np.abs(step).max() < CLOSE:
            break
    return found
