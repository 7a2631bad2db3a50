"""The linear head of tables: logistic regression, or ridge for Number, over bent inputs.

The penalty is the one whose held-out loss over grouped folds is least; the held-out scores are
those folds' own, each refitted without its rows from the solution of all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from hotfit.heads.base import Model, Targets, Trained
from hotfit.heads.calibration import as_scores, fit_weights, log_loss, softmax
from hotfit.heads.expansion import Expansion, plan_expansion
from hotfit.heads.folds import grouped_folds
from hotfit.heads.majorized import Basis, Wide, logistic, one_hot, ridge
from hotfit.types import Codes, Features, Groups, Output, Scores, State

STRENGTHS = (1000.0, 300.0, 100.0, 30.0, 10.0, 3.0, 1.0, 0.3, 0.1)
PATH_STEPS, LAST_STEPS = 15, 40
LARGE = 5000
"""Rows from which one fold, and every second penalty, are enough to choose by."""

Solve = Callable[[NDArray[np.bool_], float, Wide | None, int], Wide]
Loss = Callable[[Wide, NDArray[np.bool_]], float]


@dataclass(frozen=True, kw_only=True)
class LinearModel:
    """Weights (size, k) and bias (k,) over an expansion; one column for Number."""

    head: ClassVar[str] = "linear.v1"
    expansion: Expansion
    weights: NDArray[np.float32]
    bias: NDArray[np.float64]
    number: bool

    def predict(self, features: Features) -> Scores:
        """Score m rows: probabilities (m, k), or predictions (m,) for Number."""
        raw = self.expansion.expand(features) @ self.weights + self.bias
        return np.asarray(raw[:, 0], dtype=np.float64) if self.number else as_scores(logits(raw))

    def state(self) -> State:
        """Return the expansion and the weights."""
        arrays = self.expansion.arrays() | {"weights": self.weights, "bias": self.bias}
        return State(arrays=arrays, parameters={"number": self.number})


class Linear:
    """A linear model that is fitted in one eigenbasis."""

    name: ClassVar[str] = "linear.v1"
    outputs: ClassVar[frozenset[Output]] = frozenset({Output.CLASSIFICATION, Output.NUMBER})

    def fit(self, features: Features, targets: Targets, *, labels: int, groups: Groups) -> Trained:
        """Choose the penalty, refit every fold, calibrate on what the folds say."""
        expansion = plan_expansion(features)
        basis = Basis.of(expansion.expand(features))
        if targets.dtype.kind == "f":
            return _fit_number(expansion, basis, targets.astype(np.float64), groups)
        return _fit_labels(expansion, basis, targets.astype(np.int64), labels, groups)

    def load(self, state: State) -> Model:
        """Rebuild the model that `state` was taken from."""
        arrays = dict(state.arrays)
        weights, bias = arrays.pop("weights"), arrays.pop("bias")
        return LinearModel(
            expansion=Expansion(**arrays), weights=weights, bias=bias, **state.parameters
        )


def _fit_labels(
    expansion: Expansion, basis: Basis, codes: Codes, labels: int, groups: Groups
) -> Trained:
    answers = one_hot(codes, labels)
    zero = np.zeros((len(basis.sizes), answers.shape[1]))
    prior = np.log((np.bincount(codes, minlength=labels) + 0.5) / (len(codes) + 1))
    zero[-1] = prior[1] - prior[0] if labels == 2 else prior

    def solve(rows: NDArray[np.bool_], strength: float, start: Wide | None, steps: int) -> Wide:
        first = zero if start is None else start
        return logistic(basis, rows, answers[rows], strength=strength, start=first, steps=steps)

    def loss(weights: Wide, rows: NDArray[np.bool_]) -> float:
        raw = basis.rows[rows] @ weights.astype(np.float32)
        return log_loss(softmax(logits(raw)), codes[rows])

    fold = grouped_folds(groups, codes, folds=_folds(len(codes)))
    weights, held_out = _cross_fit(basis, fold, solve, loss)
    held_out = logits(held_out)
    scale = float(fit_weights([held_out], codes, start=np.ones(1))[0])
    plain, bias = basis.unturned(scale * weights)
    model = LinearModel(
        expansion=expansion, weights=plain.astype(np.float32), bias=bias, number=False
    )
    return Trained(model=model, held_out=as_scores(scale * held_out))


def _fit_number(expansion: Expansion, basis: Basis, targets: Wide, groups: Groups) -> Trained:
    shift, scale = targets.mean(), targets.std() or 1.0
    standard = (targets - shift) / scale

    def solve(rows: NDArray[np.bool_], strength: float, _start: Wide | None, _steps: int) -> Wide:
        return ridge(basis, rows, standard[rows], strength=strength)

    def loss(weights: Wide, rows: NDArray[np.bool_]) -> float:
        return float(np.mean((basis.rows[rows] @ weights[:, 0] - standard[rows]) ** 2))

    tenth = np.searchsorted(np.quantile(standard, np.linspace(0, 1, 11)[1:-1]), standard)
    fold = grouped_folds(groups, tenth.astype(np.int64), folds=_folds(len(targets)))
    weights, held_out = _cross_fit(basis, fold, solve, loss)
    plain, bias = basis.unturned(scale * weights)
    model = LinearModel(
        expansion=expansion, weights=plain.astype(np.float32), bias=bias + shift, number=True
    )
    return Trained(model=model, held_out=shift + scale * held_out[:, 0])


def logits(raw: NDArray[Any]) -> NDArray[Any]:
    """Return one logit a label: a single column is the second of two labels' against the first."""
    return np.concatenate([np.zeros_like(raw), raw], axis=1) if raw.shape[1] == 1 else raw


def _folds(n: int) -> int:
    return 5 if n >= 1000 else 10


def _cross_fit(basis: Basis, fold: Groups, solve: Solve, loss: Loss) -> tuple[Wide, Wide]:
    """Return the weights of all rows under the best penalty, and the raw held-out scores."""
    every = np.ones(len(fold), dtype=bool)
    folds = int(fold.max()) + 1
    if folds == 1:
        weights = solve(every, STRENGTHS[0], None, LAST_STEPS)
        return weights, basis.rows @ weights * 0
    strength, starts = _choose(fold, solve, loss)
    weights = solve(every, strength, starts[0], LAST_STEPS)
    raw = np.empty((len(fold), weights.shape[1]))
    for held in range(folds):
        start = starts[held] if held < len(starts) else weights
        own = solve(fold != held, strength, start, LAST_STEPS)
        raw[fold == held] = basis.rows[fold == held] @ own
    return weights, raw


def _choose(fold: Groups, solve: Solve, loss: Loss) -> tuple[float, list[Wide]]:
    """Walk from strong to weak penalties; stop when two steps in a row made it worse."""
    large = len(fold) >= LARGE
    looks = range(1 if large else int(fold.max()) + 1)
    starts: list[Wide | None] = [None for _ in looks]
    best: tuple[float, float, list[Wide]] = (np.inf, STRENGTHS[0], [])
    worse = 0
    for strength in STRENGTHS[1::2] if large else STRENGTHS:
        solved = [solve(fold != held, strength, starts[held], PATH_STEPS) for held in looks]
        starts = list(solved)
        mean = float(np.mean([loss(solved[held], fold == held) for held in looks]))
        worse = 0 if mean < best[0] else worse + 1
        if mean < best[0]:
            best = (mean, strength, solved)
        if worse == 2:
            break
    return best[1], best[2]
