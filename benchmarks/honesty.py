"""Do the stated ranges hold, and is the verdict right? Random small tasks out of real data.

Each draw takes 25 to 2,000 labels (log-uniform) of a text or table set, some draws with a few of
its labels only and some with shuffled labels, trains a head, states a 95 % range and a verdict
from its held-out predictions, and then measures the same model on the untouched rest.

The range holds if it contains the score on the rest. Beside it stands the plain Wilson range.

The verdict is right if, with the skill s (part of the trivial error removed) of this model on the
rest, b the balanced skill there, and S, B those of a model of all training rows (at most 2,000) on
the same rest (0 where the labels were shuffled):
    yes          s >= 0.15
    not yet      there is signal, max(s, b, S, B) > 0.05, and (s < 0.5 or S >= s + 0.1)
    no           S < 0.25
    cannot tell  fewer than 150 labels, or max(s, b) between -0.1 and 0.3
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.pools import NUMBERS, TABLES, TEXTS, Pool, points, table_pool, text_pool
from hotfit.evaluation.intervals import Range, wilson
from hotfit.evaluation.judge import judge
from hotfit.types import Output, Scores

FEWEST, LARGEST = 25, 2000


@dataclass(frozen=True, kw_only=True)
class Draw:
    """One task: what was stated from `labels` labels, and what the rest showed."""

    pool: str
    head: str
    labels: int
    classes: int
    shuffled: bool
    answer: str
    right: bool
    estimate: float
    low: float
    high: float
    plain_low: float
    plain_high: float
    truth: float
    skill: float
    full_skill: float

    @property
    def held(self) -> bool:
        """Whether the stated range contains the truth."""
        return self.low <= self.truth <= self.high

    @property
    def plain_held(self) -> bool:
        """Whether Wilson's plain range contains the truth."""
        return self.plain_low <= self.truth <= self.plain_high


def skills(pool: Pool, rows: NDArray[np.int64], scores: Scores) -> tuple[float, float, float]:
    """Score, skill over the trivial answer, and balanced skill of `scores` on `rows`."""
    truth = pool.targets[rows]
    if pool.output is Output.NUMBER:
        r2 = 1 - float(np.sum((truth - scores) ** 2) / np.sum((truth - truth.mean()) ** 2))
        return r2, r2, r2
    hits = scores.argmax(axis=1) == truth
    counts = np.bincount(truth, minlength=pool.labels)
    trivial = counts.max() / len(truth)
    recall = np.bincount(truth[hits], minlength=pool.labels)[counts > 0] / counts[counts > 0]
    chance = 1 / len(recall)
    score = float(hits.mean())
    balanced = float((recall.mean() - chance) / (1 - chance))
    return score, float((score - trivial) / (1 - trivial)), balanced


def narrowed(pool: Pool, rng: np.random.Generator) -> Pool:
    """The pool with a random few of its labels, where it has many."""
    if pool.labels < 4 or rng.random() < 0.3:
        return pool
    kept = rng.permutation(pool.labels)[: int(rng.integers(2, min(pool.labels, 20) + 1))]
    rows = np.flatnonzero(np.isin(pool.targets, kept))
    code = np.full(pool.labels, -1)
    code[kept] = np.arange(len(kept))
    return replace(
        pool,
        features=pool.features[rows],
        targets=code[pool.targets[rows]],
        groups=pool.groups[rows],
        labels=len(kept),
    )


def draw(pool: Pool, rng: np.random.Generator, *, shuffled: bool) -> Draw:
    """Take some labels, judge a head by them, and look at the rest."""
    pool = narrowed(pool, rng)
    if shuffled:
        pool = replace(pool, targets=rng.permutation(pool.targets))
    groups = rng.permutation(int(pool.groups.max()) + 1)[pool.groups]
    order = np.argsort(groups, kind="stable")
    most = min(LARGEST, len(order) // 2)
    size = int(np.exp(rng.uniform(np.log(FEWEST), np.log(most))))
    cut = groups[order[size]]
    rows = np.flatnonzero(groups < cut)
    rest = np.flatnonzero(groups > groups[order[most]])
    head = pool.heads[int(rng.integers(len(pool.heads)))]
    held_out, predict = pool.fit(head, rows)
    names = [str(i) for i in range(pool.labels)]
    judgement = judge(
        pool.output,
        pool.targets[rows],
        held_out,
        pool.groups[rows],
        names,
        curve=points(pool, head, rows, seed=int(rng.integers(1 << 30)))[1][:-1],
        table=bool(pool.features.categories),
    )
    score, skill, balanced = skills(pool, rest, predict(rest))
    everything = np.flatnonzero(groups <= groups[order[most]])
    _, full_predict = pool.fit(head, everything)
    _, full, full_balanced = skills(pool, rest, full_predict(rest))
    if shuffled:
        full = full_balanced = 0.0
    answer = judgement.verdict.answer
    plain = plain_range(pool, rows, held_out)
    return Draw(
        pool=pool.name,
        head=head.name,
        labels=len(rows),
        classes=pool.labels,
        shuffled=shuffled,
        answer=answer,
        right=is_right(answer, len(rows), (skill, balanced), (full, full_balanced)),
        estimate=judgement.range.estimate,
        low=judgement.range.low,
        high=judgement.range.high,
        plain_low=plain.low,
        plain_high=plain.high,
        truth=score,
        skill=skill,
        full_skill=full,
    )


def plain_range(pool: Pool, rows: NDArray[np.int64], held_out: Scores) -> Range:
    """Wilson's range as textbooks give it; for R2 Fisher's (1925) of the correlation."""
    if pool.output is not Output.NUMBER:
        hits = held_out.argmax(axis=1) == pool.targets[rows]
        return wilson(float(hits.mean()), len(rows))
    r = float(np.corrcoef(held_out, pool.targets[rows])[0, 1])
    half = 1.96 / np.sqrt(len(rows) - 3)
    low, high = np.tanh(np.arctanh(max(r, 0.0)) + np.array([-half, half]))
    return Range(estimate=r * r, low=float(max(low, 0.0) ** 2), high=float(high**2))


def is_right(answer: str, labels: int, now: tuple[float, float], full: tuple[float, float]) -> bool:
    """Whether a verdict fits the truth, as the head of this file defines it."""
    skill, full_skill = now[0], full[0]
    best = max(now)
    if answer == "yes":
        return skill >= 0.15
    if answer == "not yet":
        return max(best, *full) > 0.05 and (skill < 0.5 or full_skill >= skill + 0.1)
    if answer == "no":
        return full_skill < 0.25
    return labels < 150 or -0.1 <= best <= 0.3


def pools(names: Sequence[str] | None = None) -> Iterator[Pool]:
    """The data sets called `names`, else all."""
    chosen = set(names) if names is not None else {*TEXTS, *TABLES, *NUMBERS}
    for name in TEXTS:
        if name in chosen:
            yield text_pool(name)
    for output, tables in ((Output.CLASSIFICATION, TABLES), (Output.NUMBER, NUMBERS)):
        for name, target in tables.items():
            if name in chosen:
                yield table_pool(name, target, output)


def run(*, draws: int = 6, seed: int = 0, names: Sequence[str] | None = None) -> dict[str, Any]:
    """Make `draws` draws of each set called (every third with shuffled labels) and sum them up."""
    rng = np.random.default_rng(seed)
    made = []
    for pool in pools(names):
        for turn in range(draws):
            made.append(draw(pool, rng, shuffled=turn % 3 == 2))
            print(".", end="", file=sys.stderr, flush=True)
    return {
        "benchmark": "honesty",
        "draws": len(made),
        **_ranges(made),
        "accuracy": _ranges([one for one in made if one.classes]),
        "r2": _ranges([one for one in made if not one.classes]),
        "coverage_real_labels": float(np.mean([one.held for one in made if not one.shuffled])),
        "verdict_right": float(np.mean([one.right for one in made])),
        "verdicts": {
            f"{'shuffled' if one else 'real'}": _answers([d for d in made if d.shuffled is one])
            for one in (False, True)
        },
        "missed": [asdict(one) for one in made if not one.held],
        "wrong": [asdict(one) for one in made if not one.right],
    }


def _ranges(made: list[Draw]) -> dict[str, float]:
    """How often ranges held and how wide they are, ours beside the plain ones."""
    if not made:
        return {}
    return {
        "coverage": float(np.mean([one.held for one in made])),
        "coverage_plain": float(np.mean([one.plain_held for one in made])),
        "width": float(np.mean([min(one.high - one.low, 2.0) for one in made])),
        "width_plain": float(np.mean([one.plain_high - one.plain_low for one in made])),
    }


def _answers(made: list[Draw]) -> dict[str, str]:
    answers = sorted({one.answer for one in made})
    return {
        answer: f"{sum(d.right for d in made if d.answer == answer)} right of "
        f"{sum(d.answer == answer for d in made)}"
        for answer in answers
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=6)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    print(json.dumps(run(draws=options.draws, seed=options.seed), indent=1))
