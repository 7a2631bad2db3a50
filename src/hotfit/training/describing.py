"""What samples are like: how long or large they are, what is missing, how each label fares."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from hotfit.evaluation import statistics
from hotfit.heads.base import Trained
from hotfit.training.encoded import Encoded
from hotfit.training.material import Material
from hotfit.training.outputs import Read
from hotfit.types import Output

PARTS = (("least", 0.0), ("low", 0.05), ("middle", 0.5), ("high", 0.95), ("most", 1.0))
"""Quantiles that are told of lengths."""


def described(encoded: Encoded, trained: Trained, read: Read) -> dict[str, Any]:
    """The statistics of an examination as they are kept with its version."""
    material, rows = encoded.material, encoded.judged
    targets, held_out, names = material.targets[rows], trained.held_out[rows], material.labels
    labels: Mapping[str, statistics.LabelStatistics] = {}
    confused: list[dict[str, Any]] = []
    if material.output is Output.CLASSIFICATION:
        codes = targets.astype(np.int64)
        labels = statistics.of_labels(codes, held_out, names)
        confused = statistics.worth_fixing(codes, held_out, names)
    elif material.output is Output.TAGS and read.thresholds is not None:
        tags = targets.astype(np.int8)
        labels = statistics.of_tags(tags, held_out, read.thresholds[rows], names)
    return {
        "labels": {name: asdict(one) for name, one in labels.items()},
        "confusions": confused,
        "lengths": _lengths(encoded),
        "missing": _missing(material),
    }


def _lengths(encoded: Encoded) -> dict[str, Any] | None:
    """Characters and words of texts, width and height of images; None of what has no length."""
    if encoded.looks is not None:
        sizes = {"width": encoded.looks.width, "height": encoded.looks.height}
        return {name: _quantiles(values.tolist()) for name, values in sizes.items()}
    texts = [one for one in encoded.material.data if isinstance(one, str)]
    if not texts:
        return None
    return {
        "characters": _quantiles([len(text) for text in texts]),
        "words": _quantiles([len(text.split()) for text in texts]),
    }


def _quantiles(values: Sequence[float]) -> dict[str, float]:
    found = np.quantile(np.array(values, dtype=np.float64), [part for _, part in PARTS])
    return {name: float(value) for (name, _), value in zip(PARTS, found, strict=True)}


def _missing(material: Material) -> dict[str, float]:
    """The share of rows that say nothing, by column; of texts, those without a word."""
    columns = material.columns()
    if columns is None:
        texts = [one for one in material.data if isinstance(one, str)]
        empty = sum(not text.strip() for text in texts)
        return {"text": empty / len(texts)} if texts else {}
    return {
        name: sum(cell is None or cell == "" for cell in cells) / max(len(cells), 1)
        for name, cells in columns.items()
    }
