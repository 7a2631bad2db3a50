"""Search: the samples of a function nearest to an input, in the contract's three forms."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from hotfit.api.access import needs
from hotfit.api.bodies import BodyInvalid, Given, body, takes
from hotfit.api.content import shown
from hotfit.api.invoke import counted, reached, read_input
from hotfit.api.parts import Asked, Call, Right
from hotfit.functions.functions import Function
from hotfit.samples.ids import as_sample, sample_id
from hotfit.samples.listing import Filter, list_samples
from hotfit.serving.gallery import Near
from hotfit.serving.searching import SampleMissing

router = APIRouter(tags=["search"])

MOST = 1000


class SearchGiven(Given):
    """What to search near to: an input, or a sample of the function."""

    data: Any = Field(default=None, description="A text, or a data URI of an image.")
    sample_id: str | None = None


class SampleFound(BaseModel):
    """A sample, and how far it is: 0 is alike."""

    sampleId: str  # noqa: N815 - the contract's words
    distance: float
    externalId: str | None = None  # noqa: N815
    data: Any = None


class SearchAnswered(BaseModel):
    """The nearest samples, nearest first."""

    searchSamples: list[SampleFound]  # noqa: N815 - the contract's word


Body = Annotated[SearchGiven, Depends(body(SearchGiven, form=True))]
Count = Annotated[int, Query(alias="sampleCount", ge=1, le=MOST)]
WithData = Annotated[bool, Query(alias="includeData")]


@router.post(
    "/functions/{function_id}/search",
    response_model=SearchAnswered,
    **takes(SearchGiven, form=True),
)
@needs(Right.READ)
async def search(
    call: Asked, function_id: str, given: Body, count: Count = 10, *, include_data: WithData = False
) -> JSONResponse:
    """Find the samples nearest to an input or to a sample."""
    found = await _found(call, function_id, given, count=count, data=include_data)
    return JSONResponse({"searchSamples": found})


@router.post(
    "/search-functions/{function_id}/invoke",
    response_model=list[SampleFound],
    **takes(SearchGiven, form=True),
)
@needs(Right.READ)
async def search_invoke(
    call: Asked, function_id: str, given: Body, count: Count = 10, *, include_data: WithData = False
) -> JSONResponse:
    """Find the samples nearest to an input or to a sample, as a bare list."""
    return JSONResponse(await _found(call, function_id, given, count=count, data=include_data))


async def _found(
    call: Call, function_id: str, given: SearchGiven, *, count: int, data: bool
) -> list[dict[str, Any]]:
    serving, standing = reached(call, function_id)
    async with counted(serving, standing):
        if (given.data is None) is (given.sample_id is None):
            raise BodyInvalid(place="", reason="give one of data and sampleId")
        query = (
            await read_input(standing.function, given.data)
            if given.sample_id is None
            else as_sample(given.sample_id)
        )
        if query is None:
            raise SampleMissing
        near = await serving.near(standing, query, count=count)
        contents = await run_in_threadpool(_data, call, standing.function, near) if data else {}
        return [_shown(each, contents) for each in near]


def _data(call: Call, function: Function, near: Sequence[Near]) -> dict[int, Any]:
    """What the samples found hold, as JSON."""
    ids = [each.sample for each in near]
    with call.read() as session:
        kept = list_samples(session, function.id, Filter(ids=ids), limit=len(ids) or 1)
    return {one.id: shown(function, one.content(call.parts.blobs)) for one in kept}


def _shown(near: Near, contents: dict[int, Any]) -> dict[str, Any]:
    told = {
        "sampleId": sample_id(near.sample),
        "distance": near.distance,
        "externalId": near.external_id,
        "data": contents.get(near.sample),
    }
    return {name: value for name, value in told.items() if value is not None}
