"""What a function knows of its samples: findings, statistics, what is alike, what to label next."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from hotfit.app import App
from hotfit.functions import functions, versions
from hotfit.functions.findings import Finding, Status, as_finding, list_findings
from hotfit.functions.forecasts import forecast
from hotfit.functions.functions import Function as Record
from hotfit.functions.learning import newest_learned, unlearned
from hotfit.local.asking import checked
from hotfit.local.curating import Alike, Curation, Narrowed, Queue, at_row, contents
from hotfit.local.ruling import Ruling, rule
from hotfit.samples import repairing
from hotfit.samples.answering import Stated
from hotfit.samples.findings import check_kind, shown, summary
from hotfit.samples.repairing import FindingMissing
from hotfit.samples.statistics import statistics_of
from hotfit.types import Data

Settles = Callable[..., tuple[Finding, int]]
"""Settles one finding in a session; returns it and the change that it was."""


class Curated(ABC):
    """The part of a function that looks at its samples and repairs them."""

    _app: App
    _record: Record

    @abstractmethod
    def train(self, *, tuned: bool = True) -> None:
        """Train on the samples as they are now."""

    @abstractmethod
    def _forget(self) -> None:
        """Let the next call see the newest version."""

    @property
    def findings(self) -> Sequence[Finding]:
        """What in the data is worth a look, as of the last examination; settled ones too."""
        with self._app.store.read() as session:
            return list_findings(session, self._record.id)

    def finding_reports(
        self, *, kind: str | None = None, status: Status | None = None
    ) -> list[dict[str, Any]]:
        """What `hotfit findings --json` prints: each finding with the rows it speaks of."""
        if kind is not None:
            check_kind(kind)
        with self._app.store.read() as session:
            found = list_findings(session, self._record.id, kind=kind, status=status)
            return shown(session, found)

    def finding_summary(self, *, first: int | None = None) -> list[dict[str, Any]]:
        """How many findings of each kind there are, and how many (of the `first`) are wrong."""
        with self._app.store.read() as session:
            return summary(session, self._record.id, first=first)

    def contents(self, samples: Sequence[str | int]) -> dict[str, Any]:
        """What samples hold, by identifier; an image by the SHA-256 of its file."""
        return contents(self._app, self._record, samples)

    def accept(self, finding: str, *, label: str | None = None) -> dict[str, Any]:
        """Make the fix of a finding and learn from it; with `label`, that is the right one."""
        return self.settle(accept=[finding], label=label)[0]

    def dismiss(self, finding: str) -> dict[str, Any]:
        """Say that a finding is none; it stays dismissed through every training."""
        return self.settle(dismiss=[finding])[0]

    def undo(self, finding: str) -> dict[str, Any]:
        """Open a finding again, take its fix back and unlearn it."""
        return self.settle(undo=[finding])[0]

    def settle(
        self,
        *,
        accept: Sequence[str] = (),
        dismiss: Sequence[str] = (),
        undo: Sequence[str] = (),
        label: str | None = None,
    ) -> list[dict[str, Any]]:
        """Settle several findings, all or none, and learn from what that changed once.

        `label` is the right one of those that are accepted.
        """
        said = None if label is None else Stated(name=label)
        steps: list[tuple[str, Settles]] = [
            *((each, partial(repairing.accept, said=said)) for each in accept),
            *((each, repairing.dismiss) for each in dismiss),
            *((each, repairing.undo) for each in undo),
        ]
        with self._app.store.write() as session:
            settled = []
            for finding, how in steps:
                number = as_finding(finding)
                if number is None:
                    raise FindingMissing(given=finding)
                record = functions.get(session, self._record.id)
                settled.append(how(session, record, number, author="library")[0])
            reports = shown(session, settled)
        self._learn_again()
        return reports

    def _learn_again(self) -> None:
        """Learn what was changed, as deeply as the function was ever trained."""
        with self._app.store.read() as session:
            learned = newest_learned(session, self._record.id)
            behind = unlearned(session, self._record.id, since=learned)
            deep = any(one.build != "instant" for one in versions.history(session, self._record.id))
        if behind:
            self._forget()
            self.train(tuned=deep)

    def statistics(self) -> dict[str, Any]:
        """How each label fares, what is confused, what samples are like, change over time."""
        with self._app.store.read() as session:
            return statistics_of(session, self._record.id)

    def similar(
        self,
        data: Data | None = None,
        *,
        sample: str | int | None = None,
        k: int = 10,
        label: str | None = None,
        sample_set: str | None = None,
        annotated: bool | None = None,
        unlike: bool = False,
    ) -> list[Alike]:
        """The samples nearest to an input, or to a sample by its identifier, nearest first.

        `label`, `sample_set` (a name or an identifier) and `annotated` say which may be found.
        `unlike` asks for the most different: from what is given, or of all. Raises SampleMissing.
        """
        query = None if data is None else checked(self._record, data)
        return self._curation.similar(
            query,
            sample=sample,
            k=k,
            narrowed=Narrowed(label=label, sample_set=sample_set, annotated=annotated),
            unlike=unlike,
        )

    def at_row(self, row: int) -> str:
        """The identifier of the sample that is row `row` of its source, from 1; raise RowUnclear.

        Findings name the rows they speak of.
        """
        return at_row(self._app, self._record, row)

    def queue(self, count: int = 10) -> Queue:
        """The samples whose labels would teach most, the most useful first.

        Spread out while little is known, unsure ones when more is, never two alike. Every answer
        so far has been learned, also one that `train` has not seen yet.
        """
        return self._curation.queue(count)

    def more_like(
        self,
        examples: Sequence[str | int],
        *,
        others: Sequence[str | int] = (),
        count: int = 10,
    ) -> Queue:
        """Samples without an answer like the `examples` (identifiers), and unlike `others`."""
        return self._curation.more_like(examples, others, count)

    def forecast(self, target: float = 0.95) -> dict[str, Any]:
        """How many labels `target` asks for, of which labels, and what more would bring."""
        with self._app.store.read() as session:
            return forecast(session, self._record, target=target)

    def label(self, file: Path | str, *, keep: bool = False) -> Ruling:
        """Let the functions and patterns of a Python file vote on labels; the file is run.

        Answers that people gave weigh the votes and are never touched. With `keep`, what is sure
        becomes the answer of samples that have none, and is learned. Raises BadPython or
        LabelFileWrong.
        """
        ruling = rule(self._app, self._record, Path(file), keep=keep)
        if keep:
            self.train(tuned=False)
        return ruling

    @cached_property
    def _curation(self) -> Curation:
        return Curation(self._app, self._record)
