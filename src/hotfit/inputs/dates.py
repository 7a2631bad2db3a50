"""Dates and times as people write them, without guessing day and month cell by cell.

`day_first` looks for evidence in a whole column (a part above 12); `parse_date` reads one cell.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from hotfit.types import Cell

MAX_LENGTH = 45
YEARS = range(1800, 2200)
EPOCH = (datetime(1990, 1, 1, tzinfo=UTC).timestamp(), datetime(2060, 1, 1, tzinfo=UTC).timestamp())

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar jän jänner",
            "feb february februar feber",
            "mar march mär märz mrz",
            "apr april",
            "may mai",
            "jun june juni",
            "jul july juli",
            "aug august",
            "sep sept september",
            "oct october okt oktober",
            "nov november",
            "dec december dez dezember",
        ),
        1,
    )
    for name in names.split()
}
ZONE = r"(?:\s*(?P<zone>Z|UTC|GMT|[+\-]\d{2}:?\d{2}))?"
TIME = (
    r"(?:[T\s,]+(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,](?P<frac>\d+))?)?"
    r"(?:\s*(?P<half>[AaPp])\.?[Mm]\.?)?(?:\s+Uhr)?" + ZONE + r")?"
)
YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})" + TIME
)
COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})" + TIME)
SLASHED = re.compile(
    r"(?P<first>\d{1,2})(?P<sep>[-/.])(?P<second_>\d{1,2})(?P=sep)(?P<year>\d{4}|\d{2})" + TIME
)
NAMED = re.compile(
    r"(?:[A-Za-zÀ-ž]{2,10}\.?,?\s+)??(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?[\s\-/]*(?:of\s+)?"
    r"(?P<name>[A-Za-zä]{3,9})\.?,?[\s\-/]*(?P<year>\d{4}|\d{2})" + TIME
)
NAME_FIRST = re.compile(
    r"(?:[A-Za-zÀ-ž]{2,10}\.?,?\s+)??(?P<name>[A-Za-zä]{3,9})\.?[\s\-/]*(?P<day>\d{1,2})"
    r"(?:st|nd|rd|th)?(?:,\s*|\s+|[\-/])(?P<year>\d{4}|\d{2})" + TIME
)
MONTH_ONLY = re.compile(r"(?P<name>[A-Za-zä]{3,9})\.?[\s\-/,]+(?P<year>\d{4})")


def day_first(texts: Iterable[str]) -> bool | None:
    """Tell from a column whether the day stands before the month; None where nothing tells."""
    day = month = dotted = 0
    for text in texts:
        match = SLASHED.fullmatch(text.strip()) if len(text) <= MAX_LENGTH else None
        if match is None:
            continue
        day += int(match["first"]) > 12
        month += int(match["second_"]) > 12
        dotted += match["sep"] == "."
    if day == month:
        return True if dotted else None
    return day > month


def parse_date(cell: Cell, *, day_first: bool | None = None) -> datetime | None:
    """Read a text as a date, without a zone (given zones are turned into UTC); None if it is none.

    `day_first` orders 03/04/2020; without it the month stands first unless the cell rules it out
    or is dotted, as 03.04.2020 is.
    """
    if not isinstance(cell, str) or len(cell) > MAX_LENGTH:
        return None
    return _parse(cell.strip(), day_first=day_first)


def parse_epoch(cell: Cell) -> datetime | None:
    """Read seconds or milliseconds since 1970, plausible ones (1990 to 2060) only."""
    try:
        seconds = float(cell) if not isinstance(cell, bool) and cell is not None else 0.0
    except ValueError:
        return None
    if abs(seconds) >= 1e11:
        seconds /= 1000
    if not EPOCH[0] <= seconds <= EPOCH[1]:
        return None
    return datetime.fromtimestamp(seconds, tz=UTC).replace(tzinfo=None)


@lru_cache(maxsize=65_536)
def _parse(text: str, *, day_first: bool | None) -> datetime | None:
    if len(text) < 6 or not any(c.isdigit() for c in text):
        return None
    for pattern in (YEAR_FIRST, SLASHED, COMPACT, NAMED, NAME_FIRST, MONTH_ONLY):
        match = pattern.fullmatch(text)
        if match is not None:
            parts = match.groupdict()
            year, month, day = _calendar(parts, day_first=day_first)
            return _build(year, month, day, parts)
    return None


def _calendar(parts: dict[str, str | None], *, day_first: bool | None) -> tuple[int, int, int]:
    year = int(parts["year"] or 0)
    if len(parts["year"] or "") == 2:
        year += 2000 if year < 70 else 1900
    if "first" in parts:
        first, second = int(parts["first"] or 0), int(parts["second_"] or 0)
        if day_first is None:
            day_first = parts["sep"] == "." or first > 12
        return (year, second, first) if day_first else (year, first, second)
    name = parts.get("name")
    month = MONTHS.get(name.casefold(), 0) if name else int(parts["month"] or 0)
    return year, month, int(parts.get("day") or 1)


def _build(year: int, month: int, day: int, parts: dict[str, str | None]) -> datetime | None:
    hour = int(parts.get("hour") or 0)
    half = (parts.get("half") or "").casefold()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    micro = int((parts.get("frac") or "0")[:6].ljust(6, "0"))
    try:
        moment = datetime(
            year, month, day, hour, int(parts.get("minute") or 0), int(parts.get("second") or 0),
            micro, tzinfo=_zone(parts.get("zone")),
        )  # fmt: skip
        if year not in YEARS:
            return None
        return moment.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None


def _zone(text: str | None) -> timezone:
    if text is None or text[0] not in "+-":
        return UTC
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(offset if text[0] == "+" else -offset)
