"""Searches over the samples of functions: which galleries are in memory, and how many at a time."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from hotfit.encoders.base import Encoder
from hotfit.errors import Refusal
from hotfit.functions.representation import OpenEncoder
from hotfit.serving.batching import QueueFull
from hotfit.serving.gallery import Gallery, Near, SearchImpossible, hang
from hotfit.serving.standing import Standing
from hotfit.store.blobs import Blobs
from hotfit.store.sessions import Store
from hotfit.types import Data, Input

RESIDENT = 8
"""Galleries kept in memory at most."""

WAITING = 64
"""Searches that wait at most."""

Result = TypeVar("Result")


class SampleMissing(Refusal):
    """A search starts from a sample that the function does not have."""

    status = 404

    def __init__(self) -> None:
        super().__init__("the function has no such sample to search from.")


class Searching:
    """The galleries of one process; belongs to one event loop."""

    def __init__(self, *, store: Store, blobs: Blobs, open_encoder: OpenEncoder) -> None:
        self._store = store
        self._blobs = blobs
        self._open_encoder = open_encoder
        self._galleries: OrderedDict[str, Gallery] = OrderedDict()
        self._hanging: dict[str, asyncio.Task[Gallery]] = {}
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="hotfit-search")
        self._waiting = 0

    async def near(
        self, standing: Standing, encoder: str, query: Data | int, *, count: int
    ) -> list[Near]:
        """The samples nearest to an input, or to one of the samples, which is then the first.

        Raises SearchImpossible, SampleMissing or QueueFull.
        """
        if standing.function.input is Input.TABULAR:
            raise SearchImpossible(function=standing.function.name)
        if self._waiting >= WAITING:
            raise QueueFull(seconds=1.0)
        self._waiting += 1
        try:
            gallery = await self._gallery(standing, encoder)
            return await self._in_thread(partial(self._near, gallery, query, count=count))
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Begin nothing more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _gallery(self, standing: Standing, encoder: str) -> Gallery:
        """The samples as they are now; whoever searches them meanwhile shares the work."""
        while True:
            found = self._galleries.get(standing.id)
            if (
                found is not None
                and found.encoder == encoder
                and found.change >= standing.function.change
            ):
                self._galleries.move_to_end(standing.id)
                return found
            task = self._hanging.get(standing.id)
            if task is None:
                task = asyncio.create_task(self._hang(standing.id, encoder, found))
                self._hanging[standing.id] = task
                task.add_done_callback(lambda _: self._hanging.pop(standing.id, None))
            await asyncio.shield(task)

    async def _hang(self, function: str, encoder: str, old: Gallery | None) -> Gallery:
        made = await self._in_thread(
            lambda: hang(self._store, self._blobs, function, self._open(encoder), old=old)
        )
        self._galleries[function] = made
        self._galleries.move_to_end(function)
        while len(self._galleries) > RESIDENT:
            self._galleries.popitem(last=False)
        return made

    def _near(self, gallery: Gallery, query: Data | int, *, count: int) -> list[Near]:
        if not isinstance(query, int):
            vector = self._open(gallery.encoder).encode([query])[0]
            return gallery.nearest(vector, count=count)
        row = gallery.places.get(query)
        if row is None:
            raise SampleMissing
        found = gallery.nearest(gallery.vectors[row], count=count)
        return sorted(found, key=lambda near: near.sample != query)

    def _open(self, encoder: str) -> Encoder:
        return self._open_encoder(encoder)

    def _in_thread(self, work: Callable[[], Result]) -> "asyncio.Future[Result]":
        return asyncio.get_running_loop().run_in_executor(self._threads, work)
