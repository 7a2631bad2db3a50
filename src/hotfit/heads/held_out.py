"""The evidence for every class about every sample, from a discriminant fit without its group.

Single samples and small groups are exact downdates of the full fit (`heads.downdate`); samples of
larger groups are pooled into at most ten folds, each refitted from the full moments less its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hotfit.heads.calibration import ABSENT
from hotfit.heads.downdate import without_group, without_sample
from hotfit.heads.moments import Moments
from hotfit.types import Codes, Groups

BLOCK = 8
"""Largest group that is left out by an exact block downdate."""

FOLDS = 10
CHUNK = 1 << 18
"""Numbers (rows times labels) worked on at once: a chunk stays in cache."""

Reals = NDArray[np.floating[Any]]
Part = tuple[NDArray[np.int64], Reals, Reals]
"""Row numbers and, for each, evidence and log prior of every class."""


@dataclass(frozen=True, kw_only=True)
class Holdout:
    """Row numbers by the way they are left out.

    `singles` (m,); `blocks` one (m, s) array for each small group size s; `folds` row numbers of
    large groups, held out together.
    """

    singles: NDArray[np.int64]
    blocks: tuple[NDArray[np.int64], ...]
    folds: tuple[NDArray[np.int64], ...]

    @classmethod
    def of(cls, groups: Groups, *, rows: int | None = None) -> "Holdout":
        """Sort the samples by group size; `rows` takes about that many, evenly, group by group."""
        unique, inverse, sizes = np.unique(groups, return_inverse=True, return_counts=True)
        order = np.argsort(inverse, kind="stable")
        starts = np.cumsum(sizes) - sizes
        taken = np.arange(len(unique))
        if rows is not None and rows < len(groups):
            taken = np.unique(inverse[np.linspace(0, len(groups) - 1, rows).astype(np.int64)])
        blocks = tuple(
            order[starts[taken[sizes[taken] == s]][:, None] + np.arange(s)]
            for s in np.unique(sizes[taken])
            if 1 < s <= BLOCK
        )
        large = taken[sizes[taken] > BLOCK]
        large = large[np.argsort(-sizes[large], kind="stable")]
        folds: list[list[NDArray[np.int64]]] = [[] for _ in range(min(FOLDS, len(large)))]
        load = np.zeros(len(folds))
        for group in large:
            lightest = int(np.argmin(load))
            folds[lightest].append(order[starts[group] : starts[group] + sizes[group]])
            load[lightest] += sizes[group]
        return cls(
            singles=np.sort(order[starts[taken[sizes[taken] == 1]]]),
            blocks=blocks,
            folds=tuple(np.concatenate(fold) for fold in folds),
        )

    @property
    def rows(self) -> NDArray[np.int64]:
        """All rows in the order in which evidence is given."""
        parts = [self.singles, *(block.ravel() for block in self.blocks), *self.folds]
        return np.concatenate(parts)


@dataclass(frozen=True, kw_only=True)
class Fit:
    """A discriminant fit in some basis.

    `vectors` (n, d) centred overall, `means` (k, d), `counts` (k,), `codes` (n,).
    """

    vectors: Reals
    means: Reals
    counts: Codes
    codes: Codes


@dataclass(frozen=True, kw_only=True)
class Refit:
    """A fold's own fit, in its own eigenbasis: `offsets` (m, d) vectors, `means`, `eigenvalues`."""

    offsets: Reals
    means: Reals
    eigenvalues: NDArray[np.float64]
    counts: Codes

    @classmethod
    def of(cls, moments: Moments, vectors: Reals) -> "Refit":
        """Refit on `moments` to score `vectors` (m, d), both centred alike."""
        eigenvalues, basis = np.linalg.eigh(moments.within())
        basis32 = basis.astype(np.float32)
        return cls(
            offsets=vectors @ basis32,
            means=(moments.means @ basis).astype(np.float32),
            eigenvalues=np.maximum(eigenvalues, 0),
            counts=moments.counts,
        )

    def distances(self, penalty: float) -> Reals:
        """Distances (m, k) under this fold's fit."""
        root = np.sqrt(1 / (self.eigenvalues + penalty)).astype(np.float32)
        x, m = self.offsets * root, self.means * root
        return np.asarray(
            np.einsum("nd,nd->n", x, x)[:, None] - 2 * x @ m.T + np.einsum("kd,kd->k", m, m)
        )


def evidence(
    fit: Fit,
    holdout: Holdout,
    refits: tuple[Refit, ...],
    *,
    inverse: Reals,
    own: NDArray[np.float64],
    penalty: float,
) -> Iterator[Part]:
    """Yield (rows, evidence, log prior), both (m, k), in the order of `holdout.rows`.

    `inverse` is M^-1 in the basis of `fit`: its diagonal (d,), or whole (d, d). `own` (n,) holds
    r_i' M^-1 r_i. Evidence is -n' / 2 times the distance, n' the samples that were left in.
    """
    n = len(fit.codes)
    turned = times(fit.means, inverse)
    yield from _singles(fit, holdout.singles, turned, own)
    for block in holdout.blocks:
        yield from _blocks(fit, block, turned, inverse)
    for rows, refit in zip(holdout.folds, refits, strict=True):
        with np.errstate(divide="ignore"):
            prior = np.maximum(np.log(refit.counts), ABSENT).astype(np.float32)
        scaled = refit.distances(penalty) * np.float32(-(n - len(rows)) / 2)
        yield rows, scaled, np.broadcast_to(prior, scaled.shape)


def _singles(
    fit: Fit, singles: NDArray[np.int64], turned: Reals, own: NDArray[np.float64]
) -> Iterator[Part]:
    spread = np.einsum("kd,kd->k", turned, fit.means)
    width = max(64, CHUNK // len(fit.means))
    for start in range(0, len(singles), width):
        rows = singles[start : start + width]
        codes = fit.codes[rows]
        mutual = _products(fit.means, turned, codes)
        distance = without_sample(
            own=own[rows],
            cross=fit.vectors[rows] @ turned.T - mutual,
            gap=spread[codes][:, None] - 2 * mutual + spread,
            codes=codes,
            counts=fit.counts,
        )
        distance *= np.float32(-(len(fit.codes) - 1) / 2)
        yield rows, distance, _log_prior(fit.counts, codes[:, None])


def _blocks(fit: Fit, block: NDArray[np.int64], turned: Reals, inverse: Reals) -> Iterator[Part]:
    s, k = block.shape[1], len(fit.means)
    spread = np.einsum("kd,kd->k", turned, fit.means)
    width = max(8, CHUNK // (k * s * s))
    for start in range(0, len(block), width):
        part = block[start : start + width]
        codes = fit.codes[part]
        residuals = fit.vectors[part] - fit.means[codes]
        among = times(residuals, inverse) @ residuals.transpose(0, 2, 1)
        mutual = _products(fit.means, turned, codes.ravel()).reshape(len(part), s, k)
        distances = without_group(
            own=among.astype(np.float64),
            cross=residuals @ turned.T,
            gap=spread[codes][:, :, None] - 2 * mutual + spread,
            codes=codes,
            counts=fit.counts,
        ).astype(np.float32)
        distances *= np.float32(-(len(fit.codes) - s) / 2)
        prior = _log_prior(fit.counts, codes).repeat(s, axis=0)
        yield part.ravel(), distances.reshape(-1, k), prior


def times(vectors: Reals, inverse: Reals) -> Reals:
    """Multiply `vectors` (..., d) by M^-1, given as its diagonal (d,) or whole (d, d)."""
    return vectors * inverse if inverse.ndim == 1 else vectors @ inverse


def _products(means: Reals, turned: Reals, codes: Codes) -> Reals:
    """Inner products (n, k) under M^-1 of the own class mean with every class mean."""
    present, local = np.unique(codes, return_inverse=True)
    return np.asarray((means[present] @ turned.T)[local])


def _log_prior(counts: Codes, codes: Codes) -> Reals:
    """Log class sizes (m, k) without the m groups whose labels are `codes` (m, s)."""
    with np.errstate(divide="ignore"):
        table = np.log(counts).astype(np.float32)
    prior = np.broadcast_to(np.maximum(table, ABSENT), (len(codes), len(counts))).copy()
    left = counts[codes] - (codes[:, :, None] == codes[:, None, :]).sum(axis=2)
    with np.errstate(divide="ignore"):
        reduced = np.maximum(np.log(left), ABSENT)
    prior[np.arange(len(codes))[:, None], codes] = reduced
    return prior
