"""The worker: sees what changed, lets each function learn it, publishes, and does more at rest.

One thread deals with what takes milliseconds: edits of functions that are in memory. A second one
reads functions in, encodes and fits afresh. Examinations and other heads run in a process of
their own, which a new edit simply ends. Whoever works on a function holds its lease.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

from hotfit.errors import HotfitError, Unavailable
from hotfit.functions import functions
from hotfit.functions.functions import FunctionUnknown
from hotfit.functions.learning import newest_learned, waiting
from hotfit.functions.versions import Candidate, Version
from hotfit.jobs.leases import Lease, LeaseLost, Leases
from hotfit.jobs.resting import Resting
from hotfit.jobs.telling import Telling
from hotfit.jobs.waker import Waker
from hotfit.store import outbox
from hotfit.store.sessions import Store, Writing
from hotfit.training.bench import Bench
from hotfit.training.live import Learner, open_learner
from hotfit.training.material import NotTrainable

log = logging.getLogger("hotfit.worker")

Published = Callable[[str, Version], None]
"""Called with a function's identifier and the version that answers now."""

SLOWEST_RETRY = 60.0


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a worker may take: functions in memory, seconds between beats and before the tries."""

    live: int = 16
    beat: float = 2.0
    retry: float = 0.5


@dataclass
class _Held:
    """A function this worker holds: its lease, its learner once it was read, its work under way."""

    lease: Lease
    telling: Telling
    learner: Learner | None = None
    work: Future[None] | None = None

    @property
    def busy(self) -> bool:
        return self.work is not None and not self.work.done()


class Worker:
    """Learns for all functions of a database; any number may run on PostgreSQL."""

    def __init__(
        self,
        bench: Bench,
        leases: Leases,
        waker: Waker,
        resting: Resting,
        *,
        published: Published,
        limits: Limits | None = None,
    ) -> None:
        self._bench = bench
        self._store: Store = bench.store
        self._leases = leases
        self._waker = waker
        self._resting = resting
        self._published = published
        self._limits = limits or Limits()
        self._held: OrderedDict[str, _Held] = OrderedDict()
        self._later: dict[str, tuple[int, int, float]] = {}
        self._settled: dict[str, int] = {}
        self._beaten = bench.clock()
        self._long = ThreadPoolExecutor(1, thread_name_prefix="learn")

    def run(self) -> bool:
        """Work until the waker ends it; errors of the storage are waited out.

        True where nothing was under way at the end.
        """
        pause = self._limits.retry
        while not self._waker.ended.is_set():
            try:
                worked = self.step()
                pause = self._limits.retry
            except HotfitError as error:
                log.warning("%s", error)
                self._waker.ended.wait(pause)
                pause = min(2 * pause, SLOWEST_RETRY)
                continue
            if not worked:
                self._waker.wait()
        return self.close()

    def step(self) -> bool:
        """Do what is to do now; False where nothing was."""
        with self._store.read() as session:
            due = waiting(session)
        worked = False
        for function, change in sorted(due.items(), key=self._tries):
            worked |= self._serve(function, change)
        now = self._bench.clock()
        if now - self._beaten >= self._limits.beat:
            self._beaten = now
            if self._held or self._resting.busy:
                self._leases.beat()
        if not worked:
            self._resting.step(due.keys())
        return worked

    def finish_long_work(self) -> bool:
        """Wait for what the second thread does; False where it did nothing."""
        under_way = [held.work for held in self._held.values() if held.work is not None]
        for held in self._held.values():
            held.work = None
        for work in under_way:
            work.result()
        return bool(under_way)

    def close(self) -> bool:
        """Stop, and give everything back; True where nothing was under way."""
        quiet = not any(held.busy for held in self._held.values())
        self._resting.close()
        self._long.shutdown(wait=False, cancel_futures=True)
        for function in list(self._held):
            self._let_go(function)
        return quiet

    def _tries(self, due: tuple[str, int]) -> int:
        """Work that never failed goes first, so that one poisoned function stops no other."""
        return self._later.get(due[0], (0, 0, 0.0))[1]

    def _serve(self, function: str, change: int) -> bool:
        """Learn what waits in a function; False where that cannot be now."""
        if self._settled.get(function, 0) >= change:
            return False
        failed, _, due = self._later.get(function, (0, 0, 0.0))
        if failed >= change and self._bench.clock() < due:
            return False
        held = self._hold(function, change)
        if held is None or held.busy:
            return False
        self._resting.disturb(function)
        if held.learner is not None:
            if self._guarded(held, change, self._is_short):
                return self._guarded(held, change, self._learn)
            if function in self._later or function not in self._held:
                return False
        held.work = self._long.submit(self._long_work, held, change)
        held.work.add_done_callback(lambda _: self._waker.wake())
        return True

    def _hold(self, function: str, change: int) -> _Held | None:
        held = self._held.get(function)
        if held is not None:
            self._held.move_to_end(function)
            return held
        if not self._make_room():
            return None
        lease = self._leases.take(function, "learn", change=change)
        if lease is None:
            return None
        held = self._held[function] = _Held(
            lease, Telling(self._store, lease, clock=self._bench.clock)
        )
        return held

    def _make_room(self) -> bool:
        """Let go of the function that has rested longest; False where all are at work."""
        if len(self._held) < self._limits.live:
            return True
        for function, held in list(self._held.items()):
            if not held.busy:
                self._let_go(function)
                return True
        return False

    def _let_go(self, function: str) -> None:
        held = self._held.pop(function)
        try:
            self._leases.release(held.lease)
        except HotfitError as error:
            log.info("%s", error)

    def _is_short(self, held: _Held, _change: int) -> bool:
        assert held.learner is not None
        return held.learner.look()

    def _long_work(self, held: _Held, change: int) -> None:
        held.telling.begin()
        self._guarded(held, change, self._read_and_learn)
        held.telling.end()

    def _read_and_learn(self, held: _Held, change: int) -> bool:
        """Read a function in, or learn much at once."""
        function = held.lease.function
        self._leases.begin(held.lease)
        if held.learner is None:
            with self._store.read() as session:
                record = functions.get(session, function)
                known = newest_learned(session, function)
            if known >= change:  # another worker, or `hotfit fit`, was here before
                self._already(held, known)
                return True
            held.learner = open_learner(self._bench_for(held), record)
            self._publish(held)
        else:
            held.learner.look()
            self._learn(held, change)
        return True

    def _already(self, held: _Held, known: int) -> None:
        with self._store.write() as session:
            self._leases.complete(session, held.lease, change=known)
            outbox.finish(session, held.lease.function, through=known)

    def _learn(self, held: _Held, _change: int) -> bool:
        assert held.learner is not None
        held.learner.learn()
        self._publish(held)
        return True

    def _publish(self, held: _Held) -> None:
        assert held.learner is not None
        version = held.learner.publish()
        function = held.lease.function
        self._later.pop(function, None)
        self._published(function, version)
        self._resting.learned(function, version)

    def _bench_for(self, held: _Held) -> Bench:
        """A bench that publishes only while the lease is held, and settles what was learned."""
        lease = held.lease

        def guard(session: Writing, candidate: Candidate) -> None:
            self._leases.complete(session, lease, change=candidate.change)
            outbox.finish(session, lease.function, through=candidate.change)

        return replace(self._bench, guard=guard, report=held.telling)

    def _guarded(self, held: _Held, change: int, work: Callable[[_Held, int], bool]) -> bool:
        """The edge of a job: whatever goes wrong in one function stays with it."""
        function = held.lease.function
        try:
            return work(held, change)
        except NotTrainable as error:
            held.learner = None
            self._settled[function] = change
            with self._store.write() as session:
                self._leases.wait(session, held.lease, change=change, reason=str(error))
        except (LeaseLost, FunctionUnknown) as error:
            log.info("%s", error)
            self._held.pop(function, None)
        except Exception as error:
            held.learner = None
            self._failed(held, change, error)
        return False

    def _failed(self, held: _Held, change: int, error: Exception) -> None:
        """Try again later, then a few times more, then no more until the function changes.

        What is only unavailable (the disk is full, weights cannot be had) is tried for ever.
        """
        function = held.lease.function
        log.warning("%s failed at change %d", function, change, exc_info=error)
        _, tries, _ = self._later.get(function, (0, 0, 0.0))
        pause = min(self._limits.retry * 2**tries, SLOWEST_RETRY)
        self._later[function] = (change, tries + 1, self._bench.clock() + pause)
        if isinstance(error, Unavailable):
            return
        told = str(error) if isinstance(error, HotfitError) else type(error).__name__
        try:
            parked = self._leases.fail(held.lease, change=change, reason=told)
        except LeaseLost:
            self._held.pop(function, None)
            return
        if parked:
            log.error("%s is parked at change %d: %s", function, change, told)
            self._settled[function] = change
