"""Column names as they may be used: not blank, not twice, no space at their ends."""

import unicodedata
from collections.abc import Sequence

from hotfit.errors import Refusal

MAX_COLUMNS = 4_096
MAX_NAME = 300


class TooManyColumns(Refusal):
    """More columns than a function could ever use."""

    def __init__(self, *, name: str, found: int) -> None:
        super().__init__(
            f"{name} has {found:,} columns; at most {MAX_COLUMNS:,} are read:"
            " check the delimiter, or keep the columns that matter"
        )


def clean_headers(raw: Sequence[str], *, name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return usable, distinct column names and the sentences that say what was changed."""
    if len(raw) > MAX_COLUMNS:
        raise TooManyColumns(name=name, found=len(raw))
    taken = {_tidy(header) for header in raw}
    seen: set[str] = set()
    names: list[str] = []
    notes: list[str] = []
    trimmed = 0
    for index, header in enumerate(raw, 1):
        tidy = _tidy(header)
        trimmed += tidy != header
        if not tidy:
            tidy = _free(f"column_{index}", taken | seen)
            notes.append(f"Column {index} has no name; it is called {tidy!r} here.")
        elif tidy in seen:
            twice, tidy = tidy, _free(f"{tidy}_2", taken | seen)
            notes.append(f"Two columns are called {twice!r}; the later one is {tidy!r} here.")
        seen.add(tidy)
        names.append(tidy)
    if trimmed > len(raw) - sum(map(bool, map(_tidy, raw))):
        notes.append("Spaces around column names were removed.")
    return tuple(names), tuple(notes[:20])


def _tidy(header: str) -> str:
    plain = "".join(c if c.isprintable() else " " for c in unicodedata.normalize("NFC", header))
    return " ".join(plain.split())[:MAX_NAME]


def _free(wanted: str, taken: set[str]) -> str:
    stem, number = wanted, 2
    while wanted in taken:
        number += 1
        wanted = f"{stem.removesuffix('_2')}_{number}"
    return wanted
