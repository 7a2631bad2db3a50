"""What is done for a function whose data rests: full examination, other heads, pruning.

A process of its own does it, started with a command that is given the function, the change and
the fence of its lease; a new edit ends it, and what it would publish after that is refused.
"""

import logging
import subprocess
from collections.abc import Callable, Collection
from dataclasses import dataclass

from hotfit.errors import HotfitError
from hotfit.functions.pruning import collect, prune, resting_due
from hotfit.functions.versions import Version
from hotfit.jobs.leases import Lease, Leases
from hotfit.store.blobs import Blobs
from hotfit.store.sessions import Store

log = logging.getLogger("hotfit.worker")

Launch = Callable[[str, int, Lease], "subprocess.Popen[str]"]
"""Starts the process that improves a function as of a change under a lease."""

OUTDATED = 3
"""Exit status of a process whose function changed before it was done."""

COLLECT = 300.0
"""Seconds between two looks for artifacts to delete."""

OLD = 3600.0
"""Seconds after which an artifact that nothing refers to is deleted."""

KEEP = 20
"""Newest versions that stay whatever they are."""


@dataclass(frozen=True, kw_only=True)
class _Under:
    lease: Lease
    change: int
    process: "subprocess.Popen[str]"


class Resting:
    """Improves one function at a time, each after `rest` seconds without an edit."""

    def __init__(
        self,
        store: Store,
        blobs: Blobs,
        leases: Leases,
        launch: Launch | None,
        *,
        clock: Callable[[], float],
        rest: float = 2.0,
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._leases = leases
        self._launch = launch
        self._clock = clock
        self._rest = rest
        self._since: dict[str, tuple[int, float]] = {}
        self._unpruned: set[str] = set()
        self._under: _Under | None = None
        self._looked = False
        self._collected = -COLLECT

    @property
    def busy(self) -> bool:
        """Whether a function is being improved."""
        return self._under is not None

    def learned(self, function: str, version: Version) -> None:
        """A function has a new version; its rest begins anew."""
        self._since[function] = (version.change, self._clock())
        self._unpruned.add(function)
        if version.number % KEEP == 0:
            self._prune(function)

    def disturb(self, function: str) -> None:
        """A function changes; what is under way for it is in vain."""
        if self._under is not None and self._under.lease.function == function:
            self._stop()

    def step(self, changing: Collection[str]) -> None:
        """Look after the process under way, and start the next one."""
        if self._launch is None:
            return
        if not self._looked:
            self._look()
        self._reap()
        self._collect()
        for function in sorted(self._unpruned - set(changing)):
            if self._rested(function):
                self._unpruned.discard(function)
                self._prune(function)
        if self._under is not None:
            return
        for function in list(self._since):
            if function not in changing and self._rested(function):
                self._start(function, self._since.pop(function)[0])
                return

    def close(self) -> None:
        """End what is under way."""
        self._stop()

    def _look(self) -> None:
        """Find what an earlier worker left undone."""
        with self._store.read() as session:
            due = resting_due(session)
        self._looked = True
        for function, change in due.items():
            self._since.setdefault(function, (change, self._clock()))

    def _rested(self, function: str) -> bool:
        _, since = self._since.get(function, (0, -self._rest))
        return self._clock() - since >= self._rest

    def _start(self, function: str, change: int) -> None:
        assert self._launch is not None
        lease = self._leases.take(function, "improve", change=change)
        if lease is None:
            return
        self._leases.begin(lease)
        self._under = _Under(
            lease=lease, change=change, process=self._launch(function, change, lease)
        )

    def _reap(self) -> None:
        under = self._under
        if under is None or under.process.poll() is None:
            return
        self._under = None
        status = under.process.returncode
        _close(under.process)
        try:
            if status == OUTDATED:
                self._leases.idle(under.lease)
            elif status == 0:
                with self._store.write() as session:
                    self._leases.complete(session, under.lease, change=under.change)
            else:
                reason = f"the process that improves it ended with status {status}"
                parked = self._leases.fail(under.lease, change=under.change, reason=reason)
                if not parked:
                    again = (under.change, self._clock())
                    self._since.setdefault(under.lease.function, again)
            self._leases.release(under.lease)
        except HotfitError as error:
            log.info("%s", error)

    def _stop(self) -> None:
        """End the process; what it has published stays, the rest is done after the next rest."""
        under, self._under = self._under, None
        if under is None:
            return
        under.process.kill()
        under.process.wait()
        _close(under.process)
        try:
            self._leases.idle(under.lease)
            self._leases.release(under.lease)
        except HotfitError as error:
            log.info("%s", error)

    def _collect(self) -> None:
        """Now and then, delete a few old artifacts of versions that were pruned."""
        if self._clock() - self._collected < COLLECT:
            return
        self._collected = self._clock()
        collect(self._store, self._blobs, age=OLD)

    def _prune(self, function: str) -> None:
        with self._store.write() as session:
            prune(session, function, keep=KEEP)


def _close(process: "subprocess.Popen[str]") -> None:
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
