"""Labels that hold two things: their samples fall into two clusters, as two labels do.

Directions in which the samples of other labels scatter are shrunk to one another (whitening by the
scatter within labels, as in linear discriminant analysis; Fisher 1936), so that what is left is
what labels are told apart by. Then the samples of a label are halved at random. On one half, two
means (Lloyd 1982) give a direction; along it lie the other half's samples, which chance does not
pull apart. Two normal distributions fitted to these are

    D = sqrt(2) |m_1 - m_2| / sqrt(s_1^2 + s_2^2)        (Ashman, Bird and Zepf 1994)

apart, and their deviation s is wide where they are far from one another. A label's measure is the
median of D s over a few halvings. Every wide label has some clusters, so it must far surpass what
the labels of the same data have.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotfit.quality.base import Finding, NotApplicable, Severity
from hotfit.quality.evidence import Evidence
from hotfit.types import Codes, Vectors

Floats = NDArray[np.float64]

_LEAST_SAMPLES = 40
_LEAST_LABELS = 3
_MOST_LABELS = 80
_MOST_SAMPLES = 200  # of a label
_DIMENSIONS = 24
_SHRINK = 0.02
_SEARCHED = 2000  # samples that say in which directions samples differ
_HALVINGS = 5
_STEPS = 8
_APART = 2.0  # of D, below which two distributions have one peak
_BEYOND_OTHERS = 2.4
_LEAST_PART = 0.15
_SHOWN = 3  # samples of each kind


class MergedLabel:
    """Finds labels whose samples are of two kinds."""

    kind = "merged_label"

    def find(self, evidence: Evidence) -> tuple[Finding, ...] | NotApplicable:
        """Measure how far the two halves of every larger label are apart."""
        if evidence.codes is None or evidence.vectors is None:
            return NotApplicable(kind=self.kind, reason="there are no labels with vectors")
        counts = np.bincount(evidence.codes[evidence.codes >= 0], minlength=len(evidence.labels))
        large = np.flatnonzero(counts >= _LEAST_SAMPLES)[:_MOST_LABELS]
        if len(large) < _LEAST_LABELS:
            return NotApplicable(kind=self.kind, reason="there are too few labels to compare")
        rng = np.random.default_rng(0)
        rows = [_drawn(evidence.codes, int(code), rng) for code in large]
        samples = _whitened(evidence.vectors, rows, rng)
        measures = [halves_apart(each, rng) for each in samples]
        spans = np.array([measure.apart * measure.wide for measure in measures])
        found = []
        for place, measure in enumerate(measures):
            usual = float(np.median(np.delete(spans, place)))
            times = float(spans[place]) / max(usual, 1e-12)
            if times >= _BEYOND_OTHERS and measure.apart >= _APART and measure.part >= _LEAST_PART:
                kinds = _typical(samples[place], rows[place], measure.direction)
                found.append(self._finding(evidence.labels[large[place]], times, kinds))
        return tuple(sorted(found, key=lambda finding: -finding.score))

    def _finding(self, label: str, times: float, kinds: tuple[list[int], list[int]]) -> Finding:
        return Finding(
            kind=self.kind,
            samples=(*kinds[0], *kinds[1]),
            label=label,
            about=label,
            likely=0.6,
            score=1 - _BEYOND_OTHERS / times / 2,
            severity=Severity.HINT,
            evidence=(
                f"the samples labelled {label!r} fall into two groups, {times:.1f} times as far "
                f"apart as within other labels; the first {len(kinds[0])} that are named are "
                f"typical of the one, the last {len(kinds[1])} of the other"
            ),
        )


@dataclass(frozen=True, kw_only=True)
class Halves:
    """How far two groups of samples are `apart` along a `direction`, how `wide` both together are,
    and the share of the smaller `part`.
    """

    apart: float
    wide: float
    part: float
    direction: Floats


def _drawn(codes: Codes, code: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Some samples of a label."""
    rows = np.flatnonzero(codes == code)
    if len(rows) > _MOST_SAMPLES:
        rows = np.sort(rng.choice(rows, _MOST_SAMPLES, replace=False))
    return rows


def _whitened(
    vectors: Vectors, rows: Sequence[NDArray[np.int64]], rng: np.random.Generator
) -> list[Floats]:
    """The samples of each label where those of all others scatter evenly, each (n, d)."""
    every = np.concatenate(rows)
    part = _unit(vectors[every[:: max(1, len(every) // _SEARCHED)]])
    mean = part.mean(axis=0)
    axes = _widest(part - mean, rng)
    samples = [((_unit(vectors[each]) - mean) @ axes).astype(np.float64) for each in rows]
    scatters = [len(each) * np.cov(each, rowvar=False, bias=True) for each in samples]
    total, n = np.sum(scatters, axis=0), len(every)
    found = []
    for each, scatter in zip(samples, scatters, strict=True):
        within = (total - scatter) / max(n - len(each), 1)
        within += _SHRINK * np.trace(within) / len(within) * np.eye(len(within))
        found.append(each @ np.linalg.cholesky(np.linalg.inv(within)))
    return found


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.float32(1e-12))
    unit: Vectors = vectors / lengths
    return unit


def _widest(centred: Vectors, rng: np.random.Generator) -> Vectors:
    """Directions in which points differ most, (d, `_DIMENSIONS`), by subspace iteration."""
    many = min(_DIMENSIONS, centred.shape[1])
    axes = rng.normal(size=(centred.shape[1], many)).astype(np.float32)
    for _ in range(4):
        axes = np.linalg.qr(centred.T @ (centred @ axes))[0]
    return axes


def halves_apart(points: Floats, rng: np.random.Generator) -> Halves:
    """How far n points (n, d) fall into two, by halves that were not looked at."""
    half = len(points) // 2
    along = []
    for _ in range(_HALVINGS):
        order = rng.permutation(len(points))
        for looked_at, asked in ((order[:half], order[-half:]), (order[-half:], order[:half])):
            direction = _two_means(points[looked_at])
            direction /= max(float(np.linalg.norm(direction)), 1e-300)
            along.append(points[asked] @ direction)
    values = np.array(along)
    apart, part = _bimodality(values)
    return Halves(
        apart=float(np.median(apart)),
        wide=float(np.median(values.std(axis=1))),
        part=float(np.median(part)),
        direction=_two_means(points),
    )


def _typical(
    points: Floats, rows: NDArray[np.int64], direction: Floats
) -> tuple[list[int], list[int]]:
    """Samples in the midst of either side: those nearest to its median along the direction."""
    along = points @ direction
    right = along > along.mean()
    sides = []
    for side in (np.flatnonzero(~right), np.flatnonzero(right)):
        centre = np.median(points[side], axis=0)
        near = ((points[side] - centre) ** 2).sum(axis=1).argsort(kind="stable")[:_SHOWN]
        sides.append(rows[side[near]].tolist())
    return sides[0], sides[1]


def _two_means(points: Floats) -> Floats:
    """The direction between two means, from the widest direction on."""
    centred = points - points.mean(axis=0)
    scatter = centred.T @ centred
    widest = scatter[:, scatter.diagonal().argmax()]
    for _ in range(_STEPS):
        widest = scatter @ widest / max(float(np.abs(widest).max()), 1e-300)
    right = centred @ widest > 0
    direction: Floats = widest
    for _ in range(_STEPS):
        if right.all() or not right.any():
            break
        low, high = centred[~right].mean(axis=0), centred[right].mean(axis=0)
        direction = high - low
        right = centred @ direction > (low + high) @ direction / 2
    return direction


def _bimodality(values: Floats) -> tuple[Floats, Floats]:
    """D of two normal distributions fitted by EM to each of m rows of n, and the smaller's share.

    Both are of shape (m,).
    """
    spread = np.maximum(values.std(axis=1, keepdims=True), 1e-12)
    scaled = ((values - values.mean(axis=1, keepdims=True)) / spread)[:, :, None]
    above = (scaled > 0) & np.array([False, True]) | (scaled <= 0) & np.array([True, False])
    means = (above * scaled).sum(axis=1, keepdims=True) / np.maximum(
        above.sum(axis=1, keepdims=True), 1
    )
    widths, shares = np.full(means.shape, 0.6), np.full(means.shape, 0.5)
    for _ in range(_STEPS):
        logs = np.log(shares / widths) - 0.5 * ((scaled - means) / widths) ** 2
        likely = np.exp(logs - logs.max(axis=2, keepdims=True))
        likely /= likely.sum(axis=2, keepdims=True)
        many = likely.sum(axis=1, keepdims=True) + 1e-9
        shares = many / many.sum(axis=2, keepdims=True)
        means = (likely * scaled).sum(axis=1, keepdims=True) / many
        widths = np.sqrt((likely * (scaled - means) ** 2).sum(axis=1, keepdims=True) / many) + 0.05
    gap = np.abs(means[:, 0, 0] - means[:, 0, 1])
    apart: Floats = np.sqrt(2) * gap / np.sqrt((widths**2).sum(axis=2)[:, 0])
    part: Floats = shares.min(axis=2)[:, 0]
    return apart, part
