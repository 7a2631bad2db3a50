"""Labels that hold two things: their samples fall into two clusters as far apart as two labels.

The samples of a label are halved at random. On one half, two means (Lloyd 1982) give a direction;
along it, two normal distributions are fitted to the other half, which chance does not pull apart:

    D = sqrt(2) |m_1 - m_2| / sqrt(s_1^2 + s_2^2)        (Ashman, Bird and Zepf 1994)

and a label's D is the median over a few halvings. Every wide label has some clusters, so D must
reach what two different labels thrown together have, and far surpass what labels have elsewhere.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from hotfit.quality.base import Finding, NotApplicable, Severity
from hotfit.quality.evidence import Evidence
from hotfit.types import Codes, Vectors

Floats = NDArray[np.float64]

_LEAST_SAMPLES = 40
_LEAST_LABELS = 4
_MOST_LABELS = 80
_MOST_SAMPLES = 200  # of a label
_DIMENSIONS = 24
_SEARCHED = 2000  # samples that say in which directions samples differ
_HALVINGS = 3
_STEPS = 8
_PAIRS = 16
_APART = 4.0
_BEYOND_OTHERS = 1.6
_LEAST_PART = 0.2


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
        samples = _drawn(evidence.vectors, evidence.codes, large, rng)
        measured = [halves_apart(each, rng) for each in samples]
        pairs = [halves_apart(np.concatenate(both), rng)[0] for both in _pairs(samples, rng)]
        usual = float(np.median([apart for apart, _ in measured]))
        bar = max(_APART, float(np.median(pairs)), _BEYOND_OTHERS * usual)
        found = [
            self._finding(evidence, int(code), apart, bar)
            for code, (apart, part) in zip(large, measured, strict=True)
            if apart >= bar and part >= _LEAST_PART
        ]
        return tuple(sorted(found, key=lambda finding: -finding.score))

    def _finding(self, evidence: Evidence, code: int, apart: float, bar: float) -> Finding:
        label = evidence.labels[code]
        return Finding(
            kind=self.kind,
            label=label,
            about=label,
            likely=0.6,
            score=1 - bar / apart / 2,
            severity=Severity.HINT,
            evidence=(
                f"the samples labelled {label!r} fall into two groups that are as far apart as two "
                "labels are elsewhere"
            ),
        )


def _drawn(
    vectors: Vectors, codes: Codes, chosen: NDArray[np.int64], rng: np.random.Generator
) -> list[Floats]:
    """Some samples of each label, along the directions in which samples differ most."""
    lengths = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.float32(1e-12))
    part = vectors[:: max(1, len(vectors) // _SEARCHED)]
    axes = _widest(part / lengths[:: max(1, len(vectors) // _SEARCHED)], rng)
    found = []
    for code in chosen:
        rows = np.flatnonzero(codes == code)
        if len(rows) > _MOST_SAMPLES:
            rows = rng.choice(rows, _MOST_SAMPLES, replace=False)
        found.append(((vectors[rows] / lengths[rows]) @ axes).astype(np.float64))
    return found


def _widest(points: Vectors, rng: np.random.Generator) -> Vectors:
    """Directions in which points differ most, (d, _DIMENSIONS), by subspace iteration."""
    centred = points - points.mean(axis=0)
    axes = rng.normal(size=(points.shape[1], _DIMENSIONS)).astype(np.float32)
    for _ in range(4):
        axes = np.linalg.qr(centred.T @ (centred @ axes))[0]
    return axes


def _pairs(samples: list[Floats], rng: np.random.Generator) -> Iterator[tuple[Floats, Floats]]:
    for _ in range(_PAIRS):
        one, other = rng.choice(len(samples), 2, replace=False)
        yield samples[one], samples[other]


def halves_apart(points: Floats, rng: np.random.Generator) -> tuple[float, float]:
    """D of n points (n, d), and the share of the smaller part."""
    found = []
    for _ in range(_HALVINGS):
        order = rng.permutation(len(points))
        half = len(points) // 2
        direction = _two_means(points[order[:half]])
        found.append(_bimodality(points[order[half:]] @ direction))
    apart, part = np.median(np.array(found), axis=0)
    return float(apart), float(part)


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


def _bimodality(values: Floats) -> tuple[float, float]:
    """D of two normal distributions fitted by EM, and the share of the smaller."""
    spread = max(float(values.std()), 1e-12)
    scaled = (values - values.mean()) / spread
    above = scaled > 0
    means = np.array([scaled[~above].mean(), scaled[above].mean()]) if above.any() else np.zeros(2)
    widths, shares = np.full(2, 0.6), np.full(2, 0.5)
    for _ in range(_STEPS):
        logs = np.log(shares / widths) - 0.5 * ((scaled[:, None] - means) / widths) ** 2
        likely = np.exp(logs - logs.max(axis=1, keepdims=True))
        likely /= likely.sum(axis=1, keepdims=True)
        many = likely.sum(axis=0) + 1e-9
        shares = many / many.sum()
        means = (likely * scaled[:, None]).sum(axis=0) / many
        squares = (likely * (scaled[:, None] - means) ** 2).sum(axis=0) / many
        widths = np.sqrt(squares) + 0.05
    apart = np.sqrt(2) * abs(means[0] - means[1]) / np.sqrt((widths**2).sum())
    return float(apart), float(shares.min())
