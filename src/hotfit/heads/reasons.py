"""The training samples that pushed an answer, how hard, and what it would be without them.

The weight of some samples is what they add to the log odds of a label (to the quantity, for
Number): as the fit is, less as it would be without them. Copies count together, because leaving
out one of two alike changes nothing. Where a head has no closed form of its own, the instant head
on the same vectors answers for it, and says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hotfit.heads.base import Model, Targets
from hotfit.heads.calibration import as_scores, sigmoid
from hotfit.heads.discriminant import DiscriminantModel, fit_discriminant
from hotfit.heads.expansion import Expansion, plan_expansion
from hotfit.heads.influence import LabelInfluence
from hotfit.heads.neighbour_influence import NeighbourInfluence
from hotfit.heads.neighbours import NeighboursModel
from hotfit.heads.quantity_influence import Calibration, QuantityInfluence
from hotfit.heads.ridge import RidgeModel, fit_ridge
from hotfit.heads.tag_ridge import TagRidge, TagRidgeModel, tag_answers
from hotfit.types import Codes, Features, Groups, Output, Scores, Vectors

TOGETHER = 64
"""Samples of a group that are left out together at most; those of larger groups stand alone."""

LOOKED_AT = 4
"""Times as many candidates as wanted are computed exactly, before the strongest are taken."""

TURNING = 64
"""Reasons that are left out at most to find out how many turn the answer."""

Raw = NDArray[np.float64]


class Influence(Protocol):
    """A fit of n rows and what each row does to its answers."""

    def raw(self, queries: Vectors) -> Raw:
        """Scores (m, k) before they are probabilities, by the fit of all rows."""
        ...

    def without(self, queries: Vectors, rows: NDArray[np.int64]) -> Raw:
        """Scores (m, k) by a fit without `rows`."""
        ...

    def effects(self, query: Vectors, label: int, other: int) -> Raw:
        """What each row alone adds to `label`, (n,); against `other` where labels compete."""
        ...


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Samples that pushed an answer: their rows, how hard, and the scores (k,) without them."""

    rows: NDArray[np.int64]
    weight: float
    without: Scores


@dataclass(frozen=True, kw_only=True)
class Explained:
    """Why a query is answered so.

    `scores` (k,) are those of the fit that was asked, which is the model itself where `exact`.
    `turning` are the strongest reasons that together turn the answer, None where these do not.
    """

    label: int
    scores: Scores
    reasons: Sequence[Reason]
    exact: bool
    turning: Reason | None


class Explainer:
    """One trained model and the rows it was trained on, ready to be asked why."""

    def __init__(
        self,
        features: Features,
        targets: Targets,
        *,
        output: Output,
        labels: int,
        groups: Groups,
        model: Model,
    ) -> None:
        plain = not features.categories and not np.isnan(features.values).any()
        self._expansion: Expansion | None = None if plain else plan_expansion(features)
        self._output = output
        self._groups = _small(groups)
        values = self._vectors(features)
        self._influence, self.exact = _influence(
            values, targets, output=output, labels=labels, groups=groups, model=model
        )
        self.exact = self.exact and plain

    def explain(self, query: Features, *, label: int | None, count: int) -> Explained:
        """The `count` strongest reasons for one query; `label` (default: the answer) is asked for.

        Of tags the likeliest is the default.
        """
        vectors = self._vectors(query)
        raw = self._influence.raw(vectors)[0]
        label = int(np.argmax(raw)) if label is None else label
        effects = self._influence.effects(vectors[0], label, self._rival(raw, label))
        reasons = [
            self._reason(vectors, rows, raw, label)
            for rows in self._strongest(effects, count * LOOKED_AT)
        ]
        reasons.sort(key=lambda reason: -abs(reason.weight))
        return Explained(
            label=label,
            scores=self._scores(raw),
            reasons=reasons[:count],
            exact=self.exact,
            turning=self._turning(vectors, effects, raw, label),
        )

    def _vectors(self, features: Features) -> Vectors:
        return features.values if self._expansion is None else self._expansion.expand(features)

    def _rival(self, raw: Raw, label: int) -> int:
        """The strongest label besides `label`."""
        others = raw.copy()
        others[label] = -np.inf
        return int(np.argmax(others))

    def _strongest(self, effects: Raw, count: int) -> list[NDArray[np.int64]]:
        """The rows of the groups that push hardest, either way."""
        pushed = np.bincount(self._groups, weights=effects)
        count = min(count, len(pushed))
        top = np.argpartition(-np.abs(pushed), count - 1)[:count]
        top = top[np.argsort(-np.abs(pushed[top]), kind="stable")]
        return [np.flatnonzero(self._groups == group) for group in top]

    def _reason(self, vectors: Vectors, rows: NDArray[np.int64], raw: Raw, label: int) -> Reason:
        left = self._influence.without(vectors, rows)[0]
        weight = self._odds(raw, label) - self._odds(left, label)
        return Reason(rows=rows, weight=float(weight), without=self._scores(left))

    def _odds(self, raw: Raw, label: int) -> float:
        """The log odds of a label, or the quantity."""
        if self._output is not Output.CLASSIFICATION:
            return float(raw[label])
        others = np.delete(raw, label)
        top = others.max()
        return float(raw[label] - top - np.log(np.exp(others - top).sum()))

    def _scores(self, raw: Raw) -> Scores:
        if self._output is Output.CLASSIFICATION:
            return np.asarray(as_scores(raw[None])[0])
        return np.asarray(sigmoid(raw)) if self._output is Output.TAGS else raw

    def _turning(self, vectors: Vectors, effects: Raw, raw: Raw, label: int) -> Reason | None:
        """The fewest of the strongest supporting groups without which the answer is another one."""
        if self._output is Output.NUMBER or not self._holds(raw, label):
            return None
        pushed = np.bincount(self._groups, weights=effects)
        order = np.argsort(-pushed, kind="stable")[: min(TURNING, int((pushed > 0).sum()))]
        parts = [np.flatnonzero(self._groups == group) for group in order]
        low, high = 0, 1
        while high <= len(parts) and self._stands(vectors, parts[:high], label):
            low, high = high, high * 2
        if high > len(parts):
            if low == len(parts) or self._stands(vectors, parts, label):
                return None
            high = len(parts)
        while high - low > 1:
            middle = (low + high) // 2
            stands = self._stands(vectors, parts[:middle], label)
            low, high = (middle, high) if stands else (low, middle)
        return self._reason(vectors, np.concatenate(parts[:high]), raw, label)

    def _stands(self, vectors: Vectors, parts: list[NDArray[np.int64]], label: int) -> bool:
        return self._holds(self._influence.without(vectors, np.concatenate(parts))[0], label)

    def _holds(self, raw: Raw, label: int) -> bool:
        """Whether `label` is the answer, or among the tags."""
        if self._output is Output.TAGS:
            return bool(raw[label] >= 0)
        return int(np.argmax(raw)) == label


def _small(groups: Groups) -> Groups:
    """The groups numbered from 0, those of too many samples taken apart."""
    _, inverse, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    apart = np.flatnonzero(sizes[inverse] > TOGETHER)
    inverse[apart] = len(sizes) + np.arange(len(apart))
    return np.asarray(np.unique(inverse, return_inverse=True)[1], dtype=np.int64)


def _influence(
    values: Vectors,
    targets: Targets,
    *,
    output: Output,
    labels: int,
    groups: Groups,
    model: Model,
) -> tuple[Influence, bool]:
    """The influence under `model`, or under its stand-in, and whether it is the model's own."""
    if output is Output.CLASSIFICATION:
        codes = targets.astype(np.int64)
        return _of_labels(values, codes, labels, groups, model)
    if output is Output.TAGS:
        return _of_tags(values, targets.astype(np.int8), groups, model)
    quantities = targets.astype(np.float64)
    exact = isinstance(model, RidgeModel)
    ridge = model if exact else fit_ridge(values, quantities, groups).model
    assert isinstance(ridge, RidgeModel)
    return QuantityInfluence(values, quantities[:, None], penalty=ridge, standardise=True), exact


def _of_labels(
    values: Vectors, codes: Codes, labels: int, groups: Groups, model: Model
) -> tuple[Influence, bool]:
    near = model if isinstance(model, NeighboursModel) else None
    linear = model if near is None else near.discriminant
    own = linear.choice if isinstance(linear, DiscriminantModel) else None
    choice = own or fit_discriminant(values, codes, labels, groups)[1]
    base = LabelInfluence(values, codes, labels=labels, choice=choice)
    if near is None or own is None:
        return base, own is not None
    if not np.array_equal(near.memory.codes, codes):  # of many samples not all are remembered
        return base, False
    return NeighbourInfluence(base, near), True


def _of_tags(
    values: Vectors, tags: NDArray[np.int8], groups: Groups, model: Model
) -> tuple[Influence, bool]:
    own = model.choice if isinstance(model, TagRidgeModel) else None
    choice = own
    if choice is None:
        fitted = (
            TagRidge().fit(Features(values=values), tags, labels=tags.shape[1], groups=groups).model
        )
        assert isinstance(fitted, TagRidgeModel)
        choice = fitted.choice
    assert choice is not None
    calibration = Calibration(slope=choice.slope, shift=choice.shift)
    return QuantityInfluence(
        values, tag_answers(tags), penalty=choice.penalty, calibration=calibration
    ), own is not None
