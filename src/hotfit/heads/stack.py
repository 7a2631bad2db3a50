"""Quantities by several regressors together, also on a logarithmic scale.

    f(x) = sum_m w_m f_m(x),  w >= 0,  sum w = 1,  w = argmin |y - F w|^2 over held-out scores F

(stacked regressions, Breiman 1996). Where all quantities are positive and skewed, each member is
also fitted to log y, and its answers are c exp(g) with the c of least squared held-out error
(retransformation; Duan 1983): such a member enters like any other and counts only as its held-out
errors ask. Mixing has to beat the best member alone by more than choosing weights could by luck.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from hotfit.heads.base import Head, Model, Targets, Trained
from hotfit.heads.boosting import Boosting
from hotfit.heads.linear import Linear
from hotfit.heads.ridge import Ridge
from hotfit.types import Features, Groups, Output, Scores, State

SKEWED = 1.0
"""Skewness from which a logarithmic scale is tried; an exponential distribution has 2."""

LUCK = 1.0
"""Squared errors of average size by which each free weight looks better than it is."""

STEPS = 2000
LEAST = 0.01
"""Weights below it are not worth a member's time in a call."""

Reals = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Part:
    """One regressor, its weight, and how its answers are read: g, or `factor` exp(g).

    `limit` bounds the g of a logarithmic member: one step beyond the largest seen.
    """

    member: str
    model: Model
    weight: float
    factor: float | None = None
    limit: float | None = None

    def predict(self, features: Features) -> Scores:
        """Quantities (m,)."""
        return _read(self.model.predict(features), self.factor, self.limit)


@dataclass(frozen=True, kw_only=True)
class StackModel:
    """The parts that count."""

    head: str
    parts: Sequence[Part]

    def predict(self, features: Features) -> Scores:
        """Quantities (m,)."""
        return np.asarray(sum(part.weight * part.predict(features) for part in self.parts))

    def state(self) -> State:
        """The parts' states, array names prefixed by the part's number."""
        arrays: dict[str, NDArray[Any]] = {}
        parameters: list[dict[str, Any]] = []
        for place, part in enumerate(self.parts):
            state = part.model.state()
            arrays |= {f"{place}/{name}": array for name, array in state.arrays.items()}
            parameters.append(
                {
                    "member": part.member,
                    "weight": part.weight,
                    "factor": part.factor,
                    "limit": part.limit,
                    "model": dict(state.parameters),
                }
            )
        return State(arrays=arrays, parameters={"parts": parameters})


class Stack:
    """The tuned head for quantities of tables: boosted trees and a linear model together."""

    name: ClassVar[str] = "stack.v1"
    outputs: ClassVar[frozenset[Output]] = frozenset({Output.NUMBER})
    members: ClassVar[Sequence[Head]] = (Boosting(), Linear())

    def fit(self, features: Features, targets: Targets, *, labels: int, groups: Groups) -> Trained:
        """Fit every member, weigh them, keep those that count."""
        quantities = targets.astype(np.float64)
        parts, held_out = [], []
        for logarithmic in (False, True)[: 1 + is_skewed(quantities)]:
            scale = np.log(quantities) if logarithmic else quantities
            for head in self.members:
                trained = head.fit(features, scale, labels=labels, groups=groups)
                part = _part(head.name, trained, quantities, logarithmic=logarithmic)
                parts.append(part)
                held_out.append(_read(trained.held_out, part.factor, part.limit))
        columns = np.stack(held_out, axis=1)
        weights = weigh(columns, quantities)
        kept = [
            Part(
                member=part.member,
                model=part.model,
                weight=float(weight),
                factor=part.factor,
                limit=part.limit,
            )
            for part, weight in zip(parts, weights, strict=True)
            if weight > 0
        ]
        return Trained(model=StackModel(head=self.name, parts=kept), held_out=columns @ weights)

    def load(self, state: State) -> StackModel:
        """Rebuild from `state`."""
        members = {head.name: head for head in self.members}
        parts = []
        for place, saved in enumerate(state.parameters["parts"]):
            prefix = f"{place}/"
            arrays = {
                name.removeprefix(prefix): array
                for name, array in state.arrays.items()
                if name.startswith(prefix)
            }
            own = State(arrays=arrays, parameters=saved["model"])
            rest = {key: saved[key] for key in ("member", "weight", "factor", "limit")}
            parts.append(Part(model=members[saved["member"]].load(own), **rest))
        return StackModel(head=self.name, parts=parts)


class StackedRidge(Stack):
    """The tuned head for quantities of vectors: ridge on both scales."""

    name: ClassVar[str] = "stacked-ridge.v1"
    members: ClassVar[Sequence[Head]] = (Ridge(),)


def is_skewed(targets: Reals) -> bool:
    """Whether quantities are all positive and have a long tail to the right."""
    if len(targets) < 3 or targets.min() <= 0 or np.ptp(targets) == 0:
        return False
    centred = targets - targets.mean()
    return bool(np.mean(centred**3) > SKEWED * np.mean(centred**2) ** 1.5)


def weigh(columns: Reals, targets: Reals) -> Reals:
    """The weights (m,) of held-out scores `columns` (n, m): non-negative, summing to 1.

    Projected gradient steps on the simplex, whose problem has m numbers only; the best column
    alone where mixing wins by no more than luck.
    """
    n, m = columns.shape
    errors = columns - targets[:, None]
    gram = errors.T @ errors / n
    best = int(np.argmin(np.diag(gram)))
    alone = np.eye(m)[best]
    weights = alone
    step = 1 / max(float(np.linalg.eigvalsh(gram)[-1]), 1e-300)
    for _ in range(STEPS):
        moved = _project(weights - step * gram @ weights)
        if np.abs(moved - weights).max() < 1e-7:
            break
        weights = moved
    weights = np.where(weights < LEAST, 0, weights)
    weights /= weights.sum()
    needed = gram[best, best] * (1 - LUCK * (np.count_nonzero(weights) - 1) / n)
    return weights if weights @ gram @ weights < needed else alone


def _project(weights: Reals) -> Reals:
    """The nearest point whose entries are non-negative and sum to 1 (Duchi et al. 2008)."""
    ordered = np.sort(weights)[::-1]
    excess = (np.cumsum(ordered) - 1) / np.arange(1, len(weights) + 1)
    last = int(np.flatnonzero(ordered > excess)[-1])
    return np.asarray(np.maximum(weights - excess[last], 0))


def _part(name: str, trained: Trained, targets: Reals, *, logarithmic: bool) -> Part:
    if not logarithmic:
        return Part(member=name, model=trained.model, weight=1.0)
    logs = np.log(targets)
    limit = float(logs.max() + 0.5 * np.ptp(logs) / max(np.log(len(logs)), 1))
    guess = _read(trained.held_out, 1.0, limit)
    factor = float(targets @ guess / (guess @ guess))
    return Part(member=name, model=trained.model, weight=1.0, factor=factor, limit=limit)


def _read(raw: Scores, factor: float | None, limit: float | None) -> Scores:
    if factor is None or limit is None:
        return raw
    return np.asarray(factor * np.exp(np.minimum(raw, limit)))
