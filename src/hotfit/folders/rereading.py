"""A data file read again after a save: rows whose lines stayed are the very rows of before.

Only the lines between the common beginning and the common end are parsed. Wherever the result
could differ from reading the whole file - a quote that runs over lines, a label in a new spelling,
a row that is refused - it is not used, and the file is read whole.
"""

import io
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import BinaryIO

from hotfit.errors import Refusal
from hotfit.inputs.delimited import Delimited
from hotfit.inputs.jsonlines import JsonObjects
from hotfit.inputs.labels import fold
from hotfit.inputs.opening import Opened
from hotfit.inputs.plan import Plan
from hotfit.inputs.report import Report
from hotfit.inputs.samples import read_samples
from hotfit.inputs.source import Source
from hotfit.types import Output, Sample, label_names


@dataclass(frozen=True, kw_only=True)
class Lines:
    """The records of a file, each of which but for `header` is one row, as they stand.

    `starts` are the lines, from 1, on which they begin; `form` is how the file is cut.
    """

    text: Sequence[str]
    starts: Sequence[int]
    header: int
    form: object


@dataclass(frozen=True, kw_only=True)
class Between:
    """What changed: `kept` rows at the beginning, then `order`, then `rest` rows at the end.

    `order` holds a new sample, or the place of a row that was there before. `down` is by how many
    lines the rest has moved.
    """

    kept: int
    order: Sequence[Sample | int]
    rest: int
    down: int


@dataclass(frozen=True, kw_only=True)
class _Part(Opened):
    """Some lines of a file as if they were one."""

    content: bytes

    def open(self) -> BinaryIO:
        """The lines from the start."""
        return io.BytesIO(self.content)


def lines_of(source: Source, rows: int | None = None) -> Lines | None:
    """The lines of a source; None where lines and its `rows` are not one to one."""
    reader = source.reader
    if not isinstance(reader, Delimited | JsonObjects):
        return None
    quoted = isinstance(reader, Delimited) and reader.dialect.quoted
    header = int(isinstance(reader, Delimited) and reader.dialect.header)
    form: object = reader.dialect if isinstance(reader, Delimited) else reader.keys
    if isinstance(reader, JsonObjects) and reader.array:
        return None
    with reader.opened.open() as stream, reader.encoding.open(stream) as text:
        lines = list(text)
    starts: Sequence[int] = range(1, len(lines) + 1)
    if quoted:
        lines, starts = _records(lines)
    if rows is not None and len(lines) != rows + header:
        return None
    form = (form, reader.encoding.codec)
    return Lines(text=lines, starts=starts, header=header, form=form)


def _records(lines: list[str]) -> tuple[list[str], Sequence[int]]:
    """Lines joined where a quote is open at the end of one, and where each begins."""
    records: list[str] = []
    starts: list[int] = []
    waiting: list[str] = []
    for number, line in enumerate(lines, 1):
        if not waiting:
            starts.append(number)
            if '"' not in line or line.count('"') % 2 == 0:
                records.append(line)
                continue
            waiting.append(line)
            continue
        waiting.append(line)
        if line.count('"') % 2:
            records.append("".join(waiting))
            waiting = []
    return [*records, *["".join(waiting)] * bool(waiting)], starts


def between(
    source: Source, plan: Plan, before: Lines, now: Lines, *, labels: AbstractSet[str]
) -> Between | None:
    """The rows of the lines that changed; None where the whole file has to be read.

    `labels` are those of the rows before.
    """
    if now.form != before.form or plan.image is not None:
        return None
    start, end = _common(before.text, now.text)
    if start < now.header:
        return None
    changed = now.text[start : len(now.text) - end]
    places: dict[str, list[int]] = {}
    for at in range(len(before.text) - end - 1, start - 1, -1):
        places.setdefault(before.text[at], []).append(at - before.header)
    order: list[Sample | int] = []
    fresh: list[str] = []
    for line in changed:
        known = places.get(line)
        order.append(known.pop() if known else -1)
        if order[-1] == -1:
            fresh.append(line)
    if any(not line.strip() or line.count('"') % 2 or "\0" in line for line in fresh):
        return None
    samples = _parsed(source, plan, now.text[: now.header], fresh, labels) if fresh else []
    if samples is None:
        return None
    new = iter(samples)
    order = [next(new) if one == -1 else one for one in order]
    down = now.starts[-end] - before.starts[-end] if end else 0
    return Between(kept=start - now.header, order=order, rest=end, down=down)


def _common(before: Sequence[str], now: Sequence[str]) -> tuple[int, int]:
    """How many lines are equal at the beginning, and after those at the end."""
    most = min(len(before), len(now))
    start = 0
    while start < most and before[start] == now[start]:
        start += 1
    end = 0
    while end < most - start and before[-1 - end] == now[-1 - end]:
        end += 1
    return start, end


def _parsed(
    source: Source,
    plan: Plan,
    header: Sequence[str],
    lines: Sequence[str],
    labels: AbstractSet[str],
) -> list[Sample] | None:
    """One sample a line; None where a line is none, or says something that is new to the plan."""
    reader = source.reader
    assert isinstance(reader, Delimited | JsonObjects)
    content = "".join([*header, *lines]).encode(reader.encoding.codec)
    opened = reader.opened
    part = _Part(
        name=opened.name, path=opened.path, packed=False, head=content[:1024], content=content
    )
    report = Report()
    try:
        found = replace(source, reader=replace(reader, opened=part))
        samples = [one for batch in read_samples(found, plan, report=report) for one in batch]
    except Refusal:
        return None
    if len(samples) != len(lines) or report.notices:
        return None
    known = plan.rules.spellings
    if plan.output is not Output.NUMBER and any(
        fold(name) not in known and name not in labels
        for one in samples
        for name in label_names(one.label)
    ):
        return None
    return samples
