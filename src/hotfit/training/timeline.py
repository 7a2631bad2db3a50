"""Whether rows follow one another in time so that a random split would know the future.

What a model leaves unexplained of rows that were held out at random is put in the order of time.
Where neighbours' errors go together (autocorrelation at lag 1), rows near in time share what a
random split gives away, so samples are held out in blocks of time, and a score is that of later
rows predicted from earlier ones (rolling origin; Tashman 2000).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotfit.encoders.table.dates import DateColumn
from hotfit.training.material import Material
from hotfit.types import Cell, Groups, Kind, Output, Scores

DEPENDENT = 0.25
"""Correlation of neighbours' errors from which time is followed."""

SURE = 5.0
"""Standard errors that the correlation must be above none."""

FEWEST = 200
"""Rows below which time is not looked for."""

BLOCKS = 50
"""Blocks of time that are held out as a whole."""

ORIGINS = (0.5, 0.75)
"""Shares of the rows after which the future begins, once each."""

UNITS = {
    "year": ("year", "yr", "jahr"),
    "month": ("month", "mnth", "mon", "monat"),
    "day": ("day", "dom", "mday", "tag"),
    "hour": ("hour", "hr", "stunde"),
    "minute": ("minute", "min"),
}
"""What columns that together tell a moment are called, coarsest first."""


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """The moment of every row, (n,), in any unit; what tells it, and how strongly it matters."""

    moments: NDArray[np.float64]
    column: str
    correlation: float

    def blocks(self) -> Groups:
        """Number about fifty stretches of time, (n,); equal moments stay together."""
        edges = np.quantile(self.moments, np.linspace(0, 1, BLOCKS + 1)[1:-1])
        return np.searchsorted(np.unique(edges), self.moments, side="right").astype(np.int64)

    def splits(self) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Yield the rows of the past and those of the stretch that follows it."""
        starts = [float(np.quantile(self.moments, share)) for share in ORIGINS]
        for start, end in zip(starts, [*starts[1:], np.inf], strict=True):
            past = np.flatnonzero(self.moments < start)
            future = np.flatnonzero((self.moments >= start) & (self.moments < end))
            if len(past) and len(future):
                yield past, future

    def future(self) -> NDArray[np.int64]:
        """The rows that are predicted from earlier ones."""
        return np.sort(np.concatenate([rows for _, rows in self.splits()]))


def find_timeline(material: Material, held_out: Scores) -> Timeline | None:
    """The time that the score has to follow, None where there is none or a random split is fair.

    `held_out` are predictions of rows that were held out at random.
    """
    columns = material.columns()
    if columns is None or material.output is Output.TAGS or len(material) < FEWEST:
        return None
    found = moments(columns, {field.name: field.kind for field in material.fields})
    if found is None:
        return None
    column, times = found
    known = np.flatnonzero(~np.isnan(times))
    together = dependence(times[known], unexplained(material, held_out)[known])
    if together < max(DEPENDENT, SURE / np.sqrt(len(known))):
        return None
    filled = np.where(np.isnan(times), np.nanmedian(times), times)
    timeline = Timeline(moments=filled, column=column, correlation=together)
    enough = sum(1 for _ in timeline.splits()) == len(ORIGINS)
    return timeline if enough else None


def moments(
    columns: Mapping[str, Sequence[Cell]], kinds: Mapping[str, Kind]
) -> tuple[str, NDArray[np.float64]] | None:
    """The moment of each row by the finest date column, else by columns of years, months, days."""
    best: tuple[str, NDArray[np.float64]] | None = None
    for name, cells in columns.items():
        if kinds[name] is not Kind.DATE:
            continue
        column = DateColumn.fit(name, cells)
        parts = DateColumn(name, kept=(0,), day_first=column.day_first).encode(cells)
        times = parts[:, 0].astype(np.float64)
        if np.isnan(times).mean() < 0.1 and (best is None or _distinct(times) > _distinct(best[1])):
            best = name, times
    return best or _by_parts(columns)


def _distinct(times: NDArray[np.float64]) -> int:
    return len(np.unique(times))


def _by_parts(columns: Mapping[str, Sequence[Cell]]) -> tuple[str, NDArray[np.float64]] | None:
    """Put the moment together from columns for year, month and finer units."""
    names = {name.strip().casefold(): name for name in columns}
    used: list[str] = []
    times = np.zeros(len(next(iter(columns.values()), ())))
    for spellings, many in zip(UNITS.values(), (1, 12, 31, 24, 60), strict=True):
        name = next((names[each] for each in spellings if each in names), None)
        part = None if name is None else _quantities(columns[name])
        if part is None and len(used) < 2:
            return None
        if part is not None and name is not None:
            used.append(name)
        times = times * many + (0 if part is None else part)
    return ", ".join(used), times


def _quantities(cells: Sequence[Cell]) -> NDArray[np.float64] | None:
    try:
        numbers = np.array([np.nan if cell is None else float(cell) for cell in cells])
    except ValueError:
        return None
    return None if np.isnan(numbers).any() else numbers


def unexplained(material: Material, held_out: Scores) -> Scores:
    """What predictions leave open, (n, k) or (n, 1); of quantities the ranks, as a few large
    errors would else decide.
    """
    quantities = material.quantities()
    if quantities is None:
        true = np.zeros(held_out.shape)
        true[np.arange(len(material)), material.codes()] = 1
        return np.asarray(true - held_out)
    errors = quantities - held_out
    return np.argsort(np.argsort(errors)).astype(np.float64)[:, None]


def dependence(times: NDArray[np.float64], errors: Scores) -> float:
    """How much errors (n, k) of neighbours in time go together, from -1 to 1.

    Rows of one moment stand in no order: the order of the file may have reasons of its own.
    """
    shuffled = np.random.default_rng(0).permutation(len(times))
    order = shuffled[np.argsort(times[shuffled], kind="stable")]
    return correlation(errors[order[:-1]], errors[order[1:]])


def correlation(first: Scores, second: Scores) -> float:
    """The correlation of all entries of two matrices, columns centred."""
    first, second = first - first.mean(axis=0), second - second.mean(axis=0)
    size = float(np.sqrt((first**2).sum() * (second**2).sum()))
    return float((first * second).sum() / size) if size > 0 else 0.0
