"""Guess delimiter, quoting and header of delimited text from its first characters."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from hotfit.inputs.numbers import parse_number

DELIMITERS = (",", "\t", ";", "|")
GUESSED_RECORDS = 300
CONSISTENT = 0.8
YEAR = re.compile(r"(?:19|20)\d\d")
SUFFIX_DELIMITER = {".tsv": "\t", ".tab": "\t"}
USUAL_HEADERS = (
    "text label labels target class category id name title description message review comment"
    " sentence question answer tag tags intent sentiment score rating date time timestamp type"
    " value price split file path url age gender sex country city year month day"
)
HEADER_WORDS = frozenset(USUAL_HEADERS.split())


class Records(Protocol):
    """Records as they are read; `line_num` is the number of lines read so far."""

    @property
    def line_num(self) -> int: ...  # noqa: D102

    def __iter__(self) -> Iterator[list[str]]: ...
    def __next__(self) -> list[str]: ...


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How records are cut into cells; `delimiter` is empty where a line is one cell."""

    delimiter: str
    quoted: bool
    header: bool

    def records(self, lines: Iterable[str]) -> Records:
        """Read lines as records of cells; `line_num` counts the lines read."""
        return csv.reader(
            lines,
            delimiter=self.delimiter or "\x1f",
            quoting=csv.QUOTE_MINIMAL if self.quoted else csv.QUOTE_NONE,
            quotechar='"',
            doublequote=True,
        )


def guess_dialect(head: str, *, suffix: str = "", whole: bool = False) -> Dialect:
    """Guess the dialect of the text that starts with `head`; `whole` says that nothing follows."""
    if not whole:
        head = head[: head.rfind("\n") + 1] or head
    preferred = SUFFIX_DELIMITER.get(suffix)
    best: tuple[float, str, bool] | None = None
    for delimiter in DELIMITERS:
        quoted = _uses_quotes(head, delimiter)
        share, width = _consistency(_records(head, delimiter, quoted=quoted))
        if width < 2:
            continue
        score = share + 0.02 * min(width, 10) + (1.0 if delimiter == preferred else 0.0)
        if share >= CONSISTENT and (best is None or score > best[0]):
            best = (score, delimiter, quoted)
    delimiter, quoted = (best[1], best[2]) if best else _by_first_line(head)
    records = _records(head, delimiter or "\x1f", quoted=quoted)
    return Dialect(delimiter=delimiter, quoted=quoted, header=_has_header(records))


def _records(head: str, delimiter: str, *, quoted: bool) -> list[list[str]]:
    dialect = Dialect(delimiter=delimiter, quoted=quoted, header=True)
    records: list[list[str]] = []
    try:
        for record in dialect.records(io.StringIO(head.replace("\0", ""), newline="")):
            if record:
                records.append(record)
            if len(records) >= GUESSED_RECORDS:
                break
    except csv.Error:
        return records
    return records


def _consistency(records: list[list[str]]) -> tuple[float, int]:
    """Return the share of records as wide as the first one or the commonest, and that width."""
    if not records:
        return 0.0, 0
    width, count = Counter(map(len, records)).most_common(1)[0]
    return count / len(records), width


def _uses_quotes(head: str, delimiter: str) -> bool:
    """Tell whether quotation marks enclose cells.

    Tab-separated text often holds bare quotes, which would swallow the lines below them: quoting
    is not believed in where every line is as wide as the others without it, and it either joins
    lines or finds no cell that closes.
    """
    if delimiter != "\t" or '"' not in head:
        return True
    bare = _records(head, delimiter, quoted=False)
    if _consistency(bare)[0] < 1.0:
        return True
    if len(_records(head, delimiter, quoted=True)) < len(bare):
        return False
    opened = [cell for record in bare for cell in record if cell.startswith('"')]
    closed = sum(len(cell) > 1 and cell.endswith('"') for cell in opened)
    return bool(opened) and closed >= 0.9 * len(opened)


def _by_first_line(head: str) -> tuple[str, bool]:
    line = head.lstrip("\r\n").split("\n", 1)[0]
    counts = {delimiter: line.count(delimiter) for delimiter in DELIMITERS}
    delimiter = max(counts, key=lambda d: counts[d])
    words = {cell.strip().strip('"').casefold() for cell in line.split(delimiter)}
    if counts[delimiter] and words & HEADER_WORDS:
        return delimiter, True
    return "", True


def _has_header(records: list[list[str]]) -> bool:
    """A first record is a header unless it looks like the data below it."""
    if not records:
        return True
    first, rest = records[0], records[1:]
    names = [cell.strip() for cell in first]
    if any(name.casefold() in HEADER_WORDS for name in names):
        return True
    if names == [str(index) for index in range(len(names))]:
        return True
    if not _could_be_names([name for name in names if name]):
        return False
    return len(rest) < 2 or not any(
        _looks_like_data(name, [row[index] for row in rest if index < len(row)])
        for index, name in enumerate(names)
    )


def _could_be_names(filled: list[str]) -> bool:
    """Mostly distinct, and mostly no numbers."""
    if not filled or len(set(filled)) < len(filled) / 2:
        return False
    numeric = [name for name in filled if parse_number(name) is not None]
    years = sum(YEAR.fullmatch(name) is not None for name in numeric)
    return len(numeric) - years <= len(filled) / 2 and years < len(filled)


def _looks_like_data(name: str, below: list[str]) -> bool:
    """It is a number above numbers, occurs again below, or is long prose above prose."""
    if not name or not below:
        return False
    if parse_number(name) is not None:
        numeric = sum(parse_number(cell) is not None for cell in below)
        return not YEAR.fullmatch(name) and numeric >= 0.8 * len(below)
    if sum(cell.strip() == name for cell in below) >= max(1, min(2, len(below) // 5)):
        return True
    words = sorted(len(cell.split()) for cell in below)
    return len(name.split()) >= 8 and words[len(words) // 2] >= 5
