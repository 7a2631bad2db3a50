"""Boosted trees as plain arrays, and how to score rows with them in NumPy alone.

    F_c(x) = b_c + sum_t value[leaf_t(x)]        over the trees t that add to output c

Going down a tree is one comparison a node, x <= threshold to the left. Two rewritings make that
all there is: a missing cell counts as minus or plus infinity by the side the node sends it to, and
a split of categories reads a column that is 0 where the row's code goes left, else 1. Thresholds
are rounded down to float32, which no float32 cell can tell from the original.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hotfit.types import Features, Scores

CODES = 256
"""Codes a split of categories can tell apart; the last table column stands for missing."""
VISITS = 200_000
"""Rows times trees walked at once: what fits the processor's cache."""


@dataclass(frozen=True, kw_only=True)
class Forest:
    """Trees that share their nodes' arrays; tree t starts at `roots[t]`, adds to t % outputs.

    `split` is -1 for a quantity, else the row of `lefts` (c, 257) that is 1 where a code goes
    left. A leaf is its own left and right. `baseline` has one entry an output.
    """

    feature: NDArray[np.int32]
    threshold: NDArray[np.float32]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float64]
    missing_left: NDArray[np.uint8]
    split: NDArray[np.int32]
    lefts: NDArray[np.uint8]
    roots: NDArray[np.int32]
    baseline: NDArray[np.float64]

    def raw(self, features: Features) -> Scores:
        """Score m rows, shape (m, outputs)."""
        outputs, trees = len(self.baseline), len(self.roots)
        scores = np.tile(self.baseline, (len(features), 1))
        step = max(1, VISITS // max(trees, 1))
        for start in range(0, len(features) if trees else 0, step):
            leaves = self._leaves(features.values[start : start + step])
            added = self.value[leaves].reshape(len(leaves), -1, outputs)
            scores[start : start + step] += added.sum(axis=1, dtype=np.float64)
        return scores

    def _leaves(self, rows: NDArray[np.float32]) -> NDArray[np.intp]:
        columns, children, depth = self._walk
        table = self._compared(rows)
        place = (np.arange(len(rows)) * table.shape[1])[:, np.newaxis]
        flat = table.ravel()
        node = np.broadcast_to(self.roots.astype(np.intp), (len(rows), len(self.roots)))
        for _ in range(depth):
            right = flat[place + columns[node]] > self.threshold[node]
            node = children[2 * node + right]
        return np.asarray(node)

    def _compared(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        rows = rows[:, : self._width]
        missing = np.isnan(rows)
        low = np.where(missing, np.float32(-np.inf), rows)
        high = np.where(missing, np.float32(np.inf), rows)
        users = self._category_features
        if not len(users):
            return np.concatenate([low, high], axis=1)
        used = rows[:, users]
        known = (used >= 0) & (used < CODES)
        codes = np.where(known, used, CODES).astype(np.intp)
        goes = self.lefts[np.arange(len(users)), codes]
        return np.concatenate([low, high, 1 - goes.astype(np.float32)], axis=1)

    @cached_property
    def _category_features(self) -> NDArray[np.int32]:
        users = np.zeros(len(self.lefts), dtype=np.int32)
        by_category = self.split >= 0
        users[self.split[by_category]] = self.feature[by_category]
        return users

    @cached_property
    def _walk(self) -> tuple[NDArray[np.intp], NDArray[np.intp], int]:
        numeric = self.feature + np.where(self.missing_left, 0, self._width)
        columns = np.where(self.split >= 0, 2 * self._width + self.split, numeric)
        return columns.astype(np.intp), *self._paths()

    @cached_property
    def _width(self) -> int:
        return int(self.feature.max(initial=0)) + 1

    def _paths(self) -> tuple[NDArray[np.intp], int]:
        children = np.stack([self.left, self.right], axis=1).ravel().astype(np.intp)
        level, depth = self.roots.astype(np.intp), 0
        while len(level := level[self.left[level] != level]):
            level = np.concatenate([children[2 * level], children[2 * level + 1]])
            depth += 1
        return children, depth

    def widened(self, *, present: NDArray[np.int64], prior: NDArray[np.float64]) -> "Forest":
        """Return the same scores with one output a label; labels not in `present` keep `prior`.

        `present` (p,) are the labels the trees know, `prior` (k,) the logarithms of the shares of
        all. Two labels in all share one output and are returned as they are.
        """
        labels = len(prior)
        if labels == len(present):
            return self
        forest = self if len(present) > 2 else average([self._halved(-1), self._halved(1)])
        blank = len(forest.feature)
        roots = np.full((len(self.roots) // len(self.baseline), labels), blank, dtype=np.int32)
        many = len(present) > 2
        shaped = forest.roots.reshape((len(roots), -1) if many else (2, -1))
        roots[:, present] = shaped if many else shaped.T
        baseline = prior - prior[present].mean()
        baseline[present] = forest.baseline if len(present) > 2 else self.baseline * [-0.5, 0.5]
        leaf = average([forest, blank_leaf(forest.baseline)])
        nodes = leaf.arrays() | {"value": leaf.value * 2, "roots": roots.ravel()}
        return Forest(**nodes | {"baseline": baseline})

    def _halved(self, sign: int) -> "Forest":
        return Forest(**self.arrays() | {"value": self.value * sign})

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return every array by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def constant(baseline: NDArray[np.float64]) -> Forest:
    """Return a forest without trees."""
    return Forest(
        feature=np.empty(0, np.int32),
        threshold=np.empty(0, np.float32),
        left=np.empty(0, np.int32),
        right=np.empty(0, np.int32),
        value=np.empty(0, np.float64),
        missing_left=np.empty(0, np.uint8),
        split=np.empty(0, np.int32),
        lefts=np.empty((0, CODES + 1), np.uint8),
        roots=np.empty(0, np.int32),
        baseline=baseline.astype(np.float64),
    )


def blank_leaf(baseline: NDArray[np.float64]) -> Forest:
    """Return a forest of one tree that is a leaf of value 0."""
    none = constant(baseline)
    zeros = {name: np.zeros(1, array.dtype) for name, array in none.arrays().items()}
    split = np.full(1, -1, dtype=np.int32)
    return Forest(**zeros | {"split": split, "lefts": none.lefts, "baseline": baseline})


def average(forests: Sequence[Forest]) -> Forest:
    """Return one forest whose scores are the mean of the scores of `forests`."""
    nodes = np.cumsum([0] + [len(forest.feature) for forest in forests])
    splits = np.cumsum([0] + [len(forest.lefts) for forest in forests])
    parts: dict[str, list[NDArray[Any]]] = {field.name: [] for field in fields(Forest)}
    for forest, node, split in zip(forests, nodes, splits, strict=False):
        moved = forest.arrays() | {
            "left": forest.left + node,
            "right": forest.right + node,
            "roots": forest.roots + node,
            "split": np.where(forest.split >= 0, forest.split + split, -1),
            "value": forest.value / len(forests),
        }
        for name, array in moved.items():
            parts[name].append(array.astype(forest.arrays()[name].dtype, copy=False))
    baseline = np.mean(parts.pop("baseline"), axis=0)
    joined = {name: np.concatenate(arrays) for name, arrays in parts.items()}
    return Forest(baseline=baseline, **joined)
