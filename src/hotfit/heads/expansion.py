"""Table features as inputs of a linear model: every column is given room to bend.

    quantity x:  (x - median) / scale, cut at +-4;  and where there are rows enough to carry it
                 clip((x - q_j) / (q_j+1 - q_j), 0, 1) between quantiles q_0 < q_1 < ...
    category:    1 for the code the row holds, else 0
    missing:     the median, and a column that says so where it happens often enough to teach

The second line is the piecewise linear encoding of Gorishniy, Rubachev and Babenko 2022.
"""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hotfit.types import Features, Vectors

CUT = np.float32(4)
ROWS_A_BEND = 15
"""Rows that pay for one piece of one bend, so that small tables stay linear."""
MOST_PIECES = 8
MOST_BENDS = 300
LEAST = 3
"""Rows in which a code or a gap must stand to get a column of its own."""

Index = NDArray[np.int32]


@dataclass(frozen=True, kw_only=True)
class Expansion:
    """What to make of which feature column; all parts side by side in this order."""

    plain: Index
    centre: Vectors
    scale: Vectors
    bent: Index
    low: Vectors
    width: Vectors
    coded: Index
    code: Vectors
    gap: Index

    @property
    def size(self) -> int:
        """Return how many inputs come out."""
        return sum(len(part) for part in (self.plain, self.bent, self.coded, self.gap))

    def expand(self, features: Features) -> Vectors:
        """Return the inputs of m rows, shape (m, size), without NaN."""
        values = features.values
        missing = np.isnan(values)
        filled = values.copy()
        at = self.plain
        filled[:, at] = np.where(missing[:, at], self.centre, values[:, at])
        parts = (
            np.clip((filled[:, at] - self.centre) / self.scale, -CUT, CUT),
            np.clip((filled[:, self.bent] - self.low) / self.width, 0, 1),
            values[:, self.coded] == self.code,
            missing[:, self.gap],
        )
        return np.concatenate(parts, axis=1, dtype=np.float32)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return every array by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def plan_expansion(features: Features) -> Expansion:
    """Learn medians, scales, quantiles and codes from n rows."""
    values = features.values
    categories = np.array(features.categories or (0,) * values.shape[1], dtype=np.int64)
    plain = np.flatnonzero((categories == 0) & ~np.isnan(values).all(axis=0))
    centre, scale = _spread(values[:, plain])
    pieces = _pieces(len(values), len(plain))
    bends = [_bends(values[:, column], pieces) for column in plain]
    codes = [
        (column, code)
        for column in np.flatnonzero(categories)
        for code in _codes(values[:, column])
    ]
    gaps = np.isnan(values).sum(axis=0)
    ends = np.concatenate([np.empty((0, 2)), *bends])
    return Expansion(
        plain=plain.astype(np.int32),
        centre=centre,
        scale=scale,
        bent=np.repeat(plain, [len(bend) for bend in bends]).astype(np.int32),
        low=ends[:, 0].astype(np.float32),
        width=(ends[:, 1] - ends[:, 0]).astype(np.float32),
        coded=np.array([column for column, _ in codes], dtype=np.int32),
        code=np.array([code for _, code in codes], dtype=np.float32),
        gap=np.flatnonzero(np.minimum(gaps, len(values) - gaps) >= LEAST).astype(np.int32),
    )


def _spread(values: Vectors) -> tuple[Vectors, Vectors]:
    """Return the median and a scale that a few huge values do not stretch, each (d,)."""
    centre = np.nanmedian(values, axis=0) if values.size else np.zeros(values.shape[1])
    low, high = np.nanquantile(values, [0.02, 0.98], axis=0) if values.size else (centre, centre)
    inside = np.clip(values, low, high)
    scale = np.nanstd(inside, axis=0) if values.size else centre
    whole = np.nanstd(values, axis=0) if values.size else centre
    scale = np.where(scale > 1e-6 * whole, scale, whole)
    return centre.astype(np.float32), np.where(scale > 0, scale, 1).astype(np.float32)


def _pieces(n: int, columns: int) -> int:
    """Return how many pieces each quantity may have; fewer than 3 are not worth it."""
    pieces = min(n // ROWS_A_BEND, MOST_BENDS) // max(columns, 1)
    return min(pieces, MOST_PIECES) if pieces >= 3 else 0


def _bends(column: Vectors, pieces: int) -> NDArray[np.float64]:
    """Return the (low, high) ends of the pieces, (p, 2), none where two values are all there is."""
    known = column[~np.isnan(column)].astype(np.float64)
    if pieces == 0 or len(known) == 0:
        return np.empty((0, 2))
    knots = np.unique(known)
    if len(knots) > pieces + 1:
        evenly = np.linspace(0, 1, pieces + 1)
        by_rows = np.unique(np.quantile(known, evenly))
        # Where most rows hold one value, the other values get their bends by themselves.
        crowded = len(by_rows) <= pieces // 2 + 1
        knots = np.union1d(by_rows, np.quantile(knots, evenly)) if crowded else by_rows
    if len(knots) <= 2:
        return np.empty((0, 2))
    ends = np.column_stack([knots[:-1], knots[1:]])
    return ends[ends[:, 1].astype(np.float32) > ends[:, 0].astype(np.float32)]


def _codes(column: Vectors) -> NDArray[np.float32]:
    codes, counts = np.unique(column[~np.isnan(column)], return_counts=True)
    return codes[counts >= LEAST]
