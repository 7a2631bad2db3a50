"""Texts encoded per second, ours beside sentence-transformers, both float32 on the same weights.

Rounds alternate in one process, so that a busy machine slows both; the ratio is the median of the
rounds' ratios. Without sentence-transformers only our half is measured.
"""

import csv
import gzip
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs

from hotfit import encoders
from hotfit.encoders.catalogue import MINILM
from hotfit.encoders.onnx_session import cores
from hotfit.types import Vectors

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
CACHE = Path(platformdirs.user_cache_path("hotfit", appauthor=False)) / "weights"
ROUNDS = 3
TEXTS = 2000


def run(
    *, texts: Sequence[str] | None = None, cache: Path = CACHE, folder: Path | None = None
) -> dict[str, Any]:
    """Measure and return texts per second of both, their ratio and how far the vectors differ."""
    chosen = list(texts) if texts is not None else banking77(TEXTS)
    started = time.perf_counter()
    ours = encoders.open("minilm-l6.v1", cache=cache, folder=folder)
    opened = time.perf_counter() - started
    rival = _rival(encoders.fetch(MINILM, cache=cache, folder=folder))
    result: dict[str, Any] = {
        "benchmark": "encode_text",
        "texts": len(chosen),
        "cores": cores(),
        "open_seconds": round(opened, 3),
    }
    ours.encode(chosen[:64])
    mine: list[float] = []
    theirs: list[float] = []
    difference = 0.0
    for _ in range(ROUNDS):
        speed, vectors = _timed(ours.encode, chosen)
        mine.append(speed)
        if rival is not None:
            speed, others = _timed(rival, chosen)
            theirs.append(speed)
            difference = max(difference, float(np.abs(vectors - others).max()))
    result["hotfit_texts_per_second"] = round(statistics.median(mine), 1)
    if rival is not None:
        ratios = [a / b for a, b in zip(mine, theirs, strict=True)]
        result["sentence_transformers_texts_per_second"] = round(statistics.median(theirs), 1)
        result["ratio"] = round(statistics.median(ratios), 3)
        result["ratios"] = [round(ratio, 3) for ratio in ratios]
        result["max_difference"] = difference
    return result


def banking77(count: int) -> list[str]:
    """A fixed sample of real customer questions."""
    with gzip.open(SHARED / "banking77.csv.gz", "rt", encoding="utf-8") as lines:
        rows = [row["text"] for row in csv.DictReader(lines)]
    order = np.random.default_rng(0).permutation(len(rows))[:count]
    return [rows[index] for index in order]


def _timed(encode: Callable[[list[str]], Vectors], texts: list[str]) -> tuple[float, Vectors]:
    started = time.perf_counter()
    vectors = encode(texts)
    return len(texts) / (time.perf_counter() - started), vectors


def _rival(files: dict[str, Path]) -> Callable[[list[str]], Vectors] | None:
    """sentence-transformers as its users call it, on the same files and all cores."""
    try:
        from sentence_transformers import SentenceTransformer, models
    except ImportError:
        return None
    with tempfile.TemporaryDirectory() as folder:
        for name, path in files.items():
            (Path(folder) / name).symlink_to(path)
        words = models.Transformer(folder, max_seq_length=MINILM.max_tokens)
        parts = [words, models.Pooling(MINILM.dimensions, "mean"), models.Normalize()]
        network = SentenceTransformer(modules=parts, device="cpu")

    def encode(texts: list[str]) -> Vectors:
        vectors: Vectors = network.encode(texts, batch_size=32, show_progress_bar=False)
        return vectors

    network.encode(["warm"] * 64, show_progress_bar=False)
    return encode


if __name__ == "__main__":
    json.dump(run(), sys.stdout, indent=2)
    print()
