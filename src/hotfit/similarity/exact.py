"""Equal content: the key under which two samples hold the same thing.

Texts are equal when they differ in Unicode form (NFKC), case, white space or punctuation alone;
rows when every field is, numbers within a relative 1e-9; images when their bytes are.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from hotfit.types import Cell, Data, Picture

_BREAKS = re.compile(r"[\W_]+")
_APOSTROPHES = re.compile(r"(?<=\w)['\u2018\u2019\u02bc`\u00b4](?=\w)")
_SIGNIFICANT_DIGITS = 9


def normalise(text: str) -> str:
    """Reduce a text to its lower-case words, one space apart; a text without words stays as is.

    A text of symbols alone (such as an emoji) keeps its symbols, so that it equals only itself.
    """
    form = text if text.isascii() else unicodedata.normalize("NFKC", text)
    words = _BREAKS.sub(" ", _APOSTROPHES.sub("", form.casefold())).strip()
    return words or form.strip()


def content_key(data: Data) -> str:
    """Name the content of a sample: equal keys, equal content."""
    if isinstance(data, str):
        return normalise(data)
    if isinstance(data, Picture):
        return data.sha256
    return "\x1e".join(f"{name}\x1f{_cell_key(data[name])}" for name in sorted(data))


def exact_representatives(contents: Sequence[Data]) -> NDArray[np.int64]:
    """Give each of n samples the first sample that holds the same content, shape (n,).

    Samples without content (an empty text, a row of nothing) equal nothing but themselves.
    """
    first: dict[str, int] = {}
    found = np.arange(len(contents), dtype=np.int64)
    for row, data in enumerate(contents):
        if not _is_empty(data):
            found[row] = first.setdefault(content_key(data), row)
    return found


def _is_empty(data: Data) -> bool:
    if isinstance(data, Mapping):
        return all(cell is None or cell == "" for cell in data.values())
    return not isinstance(data, Picture) and not data.strip()


def _cell_key(cell: Cell) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, bool):
        return f"b{cell:d}"
    if isinstance(cell, int | float):
        return f"n{cell:.{_SIGNIFICANT_DIGITS}g}"
    return f"t{normalise(cell)}"
