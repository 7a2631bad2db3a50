"""How long all findings of 20,000 texts take once they are encoded and learned.

The texts are real, 5,000 each of four sets, their labels those of their sets. Measured is what a
training looks for after it has vectors and a model: repeats, then every kind of finding; wall and
processor seconds, because a busy machine lengthens the former. A smaller search before it loads
what Python loads once.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import numpy as np

from benchmarks.pools import TEXTS, read, text_pool
from hotfit.heads.discriminant import Discriminant
from hotfit.quality import Evidence, NotApplicable, Repeat, findings
from hotfit.similarity import duplicate_groups
from hotfit.types import Features, Output

EACH = 5000
FIRST = 100

T = TypeVar("T")


def run(*, each: int = EACH) -> dict[str, Any]:
    """Seconds of each part and in all, and how much was found."""
    search(FIRST)
    return {"benchmark": "survey", **search(each)}


def search(each: int) -> dict[str, Any]:
    """Look for everything in `each` texts of every set."""
    texts, names, vectors = [], [], []
    for name in TEXTS:
        rows = read(name)[:each]
        texts += [row["text"] for row in rows]
        names += [f"{name}: {row['label']}" for row in rows]
        vectors.append(text_pool(name).features.values[:each])
    labels, codes = np.unique(names, return_inverse=True)
    features = Features(values=np.concatenate(vectors))
    repeats, seconds = timed(lambda: duplicate_groups(texts))
    parts = {"repeats": {**seconds, "found": len(repeats.pairs)}}
    head = Discriminant()
    trained, training = timed(
        lambda: head.fit(features, codes, labels=len(labels), groups=repeats.groups)
    )
    evidence = Evidence(
        output=Output.CLASSIFICATION,
        labels=tuple(labels.tolist()),
        codes=codes.astype(np.int64),
        held_out=trained.held_out,
        vectors=features.values,
        repeats=tuple(
            Repeat(first=one.first, second=one.second, similarity=one.similarity, exact=one.exact)
            for one in repeats.pairs
        ),
        groups=repeats.groups,
        texts=texts,
    )
    for kind in findings:
        found, seconds = timed(partial(findings.get(kind).find, evidence))
        if not isinstance(found, NotApplicable):
            parts[kind] = {**seconds, "found": len(found)}
    return {
        "texts": len(texts),
        "labels": len(labels),
        "seconds": sum(part["seconds"] for part in parts.values()),
        "processor_seconds": sum(part["processor_seconds"] for part in parts.values()),
        "training": training,
        "parts": parts,
    }


def timed(work: Callable[[], T]) -> tuple[T, dict[str, float]]:
    """What `work` gives, and the wall and processor seconds it took."""
    wall, processor = time.perf_counter(), time.process_time()
    done = work()
    return done, {
        "seconds": time.perf_counter() - wall,
        "processor_seconds": time.process_time() - processor,
    }
