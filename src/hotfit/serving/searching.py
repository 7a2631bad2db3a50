"""Searches over the samples of functions: one at a time, and how many may wait."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from hotfit.serving.alike import ALL, Alike, SampleMissing, Wanted
from hotfit.serving.batching import QueueFull
from hotfit.serving.curating import Curating, Point, Queued
from hotfit.serving.gallery import Gallery, Near
from hotfit.serving.standing import Standing
from hotfit.types import Data

__all__ = ["Point", "Queued", "SampleMissing", "Searching", "Wanted"]

WAITING = 64
"""Searches that wait at most."""

Result = TypeVar("Result")


class Searching:
    """Searches of one process; belongs to one event loop."""

    def __init__(self, alike: Alike) -> None:
        self.alike = alike
        self._curating = Curating(alike)
        self._reading: dict[str, asyncio.Task[Gallery]] = {}
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="hotfit-search")
        self._waiting = 0

    async def near(
        self,
        standing: Standing,
        encoder: str,
        query: Data | int | None,
        *,
        count: int,
        wanted: Wanted = ALL,
    ) -> list[Near]:
        """The samples nearest to an input, or to one of the samples, which is then the first.

        Without a query the most different of all. Raises SampleMissing or QueueFull.
        """
        work = partial(self.alike.near, standing.function, query=query, count=count, wanted=wanted)
        return await self.run(standing, encoder, work)

    async def run(
        self, standing: Standing, encoder: str, work: Callable[[Gallery], Result]
    ) -> Result:
        """Do `work` on the samples as they are now, in the thread of searches; raise QueueFull."""
        if self._waiting >= WAITING:
            raise QueueFull(seconds=1.0)
        self._waiting += 1
        try:
            gallery = await self._gallery(standing, encoder)
            return await self._in_thread(partial(work, gallery))
        finally:
            self._waiting -= 1

    def queue(self, standing: Standing, gallery: Gallery, *, count: int) -> Queued:
        """What to label next; for `run`."""
        labels = list(standing.labels.values())
        return self._curating.queue(standing.function, labels, gallery, count=count)

    def more_like(
        self,
        standing: Standing,
        gallery: Gallery,
        *,
        examples: Sequence[int],
        others: Sequence[int],
        count: int,
    ) -> Queued:
        """Samples without an answer like others; for `run`."""
        labels = list(standing.labels.values())
        return self._curating.more_like(
            standing.function, labels, gallery, examples=examples, others=others, count=count
        )

    def map(self, standing: Standing, gallery: Gallery, *, start: int, count: int) -> list[Point]:
        """A part of the map; for `run`."""
        labels = list(standing.labels.values())
        return self._curating.map(standing.function, labels, gallery, start=start, count=count)

    def close(self) -> None:
        """Begin nothing more."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self.alike.close()

    async def _gallery(self, standing: Standing, encoder: str) -> Gallery:
        """The samples as they are now; whoever searches them meanwhile shares the work."""
        while True:
            found = self.alike.known(standing.function, encoder)
            if found is not None:
                return found
            task = self._reading.get(standing.id)
            if task is None:
                task = asyncio.create_task(self._read(standing, encoder))
                self._reading[standing.id] = task
                task.add_done_callback(lambda _: self._reading.pop(standing.id, None))
            await asyncio.shield(task)

    async def _read(self, standing: Standing, encoder: str) -> Gallery:
        made = await self._in_thread(partial(self.alike.gallery, standing.function, encoder))
        self.alike.index(standing.id, made)
        return made

    def _in_thread(self, work: Callable[[], Result]) -> "asyncio.Future[Result]":
        return asyncio.get_running_loop().run_in_executor(self._threads, work)
