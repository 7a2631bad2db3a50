"""Who follows which function: one look at the database now and then serves all of them.

No stream holds a thread or a connection to the database while nothing happens. All methods belong
to one event loop.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from starlette.concurrency import run_in_threadpool

from hotfit.errors import Refusal, Unavailable
from hotfit.jobs.signs import Sign, signs
from hotfit.serving.serving import Serving

LOG = logging.getLogger("hotfit.api")


class TooManyStreams(Refusal):
    """More streams are open than one key, or one server, may have."""

    status: ClassVar[int] = 429

    def __init__(self, *, limit: int, whose: str) -> None:
        super().__init__(f"{whose} has {limit} streams open and may have no more; close one.")


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """Streams a key and a server may have, and the seconds between looks, beats, and reconnects.

    `doubt` is how often it is looked up, while anything is written, whether keys still stand.
    """

    per_key: int = 8
    all: int = 200
    look: float = 0.05
    beat: float = 15.0
    lifetime: float = 300.0
    doubt: float = 1.0


@dataclass(eq=False, kw_only=True)
class Follower:
    """One open stream; it is over once what opened it no longer `stands`."""

    key: str
    function: str
    stands: Callable[[], bool] | None = None
    news: asyncio.Event = field(default_factory=asyncio.Event)
    over: bool = False


class Streams:
    """The open streams of one process."""

    def __init__(self, serving: Serving, bounds: Bounds | None = None) -> None:
        self.bounds = bounds or Bounds()
        self._serving = serving
        self._followers: list[Follower] = []
        self._signs: Mapping[str, Sign] = {}
        self._epoch = -1
        self._doubted = (-1, 0.0)
        self._looking: asyncio.Task[None] | None = None

    @property
    def open(self) -> bool:
        """Whether streams go on; they end as soon as the server is about to stop."""
        return self._serving.ready

    def __len__(self) -> int:
        return len(self._followers)

    def enter(
        self, *, key: str, function: str, stands: Callable[[], bool] | None = None
    ) -> Follower:
        """Follow a function until `leave`; raise TooManyStreams."""
        if Counter(each.key for each in self._followers)[key] >= self.bounds.per_key:
            raise TooManyStreams(limit=self.bounds.per_key, whose="this key")
        if len(self._followers) >= self.bounds.all:
            raise TooManyStreams(limit=self.bounds.all, whose="this server")
        follower = Follower(key=key, function=function, stands=stands)
        self._followers.append(follower)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        return follower

    def leave(self, follower: Follower) -> None:
        """Follow no more; once is enough."""
        if follower in self._followers:
            self._followers.remove(follower)

    async def news(self, follower: Follower, *, seconds: float) -> bool:
        """Wait until something may have happened; False where nothing did for so long."""
        try:
            async with asyncio.timeout(seconds):
                await follower.news.wait()
        except TimeoutError:
            return False
        return True

    async def _look(self) -> None:
        """Tell followers of news for as long as there are any."""
        while self._followers:
            await asyncio.sleep(self.bounds.look)
            if not self.open:
                for follower in self._followers:
                    follower.news.set()
                return
            try:
                await self._compare()
                await self._doubt()
            except Unavailable as error:
                LOG.warning("what happened cannot be looked for: %s", error)
                await asyncio.sleep(1.0)

    async def _compare(self) -> None:
        """Tell those whose function has another sign than at the last look."""
        wanted = {each.function for each in self._followers}
        epoch = self._serving.standings.look()
        if epoch == self._epoch and wanted <= self._signs.keys():
            return
        found = await run_in_threadpool(self._read, wanted)
        old, self._signs, self._epoch = self._signs, found, epoch
        for follower in self._followers:
            if follower.function not in found or found[follower.function] != old.get(
                follower.function
            ):
                follower.news.set()

    async def standing(self, follower: Follower) -> bool:
        """Whether what opened the stream would open it still."""
        if follower.stands is not None and not follower.over:
            follower.over = not await run_in_threadpool(follower.stands)
        return not follower.over

    async def _doubt(self) -> None:
        """End the streams whose keys and sessions stand no longer, where any could have gone."""
        epoch, now = self._serving.standings.look(), asyncio.get_running_loop().time()
        doubted, then = self._doubted
        if epoch == doubted or now - then < self.bounds.doubt:
            return
        self._doubted = (epoch, now)
        for follower in list(self._followers):
            if not await self.standing(follower):
                follower.news.set()

    def _read(self, wanted: set[str]) -> Mapping[str, Sign]:
        with self._serving.store.read() as session:
            return signs(session, wanted)
