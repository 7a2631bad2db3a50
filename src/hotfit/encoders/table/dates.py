"""Dates as what may matter about them: when, and where in the year, the week and the day."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

import numpy as np

from hotfit.encoders.table.cells import distinct
from hotfit.inputs.dates import day_first as tell_day_first
from hotfit.inputs.dates import parse_date, parse_epoch
from hotfit.types import Cell, State, Vectors

PARTS = ("days", "year", "month", "day", "weekday", "hour")
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - only differences of naive times are taken


def date_parts(text: str, day_first: bool | None) -> tuple[float, ...]:  # noqa: FBT001
    """Return days since 1970, year, month, day of month, weekday (Monday 0) and hour of day."""
    moment = parse_date(text, day_first=day_first) or parse_epoch(text)
    if moment is None:
        return (np.nan,) * len(PARTS)
    hour = moment.hour + moment.minute / 60
    days = (moment - EPOCH).total_seconds() / 86_400
    return days, moment.year, moment.month, moment.day, moment.weekday(), hour


class DateColumn:
    """The parts of a date that vary among the rows it was fitted on."""

    part: ClassVar[str] = "date"

    def __init__(self, name: str, *, kept: Sequence[int], day_first: bool | None) -> None:
        self.name = name
        self.kept, self.day_first = list(kept), day_first
        self.names = tuple(f"{name} ({PARTS[part]})" for part in self.kept)
        self.categories = (0,) * len(self.kept)

    @classmethod
    def fit(cls, name: str, cells: Sequence[Cell]) -> "DateColumn":
        """Keep the parts that take more than one value."""
        day_first = tell_day_first(distinct(cells)[0])
        every = cls(name, kept=range(len(PARTS)), day_first=day_first).encode(cells)
        spread = [np.unique(part[~np.isnan(part)]).size > 1 for part in every.T]
        kept = [part for part, varies in enumerate(spread) if varies]
        return cls(name, kept=kept, day_first=day_first)

    def encode(self, cells: Sequence[Cell]) -> Vectors:
        """Parse each distinct date once."""
        texts, which = distinct(cells)
        parts = np.array([date_parts(text, self.day_first) for text in texts], dtype=np.float32)
        return parts.reshape(-1, len(PARTS))[which][:, self.kept]

    def state(self) -> State:
        """Return which parts are kept, and whether the day stands before the month."""
        parameters = {"name": self.name, "kept": self.kept, "day_first": self.day_first}
        return State(arrays={}, parameters=parameters)

    @classmethod
    def load(cls, state: State) -> "DateColumn":
        """Rebuild the column."""
        return cls(**state.parameters)
