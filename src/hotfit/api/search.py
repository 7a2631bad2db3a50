"""Search: the samples of a function nearest to an input, in the contract's three forms."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from hotfit.api.access import needs
from hotfit.api.bodies import BodyInvalid, Given, body, takes
from hotfit.api.camel import CamelModel
from hotfit.api.content import shown
from hotfit.api.errors import NotFound
from hotfit.api.invoke import counted, reached, read_input
from hotfit.api.parts import Asked, Call, Right
from hotfit.functions.functions import Function
from hotfit.samples.ids import as_sample, sample_id
from hotfit.samples.listing import Filter, list_samples
from hotfit.samples.sets import find_set
from hotfit.serving.alike import SampleMissing, Wanted
from hotfit.serving.gallery import Near
from hotfit.serving.standing import Standing
from hotfit.store.ids import as_id
from hotfit.types import Data

router = APIRouter(tags=["search"])

MOST = 1000


class SearchGiven(Given):
    """What to search near to: an input, or a sample of the function."""

    data: Any = Field(default=None, description="A text, or a data URI of an image.")
    sample_id: str | None = None
    label_id: str | None = Field(default=None, description="Only samples of this label.")
    sample_set_id: str | None = Field(default=None, description="Only samples of this set.")
    annotated: bool | None = Field(
        default=None, description="Only samples with an answer, or without."
    )
    unlike: bool = Field(
        default=False,
        description="The most different samples instead, from what is given, or of all.",
    )


class SampleFound(CamelModel):
    """A sample, and how far it is: 0 is alike."""

    sample_id: str
    distance: float
    external_id: str | None = None
    data: Any = None


class SearchAnswered(CamelModel):
    """The nearest samples, nearest first."""

    search_samples: list[SampleFound]


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
        query = await _query(standing.function, given)
        wanted = await run_in_threadpool(_wanted, call, standing, given)
        near = await serving.near(standing, query, count=count, wanted=wanted)
        ids = [one.sample for one in near]
        held = await run_in_threadpool(contents, call, standing.function, ids) if data else {}
        return [_shown(each, held) for each in near]


async def _query(function: Function, given: SearchGiven) -> Data | int | None:
    """What to search near to; None for the most different of all."""
    if given.unlike and given.data is None and given.sample_id is None:
        return None
    if (given.data is None) is (given.sample_id is None):
        raise BodyInvalid(place="", reason="give one of data and sampleId")
    if given.sample_id is None:
        return await read_input(function, given.data)
    number = as_sample(given.sample_id)
    if number is None:
        raise SampleMissing(given=given.sample_id)
    return number


def _wanted(call: Call, standing: Standing, given: SearchGiven) -> Wanted:
    """Which samples may be found; raise NotFound."""
    label = None if given.label_id is None else as_id("label", given.label_id)
    if given.label_id is not None and label not in standing.labels:
        raise NotFound(noun="label")
    chosen = None
    if given.sample_set_id is not None:
        with call.read() as session:
            chosen = find_set(session, standing.id, given.sample_set_id)
        if chosen is None:
            raise NotFound(noun="sample set")
    return Wanted(
        label=label,
        sample_set=None if chosen is None else chosen.id,
        annotated=given.annotated,
        unlike=given.unlike,
    )


def contents(call: Call, function: Function, ids: Sequence[int]) -> dict[int, Any]:
    """What samples hold, as JSON, by number."""
    with call.read() as session:
        kept = list_samples(session, function.id, Filter(ids=ids), limit=len(ids) or 1)
    return {one.id: shown(function, one.content(call.parts.blobs)) for one in kept}


def _shown(near: Near, held: dict[int, Any]) -> dict[str, Any]:
    told = {
        "sampleId": sample_id(near.sample),
        "distance": near.distance,
        "externalId": near.external_id,
        "data": held.get(near.sample),
    }
    return {name: value for name, value in told.items() if value is not None}
