"""Versions: list them, look at one, let one answer until it is let go."""

from contextlib import suppress
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from hotfit.api.access import needs
from hotfit.api.errors import NotFound
from hotfit.api.paging import Paged
from hotfit.api.parts import Asked, Call, Right
from hotfit.errors import HotfitError
from hotfit.functions.functions import Function
from hotfit.functions.verdicts import version_shown
from hotfit.functions.versions import (
    Build,
    Version,
    find_version,
    history,
    live_version,
    make_live,
    unpin,
)
from hotfit.serving.serving import Serving

router = APIRouter(tags=["versions"])


class ScoreShown(BaseModel):
    """What to expect of a version, from 0 to 1; `low` to `high` is the 95 % range."""

    metric: str
    estimate: float
    low: float
    high: float
    baseline: float = Field(description="What the best constant answer reaches.")


class VersionShown(BaseModel):
    """A version; what was not measured is null."""

    id: str
    number: int
    change: int = Field(description="The last change it has learned.")
    build: Build
    encoder: str
    head: str
    score: ScoreShown | None
    verdict: str | None = Field(description="Can ML do this: yes, no, or what is missing.")
    findings: dict[str, int]
    parent: str | None = Field(description="The version that answered when it was published.")
    created: str
    seconds: float = Field(description="What making it took.")
    live: bool
    pinned: bool = Field(description="Whether it goes on answering although newer ones appear.")


@router.get("/functions/{function_id}/versions", response_model=list[VersionShown])
@needs(Right.READ)
def list_versions(call: Asked, function_id: str, page: Paged) -> JSONResponse:
    """List the versions, newest first; instant ones that only stood between others are dropped."""
    with call.read() as session:
        function = call.function(session, function_id)
        found = history(session, function.id, limit=page.size + 1, offset=page.start)
    then = {"startIndex": page.start + page.size} if len(found) > page.size else None
    return page.reply([version_shown(function, one) for one in found[: page.size]], then=then)


@router.get("/functions/{function_id}/versions/{version_id}", response_model=VersionShown)
@needs(Right.READ)
def read_version(call: Asked, function_id: str, version_id: str) -> JSONResponse:
    """Read a version, by identifier or number."""
    function, found = _found(call, function_id, version_id)
    return JSONResponse(version_shown(function, found))


@router.post("/functions/{function_id}/versions/{version_id}/promote", response_model=VersionShown)
@needs(Right.WRITE)
async def promote_version(call: Asked, function_id: str, version_id: str) -> JSONResponse:
    """Let a version answer, and pin it; what does not load is refused.

    Learning goes on and publishes newer versions, which answer once the pin is removed. Promote an
    earlier version to roll back. Calls that are made after the answer are answered by it.
    """
    serving = _serving(call)
    function, found = await run_in_threadpool(_found, call, function_id, version_id)
    await serving.predictors.find(serving.standing(function.id), found.id)
    told, change = await run_in_threadpool(_promote, call, function.id, found.id)
    return await _answered(call, serving, told, function=function.id, change=change)


@router.delete("/functions/{function_id}/versions/pin", response_model=VersionShown | None)
@needs(Right.WRITE)
async def unpin_version(call: Asked, function_id: str) -> JSONResponse:
    """Let the newest version answer, and every newer one after it; null where there is none."""
    told, function, change = await run_in_threadpool(_unpin, call, function_id)
    return await _answered(call, _serving(call), told, function=function, change=change)


def _found(call: Call, function_id: str, version_id: str) -> tuple[Function, Version]:
    with call.read() as session:
        function = call.function(session, function_id)
        found = find_version(session, function.id, version_id)
    if found is None:
        raise NotFound(noun="version")
    return function, found


def _promote(call: Call, function_id: str, version_id: str) -> tuple[dict[str, Any], int]:
    with call.write() as session:
        function = call.function(session, function_id)
        found = find_version(session, function.id, version_id)
        if found is None:  # it was dropped meanwhile
            raise NotFound(noun="version")
        change = make_live(session, function.id, found.id)
        return version_shown(call.function(session, function.id), found), change


def _unpin(call: Call, function_id: str) -> tuple[dict[str, Any] | None, str, int]:
    with call.write() as session:
        function = call.function(session, function_id)
        change = unpin(session, function.id)
        live = live_version(session, function.id)
        function = call.function(session, function.id)
        return None if live is None else version_shown(function, live), function.id, change


async def _answered(
    call: Call, serving: Serving, told: Any, *, function: str, change: int
) -> JSONResponse:
    """The answer to a write, once what it made live answers here."""
    answer = call.written(told, function=function, change=change)
    with suppress(HotfitError):  # the write is durable; what cannot be loaded, the log tells
        await serving.predictors.settled(serving.standing(function))
    return answer


def _serving(call: Call) -> Serving:
    found: Serving = call.parts.extras["serving"]
    return found
