"""Images per second beside the bare network, and accuracy beside scikit-learn on the same vectors.

The bare session runs batches that lie ready in memory, one thread a core; ours reads, decodes and
shrinks each file as well. Rounds alternate, so that a busy machine slows both. Accuracy is on the
declared test rows: the instant and the tuned head against logistic regression whose C is chosen by
three folds among values a factor of ten apart.
"""

import json
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Sequence
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
from hotfit.heads import heads
from hotfit.inputs.plan import plan
from hotfit.inputs.samples import read_samples
from hotfit.inputs.source import open_source
from hotfit.similarity.groups import duplicate_groups
from hotfit.types import Codes, Data, Features, Picture, Vectors

SHARED = Path(__file__).resolve().parents[2] / "shared"
SETS = ("ants_bees", "fashion_mnist_sample", "flowers17", "trashnet", "cifar10_sample")
ENCODERS = ("mobilenet-v2.v1", "pixels.v1")
MOST = 1_000
ROUNDS = 3
GRID = {"C": [1.0, 10.0, 100.0]}


@dataclass(frozen=True, kw_only=True)
class Task:
    """A set of images: n pictures, their label indices, and which are for training."""

    data: Sequence[Data]
    codes: Codes
    train: np.ndarray[Any, np.dtype[np.bool_]]


def run(*, sets: Sequence[str] = SETS, most: int = MOST) -> dict[str, Any]:
    """Measure speed on photographs, and accuracy on at most `most` rows of each set."""
    result: dict[str, Any] = {"benchmark": "images", "cores": cores()}
    with tempfile.TemporaryDirectory() as cache:
        opened = {name: _open(name, Path(cache)) for name in ENCODERS}
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


def _open(name: str, cache: Path) -> Encoder:
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
    ratios = [a / b for a, b in zip(ours[1:], bare[1:], strict=True)]
    return {
        "images": len(pictures),
        "bare_images_per_second": round(statistics.median(bare[1:]), 1),
        "hotfit_images_per_second": round(statistics.median(ours[1:]), 1),
        "ratio": round(statistics.median(ratios), 3),
        "ratios": [round(ratio, 3) for ratio in ratios],
    }


def accuracy(task: Task, opened: dict[str, Encoder]) -> dict[str, Any]:
    """Test accuracy of each encoder, and of both laid side by side."""
    vectors = {name: encoder.encode(task.data) for name, encoder in opened.items()}
    pixels = vectors["pixels.v1"]
    length = np.linalg.norm(pixels, axis=1, keepdims=True)
    vectors["both"] = np.concatenate([vectors["mobilenet-v2.v1"], 0.7 * pixels / length], axis=1)
    groups = duplicate_groups(task.data).groups
    found: dict[str, Any] = {"train": int(task.train.sum()), "test": int((~task.train).sum())}
    for name, values in vectors.items():
        found[name] = {
            "instant": _ours("discriminant.v1", values, task, groups[task.train]),
            "tuned": _ours("logistic.v1", values, task, groups[task.train]),
            "scikit_learn": _rival(values, task) if name != "both" else None,
        }
    return found


def _ours(head: str, values: Vectors, task: Task, groups: Codes) -> float:
    train, labels = task.train, int(task.codes.max()) + 1
    fitted = heads.get(head).fit(
        Features(values=values[train]), task.codes[train], labels=labels, groups=groups
    )
    answers = fitted.model.predict(Features(values=values[~train])).argmax(axis=1)
    return round(float((answers == task.codes[~train]).mean()), 4)


def _rival(values: Vectors, task: Task) -> float:
    """Logistic regression on vectors of unit variance in all, C by cross-validation."""
    train = task.train
    centred = values - values[train].mean(axis=0)
    centred /= np.sqrt(centred[train].var(axis=0).sum())
    folds = StratifiedKFold(3, shuffle=True, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        search = GridSearchCV(LogisticRegression(max_iter=100, tol=1e-3), GRID, cv=folds)
        search.fit(centred[train], task.codes[train])
        return round(float(search.score(centred[~train], task.codes[~train])), 4)


if __name__ == "__main__":
    json.dump(run(sets=sys.argv[1:] or SETS), sys.stdout, indent=2)
    print()
