"""Tags of short texts beside one-vs-rest logistic regression with tuned thresholds.

Same vectors, same rows. The rival tunes C in {1, 10, 100} by log loss on a random fifth, takes
each tag's threshold of the best F1 on five-fold predictions, and refits, as its users do.
"""

import csv
import gzip
import json
import sys
import time
import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, precision_recall_curve
from sklearn.model_selection import cross_val_predict
from threadpoolctl import threadpool_limits

from benchmarks.pools import DATA, VECTORS, WEIGHTS
from hotfit import encoders
from hotfit.evaluation.judge import score
from hotfit.evaluation.thresholds import Goal, choose_thresholds
from hotfit.heads import heads
from hotfit.types import Features, Output, Scores

RIVAL_C = (1.0, 10.0, 100.0)
OURS = ("tag-ridge.v1", "logistic.v1", "tag-blend.v1")
PRECISION = 0.6


def run(*, train: int = 4000, test: int = 2000) -> dict[str, Any]:
    """Macro and micro F1 on test rows, with as many rows drawn from the official split."""
    names, texts, tags = _rows({"train": train, "test": test})
    vectors = _vectors(f"go_emotions-{train}-{test}", texts)
    features = [Features(values=part) for part in (vectors[:train], vectors[train:])]
    with threadpool_limits(limits=1), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result: dict[str, Any] = {"benchmark": "tags", "train": train, "test": test}
        for head in OURS:
            result[head] = _ours(head, features, tags[:train], tags[train:], names)
        result["one_vs_rest"] = _rival(features, tags[:train], tags[train:], names)
    best = max(result[head]["macro_f1"] for head in OURS)
    result["points_over_rival"] = 100 * (best - result["one_vs_rest"]["macro_f1"])
    return result


def _ours(
    head: str, features: list[Features], truth: NDArray[np.int8], new: NDArray[np.int8], names: Any
) -> Mapping[str, Any]:
    started = time.process_time()
    trained = heads.get(head).fit(
        features[0], truth, labels=len(names), groups=np.arange(len(truth))
    )
    thresholds = choose_thresholds(truth, trained.held_out)
    seconds = time.process_time() - started
    said = trained.model.predict(features[1])
    sure = said >= choose_thresholds(truth, trained.held_out, Goal(min_precision=PRECISION))
    return {
        **_f1(new, said, thresholds, names),
        "seconds": seconds,
        f"precision_where_{PRECISION}_was_asked": float((new[sure] == 1).mean()),
    }


def _rival(
    features: list[Features], truth: NDArray[np.int8], new: NDArray[np.int8], names: Any
) -> Mapping[str, Any]:
    started = time.process_time()
    scores, thresholds = np.empty(new.shape), np.full(len(names), 0.5)
    for tag in range(len(names)):
        own = truth[:, tag] == 1
        model = LogisticRegression(C=_tuned(features[0].values, own), max_iter=1000)
        held_out = cross_val_predict(model, features[0].values, own, cv=5, method="predict_proba")[
            :, 1
        ]
        precision, recall, cuts = precision_recall_curve(own, held_out)
        f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
        thresholds[tag] = cuts[int(np.argmax(f1[:-1]))]
        scores[:, tag] = model.fit(features[0].values, own).predict_proba(features[1].values)[:, 1]
    return {**_f1(new, scores, thresholds, names), "seconds": time.process_time() - started}


def _tuned(values: NDArray[np.float32], own: NDArray[np.bool_]) -> float:
    held = np.random.default_rng(0).random(len(own)) < 0.2
    losses = []
    for c in RIVAL_C:
        model = LogisticRegression(C=c, max_iter=1000).fit(values[~held], own[~held])
        losses.append(log_loss(own[held], model.predict_proba(values[held])[:, 1], labels=[0, 1]))
    return RIVAL_C[int(np.argmin(losses))]


def _f1(truth: NDArray[np.int8], scores: Scores, thresholds: Scores, names: Any) -> dict[str, Any]:
    found = score(Output.TAGS, truth, scores, names, thresholds=thresholds)
    return {key: found[key] for key in ("macro_f1", "micro_f1")}


def _rows(sizes: Mapping[str, int]) -> tuple[list[str], list[str], NDArray[np.int8]]:
    """Label names, texts and tags (n, k) of random rows of each part, one part after the other."""
    with gzip.open(DATA / "go_emotions.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rng = np.random.default_rng(0)
    chosen = []
    for part, size in sizes.items():
        own = [row for row in rows if row["split"] == part]
        chosen += [own[at] for at in rng.permutation(len(own))[:size]]
    names = sorted({name for row in rows for name in row["labels"].split("|")})
    tags = np.array(
        [[name in row["labels"].split("|") for name in names] for row in chosen], dtype=np.int8
    )
    return names, [row["text"] for row in chosen], tags


def _vectors(name: str, texts: list[str]) -> NDArray[np.float32]:
    """Encode once and keep the result beside those of the other benchmarks."""
    path = VECTORS / f"{name}.npy"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, encoders.open("minilm-l6.v1", cache=WEIGHTS).encode(texts))
    return np.asarray(np.load(path), dtype=np.float32)


if __name__ == "__main__":
    json.dump(run(), sys.stdout, indent=2)
