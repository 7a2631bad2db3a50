"""What happens to a function as it happens: server-sent events.

    retry: 2000

    event: version
    id: 41
    data: {"change": 41, ...}

An identifier is a number of a change. It stands at the last event of that change alone, so who
comes back with `Last-Event-ID` misses nothing, and may hear of one change twice.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from hotfit.api.access import needs
from hotfit.api.learning import progress_shown
from hotfit.api.parts import Asked, Call, Right
from hotfit.api.streams import Follower, Streams
from hotfit.errors import Unavailable
from hotfit.functions.functions import Function, find_served
from hotfit.functions.happenings import Happening, happened
from hotfit.functions.verdicts import version_shown
from hotfit.functions.versions import find_version
from hotfit.jobs.progress import progress_of
from hotfit.serving.batching import Draining
from hotfit.store.sessions import Reading, Store

router = APIRouter(tags=["events"])

KIND = "text/event-stream"
RETRY = "retry: 2000\n\n"
BEAT = ": beat\n\n"

PAGE = 100
"""Things that are read at once."""

ABOUT = """Events, each with JSON as data:

- `version`: a version was published; `version` as in the list of versions, `live` whether it
  answers.
- `findings`: what a version found in the data, counted by kind.
- `promoted`: another version answers; `pinned` whether it goes on answering.
- `finding`: a finding was settled.
- `progress`: as under `/progress`, whenever that changes.
- `deleted`: the function is gone, and the stream ends.

Lines that begin with a colon say that the server lives. The server closes a stream now and then;
come back with `Last-Event-ID`. Without that header a stream begins with the present."""

EVENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": ABOUT,
        "content": {KIND: {"schema": {"type": "string"}}},
    }
}


@router.get("/functions/{function_id}/events", response_class=StreamingResponse, responses=EVENTS)
@needs(Right.READ)
async def events(
    call: Asked,
    function_id: str,
    last: Annotated[
        int | None,
        Header(alias="Last-Event-ID", ge=0, le=2**53, description="Begin after this change."),
    ] = None,
    *,
    follow: Annotated[
        bool, Query(description="False: end when all that happened so far is told.")
    ] = True,
) -> StreamingResponse:
    """Follow a function: versions, findings and progress as they come."""
    streams: Streams = call.parts.extras["streams"]
    if not streams.open:
        raise Draining
    function = await run_in_threadpool(_function, call, function_id)
    stands = call.parts.extras.get("stands")
    follower = streams.enter(
        key=call.who.name,
        function=function.id,
        stands=None if stands is None else partial(stands, call.request, call.who),
    )
    since = function.change if last is None else min(last, function.change)
    told = _told(call.parts.store, streams, follower, since=since, follow=follow)
    return Events(told, streams=streams, follower=follower)


class Events(StreamingResponse):
    """A stream whose place is free again however it ends."""

    media_type = KIND

    def __init__(
        self, content: AsyncIterator[str], *, streams: Streams, follower: Follower
    ) -> None:
        super().__init__(content, headers={"X-Accel-Buffering": "no", "Cache-Control": "no-cache"})
        self._streams = streams
        self._follower = follower

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the stream ends or the caller has gone."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._streams.leave(self._follower)


@dataclass(frozen=True, kw_only=True)
class _Part:
    """What there is to tell after a change: events, through which change, whether there is more."""

    events: list[str]
    progress: dict[str, Any]
    through: int
    more: bool


async def _told(
    store: Store, streams: Streams, follower: Follower, *, since: int, follow: bool
) -> AsyncIterator[str]:
    """The lines of one stream."""
    loop = asyncio.get_running_loop()
    until = loop.time() + streams.bounds.lifetime
    progress: dict[str, Any] | None = None
    yield RETRY
    while True:
        try:
            part = await run_in_threadpool(_read, store, follower.function, since)
        except Unavailable:
            return  # who comes back is told by an error, or goes on where this stream ended
        if part is None:
            yield _event("deleted", {"function": follower.function})
            return
        for line in part.events:
            yield line
        since = part.through
        if part.more:
            continue
        if part.progress != progress:
            progress = part.progress
            yield _event("progress", progress, change=since)
        while follow and not await streams.news(follower, seconds=streams.bounds.beat):
            yield BEAT
            if loop.time() >= until or not streams.open or not await streams.standing(follower):
                return
        follower.news.clear()
        if not follow or follower.over or not streams.open or loop.time() >= until:
            return


def _function(call: Call, function_id: str) -> Function:
    with call.read() as session:
        return call.function(session, function_id)


def _read(store: Store, function_id: str, since: int) -> _Part | None:
    """What there is to tell after `since`; None where the function is gone."""
    with store.read() as session:
        function = find_served(session, function_id)
        if function is None or function.id != function_id:
            return None
        found = happened(session, function_id, since=since, limit=PAGE)
        lines = [line for each in found for line in _lines(session, function, each)]
        more = len(found) == PAGE
        return _Part(
            events=lines,
            progress=progress_shown(progress_of(session, function)),
            through=found[-1].change if more else function.change,
            more=more,
        )


def _lines(session: Reading, function: Function, one: Happening) -> list[str]:
    """The events of one change; the last of them has its number as identifier."""
    told = list(_named(session, function, one))
    last = len(told) - 1
    common = {"change": one.change, "at": one.created}
    return [
        _event(name, common | data, change=one.change if place == last else None)
        for place, (name, data) in enumerate(told)
    ]


def _named(
    session: Reading, function: Function, one: Happening
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The events of one change, by name."""
    payload = one.payload
    if one.kind == "finding.settled":
        yield "finding", dict(payload)
        return
    if one.kind not in {"version.published", "version.promoted", "version.unpinned"}:
        return
    identifier = payload["version"]
    found = find_version(session, function.id, identifier or "")
    version = {"id": identifier} if found is None else version_shown(function, found)
    if one.kind != "version.published":
        yield "promoted", {"version": version, "pinned": one.kind == "version.promoted"}
        return
    yield "version", {"version": version, "live": payload.get("live", True)}
    if found is not None and found.findings:
        yield "findings", {"version": identifier, "findings": dict(found.findings)}


def _event(name: str, data: dict[str, Any], *, change: int | None = None) -> str:
    """One event; JSON holds no line ends, so it is one line of data."""
    number = "" if change is None else f"id: {change}\n"
    return f"event: {name}\n{number}data: {json.dumps(data, allow_nan=False)}\n\n"
