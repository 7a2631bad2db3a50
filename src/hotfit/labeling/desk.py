"""What to label next: spread out while little is known, unsure when more is, never two alike.

    u_i     = 1 - (p_1 - p_2), the two likeliest labels of sample i; 1 for all before two are known
    score_i = gain(i) u_i^3          (`labeling.coverage`)

The head that scores is the instant one (`heads.live`), so an answer is learned by one low-rank
update. One pick in twenty is random, so that a score on those is unbiased; labels without an
example, or with few, are looked for (`labeling.scarce`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from hotfit.evaluation.learning_curve import CurvePoint, fit_curve, usual_rate
from hotfit.heads.live import Live
from hotfit.labeling.coverage import Coverage, gains
from hotfit.labeling.likeness import LIKE, more_like
from hotfit.labeling.names import Names
from hotfit.labeling.scarce import Scarce
from hotfit.types import Codes, Features, Scores, Vectors

UNKNOWN = -1
"""Code of a sample without an answer."""

APART = -2
"""Code of a sample that is neither asked about nor learned from."""

WEIGHED = 10_000
"""Samples without an answer that are scored for a batch, others for each."""

CANDIDATES = 1000
"""Samples of them that are compared: half the most unsure, half at random."""

OWN = 3
"""Power of a sample's own unsureness; measured over several sets."""

RANDOM = 0.05
"""Share of picks that nothing sways."""

RETUNED = 1.2
"""Times as many answers as at the last choice of penalty at which it is chosen anew."""

WORTH = 0.005
"""Share of right answers that doubling the labels must add; below it, labelling may stop."""

ENOUGH = 100
"""Answers below which stopping is never advised, and A_LABEL times as many as there are labels."""

A_LABEL = 10

RANDOMLY = "chosen at random, so that a score on such samples is unbiased"
SPREAD = "unlike everything labelled so far"


@dataclass(frozen=True, kw_only=True)
class Pick:
    """A sample to label next; `scores` (k,) is what is known of it, None before anything is."""

    row: int
    reason: str
    scores: NDArray[np.float64] | None


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What to label next.

    `gain` is the share of right answers that labelling the batch is expected to add, None while
    nothing can be said; `stop` says that more labels are hardly worth their while.
    """

    picks: tuple[Pick, ...]
    gain: float | None
    stop: bool
    sentence: str


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
        self._pool = np.flatnonzero(codes != APART)
        rng = np.random.default_rng(seed)
        self._coverage = Coverage(vectors[self._pool], rng) if len(self._pool) else None
        self._place = np.full(len(codes), -1, dtype=np.int64)
        self._place[self._pool] = np.arange(len(self._pool))
        self._scarce = Scarce(vectors, len(self.labels))
        self._live: Live | None = None
        self._rows: dict[int, int] = {}
        self._chosen = 0
        self._cover(np.flatnonzero(self.codes >= 0))

    @property
    def known(self) -> int:
        """How many samples have an answer."""
        return int((self.codes >= 0).sum())

    def answer(self, row: int, code: int) -> None:
        """Learn the answer to a sample; UNKNOWN takes it back."""
        if self.codes[row] == code or self.codes[row] == APART:
            return
        self.codes[row] = code
        if code >= 0:
            self._cover(np.array([row]))
            if self._searches:
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
        if not len(left) or self._coverage is None:
            return Batch(picks=(), gain=0.0, stop=True, sentence="Every sample has an answer.")
        rng = np.random.default_rng((self._seed, self.known))
        if len(left) > WEIGHED:
            left = np.sort(rng.choice(left, WEIGHED, replace=False, shuffle=False))
        scores = self.scores(left)
        unsure = _unsure(scores, len(left), tags=self._outside is not None)
        chance = self._at_random(left, count, rng)
        picked = dict(self._looked_for(left, scores, count - len(chance), chance))
        more = count - len(chance) - len(picked)
        picked |= dict.fromkeys(self._spread(left, unsure, more, [*chance, *picked], rng), "")
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
        return self._told(picks, scores)

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

    def _cover(self, rows: NDArray[np.int64]) -> None:
        known = self._place[rows]
        if self._coverage is not None:
            self._coverage.cover(known[known >= 0])

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
            if self._unlike(row[None], rows).all():
                rows.append(int(row))
        return rows

    def _unlike(self, rows: NDArray[np.int64], picked: Sequence[int]) -> NDArray[np.bool_]:
        """Which of `rows` (m,) may still be picked beside those in the batch already."""
        free = np.ones(len(rows), dtype=np.bool_)
        for row in picked:
            free &= (self.vectors[rows] @ self.vectors[row] < LIKE) & (rows != row)
        return free

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
        named = None if self._names is None else partial(self._names.of, left)
        # Luck spreads the share of a small batch over many batches.
        luck = float(np.random.default_rng((self._seed, self.known, 1)).random())
        most = int(self._scarce.share(counts) * count + luck)
        free = self._unlike(left, taken)
        for row, code in self._scarce.search(left, counts, scores, named, most=most, free=free):
            yield row, _looking(self.labels[code], int(counts[code]))

    def _spread(
        self,
        left: NDArray[np.int64],
        unsure: NDArray[np.float32],
        count: int,
        taken: Sequence[int],
        rng: np.random.Generator,
    ) -> Iterator[int]:
        """Unsure samples that speak for many others."""
        assert self._coverage is not None
        half = min(CANDIDATES // 2, len(left))
        top = np.argpartition(unsure, len(left) - half)[len(left) - half :]
        at = np.union1d(top, rng.choice(len(left), half, replace=False))
        rows = left[at]
        kernel = self._coverage.kernel(self._place[rows])
        best = self._coverage.best.copy()
        # What was not scored is taken to be as unsure as the rest.
        spoken = np.full(len(self.codes), unsure.mean(), dtype=np.float32)
        spoken[left] = unsure
        weights = spoken[self._pool][self._coverage.references]
        own = unsure[at] ** OWN
        free = self._unlike(rows, taken)
        if taken:
            others = self._coverage.kernel(self._place[np.array(taken)])
            np.maximum(best, others.max(axis=0), out=best)
        for _ in range(count):
            if not free.any():
                return
            pick = int(np.argmax(np.where(free, gains(kernel, best, weights) * own, -1.0)))
            yield int(rows[pick])
            np.maximum(best, kernel[pick], out=best)
            free &= self._unlike(rows, [int(rows[pick])])

    def _why(self, scores: NDArray[np.float64] | None) -> str:
        if scores is None or self._live is None or len(scores) < 2:
            return SPREAD
        second, first = np.argsort(scores)[-2:]
        if scores[first] > 0.9:
            return SPREAD
        return f'unsure between "{self.labels[first]}" and "{self.labels[second]}"'

    def _told(self, picks: tuple[Pick, ...], scores: Scores | None) -> Batch:
        """The batch with what it is worth."""
        if scores is None or self._live is None or scores.shape[1] < 2:
            sentence = f"Label these {len(picks)}: they stand for the most of what is unlabelled."
            return Batch(picks=picks, gain=None, stop=False, sentence=sentence)
        error = float(np.clip(1 - scores.max(axis=1).mean(), 1e-4, 1))
        known = max(self.known, 1)
        rate = usual_rate(known, answers=len(self.labels), table=False)
        curve = fit_curve([CurvePoint(labels=known, score=1 - error, spread=0.02)], rate=rate)
        gain = error * curve.gain((known + len(picks)) / known)
        enough = known >= max(ENOUGH, A_LABEL * len(self.labels))
        stop = enough and error * curve.gain(2) < WORTH
        sentence = (
            f"Labelling these {len(picks)} would add about {100 * gain:.1f} points."
            if not stop
            else f"You can stop: twice the labels would add under {100 * WORTH:.1f} points."
        )
        return Batch(picks=picks, gain=gain, stop=stop, sentence=sentence)


def _unsure(scores: Scores | None, n: int, *, tags: bool) -> NDArray[np.float32]:
    """How unsure each of n samples is, 0 to 1, (n,)."""
    if scores is None or scores.ndim != 2 or scores.shape[1] == 0:
        return np.ones(n, dtype=np.float32)
    if tags:
        return np.asarray(1 - np.abs(2 * scores - 1).min(axis=1), dtype=np.float32)
    if scores.shape[1] == 1:
        return np.asarray(1 - scores[:, 0], dtype=np.float32)
    top = np.partition(scores, scores.shape[1] - 2, axis=1)[:, -2:]
    return np.asarray(1 - (top[:, 1] - top[:, 0]), dtype=np.float32)


def _looking(label: str, examples: int) -> str:
    if not examples:
        return f'may be the first example of "{label}"'
    return f'may be one more of "{label}", which has {examples} so far'
