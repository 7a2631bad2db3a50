"""The live versions in memory: which one answers, how it is replaced, when it is dropped.

A new version is loaded and tried in a thread while the old one answers; then one assignment lets
it answer. What does not load or fails its trial never answers. All methods belong to one event
loop.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from hotfit.encoders.base import Encoder
from hotfit.errors import HotfitError, Refusal, Unavailable
from hotfit.functions.versions import Version, history, live_version
from hotfit.serving.live import Live
from hotfit.serving.loading import Loader
from hotfit.serving.meters import Meters
from hotfit.serving.standing import FunctionGone, Standing, Standings
from hotfit.serving.zero_shot import FEWEST, from_names
from hotfit.store.sessions import Store
from hotfit.types import Input, Output

LOG = logging.getLogger("hotfit.serving")

RESIDENT = 50
"""Versions kept in memory at most."""

FOLLOW_SECONDS = 0.005
"""How often the database is asked whether there is news."""

LOAD_SECONDS = 30.0
"""What loading and trying a version may take; one that takes longer does not answer."""

FORGIVE_SECONDS = 30.0
"""After this long a version that failed is tried again."""

BACK = 5
"""Earlier versions tried where the live one cannot be loaded."""

LOADERS = 2

Result = TypeVar("Result")
Key = tuple[str, str | None]
"""A function and the version pinned, None for the one that is live."""


class NoModel(Refusal):
    """A function has nothing to answer with."""

    def __init__(self, *, function: str, zero_shot: bool, searches: bool = False) -> None:
        wanted = "two labels, whose names then answer, or " if zero_shot else ""
        wanted += "two labelled samples of each of two labels"
        why = f"it has not been trained yet; give it {wanted}."
        if searches:
            why = "it only searches; ask its search address instead."
        super().__init__(f"No model available to invoke function {function!r}: {why}")


class VersionUnknown(Refusal):
    """A call names a version that the function does not have."""

    status = 404

    def __init__(self) -> None:
        super().__init__(
            "the function has no such version; leave modelId out to be answered by the live one."
        )


class VersionUnusable(Unavailable):
    """No version of a function can be loaded right now."""

    def __init__(self, *, function: str) -> None:
        super().__init__(
            f"no version of {function!r} can be loaded; the log of the server says why. "
            "Train it again, or restore a backup."
        )


class Predictors:
    """The versions in memory, at most `resident` of them."""

    def __init__(
        self,
        *,
        store: Store,
        loader: Loader,
        standings: Standings,
        text_encoder: Callable[[], Encoder],
        meters: Meters,
        resident: int = RESIDENT,
    ) -> None:
        self.standings = standings
        self._store = store
        self._loader = loader
        self._text_encoder = text_encoder
        self._meters = meters
        self._resident = resident
        self._live: OrderedDict[Key, Live] = OrderedDict()
        self._loading: dict[Key, asyncio.Task[Live]] = {}
        self._failed: dict[str, float] = {}
        self._epoch = -1
        self._waiting: dict[str, list[asyncio.Future[None]]] = {}
        self._threads = ThreadPoolExecutor(LOADERS, thread_name_prefix="hotfit-load")

    async def find(self, standing: Standing, version: str | None = None) -> Live:
        """The version that answers now, or the one pinned, loaded where it has to be.

        Raises NoModel, VersionUnknown or VersionUnusable.
        """
        key = (standing.id, version)
        found = self._live.get(key)
        if found is None:
            return await self._shared(key, standing)
        self._live.move_to_end(key)
        if version is None and self._due(found, standing):
            self._start(key, standing)
            # Label names are read anew before they answer, and what is pinned answers at once.
            if standing.function.live is None or standing.function.pinned is not None:
                return await self._shared(key, standing)
        return found

    async def settled(self, standing: Standing) -> Live:
        """The version that the database names, not the one before it; raises as `find` does."""
        key = (standing.id, None)
        found = self._live.get(key)
        if found is None or self._due(found, standing):
            return await self._shared(key, standing)
        return found

    def latest(self, function: str) -> Live | None:
        """The version of `function` that answers now, None where none is in memory."""
        return self._live.get((function, None))

    def __len__(self) -> int:
        return len(self._live)

    def look(self) -> None:
        """Start loading every version that has gone live since the last look."""
        epoch = self.standings.look()
        if epoch == self._epoch:
            return
        self._epoch = epoch
        for function in {name for name, pinned in self._live if pinned is None} | set(
            self._waiting
        ):
            try:
                standing = self.standings.of(function)
            except FunctionGone:
                self._drop(function)
                continue
            found = self.latest(function)
            if standing.function.live is not None if found is None else self._due(found, standing):
                self._start((function, None), standing)

    async def follow(self) -> None:
        """Look for new versions until cancelled."""
        while True:
            await asyncio.sleep(FOLLOW_SECONDS)
            try:
                self.look()
            except HotfitError as error:
                LOG.warning("new versions cannot be looked for: %s", error)
                await asyncio.sleep(1.0)

    async def learned(self, standing: Standing, change: int, *, seconds: float) -> None:
        """Wait, no longer than `seconds`, until the live version has learned `change`.

        One that is pinned learns nothing more, so it is not waited for.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while (left := until - loop.time()) > 0:
            woken: asyncio.Future[None] = loop.create_future()
            waiting = self._waiting.setdefault(standing.id, [])
            waiting.append(woken)
            try:
                if await self._change(standing) >= change or standing.function.pinned is not None:
                    return
                await asyncio.wait([woken], timeout=left)
            finally:
                if woken in waiting:
                    waiting.remove(woken)
                if not waiting:
                    self._waiting.pop(standing.id, None)
            standing = self.standings.of(standing.id)

    async def _change(self, standing: Standing) -> int:
        """What the live version has learned; -1 where nothing can answer yet."""
        try:
            found = await self.find(standing)
            return self.standings.through(standing, found.change)
        except NoModel:
            return -1

    def close(self) -> None:
        """Load nothing more."""
        for task in self._loading.values():
            task.cancel()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _start(self, key: Key, standing: Standing) -> asyncio.Task[Live]:
        """Load in the background; whoever wants the same meanwhile shares it."""
        task = self._loading.get(key)
        if task is None:
            task = asyncio.create_task(self._load(key, standing))
            self._loading[key] = task
            task.add_done_callback(partial(self._loaded, key))
        return task

    async def _shared(self, key: Key, standing: Standing) -> Live:
        return await asyncio.shield(self._start(key, standing))

    def _loaded(self, key: Key, task: "asyncio.Task[Live]") -> None:
        self._loading.pop(key, None)
        if not task.cancelled():
            task.exception()  # told to whoever waits; nobody may

    async def _load(self, key: Key, standing: Standing) -> Live:
        function, pinned = key
        if pinned is not None:
            version = await self._in_thread(partial(self._version, function, pinned))
            found = await self._first_whole(standing, [version])
        else:
            found = await self._newest(standing)
        self._keep(key, found)
        return found

    async def _newest(self, standing: Standing) -> Live:
        """What is live, once no newer version has gone live while it was loaded."""
        while True:
            found = await self._answering(standing)
            self._keep((standing.id, None), found)
            standing = self.standings.of(standing.id)
            if not self._due(found, standing):
                return found

    async def _answering(self, standing: Standing) -> Live:
        """The live version; where it is broken the one before it, or an earlier one."""
        if standing.function.live is None:
            return await self._from_names(standing)
        version = await self._in_thread(partial(self._pointed, standing.id))
        # Read after the version, so that every label it names is among the labels.
        standing = self.standings.of(standing.id)
        try:
            return await self._first_whole(standing, [version])
        except VersionUnusable:
            old = self.latest(standing.id)
            if old is not None:
                return old
        earlier = await self._in_thread(partial(self._earlier, standing.id, version.number))
        return await self._first_whole(standing, earlier)

    async def _from_names(self, standing: Standing) -> Live:
        function = standing.function
        able = (function.input, function.output) == (Input.TEXT, Output.CLASSIFICATION)
        if not able or len(standing.labels) < FEWEST:
            self._live.pop((standing.id, None), None)
            searches = function.output is Output.SEARCH
            raise NoModel(function=function.name, zero_shot=able, searches=searches)
        labels = list(standing.labels.values())
        trained = await self._in_thread(lambda: from_names(labels, self._text_encoder()))
        return Live(
            standing=standing,
            version=None,
            trained=trained,
            label_ids={label.name: label.id for label in labels},
            change=0,
        )

    async def _first_whole(self, standing: Standing, versions: Sequence[Version]) -> Live:
        """The first version that loads and passes its trial; raise VersionUnusable."""
        for version in versions:
            if self._has_failed(version.id):
                continue
            future = self._in_thread(partial(self._loader.load, standing, version))
            await asyncio.wait([future], timeout=LOAD_SECONDS)
            error = future.exception() if future.done() else TimeoutError("it takes too long")
            if error is None:
                return future.result()
            self._refuse(standing, version, error)
        raise VersionUnusable(function=standing.function.name)

    def _refuse(self, standing: Standing, version: Version, error: BaseException) -> None:
        told = None if isinstance(error, HotfitError) else error
        LOG.error(
            "version %s of %r is refused: %s",
            version.id,
            standing.function.name,
            error,
            exc_info=told,
        )
        self._failed[version.id] = asyncio.get_running_loop().time()
        self._meters.refused_version(standing.function.name)

    def _has_failed(self, version: str | None) -> bool:
        """Whether a version failed lately."""
        since = self._failed.get(version or "")
        if since is None or asyncio.get_running_loop().time() - since < FORGIVE_SECONDS:
            return since is not None
        del self._failed[version or ""]
        return False

    def _due(self, live: Live, standing: Standing) -> bool:
        """Whether another version should answer than `live`, and may be loaded."""
        pointed = standing.function.live
        if pointed is None or live.version is None:
            return live.version is not None or pointed is not None or _renamed(live, standing)
        return live.version.id != pointed and not self._has_failed(pointed)

    def _keep(self, key: Key, live: Live) -> None:
        """The swap: from here on `live` answers."""
        old = self._live.get(key)
        self._live[key] = live
        self._live.move_to_end(key)
        if old is not live:
            seconds = 0.0 if live.version is None else live.version.seconds
            self._meters.swapped(live.function.name, change=live.change, seconds=seconds)
        while len(self._live) > self._resident:
            (dropped, _), _ = self._live.popitem(last=False)
            self._loader.forget(dropped)
        self._meters.resident(len(self._live))
        for woken in self._waiting.pop(key[0], []):
            if not woken.done():
                woken.set_result(None)

    def _drop(self, function: str) -> None:
        for key in [key for key in self._live if key[0] == function]:
            del self._live[key]
        self._loader.forget(function)
        self._meters.resident(len(self._live))

    def _version(self, function: str, identifier: str) -> Version:
        with self._store.read() as session:
            for version in history(session, function):
                if version.id == identifier:
                    return version
        raise VersionUnknown

    def _pointed(self, function: str) -> Version:
        with self._store.read() as session:
            version = live_version(session, function)
        if version is None:
            raise FunctionGone
        return version

    def _earlier(self, function: str, number: int) -> list[Version]:
        """Earlier versions, newest first."""
        with self._store.read() as session:
            earlier = [each for each in history(session, function) if each.number < number]
        return earlier[:BACK]

    def _in_thread(self, work: Callable[[], Result]) -> "asyncio.Future[Result]":
        return asyncio.get_running_loop().run_in_executor(self._threads, work)


def _renamed(live: Live, standing: Standing) -> bool:
    """Whether labels were made, renamed, described or deleted since their names were read."""
    return live.standing.labels != standing.labels
