"""Parts of the samples worth looking at on their own: short and long texts, values of a column."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence

import numpy as np

from hotfit.evaluation.comparison import FEWEST, Slice
from hotfit.types import Cell, Data

MOST_VALUES = 20
"""Values of a column that are told apart; a column with more is no way to slice."""


def content_slices(data: Sequence[Data | None]) -> list[Slice]:
    """Slices by what n samples hold; None stands for what cannot be read any more."""
    if any(isinstance(one, str) for one in data):
        return _text_slices([one if isinstance(one, str) else "" for one in data])
    rows = [one if isinstance(one, Mapping) else {} for one in data]
    names = dict.fromkeys(name for row in rows for name in row)
    return [one for name in names for one in _column_slices(name, [row.get(name) for row in rows])]


def value_slices(kind: str, values: Sequence[Hashable]) -> list[Slice]:
    """One slice a value where there are 2 to `MOST_VALUES`, else none."""
    counts = Counter(values)
    if not 1 < len(counts) <= MOST_VALUES:
        return []
    return [
        Slice(kind=kind, name=str(value), rows=np.array([one == value for one in values]))
        for value, count in counts.items()
        if count >= FEWEST
    ]


def _text_slices(texts: Sequence[str]) -> list[Slice]:
    """The shortest and the longest quarter, by words."""
    words = np.array([len(text.split()) for text in texts])
    short, long = (int(np.quantile(words, share)) for share in (0.25, 0.75))
    if short >= long:
        return []
    return [
        Slice(kind="length", name=f"at most {short} words", rows=words <= short),
        Slice(kind="length", name=f"{long} words or more", rows=words >= long),
    ]


def _column_slices(name: str, cells: Sequence[Cell]) -> list[Slice]:
    numbers = [cell for cell in cells if isinstance(cell, float) and not isinstance(cell, bool)]
    if len(set(numbers)) <= MOST_VALUES:
        return value_slices(name, ["(empty)" if cell is None else cell for cell in cells])
    values = np.array([cell if isinstance(cell, float) else np.nan for cell in cells])
    low, high = (float(np.nanquantile(values, share)) for share in (0.25, 0.75))
    if low >= high:
        return []
    return [
        Slice(kind=name, name=f"at most {low:.4g}", rows=values <= low),
        Slice(kind=name, name=f"{high:.4g} or more", rows=values >= high),
    ]
