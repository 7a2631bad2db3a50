"""Two labels made one in sets of texts and photographs: how often the merged label is named.

Pairs are drawn at random, and of labels each with the one most like it, as long as three labels
with forty samples are left. An honest label is one of the set as it is; some of these do hold two
things (TREC's diseases and medicine, fears and drugs), which counts as false here all the same.
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import images
from benchmarks.pools import VECTORS, read, text_pool
from hotfit.quality import Evidence, NotApplicable
from hotfit.quality.merged_label import MergedLabel
from hotfit.types import Codes, Output, Vectors

TEXTS = (("banking77", "label"), ("trec", "label_fine"), ("trec", "label"), ("ag_news", "label"))
PHOTOS = ("flowers17", "cifar10_sample", "fashion_mnist_sample", "trashnet")
MERGES = 20
LEAST = 40
PICTURES = 1400


def run() -> dict[str, Any]:
    """Shares of merged labels named, and of honest ones, set by set and in all."""
    sets = [measured(f"{name}, {column}", *texts(name, column)) for name, column in TEXTS]
    with tempfile.TemporaryDirectory() as cache:
        sets += [measured(name, *photographs(name, Path(cache))) for name in PHOTOS]
    return {
        "benchmark": "merged_labels",
        "sets": sets,
        "random_found": _share(sets, "random"),
        "similar_found": _share(sets, "similar"),
        "honest_named": _share(sets, "honest"),
    }


def _share(sets: list[dict[str, Any]], what: str) -> float:
    """Over all sets, each label counting once."""
    counted = [each[what] for each in sets]
    return float(sum(named for named, _ in counted) / max(sum(asked for _, asked in counted), 1))


def texts(name: str, column: str) -> tuple[Vectors, Codes, list[str]]:
    """Vectors, codes and labels of a set of texts; those without the label are left out."""
    said = np.array([row[column] for row in read(name)])
    known = said != ""
    labels, codes = np.unique(said[known], return_inverse=True)
    return text_pool(name).features.values[known], codes, labels.tolist()


def photographs(name: str, cache: Path) -> tuple[Vectors, Codes, list[str]]:
    """Vectors and codes of a set of photographs."""
    kept = VECTORS / f"{name}-{PICTURES}.npz"
    if not kept.exists():
        task = images.load(name, PICTURES)
        kept.parent.mkdir(parents=True, exist_ok=True)
        encoder = images.open_encoder("mobilenet-v2.v1", cache)
        np.savez(kept, vectors=encoder.encode(task.data), codes=task.codes)
    with np.load(kept) as held:
        vectors, codes = held["vectors"], held["codes"]
    return vectors, codes, [str(code) for code in range(int(codes.max()) + 1)]


def measured(name: str, vectors: Vectors, codes: Codes, labels: list[str]) -> dict[str, Any]:
    """Of labels of one set: how many are named, of how many, as they are and merged."""
    counts = np.bincount(codes, minlength=len(labels))
    large = np.flatnonzero(counts >= LEAST)
    false = named(vectors, codes, labels)
    result: dict[str, Any] = {
        "set": name,
        "honest": [len(false), len(large)],
        "named": sorted(false),
    }
    for kind in ("random", "similar"):
        found = [
            labels[into] in named(vectors, np.where(codes == gone, into, codes), labels)
            for into, gone in merges(vectors, codes, large, kind)
        ]
        result[kind] = [sum(found), len(found)]
    return result


def named(vectors: Vectors, codes: Codes, labels: list[str]) -> set[str | None]:
    """The labels that are said to hold two things."""
    found = MergedLabel().find(
        Evidence(output=Output.CLASSIFICATION, labels=labels, codes=codes, vectors=vectors)
    )
    return set() if isinstance(found, NotApplicable) else {each.label for each in found}


def merges(
    vectors: Vectors, codes: Codes, large: NDArray[np.int64], kind: str
) -> Iterator[tuple[int, int]]:
    """Pairs of labels, the second of which becomes the first."""
    rng = np.random.default_rng(1)
    if len(large) < 4:
        return
    means = np.stack([vectors[codes == code].mean(axis=0) for code in large])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    alike = means @ means.T - 9 * np.eye(len(large))
    for place in rng.permutation(MERGES) % len(large):
        other = int(alike[place].argmax())
        while kind == "random" and (other == place or other == int(alike[place].argmax())):
            other = int(rng.integers(len(large)))
        yield int(large[place]), int(large[other])


if __name__ == "__main__":
    json.dump(run(), sys.stdout, indent=2)
    print()
