"""Real data sets as pools of features and answers to draw small tasks from."""

import csv
import gzip
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
from numpy.typing import NDArray

from hotfit import encoders
from hotfit.evaluation.curve_points import Answers, Rows, measure
from hotfit.evaluation.intervals import Range
from hotfit.evaluation.judge import judge
from hotfit.evaluation.learning_curve import CurvePoint
from hotfit.evaluation.metrics import r2
from hotfit.heads.base import Head
from hotfit.heads.boosting import Boosting
from hotfit.heads.discriminant import Discriminant
from hotfit.heads.linear import Linear
from hotfit.heads.logistic import Logistic
from hotfit.heads.mixture import Mixture
from hotfit.types import Features, Groups, Output, Scores

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
VECTORS = ROOT / "build" / "benchmarks"
WEIGHTS = Path(platformdirs.user_cache_path("hotfit", appauthor=False)) / "weights"

TEXTS = ("trec", "sms_spam", "banking77", "ag_news")
TABLES = {
    "titanic": "Survived",
    "adult": "income",
    "telco_churn": "Churn",
    "bank_marketing": "subscribe",
}
NUMBERS = {
    "california_housing": "median_house_value",
    "employee_salaries": "current_annual_salary",
}
MOST = 6000

Predict = Callable[[NDArray[np.int64]], Scores]


@dataclass(frozen=True, kw_only=True)
class Pool:
    """A whole data set: features, answers, duplicate groups, and the heads that may learn it."""

    name: str
    output: Output
    features: Features
    targets: Any
    groups: Groups
    labels: int
    heads: tuple[Head, ...]

    def fit(self, head: Head, rows: NDArray[np.int64]) -> tuple[Scores, Predict]:
        """Train on `rows`: their held-out scores, and a function that scores other rows."""
        trained = head.fit(
            self.features[rows], self.targets[rows], labels=self.labels, groups=self.groups[rows]
        )
        return trained.held_out, lambda more: trained.model.predict(self.features[more])


def read(name: str) -> list[dict[str, str]]:
    """At most `MOST` random rows of a shared data set."""
    with gzip.open(DATA / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    picked = np.random.default_rng(0).permutation(len(rows))[:MOST]
    return [rows[i] for i in picked]


def duplicates(keys: list[str]) -> Groups:
    """Group of each sample: equal keys share one."""
    return np.unique(keys, return_inverse=True)[1].astype(np.int64)


def text_pool(name: str) -> Pool:
    """A text set on sentence vectors, which are kept under `VECTORS`."""
    rows = read(name)
    labels, targets = np.unique([row["label"] for row in rows], return_inverse=True)
    kept = VECTORS / f"{name}-{len(rows)}.npy"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        encoder = encoders.open("minilm-l6.v1", cache=WEIGHTS)
        np.save(kept, encoder.encode([row["text"] for row in rows]))
    return Pool(
        name=name,
        output=Output.CLASSIFICATION,
        features=Features(values=np.load(kept)),
        targets=targets.astype(np.int64),
        groups=duplicates([" ".join(row["text"].lower().split()) for row in rows]),
        labels=len(labels),
        heads=(Discriminant(), Logistic(), Mixture()),
    )


def table_pool(name: str, target: str, output: Output) -> Pool:
    """A table with plain codes for its words."""
    rows = read(name)
    columns, sizes = [], []
    for column in rows[0]:
        cells = [row[column] for row in rows]
        if column in {target, "split"}:
            continue
        numbers = [_number(cell) for cell in cells]
        if np.mean(np.isnan(numbers)) < 0.5:
            columns.append(np.array(numbers))
            sizes.append(0)
        elif len(set(cells)) <= 60:
            names, codes = np.unique(cells, return_inverse=True)
            columns.append(codes.astype(np.float64))
            sizes.append(len(names))
    answers = [row[target] for row in rows]
    labels, codes = np.unique(answers, return_inverse=True)
    number = output is Output.NUMBER
    return Pool(
        name=name,
        output=output,
        features=Features(
            values=np.stack(columns, axis=1).astype(np.float32), categories=tuple(sizes)
        ),
        targets=np.array(answers, dtype=np.float64) if number else codes.astype(np.int64),
        groups=duplicates(["|".join(row.values()) for row in rows]),
        labels=0 if number else len(labels),
        heads=(Boosting(), Linear()),
    )


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return float("nan")


def points(
    pool: Pool, head: Head, rows: NDArray[np.int64], *, seed: int
) -> tuple[Range, tuple[CurvePoint, ...]]:
    """The range of the held-out score of `head` on `rows`, and the points of its learning curve."""
    targets, groups = pool.targets[rows], pool.groups[rows]
    number = pool.output is Output.NUMBER

    def answers(scores: Scores) -> Answers:
        return scores if number else np.asarray(scores.argmax(axis=1) == targets)

    def refit(part: Rows) -> Answers:
        held_out, predict = pool.fit(head, rows[part])
        scores = predict(rows)
        scores[part] = held_out
        return answers(scores)

    def score(said: Answers, chosen: Rows) -> float:
        return r2(targets[chosen], said[chosen]) if number else float(said[chosen].mean())

    held_out, _ = pool.fit(head, rows)
    names = [str(code) for code in range(pool.labels)]
    reach = judge(pool.output, targets, held_out, groups, names).range
    return reach, measure(
        answers(held_out), refit, score, groups, spread=reach.width / 4, seed=seed
    )
