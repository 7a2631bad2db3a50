"""Images per second beside the bare network, and accuracy beside scikit-learn on the same vectors.

The bare session runs batches that lie ready in memory, one thread a core; ours reads, decodes and
shrinks each file as well. Rounds alternate, so that a busy machine slows both. What an image costs
a core before the network is measured alone: with every core at work, a network that takes t keeps
t / (t + that) of the bare rate at most, however the two are interleaved.

Accuracy is that of the heads the program would choose: the instant one, and the tuned one if it
wins the paired test; beside logistic regression whose C is chosen by three folds among values a
factor of ten apart. First on the declared test rows, then on further splits at random, because one
answer more or less on 150 rows is already 0.7 points.
"""

import json
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedKFold

from hotfit import encoders
from hotfit.encoders.base import Encoder
from hotfit.encoders.image import ImageEncoder
from hotfit.encoders.onnx_session import cores
from hotfit.evaluation.paired import compare
from hotfit.heads import heads
from hotfit.heads.base import Trained
from hotfit.inputs.plan import plan
from hotfit.inputs.samples import read_samples
from hotfit.inputs.source import open_source
from hotfit.similarity.groups import duplicate_groups
from hotfit.training.candidates import INSTANT, TUNED
from hotfit.types import Codes, Data, Features, Input, Output, Picture, Vectors

SHARED = Path(__file__).resolve().parents[2] / "shared"
SETS = ("ants_bees", "fashion_mnist_sample", "flowers17", "trashnet", "cifar10_sample")
ENCODERS = ("mobilenet-v2.v1", "pixels.v1")
MOST = 1_000
ROUNDS = 3
SPLITS = 4
HELD_BACK = 0.3
"""Share of the rows that a split at random is judged on."""

GRID = {"C": [1.0, 10.0, 100.0]}


Rows = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, kw_only=True)
class Task:
    """A set of images: n pictures, their label indices, and which are for training."""

    data: Sequence[Data]
    codes: Codes
    train: Rows


def run(*, sets: Sequence[str] = SETS, most: int = MOST) -> dict[str, Any]:
    """Measure speed on photographs, and accuracy on at most `most` rows of each set."""
    result: dict[str, Any] = {"benchmark": "images", "cores": cores()}
    with tempfile.TemporaryDirectory() as cache:
        opened = {name: open_encoder(name, Path(cache)) for name in ENCODERS}
        result["speed"] = speed(opened[ENCODERS[0]], load("flowers17", 256))
        result["accuracy"] = {name: accuracy(load(name, most), opened) for name in sets}
    return result


def load(name: str, most: int) -> Task:
    """Read a set; a larger one is drawn from, with seed 0."""
    source = open_source(SHARED / "data" / f"{name}.zip")
    samples = [one for batch in read_samples(source, plan(source)) for one in batch]
    if len(samples) > most:
        drawn = np.sort(np.random.default_rng(0).permutation(len(samples))[:most])
        samples = [samples[row] for row in drawn]
    return Task(
        data=[one.data for one in samples],
        codes=np.unique([str(one.label) for one in samples], return_inverse=True)[1],
        train=np.array([one.split != "test" for one in samples]),
    )


def open_encoder(name: str, cache: Path) -> Encoder:
    """Open an encoder with the weights of the shared folder."""
    return encoders.open(name, cache=cache, folder=SHARED / "models", offline=True)


def speed(encoder: Encoder, task: Task) -> dict[str, Any]:
    """Images a second of ours and of the bare network, and their ratio."""
    assert isinstance(encoder, ImageEncoder)
    pictures = [one for one in task.data if isinstance(one, Picture)]
    batches = [encoder.prepare(pictures[start : start + 8]) for start in range(0, len(pictures), 8)]
    ours, bare = [], []
    for _ in range(ROUNDS + 1):
        started = time.perf_counter()
        with ThreadPoolExecutor(cores()) as pool:
            list(pool.map(encoder.run, batches))
        bare.append(len(pictures) / (time.perf_counter() - started))
        started = time.perf_counter()
        encoder.encode(pictures)
        ours.append(len(pictures) / (time.perf_counter() - started))
    alone = {
        "prepare": _cpu(lambda: [encoder.prepare([picture]) for picture in pictures]),
        "network": _cpu(lambda: [encoder.run(batch) for batch in batches]),
    }
    ratios = [a / b for a, b in zip(ours[1:], bare[1:], strict=True)]
    return {
        "images": len(pictures),
        "bare_images_per_second": round(statistics.median(bare[1:]), 1),
        "hotfit_images_per_second": round(statistics.median(ours[1:]), 1),
        "ratio": round(statistics.median(ratios), 3),
        "cpu_ms_an_image": {key: round(1e3 * s / len(pictures), 2) for key, s in alone.items()},
        "most_possible_ratio": round(alone["network"] / sum(alone.values()), 3),
        "ratios": [round(ratio, 3) for ratio in ratios],
    }


def _cpu(work: Callable[[], object]) -> float:
    """The least processor seconds of several times."""
    taken = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return min(taken)


def accuracy(task: Task, opened: dict[str, Encoder]) -> dict[str, Any]:
    """Test accuracy of each encoder, and of both laid side by side."""
    vectors = {name: encoder.encode(task.data) for name, encoder in opened.items()}
    pixels = vectors["pixels.v1"]
    length = np.linalg.norm(pixels, axis=1, keepdims=True)
    vectors["both"] = np.concatenate([vectors["mobilenet-v2.v1"], 0.7 * pixels / length], axis=1)
    groups = duplicate_groups(task.data).groups
    found: dict[str, Any] = {"train": int(task.train.sum()), "test": int((~task.train).sum())}
    for name, values in vectors.items():
        beside = name != "both"
        found[name] = _compare(values, task.codes, groups, task.train, beside=beside)
        if beside:
            found[name]["at_random"] = _at_random(values, task.codes, groups)
    return found


def _at_random(values: Vectors, codes: Codes, groups: Codes) -> dict[str, Any]:
    """Points over scikit-learn on several splits, in the mean, and the deviation of that mean."""
    over: dict[str, list[float]] = {"instant": [], "tuned": []}
    for seed in range(SPLITS):
        kept = np.unique(groups)
        held = np.random.default_rng(seed).permutation(kept)[: int(HELD_BACK * len(kept))]
        one = _compare(values, codes, groups, ~np.isin(groups, held), beside=True)
        for build, points in over.items():
            points.append(100 * (one[build] - one["scikit_learn"]))
    return {
        build: {
            "points": round(statistics.mean(points), 2),
            "deviation": round(statistics.stdev(points) / len(points) ** 0.5, 2),
        }
        for build, points in over.items()
    }


def _compare(
    values: Vectors, codes: Codes, groups: Codes, train: Rows, *, beside: bool
) -> dict[str, Any]:
    """Accuracy of the instant and the tuned head, and of scikit-learn where asked."""
    kind = (Input.IMAGE, Output.CLASSIFICATION)
    labels = int(codes.max()) + 1

    def fit(head: str) -> Trained:
        features = Features(values=values[train])
        return heads.get(head).fit(features, codes[train], labels=labels, groups=groups[train])

    instant = best = fit(INSTANT[kind])
    for head in TUNED[kind]:
        rival = fit(head)
        won = compare(kind[1], codes[train], best.held_out, rival.held_out, groups[train])
        best = rival if won.better else best
    found = {}
    for build, trained in (("instant", instant), ("tuned", best)):
        answers = trained.model.predict(Features(values=values[~train])).argmax(axis=1)
        found[build] = round(float((answers == codes[~train]).mean()), 4)
    if beside:
        found["scikit_learn"] = _rival(values, codes, train)
    return {**found, "head": best.model.head}


def _rival(values: Vectors, codes: Codes, train: Rows) -> float:
    """Logistic regression on vectors of unit variance in all, C by cross-validation."""
    centred = values - values[train].mean(axis=0)
    centred /= np.sqrt(centred[train].var(axis=0).sum())
    if train.sum() < values.shape[1]:  # the same problem in the span of the training rows
        _, sizes, axes = np.linalg.svd(centred[train], full_matrices=False)
        centred = centred @ axes[sizes > 1e-6 * sizes[0]].T
    folds = StratifiedKFold(3, shuffle=True, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        search = GridSearchCV(LogisticRegression(max_iter=100, tol=1e-3), GRID, cv=folds)
        search.fit(centred[train], codes[train])
        return round(float(search.score(centred[~train], codes[~train])), 4)


if __name__ == "__main__":
    json.dump(run(sets=sys.argv[1:] or SETS), sys.stdout, indent=2)
    print()
