"""A function made from a file: what is asked of the file is guessed and said, or told by a person.

Looking at a file keeps nothing. Starting a function is one transaction: a file that cannot be read
makes no function.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from hotfit.errors import Refusal
from hotfit.functions import functions
from hotfit.functions.functions import Function
from hotfit.inputs.plan import Plan, plan
from hotfit.inputs.report import Report
from hotfit.inputs.samples import read_samples
from hotfit.inputs.source import Row, Source, open_source
from hotfit.samples import imports
from hotfit.samples.bulk import IN_MEMORY, ORIGIN, Brought, about_the_file, brought_by, kept
from hotfit.samples.screening import Screened, sound_only
from hotfit.store.blobs import Blobs
from hotfit.store.sessions import Store
from hotfit.types import Output

FIRST_ROWS = 20
"""Rows that are shown of a file."""


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What a person said about a file; None leaves it to be guessed.

    With `label_later`, rows need no answers yet, and a file without any is taken too.
    """

    target: str | None = None
    inputs: Sequence[str] | None = None
    output: Output | None = None
    label_later: bool = False


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a file holds: how it would be read, its first rows, and what keeps it from training."""

    source: Source
    plan: Plan
    rows: Sequence[Row]
    problem: str | None


def look_at(file: Path, wishes: Wishes) -> Look:
    """See how a file would be read; raise FileRefused where it cannot be read at all."""
    with about_the_file(file):
        source, problem = _open(file), None
        try:
            reading = _plan(source, wishes)
        except Refusal as refusal:
            reading = _plan(source, replace(wishes, label_later=True))
            problem = str(refusal).replace(str(file), "the file")
        return Look(
            source=source,
            plan=reading,
            rows=list(islice(source.rows(), FIRST_ROWS)),
            problem=problem,
        )


def start(
    store: Store, file: Path, *, name: str, wishes: Wishes, author: str, blobs: Blobs
) -> tuple[Function, Brought]:
    """Make a function of the samples of a file; training follows as after any other change.

    Raises NameRefused or NameTaken, and FileRefused, whose sentence says `the file`.
    """
    with about_the_file(file):
        source = _open(file)
        reading = _plan(source, wishes)
        report, found = Report(), Screened()
        batches = read_samples(source, reading, report=report, known=blobs.has, lenient=True)
        if file.stat().st_size <= IN_MEMORY:
            batches = iter([kept(batch, blobs) for batch in batches])
        with store.write() as session:
            made = functions.create(session, name=name, input=reading.input, output=reading.output)
            done = imports.append(
                session, made.id, ORIGIN, sound_only(batches, found), author=author, blobs=blobs
            )
            notes = list(dict.fromkeys([*reading.notes, *report.notes]))
            told: dict[str, Any] = {
                "goal": {},
                "source": source.name,
                "text": reading.text,
                "image": reading.image,
                "notes": notes,
            }
            made = functions.describe(
                session, made.id, target=reading.target, fields=reading.fields, plan=told
            )
    return made, brought_by(made.change, done.added, found, report, reading)


def _open(file: Path) -> Source:
    return replace(open_source(file), name="the file")


def _plan(source: Source, wishes: Wishes) -> Plan:
    later = Output.CLASSIFICATION if wishes.label_later else None
    return plan(
        source,
        target=wishes.target,
        inputs=wishes.inputs or None,
        output=wishes.output or later,
        trainable=not wishes.label_later,
    )
