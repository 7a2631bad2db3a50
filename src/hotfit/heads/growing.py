"""Grow boosted trees with scikit-learn's histogram gradient boosting, and take them as arrays.

Ke et al. 2017, LightGBM; Fisher 1958 for splits of categories ordered by their gradient.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits

from hotfit.heads.base import Targets
from hotfit.heads.trees import CODES, Forest, constant
from hotfit.types import Features

_PREPARING = Lock()
"""Held while scikit-learn prepares a table: it sets the filters of warnings, which all threads of a
process share, so that folds beside each other would now and then warn of what is no fault."""

_PREPARES = ("_preprocess_X", "_bin_data")
"""The methods of an estimator that do so."""

BINS = 255
LARGEST = np.float32(3e38)


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How to grow: step size, size of trees, samples a leaf must hold, penalties, columns seen."""

    learning_rate: float = 0.1
    leaves: int = 31
    leaf_samples: int = 20
    penalty: float = 1.0
    columns: float = 0.7


@dataclass(frozen=True, kw_only=True)
class Grown:
    """An estimator, and its loss on the watched rows after 0, 1, 2, ... rounds."""

    estimator: Any
    losses: NDArray[np.float64]


def grow(
    features: Features,
    targets: Targets,
    recipe: Recipe,
    *,
    rounds: int,
    watched: tuple[Features, Targets],
    patience: int,
    seed: int = 0,
) -> Grown:
    """Boost at most `rounds` rounds, until `watched` has not improved for `patience` of them.

    Targets are codes (int64, at least two present) or quantities (float64); watched rows of labels
    that the training rows lack must have been left out.
    """
    kind = HistGradientBoostingRegressor if targets.dtype.kind == "f" else None
    estimator = (kind or HistGradientBoostingClassifier)(
        learning_rate=recipe.learning_rate,
        max_leaf_nodes=recipe.leaves,
        min_samples_leaf=recipe.leaf_samples,
        l2_regularization=recipe.penalty,
        max_features=recipe.columns,
        max_iter=rounds,
        max_bins=BINS,
        categorical_features=np.array(category_mask(features)),
        early_stopping=True,
        n_iter_no_change=patience,
        tol=0.0,
        scoring="loss",
        random_state=seed,
    )
    for name in _PREPARES:
        setattr(estimator, name, _one_at_a_time(getattr(estimator, name)))
    rows, answers = watched
    # One OpenMP thread a fit, and the folds beside each other: two threads that wait for each
    # other at every node cost a hundredfold on a busy machine. The limit is this thread's own.
    with threadpool_limits(1, user_api="openmp"):
        estimator.fit(features.values, targets, X_val=rows.values, y_val=answers)
    return Grown(estimator=estimator, losses=-np.asarray(estimator.validation_score_))


def _one_at_a_time(work: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(work)
    def alone(*given: Any, **named: Any) -> Any:
        with _PREPARING:
            return work(*given, **named)

    return alone


def category_mask(features: Features) -> list[bool]:
    """Say for every column whether it holds codes."""
    categories = features.categories or (0,) * features.values.shape[1]
    return [0 < codes <= BINS for codes in categories]


def harvest(estimator: Any, *, rounds: int) -> Forest:
    """Take the first `rounds` rounds of a fitted estimator as arrays."""
    baseline = np.ravel(estimator._baseline_prediction).astype(np.float64)  # noqa: SLF001
    predictors = [tree for level in estimator._predictors[:rounds] for tree in level]  # noqa: SLF001
    if not predictors:
        return constant(baseline)
    order, known = _columns(estimator)
    nodes = np.concatenate([tree.nodes for tree in predictors])
    sizes = [len(tree.nodes) for tree in predictors]
    start = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
    offset = np.repeat(start, sizes)
    leaf = nodes["is_leaf"].astype(bool)
    own = np.arange(len(nodes))
    by_category = nodes["is_categorical"].astype(bool) & ~leaf
    tree_of = np.repeat(np.arange(len(sizes)), sizes)
    lefts = [_goes_left(predictors[tree_of[node]], nodes[node], known) for node in own[by_category]]
    split = np.full(len(nodes), -1, dtype=np.int32)
    split[by_category] = np.arange(len(lefts))
    return Forest(
        feature=np.where(leaf, 0, order[nodes["feature_idx"]]).astype(np.int32),
        threshold=_round_down(np.where(leaf | by_category, 0.5, nodes["num_threshold"])),
        left=np.where(leaf, own, nodes["left"] + offset).astype(np.int32),
        right=np.where(leaf, own, nodes["right"] + offset).astype(np.int32),
        value=np.where(leaf, nodes["value"], 0.0),
        missing_left=nodes["missing_go_to_left"].astype(np.uint8),
        split=split,
        lefts=np.array(lefts, dtype=np.uint8).reshape(-1, CODES + 1),
        roots=start.astype(np.int32),
        baseline=baseline,
    )


def _columns(estimator: Any) -> tuple[NDArray[np.int64], dict[int, NDArray[np.int64]]]:
    """Return the original column of each of the estimator's, and the codes of its categories.

    scikit-learn moves categories to the front and renames their codes to 0, 1, 2, ...
    """
    mask = estimator.is_categorical_
    if mask is None or not mask.any():
        return np.arange(estimator.n_features_in_), {}
    order = np.concatenate([np.flatnonzero(mask), np.flatnonzero(~mask)])
    encoder = estimator._preprocessor.named_transformers_["encoder"]  # noqa: SLF001
    codes = [names[~np.isnan(names)].astype(np.int64) for names in encoder.categories_]
    return order, dict(enumerate(codes))


def _goes_left(tree: Any, node: Any, known: dict[int, NDArray[np.int64]]) -> NDArray[np.uint8]:
    """Return which codes go left, (257,); codes never seen go where missing cells go."""
    row = np.full(CODES + 1, node["missing_go_to_left"], dtype=np.uint8)
    bits = tree.raw_left_cat_bitsets[node["bitset_idx"]]
    codes = known[int(node["feature_idx"])]
    rank = np.arange(len(codes))
    row[codes] = (bits[rank // 32] >> (rank % 32).astype(np.uint32)) & np.uint32(1)
    return row


def _round_down(thresholds: NDArray[np.float64]) -> NDArray[np.float32]:
    bounded = np.clip(thresholds, -LARGEST, LARGEST)
    near = bounded.astype(np.float32)
    above = near.astype(np.float64) > bounded
    return np.where(above, np.nextafter(near, np.float32(-np.inf)), near)
