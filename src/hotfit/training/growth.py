"""Which samples to train on first, so that an answer is live before all are encoded."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hotfit.training.material import Material
from hotfit.types import Data, Field, Kind, Output

FIRST_COST = 20_000
"""Characters in the first part: encoded within a second on two cores."""

FEWEST, MOST = 64, 320
"""Samples of the first part, whatever they cost."""

FACTOR = 4
"""Each further part is this many times larger: three rounds lie between 320 and 20,000."""

PICTURE_COST = 300
"""An image takes about as long to encode as this many characters."""


def parts(material: Material) -> Iterator[NDArray[np.int64]]:
    """Growing parts of n rows, sorted, each holding the one before; the last is all rows.

    Every label is in the first part already, also in a file sorted by label. No part is made that
    would save less than half of the rows.
    """
    n = len(material)
    order = np.random.default_rng(0).permutation(n)
    if material.output is Output.CLASSIFICATION:
        order = _two_of_each_first(material.targets, order)
    size = _affordable([_cost(material.data[row], material.fields) for row in order[:MOST]])
    while size * 2 < n:
        yield np.sort(order[:size])
        size *= FACTOR
    yield np.arange(n)


def _two_of_each_first(codes: NDArray[Any], order: NDArray[np.int64]) -> NDArray[np.int64]:
    """Move the first two rows of each label in `order` to its front."""
    by_label = order[np.argsort(codes[order], kind="stable")]
    counts = np.bincount(codes)
    place = np.arange(len(codes)) - (np.cumsum(counts) - counts)[codes[by_label]]
    front = np.zeros(len(codes), dtype=np.bool_)
    front[by_label[place < 2]] = True
    return np.concatenate([order[front[order]], order[~front[order]]])


def _affordable(costs: Sequence[int]) -> int:
    """How many samples, from the front, the first part may hold."""
    within = int(np.searchsorted(np.cumsum(costs), FIRST_COST, side="right"))
    return max(FEWEST, within)


def _cost(data: Data, fields: Sequence[Field]) -> int:
    """Characters that an encoder has to read; cells that no encoder reads cost nothing."""
    if isinstance(data, str):
        return len(data)
    if isinstance(data, Mapping):
        texts = (data.get(field.name) for field in fields if field.kind is Kind.TEXT)
        return sum(len(text) for text in texts if isinstance(text, str))
    return PICTURE_COST
