"""The serving of one process: what is asked goes in, what the live version answers comes out."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from hotfit.functions.representation import Frozen, OpenEncoder
from hotfit.serving.activity import Activity
from hotfit.serving.alike import ALL, Alike
from hotfit.serving.batching import WAITING_CALLS, WAITING_SECONDS, Batches, Draining
from hotfit.serving.capturing import Capturing, Rules
from hotfit.serving.explainers import Explainers
from hotfit.serving.explaining import Explanation
from hotfit.serving.gallery import Gallery, Near
from hotfit.serving.live import TABLES, Live
from hotfit.serving.loading import Loader
from hotfit.serving.meters import Meters
from hotfit.serving.predictors import RESIDENT, Predictors
from hotfit.serving.searching import Point, Queued, Searching, Wanted
from hotfit.serving.standing import Standing, Standings
from hotfit.serving.watch import Watch
from hotfit.store.blobs import Blobs
from hotfit.store.sessions import Store
from hotfit.types import Answer, Data, Input

DRAIN_SECONDS = 30.0

Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one process takes on.

    `resident` versions are in memory; a call that would wait longer than `waiting_seconds`, or
    behind more than `waiting_calls`, is turned away; one that is not answered within
    `call_seconds` is given up; `wait=` holds a call for `learn_seconds` at most.
    `captures` says which calls are kept for review, None keeps none.
    """

    resident: int = RESIDENT
    waiting_calls: int = WAITING_CALLS
    waiting_seconds: float = WAITING_SECONDS
    call_seconds: float = 30.0
    learn_seconds: float = 10.0
    captures: Rules | None = field(default_factory=Rules)


@dataclass(frozen=True, kw_only=True)
class Reply:
    """n answers in order, the version that gave all of them, and the last change it knows."""

    live: Live
    through: int
    answers: Sequence[Answer]


class Serving:
    """Live versions and the queues in front of their encoders; belongs to one event loop."""

    def __init__(
        self,
        *,
        store: Store,
        blobs: Blobs,
        open_encoder: OpenEncoder,
        encoders: Mapping[Input, str],
        limits: Limits = Limits(),
    ) -> None:
        self.limits = limits
        self.meters = Meters()
        self.activity = Activity(time.time)
        self.store = store
        self.open_encoder = open_encoder
        self._watch = Watch(store, clock=time.monotonic)
        self.standings = Standings(store, self._watch)
        self.predictors = Predictors(
            store=store,
            loader=Loader(store=store, blobs=blobs, open_encoder=open_encoder),
            standings=self.standings,
            text_encoder=lambda: open_encoder(encoders[Input.TEXT]),
            meters=self.meters,
            resident=limits.resident,
        )
        self._encoders = encoders
        self._explainers = Explainers(store=store, blobs=blobs)
        self._searching = Searching(
            Alike(
                store=store,
                blobs=blobs,
                open_encoder=open_encoder,
                encoders=encoders,
            )
        )
        self._queues: dict[str, Batches] = {}
        rules = limits.captures
        self._capturing: Capturing | None = None
        if rules is not None:
            self._capturing = Capturing(store=store, blobs=blobs, meters=self.meters, rules=rules)
        self._tasks: list[asyncio.Task[None]] = []
        self._leaving = False
        self._draining = False
        self._under_way = 0

    @property
    def ready(self) -> bool:
        """Whether new calls should be sent here."""
        return bool(self._tasks) and not (self._leaving or self._draining)

    def start(self) -> None:
        """Follow what goes live, in the running event loop."""
        loop = asyncio.get_running_loop()
        self._tasks.append(loop.create_task(self.predictors.follow()))
        if self._capturing is not None:
            self._tasks.append(loop.create_task(self._capturing.write()))

    def leave(self) -> None:
        """Be no longer ready, but go on answering: whoever sends calls here has time to see it."""
        self._leaving = True

    def hint(self) -> None:
        """Something was written or published; look now."""
        self._watch.hint()

    def standing(self, given: str) -> Standing:
        """The function of this identifier or name, as it is now; raise FunctionGone."""
        return self.standings.of(given)

    async def answer(
        self,
        standing: Standing,
        data: Sequence[Data],
        *,
        version: str | None = None,
        wait: int | None = None,
    ) -> Reply:
        """Answer n samples by the live version, or by the one named.

        With `wait`, the live version has learned that change first, or the time for it ran out.
        Raises NoModel, VersionUnknown, VersionUnusable, QueueFull, CallExpired or Draining.
        """
        if self._draining:
            raise Draining
        self._under_way += 1
        try:
            if wait is not None and version is None:
                live, answers = await self._once_learned(standing, data, wait)
                standing = self.standing(standing.id)
            else:
                live, answers = await self._at_once(standing, data, version)
            self.activity.answered(standing.id, answers)
            through = self.standings.through(standing, live.change)
            return Reply(live=live, through=through, answers=answers)
        finally:
            self._under_way -= 1

    async def _at_once(
        self, standing: Standing, data: Sequence[Data], version: str | None = None
    ) -> tuple[Live, list[Answer]]:
        live = await self.predictors.find(standing, version)
        newest = None if version else lambda: self.predictors.latest(standing.id)
        return await self._queue(live.queue).answer(
            live, data, seconds=self.limits.call_seconds, newest=newest
        )

    async def _once_learned(
        self, standing: Standing, data: Sequence[Data], change: int
    ) -> tuple[Live, list[Answer]]:
        """Answer by a version that has learned `change`; what is asked is encoded meanwhile."""
        now = self.predictors.latest(standing.id)
        known = now is not None and now.change >= change
        if now is None or known or now.queue == TABLES or not data:
            await self.predictors.learned(standing, change, seconds=self.limits.learn_seconds)
            return await self._at_once(self.standing(standing.id), data)
        seconds = self.limits.call_seconds
        tasks = (
            asyncio.create_task(self._queue(now.queue).encode(now, data, seconds=seconds)),
            asyncio.create_task(
                self.predictors.learned(standing, change, seconds=self.limits.learn_seconds)
            ),
        )
        try:
            features, _ = await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
        live = await self.predictors.find(self.standing(standing.id))
        if live.queue != now.queue:
            return await self._at_once(self.standing(standing.id), data)
        return live, await asyncio.to_thread(live.trained.answer_encoded, features)

    def capture(
        self, reply: Reply, standing: Standing, data: Data, *, external_id: str | None = None
    ) -> None:
        """Keep a call and its one answer for review, where that teaches something."""
        if self._capturing is not None:
            answer = reply.answers[0]
            self._capturing.see(reply.live, standing, data, answer, external_id=external_id)

    async def near(
        self,
        standing: Standing,
        query: Data | int | None,
        *,
        count: int,
        wanted: Wanted = ALL,
    ) -> list[Near]:
        """The samples nearest to an input, or to the sample of this number.

        Raises SampleMissing, QueueFull or Draining.
        """
        async with self._under() as under:
            encoder = await self._reads(standing)
            return await under.near(standing, encoder, query, count=count, wanted=wanted)

    async def over(self, standing: Standing, work: Callable[[Gallery], Result]) -> Result:
        """Do `work` on all samples of a function; raises QueueFull or Draining."""
        async with self._under() as under:
            return await under.run(standing, await self._reads(standing), work)

    async def queue(self, standing: Standing, *, count: int) -> Queued:
        """The samples to label next; raises QueueFull or Draining."""
        asked = partial(self._searching.queue, standing, count=count)
        return await self.over(standing, asked)

    async def more_like(
        self, standing: Standing, examples: Sequence[int], others: Sequence[int], *, count: int
    ) -> Queued:
        """Samples without an answer like the examples; raises SampleMissing, too."""
        asked = partial(
            self._searching.more_like, standing, examples=examples, others=others, count=count
        )
        return await self.over(standing, asked)

    async def map(self, standing: Standing, *, start: int, count: int) -> list[Point]:
        """A part of the map of all samples, oldest first; raises QueueFull or Draining."""
        asked = partial(self._searching.map, standing, start=start, count=count)
        return await self.over(standing, asked)

    @asynccontextmanager
    async def _under(self) -> AsyncIterator[Searching]:
        if self._draining:
            raise Draining
        self._under_way += 1
        try:
            yield self._searching
        finally:
            self._under_way -= 1

    async def _reads(self, standing: Standing) -> str:
        """The encoder that reads the samples of a function."""
        if standing.function.input is Input.TABULAR:
            return ""
        if standing.function.live is not None:
            live = await self.predictors.find(standing)
            representation = live.trained.representation
            if isinstance(representation, Frozen):
                return representation.encoder.name
        return self._encoders.get(standing.function.input, "")

    async def explain(
        self, standing: Standing, data: Data, *, label: str | None, count: int
    ) -> tuple[Live, Explanation]:
        """Which samples pushed the answer of the live version, and that version.

        Raises NothingLearned, RollMissing, LabelUnasked, QueueFull or Draining, or what `answer`
        raises.
        """
        if self._draining:
            raise Draining
        self._under_way += 1
        try:
            live = await self.predictors.find(standing)
            return live, await self._explainers.explain(live, data, label=label, count=count)
        finally:
            self._under_way -= 1

    async def beside(self, work: Callable[[], Result]) -> Result:
        """Do long work on versions in the thread that explains; raises QueueFull or Draining."""
        if self._draining:
            raise Draining
        self._under_way += 1
        try:
            return await self._explainers.beside(work)
        finally:
            self._under_way -= 1

    async def drain(self, *, seconds: float = DRAIN_SECONDS) -> None:
        """Be no longer ready; take no more calls once those under way have been answered."""
        self._draining = True
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while self._under_way and loop.time() < until:
            await asyncio.sleep(0.01)

    async def close(self) -> None:
        """Stop following and give everything back."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        if self._capturing is not None:
            await self._capturing.flush()
        self.predictors.close()
        self._searching.close()
        self._explainers.close()
        for queue in self._queues.values():
            queue.close()
        self._watch.close()

    def _queue(self, name: str) -> Batches:
        if name not in self._queues:
            self._queues[name] = Batches(
                name,
                meters=self.meters,
                waiting_calls=self.limits.waiting_calls,
                waiting_seconds=self.limits.waiting_seconds,
            )
        return self._queues[name]
