"""What a discriminant would say had some of its samples not been there, or been other ones.

A sample that leaves class y (s = 1) or enters it (s = -1) moves the fit by one rank. With n_y
samples before, q = n_y - s, g = n_y / q, r = x_i - m_y, h = r' M^-1 r, p_c = r' M^-1 (x - m_c):

    m_y' = m_y - s r / q,      M'^-1 = M^-1 + s g / (1 - s g h) (M^-1 r) (M^-1 r)'
    D_c' = D_c + s g / (1 - s g h) p_c^2                                               for c != y
    D_y' = D_y + 2 s p_y / q + h / q^2 + s g / (1 - s g h) (p_y + s h / q)^2

(Sherman and Morrison 1950; Cook 1977 for regression), where D_c(x) = (x - m_c)' M^-1 (x - m_c) and
the score of c is -a n / 2 D_c + b log n_c. Penalty and calibration stay as chosen. Several samples
are several such steps, one after the other, so the answer equals that of a fit without them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hotfit.heads.calibration import ABSENT
from hotfit.heads.discriminant import Choice
from hotfit.types import Codes, Vectors

CHUNK = 4096
"""Rows worked on at once in float64."""

MARGIN = 1e-9
"""Smallest 1 - leverage: below it nothing but the sample determines its direction."""

Reals = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Move:
    """A vector (d,) that leaves class `code`, or enters it."""

    vector: Reals
    code: int
    enters: bool = False

    @property
    def sign(self) -> int:
        """1 where it leaves, -1 where it enters."""
        return -1 if self.enters else 1


class LabelInfluence:
    """A discriminant fit of n rows and what each row does to its answers.

    `values` (n, d), `codes` (n,) below `labels`. The fit is in float64.
    """

    def __init__(self, values: Vectors, codes: Codes, *, labels: int, choice: Choice) -> None:
        self._values = values
        self._codes = codes
        self._choice = choice
        self._centre = values.mean(axis=0, dtype=np.float64)
        self._counts = np.bincount(codes, minlength=labels).astype(np.float64)
        sums, total = self._moments(labels)
        self._means = sums / np.maximum(self._counts, 1)[:, None]
        weighted = sums / np.sqrt(np.maximum(self._counts, 1))[:, None]
        scatter = total - weighted.T @ weighted
        scatter[np.diag_indices(len(scatter))] += choice.penalty
        self._inverse = np.asarray(np.linalg.inv(scatter), dtype=np.float64)
        self._turned = self._means @ self._inverse
        self._spread = np.einsum("kd,kd->k", self._turned, self._means)

    def _moments(self, labels: int) -> tuple[Reals, Reals]:
        """Class sums (k, d) and total scatter (d, d) of the centred rows."""
        d = self._values.shape[1]
        sums, total = np.zeros((labels, d)), np.zeros((d, d))
        for start in range(0, len(self._codes), CHUNK):
            part = slice(start, start + CHUNK)
            rows = self._values[part] - self._centre
            np.add.at(sums, self._codes[part], rows)
            total += rows.T @ rows
        return sums, total

    def vector(self, row: int) -> Reals:
        """The vector of a row, as `Move` takes it."""
        return np.asarray(self._values[row], dtype=np.float64)

    def raw(self, queries: Vectors | Reals) -> Reals:
        """Scores before the softmax, (m, k), by the fit of all rows."""
        x = queries - self._centre
        return self._scores(self._distances(x), self._counts)

    def after(self, queries: Vectors | Reals, moves: Sequence[Move]) -> Reals:
        """Scores (m, k) by a fit in which `moves` had taken place."""
        x = queries - self._centre
        counts, means = self._counts.copy(), self._means.copy()
        steps: list[tuple[Reals, float]] = []
        for move in moves:
            y, s = move.code, move.sign
            q = counts[y] - s
            residual = move.vector - self._centre - means[y]
            if q > 0 and counts[y] > 0:
                turned = self._inverse @ residual
                for vector, factor in steps:
                    turned += factor * float(vector @ residual) * vector
                g = s * counts[y] / q
                steps.append((turned, g / max(1 - g * float(residual @ turned), MARGIN)))
            means[y] = means[y] - s * residual / q if q > 0 else 0.0
            counts[y] = q
        distances = self._distances(x)
        for code in {move.code for move in moves}:
            offset = x - means[code]
            distances[:, code] = np.einsum("md,md->m", offset @ self._inverse, offset)
        for vector, factor in steps:
            distances += factor * ((x @ vector)[:, None] - means @ vector) ** 2
        return self._scores(distances, counts)

    def bearing(self, query: Vectors | Reals, vectors: Vectors | Reals) -> Reals:
        """How much samples (e, d) have to do with a query (d,), (e,): (v - m)' M^-1 (x - m).

        A first reckoning, by which samples are picked; m is the mean of all.
        """
        turned = self._inverse @ (query - self._centre)
        return np.asarray((vectors - self._centre) @ turned)

    def without(self, queries: Vectors | Reals, rows: NDArray[np.int64]) -> Reals:
        """Scores (m, k) by a fit without `rows`."""
        return self.after(
            queries, [Move(vector=self.vector(row), code=int(self._codes[row])) for row in rows]
        )

    def effects(self, query: Vectors | Reals, label: int, other: int) -> Reals:
        """What each row alone adds to the lead of `label` over `other` for `query` (d,), (n,).

        The lead now less the lead without the row; exact but for rounding in float32.
        """
        ahead = (self._distances((query - self._centre)[None])[0]).copy()
        return self._push(
            query,
            (label, other),
            before=ahead[[label, other]],
            inner=self._inner(query, (label, other)),
        )

    def _inner(self, query: Vectors | Reals, pair: tuple[int, int]) -> Reals:
        """r_i' M^-1 (x - m_c) of every row i for both classes of `pair`, (n, 2)."""
        offsets = query - self._centre - self._means[list(pair)]
        turned = (offsets @ self._inverse).T
        inner = (self._values @ turned.astype(np.float32)).astype(np.float64)
        return np.asarray(inner - ((self._means + self._centre) @ turned)[self._codes])

    def _push(
        self, query: Vectors | Reals, pair: tuple[int, int], *, before: Reals, inner: Reals
    ) -> Reals:
        n, a = float(len(self._codes)), self._choice.weights[0]
        own, size = self._own, self._counts[self._codes]
        left = np.maximum(size - 1, 1)
        grow = np.where(size > 1, size / left, 0.0)
        factor = grow / np.maximum(1 - grow * own, MARGIN)
        lead = np.zeros(len(self._codes))
        now = self.raw(query[None])[0]
        for place, code in enumerate(pair):
            p, distance = inner[:, place], before[place]
            mine = self._codes == code
            moved = p + np.where(mine, own / left, 0.0)
            after = distance + factor * moved**2
            after += np.where(mine, 2 * p / left + own / left**2, 0.0)
            score = -a * (n - 1) / 2 * after + self._prior(self._counts[code] - mine)
            lead += (1 if place == 0 else -1) * (now[code] - score)
        return lead

    @cached_property
    def _own(self) -> Reals:
        """r_i' M^-1 r_i of every row."""
        inverse = self._inverse.astype(np.float32)
        own = np.empty(len(self._codes))
        for start in range(0, len(own), CHUNK):
            part = slice(start, start + CHUNK)
            means = self._centre + self._means[self._codes[part]]
            residuals = (self._values[part] - means).astype(np.float32)
            own[part] = np.einsum("nd,nd->n", residuals @ inverse, residuals)
        return own

    def _distances(self, x: Reals) -> Reals:
        """D_c of centred x (m, d), (m, k)."""
        turned = x @ self._inverse
        squares = np.einsum("md,md->m", turned, x)
        return np.asarray(squares[:, None] - 2 * x @ self._turned.T + self._spread)

    def _scores(self, distances: Reals, counts: Reals) -> Reals:
        a = self._choice.weights[0]
        return np.asarray(-a * counts.sum() / 2 * distances + self._prior(counts))

    def _prior(self, counts: Reals) -> Reals:
        with np.errstate(divide="ignore"):
            return np.asarray(self._choice.weights[1] * np.maximum(np.log(counts), ABSENT))
