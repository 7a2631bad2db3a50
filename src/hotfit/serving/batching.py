"""Encodes calls together that arrive together.

An idle encoder takes a call at once. While it is busy, calls wait; when it is free it takes the
oldest, and with it those of similar length, up to a budget, so that a short text never waits for
the long one that came after it. A call of many samples is served in parts, by one version, others
in between. Samples may also be encoded alone, for a version that is still to come. When more waits
than can be answered soon, the next call is turned away: an answer that comes too late costs as
much as one in time.

Everything but the encoding itself happens in one event loop, without locks.
"""

import asyncio
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from math import ceil
from time import perf_counter
from typing import Any

import numpy as np

from hotfit.errors import Unavailable
from hotfit.functions.representation import Frozen
from hotfit.serving.live import Live
from hotfit.serving.meters import Meters
from hotfit.types import Answer, Data, Features

BATCH_SAMPLES = 64
BATCH_COST = 4096
"""Characters encoded together: about 0.2 s of two cores."""

SIMILAR = 4
"""Samples whose lengths differ by no more than this factor share a batch."""

WAITING_CALLS = 1024
WAITING_SECONDS = 0.5
"""A call that would wait longer than this is turned away."""

LANES = 2
"""Batches under way at a time: while one is answered, the next is encoded."""

PICTURE_COST = 300
"""An image takes about as long to encode as this many characters."""

FADING = 0.9
"""Weight of what was measured a batch ago."""

YIELDING = 5
"""How much encoding yields, in steps of `nice`, to what reads requests, writes and learns."""

Newest = Callable[[], Live | None]
_Outcome = Future[tuple[list[list[Any]], float]]


class QueueFull(Unavailable):
    """More calls wait than can be answered soon."""

    def __init__(self, *, seconds: float) -> None:
        super().__init__("the server has more calls than it can answer; try again shortly.")
        self.seconds = seconds

    @property
    def headers(self) -> Mapping[str, str]:
        """When to try again."""
        return {"Retry-After": str(max(1, ceil(self.seconds)))}


class CallExpired(Unavailable):
    """A call was not answered within its time."""

    def __init__(self, *, seconds: float) -> None:
        super().__init__(f"the call was not answered within {seconds:g} s; try again.")


class Draining(Unavailable):
    """The server is about to stop."""

    def __init__(self) -> None:
        super().__init__("this server is about to stop; try again, another will answer.")


@dataclass(kw_only=True, eq=False)
class _Call:
    """What one caller asked; `newest` gives the version to use once it is begun.

    `answers` are those found so far; with `ahead` they are the samples' vectors instead.
    """

    live: Live
    newest: Newest | None
    data: Sequence[Data]
    costs: Sequence[int]
    until: float
    answered: "asyncio.Future[None]"
    ahead: bool = False
    answers: list[Any] = field(default_factory=list)
    alone: bool = False

    def rest(self) -> int:
        return len(self.data) - len(self.answers)


@dataclass(frozen=True, kw_only=True)
class _Part:
    """Samples start to stop of a call, answered in one batch."""

    call: _Call
    start: int
    stop: int

    @property
    def cost(self) -> int:
        return sum(self.call.costs[self.start : self.stop])

    @property
    def data(self) -> Sequence[Data]:
        return self.call.data[self.start : self.stop]


class Batches:
    """The queue in front of one encoder."""

    def __init__(
        self,
        name: str,
        *,
        meters: Meters,
        lanes: int = LANES,
        waiting_calls: int = WAITING_CALLS,
        waiting_seconds: float = WAITING_SECONDS,
    ) -> None:
        self._name = name
        self._meters = meters
        self._free = lanes
        self._waiting: deque[_Call] = deque()
        self._waiting_cost = 0
        self._most_calls = waiting_calls
        self._most_seconds = waiting_seconds
        self._lanes = lanes
        self._spent_seconds = self._spent_cost = 0.0
        self._threads = ThreadPoolExecutor(
            lanes, thread_name_prefix=f"hotfit-{name}", initializer=_yield_to_others
        )

    async def answer(
        self, live: Live, data: Sequence[Data], *, seconds: float, newest: Newest | None = None
    ) -> tuple[Live, list[Answer]]:
        """Answer n samples in order by one version, and say which.

        That is `live`, or what `newest` gives when the call is begun. Raises QueueFull at once, or
        CallExpired where the answer does not come within `seconds`.
        """
        if not data:
            return live, []
        call = await self._served(live, data, seconds=seconds, newest=newest)
        return call.live, call.answers

    async def encode(self, live: Live, data: Sequence[Data], *, seconds: float) -> Features:
        """Encode n samples, at least one, for whatever version of this queue comes to answer them.

        `live` is one that reads them by its frozen encoder. Raises as `answer` does.
        """
        call = await self._served(live, data, seconds=seconds, ahead=True)
        return Features(values=np.stack(call.answers))

    async def _served(
        self,
        live: Live,
        data: Sequence[Data],
        *,
        seconds: float,
        newest: Newest | None = None,
        ahead: bool = False,
    ) -> _Call:
        loop = asyncio.get_running_loop()
        self._refuse_excess()
        call = _Call(
            live=live,
            newest=newest,
            data=data,
            costs=[cost(each) for each in data],
            until=loop.time() + seconds,
            answered=loop.create_future(),
            ahead=ahead,
        )
        self._append(call)
        self._begin()
        timer = loop.call_at(call.until, self._expire, call, seconds)
        try:
            await call.answered
        finally:
            timer.cancel()
        return call

    def waiting_seconds(self) -> float:
        """How long a call that came now would wait, about."""
        if not self._spent_cost:
            return 0.0
        return self._waiting_cost * self._spent_seconds / self._spent_cost / self._lanes

    def close(self) -> None:
        """Begin nothing more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _refuse_excess(self) -> None:
        """Turn a call away; what makes a single batch is never too much."""
        expected = self.waiting_seconds()
        late = expected > self._most_seconds and self._waiting_cost > BATCH_COST
        if late or len(self._waiting) >= self._most_calls:
            self._meters.turned_away("full")
            raise QueueFull(seconds=expected)

    def _expire(self, call: _Call, seconds: float) -> None:
        if not call.answered.done():
            self._meters.turned_away("late")
            call.answered.set_exception(CallExpired(seconds=seconds))

    def _append(self, call: _Call) -> None:
        self._waiting.append(call)
        self._waiting_cost += _waiting_cost(call)

    def _begin(self) -> None:
        """Start batches while there are calls and a free lane."""
        loop = asyncio.get_running_loop()
        while self._free and self._waiting:
            parts = self._choose()
            if not parts:
                break
            self._free -= 1
            self._threads.submit(_run, parts).add_done_callback(partial(self._done, loop, parts))
        self._meters.waiting(self._name, len(self._waiting))

    def _choose(self) -> list[_Part]:
        """The oldest call, and those of similar length up to the budget; none may be left."""
        parts: list[_Part] = []
        passed: list[_Call] = []
        budget, room, length = BATCH_COST, BATCH_SAMPLES, 0
        while self._waiting and budget > 0 and room > 0:
            call = self._waiting.popleft()
            self._waiting_cost -= _waiting_cost(call)
            if call.answered.done():  # expired, or its caller has gone
                continue
            first = call.costs[len(call.answers)]
            if parts and (call.alone or not length / SIMILAR <= first <= length * SIMILAR):
                passed.append(call)
                continue
            length = length or first
            part = _cut(call, budget, room)
            parts.append(part)
            budget, room = budget - part.cost, room - (part.stop - part.start)
            if call.alone:
                break
        for call in reversed(passed):
            self._waiting.appendleft(call)
            self._waiting_cost += _waiting_cost(call)
        for part in parts:
            _settle_version(part.call, self._name)
        return parts

    def _done(self, loop: asyncio.AbstractEventLoop, parts: list[_Part], done: _Outcome) -> None:
        """Tell the event loop, from the thread that encoded; after the end nobody waits."""
        if not loop.is_closed():
            loop.call_soon_threadsafe(self._finish, parts, done)

    def _finish(self, parts: list[_Part], done: _Outcome) -> None:
        self._free += 1
        if done.cancelled():
            return
        error = done.exception()
        if error is None:
            answers, seconds = done.result()
            self._learn_speed(parts, seconds)
            for part, found in zip(parts, answers, strict=True):
                part.call.answers.extend(found)
                if part.call.rest() and not part.call.answered.done():
                    self._append(part.call)
        elif len(parts) > 1:  # one of them may be at fault: each is tried by itself
            for part in parts:
                part.call.alone = True
                self._append(part.call)
        self._begin()  # the encoder goes on before the answers are written
        for part in parts:
            _deliver(part.call, error if len(parts) == 1 else None)

    def _learn_speed(self, parts: list[_Part], seconds: float) -> None:
        """Remember what encoding costs; what was measured long ago fades."""
        self._spent_seconds = self._spent_seconds * FADING + seconds
        self._spent_cost = self._spent_cost * FADING + sum(part.cost for part in parts)
        self._meters.batched(self._name, sum(part.stop - part.start for part in parts), seconds)


def cost(data: Data) -> int:
    """About how long a sample takes to encode, in characters of text."""
    if isinstance(data, str):
        return len(data) + 8
    if isinstance(data, Mapping):
        return 8 + sum(len(cell) for cell in data.values() if isinstance(cell, str))
    return PICTURE_COST


def _waiting_cost(call: _Call) -> int:
    """What others wait for this call: at most one part of it comes before them."""
    left, total = BATCH_COST, 0
    for each in call.costs[len(call.answers) : len(call.answers) + BATCH_SAMPLES]:
        total += each
        if total >= left:
            return left
    return total


def _cut(call: _Call, budget: int, room: int) -> _Part:
    """As many of the call's next samples as fit, at least one."""
    start = stop = len(call.answers)
    while stop < len(call.data) and stop - start < room and (stop == start or budget > 0):
        budget -= call.costs[stop]
        stop += 1
    return _Part(call=call, start=start, stop=stop)


def _settle_version(call: _Call, queue: str) -> None:
    """From its first batch on a call keeps its version."""
    if call.newest is not None:
        newest = call.newest()
        if newest is not None and newest.queue == queue:
            call.live = newest
        call.newest = None


def _deliver(call: _Call, error: BaseException | None) -> None:
    if call.answered.done():
        return
    if error is not None:
        call.answered.set_exception(error)
    elif not call.rest():
        call.answered.set_result(None)


def _run(parts: Sequence[_Part]) -> tuple[list[list[Any]], float]:
    """Answer the parts of one batch: all encoded together, then each version its own at once."""
    started = perf_counter()
    encoded = _encoded(parts)
    found: list[list[Any]] = [[] for _ in parts]
    for (live, ahead), places in _by_version(parts).items():
        features = encoded(live, places)
        answers = list(features.values) if ahead else live.trained.answer_encoded(features)
        begin = 0
        for place in places:
            size = parts[place].stop - parts[place].start
            found[place] = answers[begin : begin + size]
            begin += size
    return found, perf_counter() - started


def _by_version(parts: Sequence[_Part]) -> dict[tuple[Live, bool], list[int]]:
    """Which parts each version answers, and which are encoded only."""
    found: dict[tuple[Live, bool], list[int]] = {}
    for place, part in enumerate(parts):
        found.setdefault((part.call.live, part.call.ahead), []).append(place)
    return found


def _yield_to_others() -> None:
    """Let the threads of this process and the worker's go first, where a thread can say so."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), YIELDING)


def _encoded(parts: Sequence[_Part]) -> Callable[[Live, list[int]], Features]:
    """The features of some parts; what one frozen encoder reads is read once for all versions."""
    representation = parts[0].call.live.trained.representation
    if not isinstance(representation, Frozen):
        return lambda live, places: live.trained.representation.features(
            [each for place in places for each in parts[place].data]
        )
    together = representation.features([each for part in parts for each in part.data])
    ends = np.cumsum([part.stop - part.start for part in parts])

    def rows(_live: Live, places: list[int]) -> Features:
        if len(places) == len(parts):
            return together
        chosen = [np.arange(ends[p] - (parts[p].stop - parts[p].start), ends[p]) for p in places]
        return together[np.concatenate(chosen)]

    return rows
