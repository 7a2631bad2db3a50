"""Tell what each column of a table holds, from a preview of its rows.

Only distinct values are parsed, and at most PARSED_VALUES of them, so the cost hardly grows with
the rows. Codes such as 007 stay what they are: text or a category, never a number.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hotfit.inputs.dates import day_first, parse_date, parse_epoch
from hotfit.inputs.missing import is_blank, is_missing, is_nan
from hotfit.inputs.names import DATES, IDENTIFIERS, TEXT_RANK, plain, words_of
from hotfit.inputs.numbers import Mark, decimal_mark, parse_number
from hotfit.inputs.preview import Preview
from hotfit.types import Cell, Kind

PARSED_VALUES = 2_500
MOSTLY = 0.95
STRAYS = 0.8
CODE = re.compile(r"0\d+|\d{16,}", re.ASCII)
COMPARISONS = frozenset("<>\u2264\u2265~")
BOOLEANS = tuple(
    frozenset(pair.split())
    for pair in ("true false", "yes no", "y n", "t f", "0 1", "on off", "ja nein", "wahr falsch")
)


@dataclass(frozen=True, kw_only=True)
class Column:
    """What a preview tells of one column.

    `counts` holds how often each distinct text occurs, missing ones not among them; `mark` is the
    decimal mark of a number column, `day_first` the order of a date column, where they are known.
    """

    name: str
    kind: Kind
    rows: int
    filled: int
    counts: Mapping[str, int]
    mean_words: float
    mean_characters: float
    mark: Mark | None = None
    day_first: bool | None = None
    whole_numbers: bool = False

    @property
    def distinct(self) -> int:
        """The number of distinct values seen."""
        return len(self.counts)

    @property
    def distinct_share(self) -> float:
        """Distinct values per filled row, from 0 to 1."""
        return len(self.counts) / max(1, self.filled)


def text_of(cell: Cell) -> str:
    """Return a cell as the text a file would hold: 1.0 as "1", True as "true"."""
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return str(int(cell)) if not is_nan(cell) and float(cell).is_integer() else str(cell)


def describe_columns(preview: Preview) -> tuple[Column, ...]:
    """Tell the kind of every column of a preview."""
    return tuple(
        describe_column(name, cells, preview.numbers) for name, cells in preview.cells.items()
    )


def describe_column(name: str, cells: Sequence[Cell], numbers: Sequence[int] = ()) -> Column:
    """Tell the kind of one column; `numbers` are the rows its cells stand in."""
    counts: Counter[str] = Counter()
    for cell, count in Counter(cells).items():
        if not is_blank(cell):
            counts[text_of(cell)] += count
    filled = sum(counts.values())
    trial = _Trial(name=name, counts=counts, filled=filled)
    kind = _kind(trial, cells, numbers or range(1, len(cells) + 1))
    if kind in {Kind.NUMBER, Kind.DATE, Kind.BOOLEAN}:
        counts = Counter({text: n for text, n in counts.items() if not is_missing(text)})
        filled = sum(counts.values())
    some = _spread(list(counts.items()))
    weight = max(1, sum(count for _, count in some))
    return Column(
        name=name,
        kind=kind,
        rows=len(cells),
        filled=filled,
        counts=counts,
        mean_words=sum(len(text.split()) * count for text, count in some) / weight,
        mean_characters=sum(len(text) * count for text, count in some) / weight,
        mark=trial.mark if kind is Kind.NUMBER else None,
        day_first=trial.day_first if kind is Kind.DATE else None,
        whole_numbers=trial.whole,
    )


def _spread(items: list[tuple[str, int]]) -> list[tuple[str, int]]:
    return items[:: 1 + len(items) // PARSED_VALUES]


class _Trial:
    """The distinct values of a column, tried as numbers and as dates."""

    def __init__(self, *, name: str, counts: Counter[str], filled: int) -> None:
        self.name, self.words, self.filled = name, set(words_of(name)), filled
        self.counts = counts
        self.some = [item for item in _spread(list(counts.items())) if not is_missing(item[0])]
        self.weight = max(1, sum(count for _, count in self.some))
        texts = [text for text, _ in self.some]
        self.mark = decimal_mark(texts)
        self.day_first = day_first(texts)
        self.values = [parse_number(text, mark=self.mark) for text in texts]
        known = [value for value in self.values if value is not None]
        self.whole = bool(known) and all(value.is_integer() for value in known)

    @property
    def is_number(self) -> bool:
        """Nearly all cells are numbers, or most are and the strays are few distinct words."""
        if not self.some:
            return False
        good = [
            item for item, value in zip(self.some, self.values, strict=True) if value is not None
        ]
        codes = sum(count for text, count in self.some if CODE.fullmatch(text))
        bins = sum(count for text, count in self.some if text[0] in COMPARISONS)
        if codes > 0.001 * self.weight or bins > 0.2 * self.weight:
            return False
        share = sum(count for _, count in good) / self.weight
        if share >= MOSTLY:
            return True
        return share >= STRAYS and len(self.some) - len(good) <= max(1, 0.05 * len(self.some))

    @property
    def is_date(self) -> bool:
        """Nearly all cells are dates, or plausible epochs under the name of a date."""
        if not self.some:
            return False
        step = 1 + len(self.some) // 40
        if not self._share_of_dates(self.some[::step]) >= 0.5:
            return bool(self.words & DATES) and self.whole and all(map(_is_epoch, self.some))
        return self._share_of_dates(self.some) >= MOSTLY

    def _share_of_dates(self, items: list[tuple[str, int]]) -> float:
        good = sum(n for text, n in items if parse_date(text, day_first=self.day_first))
        return good / max(1, sum(n for _, n in items))


def _is_epoch(item: tuple[str, int]) -> bool:
    return item[0].isdigit() and len(item[0]) in {10, 13} and parse_epoch(item[0]) is not None


def _kind(trial: _Trial, cells: Sequence[Cell], numbers: Sequence[int]) -> Kind:
    distinct = len(trial.counts)
    if distinct == 0 or (distinct == 1 and trial.filled == len(cells)):
        return Kind.CONSTANT
    if _is_boolean(trial):
        return Kind.BOOLEAN
    if trial.is_date:
        return Kind.DATE
    if trial.is_number:
        return Kind.IDENTIFIER if _counts_rows(trial, cells, numbers) else Kind.NUMBER
    return _kind_of_words(trial)


def _is_boolean(trial: _Trial) -> bool:
    values = {text.casefold() for text in trial.counts if not is_missing(text)}
    return 0 < len(values) <= 2 and any(values <= pair for pair in BOOLEANS)


def _counts_rows(trial: _Trial, cells: Sequence[Cell], numbers: Sequence[int]) -> bool:
    """The column repeats the row number, or is called an id and never repeats."""
    unique = len(trial.counts) >= 0.98 * trial.filled
    if not unique or not trial.whole or trial.filled < 5:
        return False
    if trial.words & IDENTIFIERS:
        return True
    if trial.filled < 20:
        return False
    offsets = Counter(
        value - number
        for cell, number in zip(cells, numbers, strict=True)
        if (value := parse_number(cell)) is not None
    )
    return offsets.most_common(1)[0][1] >= 0.99 * trial.filled


def _kind_of_words(trial: _Trial) -> Kind:
    some, weight, filled = trial.some, trial.weight, trial.filled
    if not some:
        return Kind.CATEGORY
    share = len(trial.counts) / max(1, filled)
    words = sum(len(text.split()) * count for text, count in some) / weight
    characters = sum(len(text) * count for text, count in some) / weight
    if share >= 0.98 and plain(trial.name) not in TEXT_RANK and filled >= 5:
        coded = sum(n for t, n in some if " " not in t and any(map(str.isdigit, t))) / weight
        if (coded >= 0.9 and filled >= 20) or (trial.words & IDENTIFIERS and words < 1.5):
            return Kind.IDENTIFIER
    prose = words >= 3 and share >= 0.3
    long = characters >= 50 and len(trial.counts) >= min(50, 0.5 * filled)
    if share >= 0.9 or prose or long:
        return Kind.TEXT
    return Kind.CATEGORY
