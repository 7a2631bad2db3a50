"""A function as the library hands it out: call it, read what is known about it, teach it more."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from hotfit.app import App
from hotfit.errors import Refusal
from hotfit.functions import functions, versions
from hotfit.functions.findings import open_counts
from hotfit.functions.functions import Function as Record
from hotfit.functions.trained import TrainedFunction
from hotfit.functions.verdicts import version_shown
from hotfit.functions.versions import NothingBefore, Version, VersionMissing
from hotfit.local.addresses import opened_with
from hotfit.local.asking import checked_many, checked_pair, parse
from hotfit.local.curated import Curated
from hotfit.local.evaluating import evaluate
from hotfit.local.exports import Exports, Prepares
from hotfit.local.report import describe
from hotfit.samples import imports
from hotfit.samples.counts import count_by_label
from hotfit.samples.rows import read_rows
from hotfit.serving.explaining import Explanation, Opened, explain, open_explainer
from hotfit.store.artifacts import unpack
from hotfit.training.run import run
from hotfit.types import Answer, Data, Field, Input, Label, Output, Sample


class NotTrained(Refusal):
    """A function has no version that could answer."""

    status = 409

    def __init__(self, *, name: str, searches: bool = False) -> None:
        told = (
            "only searches; ask `hotfit similar` instead."
            if searches
            else "has no trained version yet; fit it on labelled examples first."
        )
        super().__init__(f"{name!r} {told}")


class Function(Curated, Exports):
    """A named ML function of a home.

    Calling it answers one input; `predict` answers many. What it says of itself is as of its last
    training: `verdict`, `findings`, `labels`, `report()`.
    """

    def __init__(self, app: App, record: Record, *, prepare: Prepares | None = None) -> None:
        self._app = app
        self._record = record
        self._prepare = prepare

    def __repr__(self) -> str:
        return f"Function({self.name!r}, {self.input.value} -> {self.output.value})"

    @property
    def name(self) -> str:
        """The function's name."""
        return self._record.name

    @property
    def input(self) -> Input:
        """What the function is given."""
        return self._record.input

    @property
    def output(self) -> Output:
        """What the function answers."""
        return self._record.output

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields of a table's row."""
        return self._record.fields

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels it may answer."""
        return self._trained.labels

    @property
    def verdict(self) -> Mapping[str, Any]:
        """Can ML do this? `answer`, `estimate`, `low`, `high`, `baseline`, `next_steps`, ..."""
        return dict(self._version.verdict)

    def __call__(self, data: Data) -> Answer:
        """Answer one input: a text, or a row as a value by field name."""
        return self.predict([data])[0]

    def predict(self, data: Iterable[Data]) -> list[Answer]:
        """Answer many inputs, in order."""
        inputs = checked_many(self._record, data)
        if self._prepare is not None:
            inputs = [self._prepare(each) for each in inputs]
        return self._trained.answer(inputs)

    def parse(self, lines: Sequence[str]) -> list[Data]:
        """Read lines of text or JSON as inputs of this function."""
        return parse(self._record, lines)

    def evaluate(self, source: object, *, target: str | None = None) -> dict[str, Any]:
        """Score the function on labelled examples it has not seen; raise LeakingScore else."""
        with self._app.store.read() as session:
            rows = read_rows(session, self._record.id, blobs=self._app.blobs)
        trained_on = frozenset(
            key
            for key, answer, split in zip(rows.hashes, rows.answers, rows.splits, strict=True)
            if answer is not None and split != "test"
        )
        with opened_with(self._app.settings, source) as opened:
            return evaluate(
                self._record,
                self._trained,
                trained_on,
                opened,
                target=target,
                prepare=self._prepare,
            )

    def explain(self, data: Data, *, label: str | None = None, count: int = 10) -> Explanation:
        """Which training samples pushed the answer to one input, and what it would be without them.

        `label` asks about another label than the one that is answered. Raises RollMissing where
        the version does not say what it was trained on, LabelUnasked.
        """
        data = checked_many(self._record, [data])[0]
        if self._prepare is not None:
            data = self._prepare(data)
        return explain(
            self._app.store, self._app.blobs, self._opened, data, label=label, count=count
        )

    def add(self, samples: Iterable[tuple[Data, Label | None]], *, tuned: bool = False) -> None:
        """Keep more samples with their labels (None: not known), and learn from them at once."""
        pairs = (checked_pair(self._record, each) for each in samples)
        new = [
            Sample(number=number, data=data, label=label)
            for number, (data, label) in enumerate(pairs, start=1)
        ]
        with self._app.store.write() as session:
            imports.add(session, self._record.id, new, author="library", blobs=self._app.blobs)
        self.train(tuned=tuned)

    def train(self, *, tuned: bool = True) -> None:
        """Train on the samples as they are now; what was encoded before is not encoded again."""
        for _ in run(self._app.bench(), self._record, tuned=tuned):
            pass
        self._forget()

    def versions(self) -> list[Version]:
        """The versions there are, newest first; instant ones that came between are dropped."""
        with self._app.store.read() as session:
            return versions.history(session, self._record.id)

    def version_reports(self) -> list[dict[str, Any]]:
        """What `hotfit versions --json` prints: the versions, and which of them answers."""
        with self._app.store.read() as session:
            record = functions.get(session, self._record.id)
            found = versions.history(session, record.id)
        return [version_shown(record, each) for each in found]

    def promote(self, version: Version | str | int) -> Version:
        """Let a version (also by number or identifier) answer, and pin it.

        Training goes on and publishes newer versions, which answer after `unpin`. Raises
        VersionMissing, and whatever keeps the version from being loaded.
        """
        given = version.id if isinstance(version, Version) else str(version)
        with self._app.store.read() as session:
            found = versions.find_version(session, self._record.id, given)
        if found is None:
            raise VersionMissing(function=self.name, given=given)
        self._load(found)
        with self._app.store.write() as session:
            versions.make_live(session, self._record.id, found.id)
        self._forget()
        return found

    def rollback(self) -> Version:
        """Promote the version before the one that answers; raise NothingBefore."""
        with self._app.store.read() as session:
            found = versions.version_before(session, self._record.id)
        if found is None:
            raise NothingBefore(function=self.name)
        return self.promote(found)

    def unpin(self) -> None:
        """Let the newest version answer, and every newer one after it."""
        with self._app.store.write() as session:
            versions.unpin(session, self._record.id)
        self._forget()

    def delete(self) -> None:
        """Delete the function with its samples and versions."""
        with self._app.store.write() as session:
            functions.remove(session, self._record.id)

    def report(self) -> dict[str, Any]:
        """Everything `hotfit show --json` prints."""
        with self._app.store.read() as session:
            counts = count_by_label(session, self._record.id)
            live = versions.live_version(session, self._record.id)
            found = open_counts(session, self._record.id)
        return describe(self._record, counts, live, findings=found)

    def _forget(self) -> None:
        """Let the next call see the newest version."""
        with self._app.store.read() as session:
            self._record = functions.get(session, self._record.id)
        for name in ("_version", "_trained", "_opened", "_curation"):
            self.__dict__.pop(name, None)

    @cached_property
    def _version(self) -> Version:
        with self._app.store.read() as session:
            live = versions.live_version(session, self._record.id)
        if live is None:
            raise NotTrained(name=self.name, searches=self.output is Output.SEARCH)
        return live

    @cached_property
    def _trained(self) -> TrainedFunction:
        return self._load(self._version)

    @cached_property
    def _opened(self) -> Opened:
        app = self._app
        return open_explainer(app.store, app.blobs, self._record, self._version, self._trained)

    def _load(self, version: Version) -> TrainedFunction:
        state = unpack(self._app.blobs.get(version.artifact))
        return TrainedFunction.load(state, open_encoder=self._app.open_encoder)
