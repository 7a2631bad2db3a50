"""Calls: one input or many in, what the live version says out."""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from hotfit.api import strict
from hotfit.api.access import needs
from hotfit.api.answering import Answered, Teller, headers
from hotfit.api.bodies import Given, body, takes
from hotfit.api.content import read_data
from hotfit.api.errors import Error, NotFound
from hotfit.api.options import Options, Wished, with_options
from hotfit.api.parts import Asked, Call, Right
from hotfit.errors import HotfitError, Refusal
from hotfit.functions.functions import Function
from hotfit.serving.serving import Serving
from hotfit.serving.standing import FunctionGone, Standing
from hotfit.types import Data, Input

router = APIRouter(tags=["invoke"])

MOST_SAMPLES = 1000
"""Samples that one call may ask for."""

INLINE = 1 << 16
"""Characters up to which an input is read in the event loop."""

LOOK_SECONDS = 0.25
"""A caller that waits longer than this is looked after now and then."""

Result = TypeVar("Result")


class InvokeGiven(Given):
    """One input."""

    data: Any = Field(description="A text, a data URI of an image, or a value by field.")
    external_id: str | None = None
    metadata: Any = None


class BatchGiven(Given):
    """Many inputs."""

    data: list[Any] = Field(
        description="As many inputs as one call takes.", min_length=1, max_length=MOST_SAMPLES
    )


@router.post(
    "/functions/{function_id}/invoke",
    response_model=Answered,
    **with_options(takes(InvokeGiven, form=True)),
)
@needs(Right.INVOKE)
async def invoke(
    call: Asked,
    function_id: str,
    wished: Wished,
    given: Annotated[InvokeGiven, Depends(body(InvokeGiven, form=True))],
) -> JSONResponse:
    """Answer one input."""
    serving, standing = reached(call, function_id)
    async with counted(serving, standing):
        data = await read_input(standing.function, given.data)
        reply = await serving.answer(standing, [data], version=wished.version, wait=wished.wait)
        teller = _teller(serving, standing, reply.live, wished)
        external_id = given.external_id or wished.external_id
        told = teller.tell(reply.answers[0], external_id=external_id)
        if wished.capture:
            serving.capture(reply, standing, data, external_id=external_id)
    return JSONResponse(told, headers=headers(reply))


@router.post(
    "/functions/{function_id}/invoke/batch",
    response_model=list[Answered | Error],
    **with_options(takes(BatchGiven)),
)
@needs(Right.INVOKE)
async def invoke_batch(
    call: Asked,
    function_id: str,
    wished: Wished,
    given: Annotated[BatchGiven, Depends(body(BatchGiven))],
) -> JSONResponse:
    """Answer many inputs in order by one version; an input that cannot be read says so in place."""
    serving, standing = reached(call, function_id)
    async with counted(serving, standing, samples=len(given.data)):
        read = await run_in_threadpool(_read_all, standing.function, given.data)
        good = [each for each in read if not isinstance(each, Refusal)]
        reply = await while_there(
            call.request,
            serving.answer(standing, good, version=wished.version, wait=wished.wait),
        )
        teller = _teller(serving, standing, reply.live, wished)
        answers = iter(reply.answers)
        told = [
            {"message": str(each), "name": each.name}
            if isinstance(each, Refusal)
            else teller.tell(next(answers))
            for each in read
        ]
    return JSONResponse(told, headers=headers(reply))


def reached(call: Call, given: str) -> tuple[Serving, Standing]:
    """The serving, and a function that the caller may reach; raise NotFound."""
    serving: Serving = call.parts.extras["serving"]
    try:
        standing = serving.standing(given)
    except FunctionGone:  # told as what is out of reach, so that nobody learns which it is
        raise NotFound(noun="function") from None
    if not call.who.reaches(standing.id):
        raise NotFound(noun="function")
    return serving, standing


@asynccontextmanager
async def counted(serving: Serving, standing: Standing, *, samples: int = 1) -> AsyncIterator[None]:
    """Count a call, how it ended and how long it took."""
    started = time.perf_counter()
    name, status = standing.function.name, 500
    try:
        yield
        status = 200
    except HotfitError as error:
        status = error.status
        raise
    finally:
        seconds = time.perf_counter() - started
        serving.meters.called(name, status=status, seconds=seconds, samples=samples)
        serving.activity.called(standing.id, status=status, seconds=seconds, samples=samples)


async def while_there(request: Request, work: Coroutine[Any, Any, Result]) -> Result:
    """Do what was asked; give up where the caller has gone, so that nobody waits behind it."""
    task = asyncio.create_task(work)
    try:
        while not (await asyncio.wait([task], timeout=LOOK_SECONDS))[0]:
            if await request.is_disconnected():
                raise ClientDisconnect
        return task.result()
    finally:
        task.cancel()


async def read_input(function: Function, given: Any) -> Data:
    """The input of a call; a form holds a row as JSON."""
    if function.input is Input.TABULAR and isinstance(given, str):
        given = strict.parse(given.encode())
    if isinstance(given, str) and len(given) <= INLINE and function.input is Input.TEXT:
        return read_data(function, given)
    return await run_in_threadpool(read_data, function, given)


def _read_all(function: Function, given: Sequence[Any]) -> list[Data | Refusal]:
    found: list[Data | Refusal] = []
    for each in given:
        try:
            found.append(read_data(function, each))
        except Refusal as refusal:
            found.append(refusal)
    return found


def _teller(serving: Serving, standing: Standing, live: Any, wished: Options) -> Teller:
    """Labels are told as they are once the answer is there, not as they were when it was asked."""
    return Teller(
        live,
        serving.standing(standing.id),
        label_count=wished.label_count,
        metadata=wished.include_metadata,
    )
