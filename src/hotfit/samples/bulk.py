"""A whole file of samples for a function that is there: what can be kept is, and each row is told.

Nothing is replaced: a sample that is there already stays, and takes the file's label where it had
none. All of it is one transaction; a file that cannot be read changes nothing.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hotfit.errors import Refusal
from hotfit.functions import functions
from hotfit.functions.functions import Function
from hotfit.functions.labels import labels_of
from hotfit.inputs.known import plan_known
from hotfit.inputs.plan import Plan, plan
from hotfit.inputs.report import Report
from hotfit.inputs.samples import read_samples
from hotfit.inputs.source import Source, open_source
from hotfit.samples import imports
from hotfit.samples.annotations import annotate
from hotfit.samples.screening import KEPT_ROWS, Screened, Told, screen
from hotfit.store.blobs import Blobs
from hotfit.store.sessions import Store, Writing
from hotfit.types import Input, Picture, Sample

ORIGIN = "import"
"""Where samples are said to come from that were brought in by file."""

IN_MEMORY = 64 << 20
"""Bytes of a file up to which it is read before the transaction starts, so that others can write
meanwhile."""

ID_COLUMNS = frozenset({"externalid", "external_id"})


class FileRefused(Refusal):
    """A file that was sent cannot be read as samples of the function."""

    def __init__(self, *, reason: str, name: str) -> None:
        super().__init__(reason)
        self._name = name

    @property
    def name(self) -> str:
        """The name of what was wrong with the file."""
        return self._name


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What became of the rows of a file.

    `rows` = `added` + `known` + `refused`; `labelled` counts known samples that took the file's
    label. `change` is the last change it was written down under.
    """

    change: int
    rows: int
    added: int
    known: int
    labelled: int
    refused: int
    notes: tuple[str, ...]
    problems: tuple[Told, ...]


def bring_in(
    store: Store,
    function: Function,
    file: Path,
    *,
    author: str,
    blobs: Blobs,
    target: str | None = None,
) -> Brought:
    """Add the samples of a file; `target` names its column of answers.

    Raises FileRefused, whose sentence says `the file` where the path stood.
    """
    with about_the_file(file):
        return _bring_in(store, function, file, author=author, blobs=blobs, target=target)


@contextmanager
def about_the_file(file: Path) -> Iterator[None]:
    """Raise FileRefused for what is wrong with a file that was sent, without saying its path."""
    try:
        yield
    except Refusal as refusal:
        if refusal.status != Refusal.status:
            raise  # about something else, such as a name that is taken
        reason = str(refusal).replace(str(file), "the file").replace(str(file.parent), "the file")
        raise FileRefused(reason=reason, name=refusal.name) from refusal


def _bring_in(
    store: Store, function: Function, file: Path, *, author: str, blobs: Blobs, target: str | None
) -> Brought:
    source = replace(open_source(file), name="the file")
    with store.read() as session:
        labels = [label.name for label in labels_of(session, function.id)]
    reading, first = _plan(function, source, labels, target)
    report, found = Report(), Screened()
    batches = read_samples(source, reading, report=report, known=blobs.has, lenient=True)
    if file.stat().st_size <= IN_MEMORY:
        batches = iter([kept(batch, blobs) for batch in batches])
    with store.write() as session:
        change = _describe(session, function, reading, source) if first else 0
        fresh = screen(session, function, batches, found)
        done = imports.append(session, function.id, ORIGIN, fresh, author=author, blobs=blobs)
        change = max(change, done.change)
        if found.labels:
            change = annotate(session, function.id, list(found.labels.items()), author=author)
    return brought_by(change, done.added, found, report, reading)


def _plan(
    function: Function, source: Source, labels: list[str], target: str | None
) -> tuple[Plan, bool]:
    """How the file is read, and whether the function learns its fields from it."""
    if target is not None and target not in source.columns:
        raise TargetUnknown(target=target, columns=source.columns)
    first = function.input is Input.TABULAR and not function.fields
    if first:
        guessed = plan(source, target=target, output=function.output, trainable=False)
        if guessed.input is not Input.TABULAR:
            raise NoTableFound(found=guessed.input)
        return guessed, True
    known = plan_known(
        source,
        input=function.input,
        output=function.output,
        text=function.plan.get("text") or _called_text(source),
        image=function.plan.get("image"),
        fields=function.fields,
        target=target or function.target,
        labels=labels,
    )
    named = [name for name in source.columns if name.casefold() in ID_COLUMNS]
    used = {known.text, known.image, known.target, *(one.name for one in known.fields)}
    usable = next((name for name in named if name not in used), known.id)
    return replace(known, id=usable), False


def _called_text(source: Source) -> str | None:
    """A column whose name says what it holds, whatever it holds: one row may be all there is."""
    return next((name for name in source.columns if name.casefold() == "text"), None)


class TargetUnknown(Refusal):
    """The file has no column of the name that was given."""

    def __init__(self, *, target: str, columns: tuple[str, ...]) -> None:
        told = ", ".join(repr(name[:60]) for name in columns[:20])
        super().__init__(f"the file has no column {target[:60]!r}; its columns are {told}.")


class NoTableFound(Refusal):
    """A function of tables was sent a file of something else."""

    def __init__(self, *, found: Input) -> None:
        super().__init__(
            f"the file reads as {found.value} and the function is given rows; add its fields "
            "first, or send a file with more columns."
        )


def _describe(session: Writing, function: Function, reading: Plan, source: Source) -> int:
    told: Mapping[str, Any] = {"source": source.name, "notes": list(reading.notes)}
    return functions.describe(
        session, function.id, target=reading.target, fields=reading.fields, plan=told
    ).change


def kept(batch: list[Sample], blobs: Blobs) -> list[Sample]:
    """The same samples, their images kept now: a file that waits for no transaction."""
    for sample in batch:
        if isinstance(sample.data, Picture):
            blobs.put(sample.data.read())
    return batch


def brought_by(change: int, added: int, found: Screened, report: Report, reading: Plan) -> Brought:
    """What became of a file, from what was found while it was read."""
    unread = [Told(row=one.row, reason=one.what) for one in report.notices]
    left_out = report.counts["rows"] + report.counts["files left out"] - found.rows
    problems = sorted([*unread, *found.told], key=lambda one: one.row)
    return Brought(
        change=change,
        rows=found.rows + left_out,
        added=added,
        known=found.known,
        labelled=len(found.labels),
        refused=found.refused + left_out,
        notes=tuple(dict.fromkeys([*reading.notes, *report.notes])),
        problems=tuple(problems[:KEPT_ROWS]),
    )
