"""Folds that keep groups together and spread labels evenly, the same for the same seed.

Groups are dealt out from the largest to the smallest, each to the fold that most lacks its labels
(the greedy rule of scikit-learn's StratifiedGroupKFold); single samples are dealt in turn.
"""

import numpy as np
from numpy.typing import NDArray

from hotfit.types import Codes, Groups


def grouped_folds(groups: Groups, codes: Codes, *, folds: int, seed: int = 0) -> NDArray[np.int64]:
    """The fold, 0 .. folds - 1, of each of n samples.

    `codes` are labels to spread evenly. There are never more folds than groups.
    """
    unique, inverse, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    folds = max(1, min(folds, len(unique)))
    codes = _ranked(codes, inverse)
    labels = int(codes.max()) + 1 if len(codes) else 1
    fold_of_group = np.zeros(len(unique), dtype=np.int64)
    filled = np.zeros((folds, labels))
    members = np.argsort(inverse, kind="stable")
    starts = np.concatenate([[0], np.cumsum(sizes)])
    shuffled = np.random.default_rng(seed).permutation(len(unique))
    large = [g for g in shuffled[np.argsort(-sizes[shuffled], kind="stable")] if sizes[g] > 1]
    for g in large:
        held = np.bincount(codes[members[starts[g] : starts[g + 1]]], minlength=labels)
        present = np.flatnonzero(held)
        load = (filled[:, present] * held[present]).sum(axis=1) + 1e-6 * filled.sum(axis=1)
        best = int(np.argmin(load))
        fold_of_group[g] = best
        filled[best] += held
    _deal_singles(
        fold_of_group, filled, shuffled[sizes[shuffled] == 1], codes[members[starts[:-1]]]
    )
    return fold_of_group[inverse]


def _ranked(codes: Codes, inverse: NDArray[np.int64]) -> Codes:
    """Codes by size and first group, so that renumbered labels make the same folds."""
    present, codes, counts = np.unique(codes, return_inverse=True, return_counts=True)
    first = np.full(len(present), len(codes))
    np.minimum.at(first, codes, inverse)
    return np.asarray(np.argsort(np.lexsort((first, -counts)))[codes], dtype=np.int64)


def _deal_singles(
    fold_of_group: NDArray[np.int64],
    filled: NDArray[np.float64],
    singles: NDArray[np.int64],
    label: Codes,
) -> None:
    """Deal one-sample groups, label by label, to the folds that have least of that label."""
    folds = len(filled)
    order = singles[np.argsort(label[singles], kind="stable")]
    present, first, sizes = np.unique(label[order], return_index=True, return_counts=True)
    for code, start, size in zip(present, first, sizes, strict=True):
        turn = np.argsort(filled[:, code] + 1e-6 * filled.sum(axis=1), kind="stable")
        base = filled[turn, code]
        # Level out what groups left uneven, then deal in turn.
        lack = np.minimum.accumulate((base.max() - base).astype(np.int64)[::-1])[::-1]
        deal = np.concatenate([np.repeat(turn, lack), np.resize(turn, max(size, 1))])[:size]
        fold_of_group[order[start : start + size]] = deal
        filled[:, code] += np.bincount(deal, minlength=folds)
