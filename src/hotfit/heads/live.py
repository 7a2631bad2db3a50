"""A discriminant that learns one edit at a time: low-rank updates instead of a refit.

Moving a sample into or out of a class changes the within-class scatter by one rank,

    W' = W +- n_c / (n_c +- 1) (x - m_c)(x - m_c)',

so M^-1 follows by Sherman and Morrison and the class means by one division. Penalty and
calibration stay as chosen until `retune`; at equal choice the answers equal those of a full fit.
"""

import numpy as np
from numpy.typing import NDArray

from hotfit.heads.base import Trained
from hotfit.heads.calibration import as_scores, weigh
from hotfit.heads.discriminant import Choice, DiscriminantModel, fit_discriminant, linear_model
from hotfit.heads.held_out import Fit, Holdout, Refit, evidence
from hotfit.heads.moments import Moments
from hotfit.types import Codes, Groups, Scores

REFRESH = 200
"""Updates after which the next `held_out` computes M^-1 afresh, before rounding can add up."""

OVERDUE = 5000
"""Updates after which an edit itself does."""

GONE = -1
"""Code of a removed row."""


class Live:
    """Labelled vectors and the discriminant that fits them, kept up to date edit by edit.

    Rows keep their number for ever; `held_out` and `retune` see those not removed, in order. Not
    for use from two threads at once.
    """

    def __init__(
        self,
        values: NDArray[np.float32],
        codes: Codes,
        groups: Groups,
        *,
        labels: int,
        choice: Choice | None = None,
    ) -> None:
        self.mean = values.mean(axis=0, dtype=np.float64)
        self._vectors = (values - self.mean).astype(np.float32)
        self._codes = codes.astype(np.int64)
        self._groups = groups.astype(np.int64)
        self._size = len(codes)
        self._labels = labels
        self._holdout: Holdout | None = None
        self._part: Holdout | None = None
        self._counts: Codes
        self._sums: NDArray[np.float64]
        self._squares: NDArray[np.float64]
        self._inverse: NDArray[np.float64]
        self.choice = choice or fit_discriminant(values, codes, labels, groups)[1]
        self._start()

    @property
    def rows(self) -> NDArray[np.int64]:
        """The numbers of the rows that were not removed."""
        return np.flatnonzero(self._codes[: self._size] != GONE)

    @property
    def counts(self) -> Codes:
        """Samples of each label, (k,)."""
        return self._counts.copy()

    def codes(self, rows: NDArray[np.int64]) -> Codes:
        """The label codes of rows, GONE where removed."""
        return self._codes[rows]

    def vectors(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """The vectors of rows."""
        return np.asarray(self._vectors[rows] + self.mean, dtype=np.float32)

    def relabel(self, row: int, code: int) -> None:
        """Give `row` the label `code`."""
        self._leave(row)
        self._enter(row, code)

    def add(self, vector: NDArray[np.float32], code: int, group: int) -> int:
        """Learn one more sample; answers its row number."""
        if self._size == len(self._codes):
            room = max(64, self._size // 4)
            self._vectors = np.pad(self._vectors, ((0, room), (0, 0)))
            self._codes = np.pad(self._codes, (0, room), constant_values=GONE)
            self._groups = np.pad(self._groups, (0, room))
            self._squares = np.pad(self._squares, (0, room))
        row = self._size
        self._size += 1
        self._vectors[row] = vector - self.mean
        self._groups[row] = group
        self._squares[row] = self._vectors[row] @ self._exact_inverse() @ self._vectors[row]
        self._holdout = self._part = None
        self._enter(row, code)
        return row

    def remove(self, row: int) -> None:
        """Forget `row`."""
        self._leave(row)
        self._codes[row] = GONE
        self._holdout = self._part = None

    def add_label(self) -> int:
        """Make room for one more label; answers its code."""
        self._labels += 1
        self._counts = np.append(self._counts, 0)
        self._sums = np.vstack([self._sums, np.zeros((1, self._sums.shape[1]))])
        return self._labels - 1

    def model(self) -> DiscriminantModel:
        """The model of all present samples, ready to serve."""
        means = self._means()
        return linear_model(
            means @ self._inverse,
            means=means,
            counts=self._counts,
            mean=self.mean,
            choice=self.choice,
        )

    def held_out(self) -> Scores:
        """Calibrated probabilities of every present row, scored without its group."""
        if self._updates >= REFRESH:
            self._start()
        self._settle()
        rows = self.rows
        whole = len(rows) == self._size
        taken: slice | NDArray[np.int64] = slice(0, self._size) if whole else rows
        fit = Fit(
            vectors=self._vectors[taken],
            means=self._means().astype(np.float32),
            counts=self._counts,
            codes=self._codes[taken],
        )
        if self._holdout is None:
            self._holdout = Holdout.of(self._groups[taken])
        answer = np.empty((len(rows), self._labels))
        for part, *terms in evidence(
            fit,
            self._holdout,
            self._refits(fit, self._holdout),
            inverse=self._inverse.astype(np.float32),
            own=self._own(fit, taken),
            penalty=self.choice.penalty,
        ):
            answer[part] = as_scores(weigh(terms, self.choice.weights))
        return answer

    def held_out_part(self, most: int) -> tuple[NDArray[np.int64], Scores]:
        """About `most` rows, spread evenly, and their held-out probabilities.

        Rows of groups too large to be left out exactly are passed over. Costs as many rows as are
        scored, however many there are.
        """
        rows = self.rows
        whole = len(rows) == self._size
        if self._part is None:
            spread = Holdout.of(self._groups[rows], rows=most)
            self._part = Holdout(singles=spread.singles, blocks=spread.blocks, folds=())
        fit = Fit(
            vectors=self._vectors[: self._size] if whole else self._vectors[rows],
            means=self._means().astype(np.float32),
            counts=self._counts,
            codes=self._codes[rows],
        )
        taken = self._part.rows
        inverse = self._inverse.astype(np.float32)
        residuals = fit.vectors[taken] - fit.means[fit.codes[taken]]
        own = np.zeros(len(rows))
        own[taken] = np.einsum("nd,nd->n", residuals @ inverse, residuals)
        answer = np.empty((len(rows), self._labels))
        for part, *terms in evidence(
            fit, self._part, (), inverse=inverse, own=own, penalty=self.choice.penalty
        ):
            answer[part] = as_scores(weigh(terms, self.choice.weights))
        taken = np.sort(taken)
        return rows[taken], answer[taken]

    def trained(self) -> Trained:
        """Model and held-out scores together."""
        return Trained(model=self.model(), held_out=self.held_out())

    def samples(self) -> tuple[NDArray[np.float32], Codes, Groups]:
        """Vectors, codes and groups of all present rows, in order."""
        rows = self.rows
        values = (self._vectors[rows] + self.mean).astype(np.float32)
        return values, self._codes[rows], self._groups[rows]

    def retune(self) -> None:
        """Choose penalty and calibration afresh from all present samples."""
        values, codes, groups = self.samples()
        self.choice = fit_discriminant(values, codes, self._labels, groups)[1]
        self._start()

    def _start(self) -> None:
        """Compute moments, M^-1 and x' M^-1 x from nothing."""
        rows = self.rows
        moments = Moments.of(self._vectors[rows], self._codes[rows], self._labels)
        self._counts = moments.counts
        self._sums = moments.sums
        scatter = moments.within()
        scatter[np.diag_indices(len(scatter))] += self.choice.penalty
        self._inverse = np.asarray(np.linalg.inv(scatter), dtype=np.float64)
        self._pending: list[tuple[NDArray[np.float64], float]] = []
        turned = self._vectors @ self._inverse.astype(np.float32)
        self._squares = np.einsum("nd,nd->n", turned, self._vectors, dtype=np.float64)
        self._updates = 0

    def _means(self) -> NDArray[np.float64]:
        return np.asarray(self._sums / np.maximum(self._counts, 1)[:, None])

    def _leave(self, row: int) -> None:
        code = int(self._codes[row])
        if code == GONE:
            raise IndexError(f"row {row} was removed")
        n = int(self._counts[code])
        vector = self._vectors[row].astype(np.float64)
        if n > 1:
            self._update(vector - self._sums[code] / n, -n / (n - 1))
        self._counts[code] -= 1
        self._sums[code] = self._sums[code] - vector if n > 1 else 0.0

    def _enter(self, row: int, code: int) -> None:
        n = int(self._counts[code])
        vector = self._vectors[row].astype(np.float64)
        if n > 0:
            self._update(vector - self._sums[code] / n, n / (n + 1))
        self._counts[code] += 1
        self._sums[code] += vector
        self._codes[row] = code
        if self._updates >= OVERDUE:
            self._start()

    def _update(self, direction: NDArray[np.float64], weight: float) -> None:
        """M += weight * direction direction', carried over to M^-1."""
        turned = self._inverse @ direction
        factor = weight / (1 + weight * float(direction @ turned))
        self._inverse -= np.outer(factor * turned, turned)
        self._pending.append((turned, factor))
        self._updates += 1

    def _exact_inverse(self) -> NDArray[np.float64]:
        """M^-1 after the pending updates of x' M^-1 x were carried out."""
        self._settle()
        return self._inverse

    def _settle(self) -> None:
        """Carry the pending rank-one updates over to x' M^-1 x of all rows, in one pass."""
        if not self._pending:
            return
        turned = np.stack([vector for vector, _ in self._pending]).astype(np.float32)
        factors = np.array([factor for _, factor in self._pending])
        projected = (self._vectors @ turned.T).astype(np.float64)
        self._squares -= projected**2 @ factors
        self._pending = []

    def _own(self, fit: Fit, taken: slice | NDArray[np.int64]) -> NDArray[np.float64]:
        """r_i' M^-1 r_i of the taken rows."""
        means = self._means()
        turned = means @ self._inverse
        cross = (fit.vectors @ turned.T.astype(np.float32))[np.arange(len(fit.codes)), fit.codes]
        spread = np.einsum("kd,kd->k", turned, means)
        own = self._squares[taken] - 2.0 * cross + spread[fit.codes]
        return np.asarray(np.maximum(own, 0), dtype=np.float64)

    def _refits(self, fit: Fit, holdout: Holdout) -> tuple[Refit, ...]:
        if not holdout.folds:
            return ()
        whole = Moments.of(np.asarray(fit.vectors, dtype=np.float32), fit.codes, self._labels)
        return tuple(
            Refit.of(
                whole.minus(Moments.of(fit.vectors[part], fit.codes[part], self._labels)),
                fit.vectors[part],
            )
            for part in holdout.folds
        )
