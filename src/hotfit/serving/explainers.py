"""Versions that are asked why: which are ready in memory, and how many questions at a time."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

from hotfit.errors import Refusal
from hotfit.functions.versions import Version
from hotfit.serving.batching import QueueFull
from hotfit.serving.explaining import Explanation, Opened, explain, open_explainer
from hotfit.serving.live import Live
from hotfit.store.blobs import Blobs
from hotfit.store.sessions import Store
from hotfit.types import Data

RESIDENT = 4
"""Versions kept ready at most: each holds the vectors of all its samples."""

WAITING = 64
"""Questions that wait at most."""

Result = TypeVar("Result")


class NothingLearned(Refusal):
    """A function answers by its label names alone, so no sample pushed an answer."""

    status = 409

    def __init__(self, *, function: str) -> None:
        super().__init__(
            f"{function!r} has learned from no sample yet: the names of its labels answer; label "
            "two samples of each of two labels first."
        )


class Explainers:
    """The explainers of one process; belongs to one event loop."""

    def __init__(self, *, store: Store, blobs: Blobs) -> None:
        self._store = store
        self._blobs = blobs
        self._ready: OrderedDict[str, Opened] = OrderedDict()
        self._opening: dict[str, asyncio.Task[Opened]] = {}
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="hotfit-explain")
        self._waiting = 0

    async def explain(
        self, live: Live, data: Data, *, label: str | None, count: int
    ) -> Explanation:
        """Why a live version answers `data` as it does.

        Raises NothingLearned, RollMissing, LabelUnasked or QueueFull.
        """
        if live.version is None:
            raise NothingLearned(function=live.function.name)
        with self._waits():
            opened = await self._opened(live, live.version)
            work = partial(explain, self._store, self._blobs, opened, data)
            return await self._in_thread(partial(work, label=label, count=count))

    async def beside(self, work: Callable[[], Result]) -> Result:
        """Do other long work, one after the other; raises QueueFull."""
        with self._waits():
            return await self._in_thread(work)

    @contextmanager
    def _waits(self) -> Iterator[None]:
        """A place among those who wait; raise QueueFull where there is none."""
        if self._waiting >= WAITING:
            raise QueueFull(seconds=1.0)
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Begin nothing more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _opened(self, live: Live, version: Version) -> Opened:
        """The version made ready; whoever asks meanwhile shares the work."""
        found = self._ready.get(version.id)
        if found is not None:
            self._ready.move_to_end(version.id)
            return found
        task = self._opening.get(version.id)
        if task is None:
            task = asyncio.create_task(self._open(live, version))
            self._opening[version.id] = task
            task.add_done_callback(lambda _: self._opening.pop(version.id, None))
        return await asyncio.shield(task)

    async def _open(self, live: Live, version: Version) -> Opened:
        opened = await self._in_thread(
            lambda: open_explainer(self._store, self._blobs, live.function, version, live.trained)
        )
        self._ready[version.id] = opened
        while len(self._ready) > RESIDENT:
            self._ready.popitem(last=False)
        return opened

    def _in_thread(self, work: Callable[[], Result]) -> "asyncio.Future[Result]":
        return asyncio.get_running_loop().run_in_executor(self._threads, work)
