"""Samples of a function: list, add, read, delete, and what is said about them."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from hotfit.api.access import needs
from hotfit.api.bodies import body, takes
from hotfit.api.content import read_data
from hotfit.api.errors import NotFound
from hotfit.api.paging import Paged
from hotfit.api.parts import Asked, Right
from hotfit.api.showing import SampleShown, Shower, annotation_shown
from hotfit.api.stating import AnnotationGiven, SampleGiven, said_of
from hotfit.api.wanted import Wanted
from hotfit.samples.adding import add_one, remove
from hotfit.samples.annotating import annotate_one
from hotfit.samples.ids import as_sample
from hotfit.samples.listing import Kept, get_sample, ids_of_external
from hotfit.store.sessions import Reading
from hotfit.types import Picture

router = APIRouter(tags=["samples"])

SAMPLES = "/functions/{function_id}/samples"
ONE = "/functions/{function_id}/samples/{sample_id}"


class SamplesCounted(BaseModel):
    """How many samples there are."""

    count: int
    exact: bool = Field(description="False: at least so many; to look at all would take long.")


@router.post(SAMPLES, response_model=SampleShown, **takes(SampleGiven, form=True))
@needs(Right.WRITE)
def create_sample(
    call: Asked,
    function_id: str,
    given: Annotated[SampleGiven, Depends(body(SampleGiven, form=True))],
) -> JSONResponse:
    """Add a sample; 409 with the identifier of the one that is there where it is known already."""
    with call.read() as session:
        data = read_data(call.function(session, function_id), given.data)
    blob = call.parts.blobs.put(data.read()) if isinstance(data, Picture) else None
    with call.write() as session:
        function = call.function(session, function_id)
        made = add_one(
            session,
            function,
            data,
            external_id=given.external_id,
            said=said_of(given.annotation),
            author=call.who.name,
            blob=blob,
            sets=[(one.sample_set_id, one.weight) for one in given.sample_sets or ()],
        )
        kept = get_sample(session, function.id, made.sample)
        assert kept is not None
    return call.written(
        Shower(call.parts, function).show([kept])[0], function=function.id, change=made.change
    )


@router.get(SAMPLES, response_model=list[SampleShown])
@needs(Right.READ)
def list_samples(call: Asked, function_id: str, page: Paged, wanted: Wanted) -> JSONResponse:
    """List samples with their annotations and predictions."""
    with call.read() as session:
        function = call.function(session, function_id)
        shower = Shower(call.parts, function, session)
        found = wanted.page(session, shower, function, page)
    return page.reply(shower.show(found.samples, data=wanted.include_data), then=found.then)


@router.get(f"{SAMPLES}/count", response_model=SamplesCounted)
@needs(Right.READ)
def count_samples(call: Asked, function_id: str, wanted: Wanted) -> JSONResponse:
    """Count the samples that a list of the same query would hold."""
    with call.read() as session:
        function = call.function(session, function_id)
        found = wanted.count(session, Shower(call.parts, function, session), function)
    return JSONResponse({"count": found.count, "exact": found.exact})


@router.delete(SAMPLES)
@needs(Right.WRITE)
def delete_samples(
    call: Asked, function_id: str, external_id: Annotated[str, Query(alias="externalId")]
) -> JSONResponse:
    """Delete the sample of an external id."""
    with call.write() as session:
        function = call.function(session, function_id)
        ids = ids_of_external(session, function.id, external_id)
        if not ids:
            raise NotFound(noun="sample")
        change = remove(session, function.id, ids)
    return call.written({}, function=function.id, change=change)


@router.get(ONE, response_model=SampleShown)
@needs(Right.READ)
def read_sample(call: Asked, function_id: str, sample_id: str) -> JSONResponse:
    """Read a sample."""
    with call.read() as session:
        function = call.function(session, function_id)
        kept = kept_of(session, function.id, sample_id)
        shower = Shower(call.parts, function, session)
    return JSONResponse(shower.show([kept])[0])


@router.delete(ONE)
@needs(Right.WRITE)
def delete_sample(call: Asked, function_id: str, sample_id: str) -> JSONResponse:
    """Delete a sample."""
    with call.write() as session:
        function = call.function(session, function_id)
        kept = kept_of(session, function.id, sample_id)
        change = remove(session, function.id, [kept.id])
    return call.written({}, function=function.id, change=change)


@router.put(
    f"{ONE}/annotation",
    response_model=None,
    **takes(AnnotationGiven, name="AnnotationGiven"),
)
@router.post(f"{ONE}/annotation", response_model=None, include_in_schema=False)
@needs(Right.WRITE)
def annotate(
    call: Asked,
    function_id: str,
    sample_id: str,
    given: Annotated[Any, Depends(body(AnnotationGiven))],
) -> JSONResponse:
    """Say what a sample is, in place of what was said before."""
    with call.write() as session:
        function = call.function(session, function_id)
        kept = kept_of(session, function.id, sample_id)
        made = annotate_one(session, function, kept.id, said_of(given), author=call.who.name)
    told = annotation_shown(function, made.value)
    return call.written(told, function=function.id, change=made.change)


@router.delete(f"{ONE}/annotation")
@needs(Right.WRITE)
def withdraw_annotation(call: Asked, function_id: str, sample_id: str) -> JSONResponse:
    """Take back what was said about a sample."""
    with call.write() as session:
        function = call.function(session, function_id)
        kept = kept_of(session, function.id, sample_id)
        made = annotate_one(session, function, kept.id, None, author=call.who.name)
    return call.written({}, function=function.id, change=made.change)


def kept_of(session: Reading, function: str, given: str) -> Kept:
    """The sample of this identifier; raise NotFound."""
    number = as_sample(given)
    kept = None if number is None else get_sample(session, function, number)
    if kept is None:
        raise NotFound(noun="sample")
    return kept
