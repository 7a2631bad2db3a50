"""A home: the folder where functions, samples, vectors and versions live."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from hotfit.app import App
from hotfit.app.choosing import NO_NETWORK
from hotfit.encoders import PIXELS
from hotfit.errors import Refusal
from hotfit.functions import functions
from hotfit.functions.functions import Function as Record
from hotfit.functions.names import name_after
from hotfit.functions.preferences import prefer
from hotfit.inputs.plan import Plan, plan
from hotfit.inputs.report import Report
from hotfit.inputs.samples import read_samples
from hotfit.inputs.source import Source
from hotfit.local.addresses import opened_with
from hotfit.local.encoders import Encoders
from hotfit.local.function import Function
from hotfit.local.moving import read_archive
from hotfit.local.wishes import goal_of
from hotfit.samples import imports
from hotfit.settings import Settings
from hotfit.training.bench import Report as Progress
from hotfit.training.bench import silent
from hotfit.training.run import run
from hotfit.types import Input, Output, Sample, Vectors

ORIGIN = "fit"
"""Where samples of a fitted source are said to come from; the next fit replaces these alone."""


class OtherFunction(Refusal):
    """A name is taken by a function of another kind."""

    status = 409

    def __init__(self, *, name: str, is_now: str, would_be: str) -> None:
        super().__init__(
            f"{name!r} is a function {is_now}, and this source makes one {would_be}; "
            f"give it another name with --name, or delete the old one: hotfit delete {name}"
        )


class Home:
    """Functions and all that belongs to them, in one folder or one database."""

    def __init__(self, app: App) -> None:
        self.app = app

    @classmethod
    def open(cls, folder: Path | str | None = None) -> "Home":
        """Open the home at `folder`, else the one that the environment or the platform names."""
        return cls(App(Settings() if folder is None else Settings(home=Path(folder))))

    def fit(
        self,
        source: object,
        *,
        name: str | None = None,
        target: str | None = None,
        inputs: Sequence[str] | None = None,
        output: Output | None = None,
        together: Sequence[str] | None = None,
        tuned: bool = True,
        min_precision: float | None = None,
        min_recall: float | None = None,
        encoder: str | None = None,
        max_latency_ms: float | None = None,
        progress: Progress = silent,
    ) -> Function:
        """Make, or make anew, the function that `source` describes, and train it.

        What an earlier fit brought in is replaced; samples added otherwise stay. Everything is
        kept before training starts. Tags are present from the score on that keeps `min_precision`
        or `min_recall`, else from that of the best F1. Rows of one value of a column in `together`
        are held out together, so that the score is of new values; none lets go of those held so
        before. `encoder` pins the encoder that reads the samples (`auto` leaves it to training
        again), `max_latency_ms` is what it may take for a call. Raises a Refusal that says what is
        wrong with the source; nothing is changed then.
        """
        started = time.monotonic()
        with opened_with(self.app.settings, source) as opened:
            reading = plan(
                opened, target=target, inputs=inputs, output=output, together=together or ()
            )
            goal = goal_of(reading.output, min_precision=min_precision, min_recall=min_recall)
            self._check(encoder, reading.input)
            named = name_after(opened.name) if name is None else name
            record = self._import(
                opened, reading, named, goal=goal, tied=together is not None, progress=progress
            )
        record = self._prefer(record, encoder, max_latency_ms)
        for _ in run(self.app.bench(progress), record, tuned=tuned, since=started):
            pass
        return self.load(record.id)

    def retrain(
        self,
        name: str,
        *,
        encoder: str | None = None,
        max_latency_ms: float | None = None,
        tuned: bool = True,
        progress: Progress = silent,
    ) -> Function:
        """Train a function on the samples it has, by another encoder or latency if one is given."""
        started = time.monotonic()
        with self.app.store.read() as session:
            record = functions.get(session, name)
        self._check(encoder, record.input)
        record = self._prefer(record, encoder, max_latency_ms)
        for _ in run(self.app.bench(progress), record, tuned=tuned, since=started):
            pass
        return self.load(record.id)

    def has(self, name: str) -> bool:
        """Whether there is a function of this name or identifier."""
        with self.app.store.read() as session:
            return functions.find(session, name) is not None

    @cached_property
    def encoders(self) -> Encoders:
        """The encoders this home may use."""
        return Encoders(self.app)

    def load(self, name: str) -> Function:
        """The function of this name or identifier; raise FunctionUnknown."""
        with self.app.store.read() as session:
            return Function(self.app, functions.get(session, name))

    def import_function(self, file: Path | str, *, name: str | None = None) -> Function:
        """Make the function that `Function.export` wrote to a file; it answers the same."""
        return self.load(read_archive(self.app, Path(file), name=name).id)

    def functions(self) -> list[Function]:
        """All functions, by name."""
        with self.app.store.read() as session:
            return [Function(self.app, record) for record in functions.all_functions(session)]

    def encode(self, values: Sequence[str], *, encoder: str | None = None) -> Vectors:
        """Encode texts, float32, shape (n, dimensions)."""
        return self.app.open_encoder(encoder or self.app.encoders[Input.TEXT]).encode(values)

    def _check(self, encoder: str | None, kind: Input) -> None:
        """Refuse an encoder that cannot read this kind of input, or cannot be had."""
        if encoder is not None and encoder != "auto":
            self.encoders.checked(encoder, kind)
            self.app.open_encoder(encoder)

    def _prefer(self, record: Record, encoder: str | None, max_latency_ms: float | None) -> Record:
        if encoder is None and max_latency_ms is None:
            return record
        with self.app.store.write() as session:
            return prefer(session, record.id, encoder=encoder, max_latency_ms=max_latency_ms)

    def _said(self, reading: Plan) -> list[str]:
        """What is worth saying about the encoder that will read this source."""
        pixels = reading.input is Input.IMAGE and self.app.encoders[Input.IMAGE] == PIXELS.name
        return [NO_NETWORK] if pixels else []

    def _import(
        self,
        opened: Source,
        reading: Plan,
        name: str,
        *,
        goal: Mapping[str, float],
        tied: bool,
        progress: Progress,
    ) -> Record:
        """Keep the samples of a source and how it was read, all in one transaction."""
        report = Report()
        with self.app.store.write() as session:
            record = functions.find(session, name) or functions.create(
                session, name=name, input=reading.input, output=reading.output
            )
            if (record.input, record.output) != (reading.input, reading.output):
                raise OtherFunction(
                    name=name,
                    is_now=f"from {record.input} to {record.output}",
                    would_be=f"from {reading.input} to {reading.output}",
                )
            read = read_samples(opened, reading, report=report, known=self.app.blobs.has)
            batches = _counted(read, progress)
            imports.replace(session, record.id, ORIGIN, batches, blobs=self.app.blobs)
            notes = [*reading.notes, *report.notes, *self._said(reading)]
            held = functions.held_together(record.plan, reading.together) if tied else {}
            return functions.describe(
                session,
                record.id,
                target=reading.target,
                fields=reading.fields,
                plan={
                    "goal": dict(goal),
                    "source": opened.name,
                    "text": reading.text,
                    "image": reading.image,
                    "notes": list(dict.fromkeys(notes)),
                    **held,
                },
            )


def _counted(batches: Iterable[list[Sample]], progress: Progress) -> Iterator[list[Sample]]:
    read = 0
    for batch in batches:
        yield batch
        read += len(batch)
        progress("reading", read, 0)
