"""The rows under `data/`: every sample with the file and line it stands on.

Files are read in the order of their paths, rows in the order of their files. A row that does not
fit its header is refused, not mended: in a folder somebody is there to mend it.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from hotfit.errors import Refusal
from hotfit.folders.rereading import Lines, between, lines_of
from hotfit.folders.spec import NAME, Spec
from hotfit.inputs.delimited import Delimited
from hotfit.inputs.jsonlines import JsonObjects
from hotfit.inputs.labels import BadLabel, fold
from hotfit.inputs.plan import Plan, plan
from hotfit.inputs.report import Report
from hotfit.inputs.samples import read_samples
from hotfit.inputs.source import Source, open_source
from hotfit.types import Field, Input, Kind, Sample, label_names

SUFFIXES = (".csv", ".tsv", ".jsonl", ".ndjson", ".json")


class NoData(Refusal):
    """A folder has no table of rows."""

    def __init__(self, *, folder: Path) -> None:
        super().__init__(
            f"{folder} holds no rows; put a CSV or JSONL file with a header or named members there"
        )


class BadRow(Refusal):
    """A row of a folder cannot be used; `line` counts from 1."""

    def __init__(self, *, file: str, line: int, found: str) -> None:
        super().__init__(f"{file}, line {line}: {found}; correct the row, or delete it")
        self.line = line


class OtherInput(Refusal):
    """The rows hold something else than `hotfit.toml` says the function is given."""

    def __init__(self, *, file: str, wanted: Input, found: Input) -> None:
        super().__init__(
            f"{file} holds {found.value} and {NAME} says that the function is given "
            f"{wanted.value}; name the columns that are read with inputs = [...], or correct input"
        )


@dataclass(frozen=True, kw_only=True)
class Row:
    """A sample and where it stands: `file` below the folder, `line` from 1."""

    sample: Sample
    file: str
    line: int

    @property
    def place(self) -> str:
        """Where it stands in words: `data/messages.csv:12`."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, kw_only=True)
class Table:
    """The rows of one data file, how they were read, and what was said about that.

    `lines` are its lines where each is one row, so that it can be read again by what changed.
    """

    file: str
    plan: Plan
    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    lines: Lines | None = field(default=None, repr=False)


def data_files(folder: Path) -> list[Path]:
    """The tables below `data/`, in order; hidden files and what editors leave are none."""
    inside = folder / "data"
    return [
        path
        for path in sorted(inside.rglob("*"))
        if path.suffix.lower() in SUFFIXES
        and not any(part.startswith((".", "#", "~")) for part in path.relative_to(inside).parts)
        and path.is_file()
    ]


def read_tables(
    folder: Path, spec: Spec, *, last: Mapping[str, Table] | None = None
) -> tuple[Table, ...]:
    """Read every data file; raise NoData, BadRow, OtherInput and what reading raises.

    `last` are the tables as they were read last: a file whose columns are the same is not guessed
    again, and only its lines that changed are read.
    """
    files = data_files(folder)
    if not files:
        raise NoData(folder=folder / "data")
    tables: list[Table] = []
    start = 1
    for path in files:
        known = (last or {}).get(_name(folder, path))
        table = read_table(folder, path, spec, before=tables, start=start, known=known)
        start += len(table.rows)
        tables.append(table)
    return tuple(tables)


def read_table(
    folder: Path,
    path: Path,
    spec: Spec,
    *,
    before: Sequence[Table] = (),
    start: int = 1,
    known: Table | None = None,
) -> Table:
    """Read one data file; its rows are numbered from `start`, spelt as those `before` it."""
    source, name = open_source(path), _name(folder, path)
    if known is not None and _fits(known.plan, source):
        reading = known.plan
        if (again := _reread(source, known, start)) is not None:
            return again
    else:
        reading = _plan(source, spec, before)
    report = Report()
    try:
        samples = [one for batch in read_samples(source, reading, report=report) for one in batch]
    except BadLabel as fault:
        row, said = str(fault).split(": ", 1)
        raise BadRow(file=name, line=_line(source, int(row.split()[-1])), found=said) from fault
    for notice in report.notices:
        if notice.what.startswith(("too few cells", "too many cells")):
            what = notice.what.split(", ")[0].replace(": ", " (", 1) + ")"
            raise BadRow(file=name, line=_line(source, notice.row), found=what)
    lines = _lines(source)
    rows = tuple(
        Row(sample=replace(one, number=start + at), file=name, line=lines(one.number))
        for at, one in enumerate(samples)
    )
    return Table(
        file=name,
        plan=reading,
        rows=rows,
        notes=(*reading.notes, *report.notes),
        lines=lines_of(source, len(rows)),
    )


def _reread(source: Source, known: Table, start: int) -> Table | None:
    """The table with its changed lines read anew; None where it has to be read whole."""
    now = None if known.lines is None else lines_of(source)
    if now is None or known.lines is None:
        return None
    labels = {name for row in known.rows for name in label_names(row.sample.label)}
    found = between(source, known.plan, known.lines, now, labels=labels)
    if found is None:
        return None
    rows, end = known.rows, len(known.rows) - found.rest
    first = rows[0].sample.number if rows else start
    kept = _placed(rows[: found.kept], start, 0, moved=start != first)
    lines = now.starts[now.header + found.kept :]
    fresh = [
        _put(rows[one].sample if isinstance(one, int) else one, known.file, number, line)
        if not isinstance(one, int) or (rows[one].sample.number, rows[one].line) != (number, line)
        else rows[one]
        for number, (line, one) in enumerate(
            zip(lines, found.order, strict=False), start + found.kept
        )
    ]
    moved = start != first or found.down != 0 or len(kept) + len(fresh) != end
    rest = _placed(rows[end:], start + found.kept + len(fresh), found.down, moved=moved)
    return replace(known, rows=(*kept, *fresh, *rest), lines=now)


def _placed(rows: Sequence[Row], number: int, shift: int, *, moved: bool) -> Sequence[Row]:
    """Rows numbered from `number` on and so many lines further down; the same where none moved."""
    if not moved:
        return rows
    return [
        _put(row.sample, row.file, number + at, row.line + shift) for at, row in enumerate(rows)
    ]


def _put(sample: Sample, file: str, number: int, line: int) -> Row:
    """A sample at another place; made outright, as this is done for thousands at every save."""
    placed = Sample(
        number=number,
        data=sample.data,
        label=sample.label,
        split=sample.split,
        external_id=sample.external_id,
    )
    return Row(sample=placed, file=file, line=line)


def _name(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()


def _fits(known: Plan, source: Source) -> bool:
    """Whether a source still has the columns that a plan was made for."""
    return tuple(column.name for column in known.columns) == source.columns


def _plan(source: Source, spec: Spec, before: Sequence[Table]) -> Plan:
    first = before[0].plan if before else None
    inputs = spec.inputs or (_inputs(first) if first else ())
    found = plan(
        source,
        target=spec.target or (first.target if first else None),
        inputs=inputs or None,
        output=spec.output,
        together=spec.together,
        trainable=False,
    )
    spellings = {fold(label): label for label in spec.labels}
    for table in before:
        spellings = {**table.plan.rules.spellings, **spellings}
    rules = replace(
        found.rules,
        spellings={**found.rules.spellings, **spellings},
        real=found.rules.real | {fold(label) for label in spec.labels},
    )
    return replace(_as_said(found, source, spec), rules=rules, id=spec.id or found.id)


def _inputs(first: Plan) -> tuple[str, ...]:
    one = first.text or first.image
    return (one,) if one else tuple(each.name for each in first.fields)


def _as_said(found: Plan, source: Source, spec: Spec) -> Plan:
    """The plan with the input and the kinds that `hotfit.toml` states; raise OtherInput."""
    if spec.input is Input.TABULAR and found.input is Input.TEXT and found.text is not None:
        found = replace(
            found,
            input=Input.TABULAR,
            text=None,
            fields=(Field(name=found.text, kind=Kind.TEXT),),
        )
    elif spec.input is Input.TEXT and found.input is Input.TABULAR and len(found.fields) == 1:
        found = replace(found, input=Input.TEXT, text=found.fields[0].name, fields=())
    if found.input is not spec.input:
        raise OtherInput(file=source.name, wanted=spec.input, found=found.input)
    kinds = spec.kinds
    fields = tuple(replace(f, kind=kinds.get(f.name, f.kind)) for f in found.fields)
    return replace(found, fields=fields)


class _Lines:
    """The line on which each row of a file begins."""

    def __init__(self, starts: Sequence[int] | None, first: int) -> None:
        self._starts = starts
        self._first = first

    def __call__(self, number: int) -> int:
        if self._starts is None:
            return number + self._first - 1
        return self._starts[number - 1] if number <= len(self._starts) else number + self._first - 1


def _lines(source: Source) -> _Lines:
    """Counted only where rows and lines part: a cell with a line end in it, or blank lines."""
    reader = source.reader
    first = 1
    if isinstance(reader, Delimited):
        first = 2 if reader.dialect.header else 1
        with reader.opened.open() as stream, reader.encoding.open(stream) as text:
            content = text.read()
        if '"' not in content and "\n\n" not in content and "\r\n\r\n" not in content:
            return _Lines(None, first)
        return _Lines(list(_starts(content, reader)), first)
    if isinstance(reader, JsonObjects) and not reader.array:
        with reader.opened.open() as stream, reader.encoding.open(stream) as text:
            lines = enumerate(text, 1)
            return _Lines([at for at, line in lines if line.strip(" \t\r\n\ufeff\0")], first)
    return _Lines(None, first)


def _starts(content: str, reader: Delimited) -> Iterator[int]:
    """The first line of every record below the header."""
    lines = reader.dialect.records(io.StringIO(content, newline=""))
    before, skip = 0, reader.dialect.header
    for record in lines:
        start, before = before + 1, lines.line_num
        if not record or (record == [""] and len(reader.columns) > 1):
            continue
        if skip:
            skip = False
            continue
        yield start


def _line(source: Source, number: int) -> int:
    return _lines(source)(number)
