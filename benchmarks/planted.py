"""Real sets of texts, images and rows with wrong labels planted in them."""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from benchmarks import images
from benchmarks.pools import TABLES, TEXTS, VECTORS, WEIGHTS, Pool, read, table_pool, text_pool
from hotfit import encoders
from hotfit.heads.base import Head
from hotfit.heads.discriminant import Discriminant
from hotfit.heads.linear import Linear
from hotfit.types import Codes, Features, Groups, Output, Scores, Vectors

SETS = (*TEXTS, "flowers17", "trashnet", "cifar10_sample", "adult", "bank_marketing")
SAMPLES = 3000


@dataclass(frozen=True, kw_only=True)
class Task:
    """n samples with labels that are taken for true.

    `compared` are the vectors that neighbours are looked for by, `plain` (n, d) what other people's
    models are given, `words` what a model of words alone is.
    """

    features: Features
    true: Codes
    groups: Groups
    labels: int
    head: Head
    compared: Vectors | None
    plain: Vectors
    words: Any = None


def load(name: str) -> Task:
    """At most `SAMPLES` samples of a set, of labels that ten have at least."""
    if name in TEXTS:
        pool, rows = _large(text_pool(name))
        texts = [row["text"] for row in read(name)]
        reader = TfidfVectorizer(sublinear_tf=True, min_df=2, ngram_range=(1, 2))
        words = reader.fit_transform([texts[row] for row in rows])
        head: Head = Discriminant()
    elif name in TABLES:
        pool, rows = _large(table_pool(name, TABLES[name], Output.CLASSIFICATION))
        words, head = None, Linear()
    else:
        return _pictures(name)
    return _task(pool.targets[rows], pool.features[rows], pool.groups[rows], head, words=words)


def _large(pool: Pool) -> tuple[Pool, NDArray[np.int64]]:
    return pool, np.flatnonzero(np.bincount(pool.targets)[pool.targets] >= 10)[:SAMPLES]


def _pictures(name: str) -> Task:
    kept = VECTORS / f"{name}.npz"
    if not kept.exists():
        task = images.load(name, SAMPLES)
        kept.parent.mkdir(parents=True, exist_ok=True)
        encoder = encoders.open(
            "mobilenet-v2.v1", cache=WEIGHTS, folder=images.SHARED / "models", offline=True
        )
        np.savez(kept, vectors=encoder.encode(task.data), codes=task.codes)
    with np.load(kept) as held:
        vectors, codes = held["vectors"], held["codes"]
    return _task(codes, Features(values=vectors), np.arange(len(codes)), Discriminant())


def _task(
    targets: Codes, features: Features, groups: Groups, head: Head, *, words: Any = None
) -> Task:
    names, true = np.unique(targets, return_inverse=True)
    table = bool(features.categories)
    return Task(
        features=features,
        true=true.astype(np.int64),
        groups=groups,
        labels=len(names),
        head=head,
        compared=None if table else features.values,
        plain=_plain(features) if table else features.values,
        words=words,
    )


def _plain(features: Features) -> Vectors:
    """A table as logistic regression takes it: quantities scaled, a column for each word."""
    columns = []
    for values, kinds in zip(features.values.T, features.categories, strict=True):
        if kinds:
            columns.append(np.eye(kinds)[np.nan_to_num(values).astype(np.int64)])
        else:
            filled = np.where(np.isnan(values), np.nanmean(values), values)
            columns.append((filled - filled.mean())[:, None] / max(float(filled.std()), 1e-9))
    return np.concatenate(columns, axis=1).astype(np.float32)


def mislabel(task: Task, *, how: str, rate: float) -> tuple[Codes, NDArray[np.bool_]]:
    """Change a share of the labels; return the labels and which are wrong."""
    rng = np.random.default_rng(1)
    true, k, n = task.true, task.labels, len(task.true)
    many = int(rate * n)
    wrong = np.zeros(n, dtype=np.bool_)
    if how in {"hard", "reading"}:
        doubts = _doubts(task.plain if how == "hard" else task.words, true)
        doubts[np.arange(n), true] = 0
        total = doubts.sum(axis=1)
        wrong[rng.choice(n, many, replace=False, p=total / total.sum())] = True
        shares = np.cumsum(doubts / np.maximum(total, 1e-300)[:, None], axis=1)
        other = np.minimum((shares < rng.random((n, 1))).sum(axis=1), k - 1)
        return np.where(wrong, other, true), wrong
    wrong[rng.choice(n, many, replace=False)] = True
    if how == "similar":
        means = np.stack([task.plain[true == code].mean(axis=0) for code in range(k)])
        distance = ((means[:, None] - means) ** 2).sum(axis=2) + np.diag(np.full(k, np.inf))
        other = distance.argmin(axis=1)[true]
    elif how == "paired":
        circle = rng.permutation(k)
        after = np.empty(k, dtype=np.int64)
        after[circle] = np.roll(circle, -1)
        other = after[true]
    else:
        other = (true + rng.integers(1, k, n)) % k
    return np.where(wrong, other, true), wrong


def _doubts(plain: Any, true: Codes) -> Scores:
    """What logistic regression that did not see a sample holds likely, (n, k)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = LogisticRegression(C=1.0, max_iter=200)
        found = cross_val_predict(model, plain, true, cv=5, method="predict_proba")
    return np.asarray(found, dtype=np.float64)
