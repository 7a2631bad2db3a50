"""Gradient boosting for tables: several held-out folds grown side by side, and their mean kept.

Each fold's trees are grown without the fold, for the number of rounds at which the folds together
judge best (one number chosen on all held-out rows, never one a fold), and their raw scores are
averaged: a bag (Breiman 1996) that costs no further fit. What a fold's trees say about the fold is
the held-out score; one temperature fitted on it calibrates both.
"""

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from hotfit.heads.base import Model, Targets, Trained
from hotfit.heads.calibration import as_scores, fit_weights
from hotfit.heads.folds import grouped_folds
from hotfit.heads.trees import Forest, average, constant
from hotfit.types import Features, Groups, Output, Scores, State

if TYPE_CHECKING:
    from hotfit.heads.growing import Grown, Recipe

WORK = 4e8
"""Cells (rows times columns times outputs times rounds) that all folds may cost together."""
FEWEST_ROUNDS = 30
TOO_MUCH = 10 * WORK
"""Where even the fewest rounds cost more, minutes would pass: trees are not worth growing."""

PATIENCE = 20
MOST_ROUNDS = 400
SMALL_ROUNDS = 250
HASTE = 3
"""How much longer the steps are, and how many fewer, where recipes are compared."""


@dataclass(frozen=True, kw_only=True)
class BoostingModel:
    """Trees, and how their raw scores become answers.

    Classification: `scale` is the inverse temperature. Number: answers are
    `shift + scale * raw`.
    """

    head: ClassVar[str] = "boosting.v1"
    forest: Forest
    labels: int
    scale: float = 1.0
    shift: float = 0.0
    grown_by: Mapping[str, Any]

    def predict(self, features: Features) -> Scores:
        """Score m rows: probabilities (m, k), or predictions (m,) for Number."""
        return answers(self.forest.raw(features), self)

    def state(self) -> State:
        """Return the trees as arrays, and how they were grown for the record."""
        parameters = {
            "labels": self.labels,
            "scale": self.scale,
            "shift": self.shift,
            "grown_by": dict(self.grown_by),
        }
        return State(arrays=self.forest.arrays(), parameters=parameters)


def answers(raw: Scores, model: BoostingModel) -> Scores:
    """Turn raw scores (m, outputs) into what the model answers."""
    if model.labels == 0:
        return model.shift + model.scale * raw[:, 0]
    return as_scores(model.scale * logits(raw, model.labels))


def logits(raw: Scores, labels: int) -> Scores:
    """Return one logit a label, (m, k): two labels share one raw score."""
    if labels == 2:
        return np.concatenate([np.zeros_like(raw), raw], axis=1)
    return raw


class Boosting:
    """Boosted trees by scikit-learn, kept and scored as plain arrays."""

    name: ClassVar[str] = "boosting.v1"
    outputs: ClassVar[frozenset[Output]] = frozenset({Output.CLASSIFICATION, Output.NUMBER})

    def fit(self, features: Features, targets: Targets, *, labels: int, groups: Groups) -> Trained:
        """Choose a recipe, grow every fold, keep the mean; k is 0 or ignored for Number."""
        if targets.dtype.kind == "f":
            return _fit_number(features, targets, groups)
        codes = targets.astype(np.int64)
        grown, held_out, record = _cross_fit(features, codes, labels=labels, groups=groups)
        terms = logits(held_out, labels)
        scale = float(fit_weights([terms], codes, start=np.ones(1))[0])
        model = BoostingModel(forest=grown, labels=labels, scale=scale, grown_by=record)
        return Trained(model=model, held_out=answers(held_out, model))

    def load(self, state: State) -> Model:
        """Rebuild the model that `state` was taken from."""
        forest = Forest(**state.arrays)
        return BoostingModel(forest=forest, **state.parameters)


def affordable(features: Features, *, labels: int) -> bool:
    """Whether boosting a function of k `labels` (0 for Number) ends within a minute or so."""
    n, d = features.values.shape
    return bool(n * d * (labels if labels > 2 else 1) * 4 * FEWEST_ROUNDS <= TOO_MUCH)


def _fit_number(features: Features, targets: Targets, groups: Groups) -> Trained:
    shift, scale = float(targets.mean()), float(targets.std()) or 1.0
    standard = np.asarray((targets - shift) / scale, dtype=np.float64)
    grown, held_out, record = _cross_fit(features, standard, labels=0, groups=groups)
    model = BoostingModel(forest=grown, labels=0, scale=scale, shift=shift, grown_by=record)
    return Trained(model=model, held_out=answers(held_out, model))


def _cross_fit(
    features: Features, targets: Targets, *, labels: int, groups: Groups
) -> tuple[Forest, Scores, Mapping[str, Any]]:
    """Return the mean forest, the raw held-out scores (n, outputs), and what was decided."""
    outputs = labels if labels > 2 else 1
    plan = Plan.of(features, outputs=outputs)
    fold = grouped_folds(groups, strata(targets), folds=plan.folds)
    recipe = _choose(features, targets, fold, plan)
    splits = [(fold != held, fold == held) for held in range(int(fold.max()) + 1)]
    jobs = [(recipe, held) for held in range(len(splits))]
    grown = _grow_all(features, targets, fold, jobs, rounds=plan.rounds)
    rounds = best_round([each.losses for each in grown if each is not None])
    raw = np.zeros((len(targets), outputs))
    forests = []
    for each, (rest, held) in zip(grown, splits, strict=True):
        forest = _spread(each, targets[rest], labels=labels, rounds=rounds)
        raw[held] = forest.raw(features[held])
        forests.append(forest)
    record = {"library": "scikit-learn", "rounds": rounds, "folds": len(splits), **asdict(recipe)}
    return average(forests), raw, record


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How much a data set of some size may cost."""

    folds: int
    rounds: int
    recipes: tuple["Recipe", ...]

    @classmethod
    def of(cls, features: Features, *, outputs: int) -> "Plan":
        """More folds and smaller trees for fewer rows; fewer rounds for more work."""
        from hotfit.heads.growing import Recipe

        n, d = features.values.shape
        cost = max(1, n * d * outputs)
        rounds = int(np.clip(WORK / (4 * cost), FEWEST_ROUNDS, MOST_ROUNDS))
        if n < 2000:
            shapes = [
                {"leaves": 4, "leaf_samples": max(3, n // 60), "columns": 0.5},
                {"leaves": 10, "leaf_samples": max(5, n // 40), "columns": 0.5},
            ]
            rate, folds, rounds = 0.06, 10 if n < 1000 else 5, min(rounds, SMALL_ROUNDS)
        else:
            shapes = [
                {},
                {"leaves": 12, "leaf_samples": 40, "columns": 0.5},
                {"leaves": 63, "leaf_samples": 40, "penalty": 5.0, "columns": 0.5},
            ]
            rate, folds = 0.1, 5 if rounds > 200 else 3
        rate = max(rate, min(0.3, 20 / rounds))
        tried = shapes if rounds > 60 else shapes[:1]
        recipes = tuple(Recipe(learning_rate=rate, **shape) for shape in tried)
        return cls(folds=folds, rounds=rounds, recipes=recipes)


def strata(targets: Targets) -> NDArray[np.int64]:
    """Return what folds should spread evenly: the label, or the tenth a quantity is in."""
    if targets.dtype.kind != "f":
        return targets.astype(np.int64)
    edges = np.quantile(targets, np.linspace(0, 1, 11)[1:-1])
    return np.searchsorted(edges, targets).astype(np.int64)


def best_round(losses: Sequence[NDArray[np.float64]]) -> int:
    """Return the round at which the mean loss is least; a fold that stopped keeps its last."""
    if not losses:
        return 0
    longest = max(len(curve) for curve in losses)
    padded = [np.pad(curve, (0, longest - len(curve)), mode="edge") for curve in losses]
    return int(np.argmin(np.mean(padded, axis=0)))


def _choose(features: Features, targets: Targets, fold: Groups, plan: Plan) -> "Recipe":
    """Return the recipe whose least loss is best, on the first fold, or on three where n is small.

    The first recipe is the default and wins ties.
    """
    if len(plan.recipes) == 1:
        return plan.recipes[0]
    looks = range(min(int(fold.max()) + 1, 1 if len(targets) >= 5000 else 3))
    hasty = [
        replace(recipe, learning_rate=min(0.3, HASTE * recipe.learning_rate))
        for recipe in plan.recipes
    ]
    jobs = [(recipe, held) for recipe in hasty for held in looks]
    grown = _grow_all(features, targets, fold, jobs, rounds=plan.rounds // HASTE)
    least = [np.nan if each is None else each.losses.min() for each in grown]
    by_recipe = np.array(least).reshape(len(hasty), len(looks))
    return plan.recipes[int(np.argmin(np.nan_to_num(by_recipe).mean(axis=1)))]


def _grow_all(
    features: Features,
    targets: Targets,
    fold: Groups,
    jobs: Sequence[tuple["Recipe", int]],
    *,
    rounds: int,
) -> list["Grown | None"]:
    """Grow a recipe without a fold, for every job; side by side, one processor each."""

    def work(job: tuple["Recipe", int]) -> "Grown | None":
        recipe, held = job
        rest = fold != held
        return _grow(features, targets, rest, ~rest, recipe=recipe, rounds=rounds)

    with ThreadPoolExecutor(max_workers=min(len(jobs), os.cpu_count() or 1)) as pool:
        return list(pool.map(work, jobs))


def _grow(
    features: Features,
    targets: Targets,
    rest: NDArray[np.bool_],
    held: NDArray[np.bool_],
    *,
    recipe: "Recipe",
    rounds: int,
) -> "Grown | None":
    """Grow on `rest` and watch `held`; None where `rest` has nothing to tell apart."""
    from hotfit.heads.growing import grow

    known = np.unique(targets[rest])
    if len(known) < 2:
        return None
    if targets.dtype.kind != "f":
        held = held & np.isin(targets, known)
    if not held.any():
        return None
    watched = (features[held], targets[held])
    return grow(
        features[rest], targets[rest], recipe, rounds=rounds, watched=watched, patience=PATIENCE
    )


def _spread(grown: "Grown | None", seen: Targets, *, labels: int, rounds: int) -> Forest:
    """Return the fold's trees with one output for every label, also for those it never saw."""
    from hotfit.heads.growing import harvest

    if labels == 0:
        mean = np.array([float(seen.mean())])
        return constant(mean) if grown is None else harvest(grown.estimator, rounds=rounds)
    prior = np.log((np.bincount(seen.astype(np.int64), minlength=labels) + 0.5) / (len(seen) + 1))
    if grown is None:
        return constant(prior - prior.mean() if labels > 2 else prior[1:] - prior[:1])
    return harvest(grown.estimator, rounds=rounds).widened(
        present=grown.estimator.classes_, prior=prior
    )
