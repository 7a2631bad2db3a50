"""A folder's function in its home, taught what each save changed.

Rows are compared in memory; only what differs is written and learned. Whatever a save gets wrong,
the last good version goes on answering.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from hotfit.dev.matching import Edits, Kept, edits_between
from hotfit.dev.steps import Step, flips_between
from hotfit.dev.testing import Watched
from hotfit.errors import HotfitError, Unavailable
from hotfit.folders import Folder
from hotfit.folders.rows import Table, data_files
from hotfit.functions import functions
from hotfit.functions.functions import Function as Record
from hotfit.functions.versions import Version, live_version
from hotfit.local.folders import keep, open_home, reading_by
from hotfit.local.home import ORIGIN, Home
from hotfit.local.tested import ids_of_rows
from hotfit.samples import imports
from hotfit.samples.adding import remove
from hotfit.samples.restating import restate
from hotfit.store.content import content_hash
from hotfit.store.vectors import missing
from hotfit.training.bench import Bench
from hotfit.training.held_out import HeldOut
from hotfit.training.live import Learner, open_learner
from hotfit.types import Input, Sample

AUTHOR = "folder"

SHOWN = 80
"""Characters of a row that are told."""

ATTEMPTS = 20
"""Readings of a folder that may be spoilt by somebody who writes to it."""

UNCHANGED = "nothing to learn: every row is as it was"


class Unsettled(Unavailable):
    """A folder was written to all the while it was read."""

    def __init__(self, *, folder: Path) -> None:
        super().__init__(f"{folder} is being written to; it is read again when that ends")


class Workshop:
    """Learns a folder save by save; for one thread."""

    def __init__(self, path: Path, *, home: Home | None = None) -> None:
        self.path = path
        self.folder = Folder.open(path)
        self.home = home or open_home(self.folder)
        self.version: Version | None = self._live()
        self._rows: list[Kept] = []
        self._tables: dict[str, Table] = {}
        self._learner: Learner | None = None
        self._held: HeldOut | None = None
        self._tests = Watched()
        self._change = -1

    def start(self) -> Step:
        """Read the folder and learn it; raise a Refusal where it cannot be."""
        began = time.monotonic()
        new = self._begin(self.folder, self.folder.prepared())
        return replace(self._told(edits={}, encoded=new, began=began), event="ready")

    def save(self, files: Sequence[str] = ()) -> Step:
        """Learn what differs from the last good folder; the step says what that did."""
        try:
            step = self._save()
        except (HotfitError, OSError) as error:
            number = "" if self.version is None else f"; version {self.version.number} answers on"
            return Step(event="kept", message=f"{error}{number}", files=files)
        return replace(step, files=files)

    def settle(self, step: Step) -> Step:
        """Add the score and the flips to a step whose version is live."""
        if step.event not in {"learned", "ready", "unchanged"} or self._learner is None:
            return step
        if step.event == "unchanged":
            return self._tests_of(step)
        before, self._held = self._held, self._learner.held_out()
        places = {
            kept.id: (row.place, _shown(row.sample))
            for kept, row in zip(self._rows, self.folder.rows, strict=True)
        }
        flips = flips_between(before, self._held, places) if before is not None else ()
        counted = step.event == "learned"
        told = replace(
            step,
            before=before.score if before is not None and counted else None,
            after=self._held.score,
            flips=flips,
            fixed=sum(flip.fixed for flip in flips),
            broke=sum(not flip.fixed for flip in flips),
        )
        return self._tests_of(told)

    def _tests_of(self, step: Step) -> Step:
        """Add what the folder's tests say of the version that answers."""
        assert self._held is not None
        rows = {kept.id: row for kept, row in zip(self._rows, self.folder.rows, strict=True)}
        try:
            tests = self._tests.run(self.home, self.folder, self._held, rows)
        except (HotfitError, OSError) as error:
            return replace(step, notes=(*step.notes, f"the tests were not run: {error}"))
        return replace(step, tests=tests.counts, failing=tests.failing)

    def _save(self) -> Step:
        began = time.monotonic()
        folder, prepared, same = self._read()
        if not same or self._moved():
            new = self._begin(folder, prepared)
            return self._told(edits={"settings": int(not same)}, encoded=new, began=began)
        edits = edits_between(self._rows, prepared)
        if not edits:
            self._rows = edits.rows()
            self.folder = folder
            return Step(event="unchanged", message=UNCHANGED)
        new = self._learn(folder, edits)
        counts = {
            "rows relabelled": len(edits.relabelled),
            "rows added": len(edits.added),
            "rows removed": len(edits.removed),
        }
        return self._told(edits=counts, encoded=new, began=began)

    def _read(self) -> tuple[Folder, Sequence[Sample], bool]:
        """The folder as it is now, its rows, and whether they may be learned as edits.

        Read again where a file was written meanwhile.
        """
        for _ in range(ATTEMPTS):
            before = _stamps(self.path)
            folder = Folder.open(self.path)
            same = self._learner is not None and folder.spec == self.folder.spec
            if same:
                folder = replace(folder, last=self._tables)
            prepared = folder.prepared()
            if _stamps(self.path) == before:
                return folder, prepared, same
        raise Unsettled(folder=self.path)

    def _begin(self, folder: Folder, prepared: Sequence[Sample]) -> int:
        """Learn a folder from nothing; return how many rows had to be encoded."""
        record = keep(self.home, folder, prepared)
        bench = self._bench(folder, record)
        new = self._new(bench, record, prepared)
        learner = open_learner(bench, record)
        live = self._live(folder)
        if live is None or live.change < learner.change or live.build != "instant":
            live = learner.publish()
        with self.home.app.store.read() as session:
            ids = ids_of_rows(session, record.id)
            self._change = functions.get(session, record.id).change
        self._rows = [Kept(id=i, sample=s) for i, s in zip(ids, prepared, strict=True)]
        self._learner, self.folder, self.version = learner, folder, live
        self._tables = {table.file: table for table in folder.tables}
        return new

    def _learn(self, folder: Folder, edits: Edits) -> int:
        """Write edits down, learn them and let the result answer."""
        learner = self._learner
        assert learner is not None
        record = self._record(folder)
        new = self._new(self._bench(folder, record), record, edits.added)
        with self.home.app.store.write() as session:
            if edits.relabelled:
                restate(session, record.id, edits.relabelled, author=AUTHOR)
            if edits.removed:
                remove(session, record.id, list(edits.removed))
            made: list[int] = []
            if edits.added:
                added = [replace(one, number=at) for at, one in enumerate(edits.added, 1)]
                made = imports.add(
                    session, record.id, added, origin=ORIGIN, blobs=self.home.app.blobs
                )
            self._change = functions.get(session, record.id).change
        self._rows = edits.rows(made)
        self.folder = folder
        self._tables = {table.file: table for table in folder.tables}
        learner.look()
        learner.learn()
        self.version = learner.publish()
        self._change = max(self._change, self._record(folder).change)
        return new

    def _told(self, *, edits: Mapping[str, int], encoded: int, began: float) -> Step:
        assert self.version is not None
        spent = time.monotonic() - began
        return Step(
            event="learned",
            version=self.version.number,
            edits=edits,
            encoded=encoded,
            seconds={"learned": min(self.version.seconds, spent), "spent": spent},
        )

    def _moved(self) -> bool:
        """Whether another program has written to the function meanwhile."""
        return self._record(self.folder).change != self._change

    def _record(self, folder: Folder) -> Record:
        with self.home.app.store.read() as session:
            return functions.get(session, folder.name)

    def _live(self, folder: Folder | None = None) -> Version | None:
        with self.home.app.store.read() as session:
            record = functions.find(session, (folder or self.folder).name)
            return None if record is None else live_version(session, record.id)

    def _bench(self, folder: Folder, record: Record) -> Bench:
        """What trains; the lock's encoder reads unless `hotfit.toml` pins one."""
        bench = self.home.app.bench()
        lock = folder.lock
        if lock is None or folder.spec.encoder is not None:
            return bench
        return reading_by(bench, record, lock.encoder)

    def _new(self, bench: Bench, record: Record, rows: Sequence[Sample]) -> int:
        """How many of these rows were never encoded; tables are encoded as a whole."""
        if not rows or record.input is Input.TABULAR:
            return 0
        hashes = [content_hash(one.data) for one in rows]
        with self.home.app.store.read() as session:
            return len(missing(session, hashes, bench.encoders[record.input]))


def _stamps(folder: Path) -> list[tuple[str, int, int]]:
    """What tells that no file of a folder was written meanwhile."""
    paths = [*data_files(folder), *folder.glob("*.toml"), *folder.glob("*.py")]
    facts = [(path, path.stat()) for path in paths]
    return [(str(path), fact.st_mtime_ns, fact.st_size) for path, fact in facts]


def _shown(sample: Sample) -> str:
    data = sample.data
    if isinstance(data, str):
        return data[:SHOWN]
    if isinstance(data, Mapping):
        return ", ".join(f"{name}: {value}" for name, value in data.items())[:SHOWN]
    return ""
