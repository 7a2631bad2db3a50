"""What to label next: spread out while little is known, unsure when more is, never two alike.

The head that scores is the instant one (`heads.live`), so an answer is learned by one low-rank
update. One pick in twenty is random, so that a score on those is unbiased; labels without an
example, or with few, are looked for (`labeling.scarce`); all others are those that speak for much
that is unsure (`labeling.spread`).
"""

from collections.abc import Iterator, Sequence
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from hotfit.heads.live import Live
from hotfit.labeling.batch import Batch, Pick, judged, nothing_left, unjudged
from hotfit.labeling.likeness import more_like, unlike
from hotfit.labeling.names import Names
from hotfit.labeling.novelty import COMPARED, KNOWN, novelty
from hotfit.labeling.scarce import Clues, Scarce
from hotfit.labeling.spread import Spread, unsureness
from hotfit.types import Codes, Features, Scores, Vectors

UNKNOWN = -1
"""Code of a sample without an answer."""

APART = -2
"""Code of a sample that is neither asked about nor learned from."""

WEIGHED = 10_000
"""Samples without an answer that are scored for a batch, others for each."""

RANDOM = 0.05
"""Share of picks that nothing sways."""

RETUNED = 1.2
"""Times as many answers as at the last choice of penalty at which it is chosen anew."""

RANDOMLY = "chosen at random, so that a score on such samples is unbiased"
SPREAD = "unlike everything labelled so far"


class Desk:
    """A pool of n samples and their answers, learned one by one. Not for two threads at once.

    `vectors` (n, d) have length 1, `codes` (n,) are label indices, UNKNOWN or APART. `names`
    (k, d) are the labels' names as vectors of the same encoder. `outside` scores samples where the
    head of classification cannot: for tags.
    """

    def __init__(
        self,
        vectors: Vectors,
        codes: Codes,
        labels: Sequence[str],
        *,
        names: Vectors | None = None,
        outside: Scores | None = None,
        seed: int = 0,
    ) -> None:
        self.vectors = vectors
        self.codes = codes.copy()
        self.labels = tuple(labels)
        self._names = None if names is None else Names(vectors, names)
        self._outside = outside
        self._seed = seed
        pool = np.flatnonzero(codes != APART)
        rng = np.random.default_rng(seed)
        self._spread = Spread(vectors, pool, rng) if len(pool) else None
        self._scarce = Scarce(vectors, len(self.labels))
        self._live: Live | None = None
        self._rows: dict[int, int] = {}
        self._chosen = 0
        if self._spread is not None:
            self._spread.cover(np.flatnonzero(self.codes >= 0))

    @property
    def known(self) -> int:
        """How many samples have an answer."""
        return int((self.codes >= 0).sum())

    def answer(self, row: int, code: int) -> None:
        """Learn the answer to a sample; UNKNOWN takes it back."""
        if self.codes[row] == code or self.codes[row] == APART:
            return
        self.codes[row] = code
        if code >= 0 and self._spread is not None:
            self._spread.cover(np.array([row]))
        if code >= 0 and self._searches:
            self._scarce.answered(row, code)
        if self._live is None or self.known > RETUNED * self._chosen:
            self._live = None
        elif code == UNKNOWN:
            self._live.remove(self._rows.pop(row))
        elif row in self._rows:
            self._live.relabel(self._rows[row], code)
        else:
            self._rows[row] = self._live.add(self.vectors[row], code, row)

    def scores(self, rows: NDArray[np.int64]) -> Scores | None:
        """Probabilities (m, k) of samples; None before anything is known."""
        if self._outside is not None:
            return self._outside[rows]
        live = self._learned()
        if live is None:
            return None if self._names is None else self._names.scores(rows)
        return live.model().predict(Features(values=self.vectors[rows]))

    def next(self, count: int) -> Batch:
        """At most `count` samples to label next, the most useful first."""
        left = np.flatnonzero(self.codes == UNKNOWN)
        if not len(left) or self._spread is None:
            return nothing_left()
        rng = np.random.default_rng((self._seed, self.known))
        if len(left) > WEIGHED:
            left = np.sort(rng.choice(left, WEIGHED, replace=False, shuffle=False))
        scores = self.scores(left)
        unsure = unsureness(scores, len(left), tags=self._outside is not None)
        chance = self._at_random(left, count, rng)
        picked = dict(self._looked_for(left, scores, count - len(chance), chance))
        more = count - len(chance) - len(picked)
        taken = [*chance, *picked]
        picked |= dict.fromkeys(self._spread.picks(left, unsure, more, taken=taken, rng=rng), "")
        picked |= dict.fromkeys(chance, RANDOMLY)
        place = {int(row): at for at, row in enumerate(left)}
        picks = tuple(
            Pick(
                row=row,
                reason=reason or self._why(None if scores is None else scores[place[row]]),
                scores=None if scores is None else scores[place[row]],
            )
            for row, reason in picked.items()
        )
        if scores is None or self._live is None or scores.shape[1] < 2:
            return unjudged(picks)
        error = float(1 - scores.max(axis=1).mean())
        return judged(picks, error=error, known=self.known, labels=len(self.labels))

    def more_like(
        self, examples: Sequence[int], others: Sequence[int], *, count: int
    ) -> tuple[Pick, ...]:
        """Samples without an answer most like the rows `examples`, and unlike `others`."""
        rows, alike = more_like(
            self.vectors,
            np.array(examples, dtype=np.int64),
            others=np.array(others, dtype=np.int64) if others else None,
            mask=self.codes == UNKNOWN,
            count=count,
        )
        scores = self.scores(rows) if len(rows) else None
        return tuple(
            Pick(
                row=int(row),
                reason=f"{100 * one:.0f} % like the examples",
                scores=None if scores is None else scores[place],
            )
            for place, (row, one) in enumerate(zip(rows, alike, strict=True))
        )

    def _learned(self) -> Live | None:
        """The head of all answers; None below two labels."""
        if self._live is None:
            rows = np.flatnonzero(self.codes >= 0)
            if len(np.unique(self.codes[rows])) < 2:
                return None
            self._live = Live(self.vectors[rows], self.codes[rows], rows, labels=len(self.labels))
            self._rows = {int(row): place for place, row in enumerate(rows)}
            self._chosen = len(rows)
        return self._live

    def _at_random(
        self, left: NDArray[np.int64], count: int, rng: np.random.Generator
    ) -> list[int]:
        """The picks of a batch that are random: drawn before all others, from all alike."""
        many = min(int((rng.random(count) < RANDOM).sum()), len(left))
        rows: list[int] = []
        for row in rng.choice(left, many, replace=False):
            if unlike(self.vectors, row[None], rows).all():
                rows.append(int(row))
        return rows

    @property
    def _searches(self) -> bool:
        """Whether answers are labels of which some may be scarce."""
        return self._outside is None and bool(self.labels)

    def _looked_for(
        self, left: NDArray[np.int64], scores: Scores | None, count: int, taken: Sequence[int]
    ) -> Iterator[tuple[int, str]]:
        """Samples that may belong to the labels with fewest examples."""
        if not self._searches or self.known == 0:
            return
        counts = np.bincount(self.codes[self.codes >= 0], minlength=len(self.labels))
        clues = Clues(
            scores=scores,
            named=None if self._names is None else partial(self._names.of, left),
            new=cache(partial(self._new, left)),
        )
        # Luck spreads the share of a small batch over many batches.
        luck = float(np.random.default_rng((self._seed, self.known, 1)).random())
        most = int(self._scarce.share(counts) * count + luck)
        free = unlike(self.vectors, left, taken)
        for row, code in self._scarce.search(left, counts, clues, most=most, free=free):
            yield row, _looking(self.labels[code], int(counts[code]))

    def _new(self, left: NDArray[np.int64]) -> NDArray[np.float64]:
        """How unlike all that is known some of `left` (m,) are, others for each batch; (m,)."""
        rng = np.random.default_rng((self._seed, self.known, 2))
        at = rng.permutation(len(left))[:COMPARED]
        known = rng.permutation(np.flatnonzero(self.codes >= 0))[:KNOWN]
        new = np.full(len(left), -np.inf)
        new[at] = novelty(self.vectors[left[at]], self.vectors[known])
        return new

    def _why(self, scores: NDArray[np.float64] | None) -> str:
        if scores is None or self._live is None or len(scores) < 2:
            return SPREAD
        second, first = np.argsort(scores)[-2:]
        if scores[first] > 0.9:
            return SPREAD
        return f'unsure between "{self.labels[first]}" and "{self.labels[second]}"'


def _looking(label: str, examples: int) -> str:
    if not examples:
        return f'may be the first example of "{label}"'
    return f'may be one more of "{label}", which has {examples} so far'
