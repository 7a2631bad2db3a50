"""What changed from one model to another, sample by sample, on answers neither had learned.

A sample is fixed where the newer model is right and the older was not, broken the other way round,
moved where both are wrong and differ, and shifted where the answer stays but its confidence moves
by `SHIFT` or more. A quantity is neither right nor wrong: it is fixed where its error shrinks by
more than the older model's typical (median) error, broken where it grows by as much, and moved
where the answer itself goes that far.

Whether the newer model is better is asked by the paired test of `hotfit.evaluation.paired`, once in
each direction, so that the chance of a false alarm either way stays within `ALARM`. Slices are
asked by the sign test over groups, the alarm shared evenly among all of them (Bonferroni).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotfit.evaluation.intervals import Range, group_sums
from hotfit.evaluation.metrics import Truth
from hotfit.evaluation.paired import compare, sign_test
from hotfit.types import Groups, Output, Scores

SAME, FIXED, BROKEN, MOVED, SHIFTED = range(5)
"""What became of a sample."""

SHIFT = 0.2
"""How far a confidence moves before it is told."""

ALARM = 0.05
"""How often two equal models are called different."""

FEWEST = 5
"""Samples that a slice needs to be worth a line."""

Became = NDArray[np.int8]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Unseen:
    """What two models say of n samples that neither had learned when it said so.

    Scores are over the same labels: (n, k), (n,) for Number. `thresholds` are those (k,) of each
    model, for Tags. `groups` hold what is alike.
    """

    output: Output
    truth: Truth
    older: Scores
    newer: Scores
    groups: Groups
    thresholds: tuple[Scores, Scores] | None = None


@dataclass(frozen=True, kw_only=True)
class Slice:
    """Some of the samples, by what they have in common; `kind` says what that is of."""

    kind: str
    name: str
    rows: Mask


@dataclass(frozen=True, kw_only=True)
class SliceChange:
    """What changed in a slice of `n` samples; `p` is two-sided, `clear` holds beyond chance."""

    kind: str
    name: str
    n: int
    fixed: int
    broken: int
    p: float
    clear: bool


@dataclass(frozen=True, kw_only=True)
class Tested:
    """The paired test: `better` is "newer", "older" or None where neither is shown to be.

    `gain` is what the newer adds to the share right, with its range; `p` is two-sided.
    """

    better: str | None
    gain: Range
    p: float


def what_became(unseen: Unseen) -> Became:
    """What became of each sample, (n,)."""
    if unseen.output is Output.NUMBER:
        return _of_quantities(unseen)
    older, newer = _said(unseen, unseen.older, 0), _said(unseen, unseen.newer, 1)
    truth, stated = _stated(unseen, older.shape[1])
    was = ((older == truth) | ~stated).all(axis=1)
    now = ((newer == truth) | ~stated).all(axis=1)
    changed = ((older != newer) & stated).any(axis=1)
    became = np.full(len(was), SAME, dtype=np.int8)
    became[~changed & (_travel(unseen, truth, stated) >= SHIFT)] = SHIFTED
    became[changed] = MOVED
    became[now & ~was] = FIXED
    became[was & ~now] = BROKEN
    return became


def paired_test(unseen: Unseen) -> Tested:
    """Ask in both directions which of the two is better."""
    given = (unseen.output, unseen.truth)
    up = compare(*given, unseen.older, unseen.newer, unseen.groups, alarm=ALARM / 2)
    down = compare(*given, unseen.newer, unseen.older, unseen.groups, alarm=ALARM / 2)
    better = "newer" if up.better else "older" if down.better else None
    return Tested(better=better, gain=up.gain, p=min(1.0, 2 * min(up.p, down.p)))


def change_by_slice(
    became: Became, groups: Groups, slices: Iterable[Slice]
) -> tuple[SliceChange, ...]:
    """What changed in each slice in which something did, the most broken first."""
    kept = [one for one in slices if int(one.rows.sum()) >= FEWEST]
    net = (became == FIXED).astype(np.float64) - (became == BROKEN)
    found = [_in_slice(one, became, net, groups, alarm=ALARM / len(kept)) for one in kept]
    changed = [one for one in found if one.fixed or one.broken]
    return tuple(sorted(changed, key=lambda one: (one.fixed - one.broken, one.kind, one.name)))


def _in_slice(
    one: Slice, became: Became, net: Scores, groups: Groups, *, alarm: float
) -> SliceChange:
    inside = one.rows
    fixed = int((became[inside] == FIXED).sum())
    broken = int((became[inside] == BROKEN).sum())
    p = 1.0
    if fixed or broken:
        sums = group_sums(net[inside][:, None], groups[inside])
        up, down = int((sums > 0).sum()), int((sums < 0).sum())
        p = min(1.0, 2 * min(sign_test(up, down), sign_test(down, up)))
    return SliceChange(
        kind=one.kind,
        name=one.name,
        n=int(inside.sum()),
        fixed=fixed,
        broken=broken,
        p=p,
        clear=p < alarm,
    )


def label_slices(output: Output, truth: Truth, labels: Sequence[str]) -> list[Slice]:
    """One slice a label: the samples that truly have it."""
    if output is Output.NUMBER:
        return []
    values = np.asarray(truth)
    tags = output is Output.TAGS
    return [
        Slice(kind="label", name=name, rows=values[:, code] == 1 if tags else values == code)
        for code, name in enumerate(labels)
    ]


def _said(unseen: Unseen, scores: Scores, side: int) -> Mask:
    """The labels that are answered, (n, k)."""
    if unseen.output is Output.TAGS:
        limits = 0.5 if unseen.thresholds is None else unseen.thresholds[side]
        return np.asarray(scores >= limits)
    return _one_hot(scores.argmax(axis=1), scores.shape[1])


def _stated(unseen: Unseen, k: int) -> tuple[Mask, Mask]:
    """Which labels are true, and of which that was said, both (n, k)."""
    if unseen.output is Output.TAGS:
        tags = unseen.truth.astype(np.int8)
        return np.asarray(tags == 1), np.asarray(tags >= 0)
    truth = _one_hot(unseen.truth.astype(np.int64), k)
    return truth, np.ones_like(truth)


def _one_hot(codes: NDArray[np.int64], k: int) -> Mask:
    return np.asarray(codes[:, None] == np.arange(k))


def _travel(unseen: Unseen, truth: Mask, stated: Mask) -> Scores:
    """How far the confidence moved: in the true label, or of tags in the one that moved most."""
    moved = np.abs(unseen.newer - unseen.older) * stated
    if unseen.output is Output.CLASSIFICATION:
        moved = moved * truth
    return np.asarray(moved.max(axis=1, initial=0.0))


def _of_quantities(unseen: Unseen) -> Became:
    truth = np.asarray(unseen.truth, dtype=np.float64)
    was, now = np.abs(truth - unseen.older), np.abs(truth - unseen.newer)
    unit = float(np.median(was)) if len(was) else 0.0
    became = np.full(len(truth), SAME, dtype=np.int8)
    became[np.abs(unseen.newer - unseen.older) > unit] = MOVED
    became[was - now > unit] = FIXED
    became[now - was > unit] = BROKEN
    return became
