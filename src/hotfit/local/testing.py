"""A folder's tests, run on the function that its rows make."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hotfit.behaviour import Check, Result, run_checks
from hotfit.folders import Folder
from hotfit.folders.checks import read_checks
from hotfit.folders.checks.reading import NoTests
from hotfit.functions import functions
from hotfit.functions.learning import newest_learned, unlearned
from hotfit.functions.rolls import RollMissing, read_roll
from hotfit.functions.versions import live_version
from hotfit.local.folders import (
    Fitted,
    fit_folder,
    function_of,
    lock_of,
    open_home,
    state_of,
)
from hotfit.local.home import Home
from hotfit.local.releases import Tested
from hotfit.local.tracing import trace
from hotfit.samples.rows import read_rows
from hotfit.store.content import content_hash
from hotfit.store.locks import Gate
from hotfit.training.bench import Report as Progress
from hotfit.training.bench import silent
from hotfit.types import Label, Sample, Split

PATIENCE = 600.0
"""Seconds that another process may take to fit the same folder."""

UNLOCKED = (
    "hotfit.lock is not of these rows and settings: tested is what learns in milliseconds "
    "(hotfit fit writes the lock)"
)


@dataclass(frozen=True, kw_only=True)
class Report:
    """The results of a folder's tests; `locked` says that the version of the lock was tested."""

    folder: Folder
    results: Sequence[Result]
    version: int
    locked: bool
    seconds: float

    def count(self, outcome: str) -> int:
        """How many tests ended so."""
        return sum(result.outcome == outcome for result in self.results)

    def passed(self, *, strict: bool = False) -> bool:
        """Whether no test fails; with `strict`, whether all pass."""
        return self.count("fail") == 0 and not (strict and self.count("cannot_tell"))

    def to_json(self) -> dict[str, Any]:
        """The counts as one JSON object."""
        return {
            "function": self.folder.name,
            "tests": len(self.results),
            "passed": self.count("pass"),
            "failed": self.count("fail"),
            "cannot_tell": self.count("cannot_tell"),
            "version": self.version,
            "locked": self.locked,
            "seconds": round(self.seconds, 3),
        }


def run_tests(
    folder: Folder,
    *,
    home: Home | None = None,
    only: str | None = None,
    files: Sequence[Path] | None = None,
    progress: Progress = silent,
) -> Report:
    """Run the tests of a folder, or those whose name or place holds `only`; raise a Refusal.

    Tests are read before anything is trained. What the lock names is tested where it fits, else
    what learns at once; the lock stays as it is.
    """
    checks = [
        check
        for check in read_checks(folder, files=files)
        if only is None or only.casefold() in f"{check.name} {check.place}".casefold()
    ]
    if not checks:
        raise NoTests(folder=folder.path, only=only)
    return report_of(fitted(folder, home=home, progress=progress), checks)


def fitted(folder: Folder, *, home: Home | None = None, progress: Progress = silent) -> Fitted:
    """The function that is tested: of the lock, else instant; one process at a time fits it."""
    here = home or open_home(folder)
    place = here.app.settings.home.expanduser()
    place.mkdir(parents=True, exist_ok=True)
    gate = Gate(place / "testing.lock", wait=PATIENCE)
    try:
        with gate:
            unlocked = bool(folder.differences())
            if unlocked and (found := _standing(here, folder)) is not None:
                return found
            return fit_folder(folder, home=here, tuned=not unlocked, write=False, progress=progress)
    finally:
        gate.close()


def _standing(home: Home, folder: Folder) -> Fitted | None:
    """The function as it was last fitted, where every row and setting is still the same."""
    with home.app.store.read() as session:
        record = functions.find(session, folder.name)
        live = None if record is None else live_version(session, record.id)
        if record is None or live is None or record.plan.get("folder") != state_of(folder):
            return None
        rows = read_rows(session, record.id, blobs=home.app.blobs)
        learned = not unlearned(session, record.id, since=newest_learned(session, record.id))
        try:
            whole = read_roll(session, home.app.blobs, live).held_out is not None
        except RollMissing:
            return None
    there = list(zip(rows.hashes, rows.answers, rows.splits, strict=True))
    if not (learned and whole) or there != [_told(each) for each in folder.prepared()]:
        return None
    return Fitted(
        folder=folder,
        home=home,
        function=function_of(home, folder),
        lock=lock_of(home, folder, live),
        cached=True,
    )


def _told(sample: Sample) -> tuple[bytes, Label | None, Split | None]:
    return content_hash(sample.data), sample.label, sample.split


def report_of(made: Fitted, checks: Sequence[Check]) -> Report:
    """Run checks on a fitted folder, and trace what fails."""
    began = time.monotonic()
    tested = Tested(made.home, made.folder, made.function)
    results = trace(run_checks(checks, tested), tested)
    return Report(
        folder=made.folder,
        results=results,
        version=tested.version.number,
        locked=made.reproduced,
        seconds=time.monotonic() - began,
    )
