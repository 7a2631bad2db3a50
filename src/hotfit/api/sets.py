"""Sample sets: list, create, hold out; and which samples are in them."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from hotfit.api.access import needs
from hotfit.api.bodies import Given, body, takes
from hotfit.api.camel import CamelModel
from hotfit.api.errors import NotFound
from hotfit.api.paging import Paged
from hotfit.api.parts import Asked, Right
from hotfit.api.samples import ONE as SAMPLE
from hotfit.api.samples import kept_of
from hotfit.api.stating import SetNamed
from hotfit.samples import sets
from hotfit.samples.sets import SampleSet
from hotfit.store import outbox
from hotfit.store.sessions import Reading

router = APIRouter(tags=["sample sets"])

ALL = "/functions/{function_id}/sample-sets"


class SetGiven(Given):
    """A sample set to be created; with `inTrainSet` false its samples are not learned from."""

    name: str
    in_train_set: bool = True


class SetChanged(Given):
    """What may change of a sample set."""

    in_train_set: bool


class SetShown(CamelModel):
    """A sample set."""

    id: str
    name: str
    in_train_set: bool


class Membership(CamelModel):
    """A sample in a set."""

    sample_id: str
    sample_set_id: str
    weight: float | None = None


@router.get(ALL, response_model=list[SetShown])
@needs(Right.READ)
def list_sample_sets(call: Asked, function_id: str, page: Paged) -> JSONResponse:
    """List the sample sets, by name."""
    with call.read() as session:
        found = sets.sets_of(session, call.function(session, function_id).id)
    return page.cut([shown(one) for one in found])


@router.post(ALL, response_model=SetShown, **takes(SetGiven))
@needs(Right.WRITE)
def create_sample_set(
    call: Asked, function_id: str, given: Annotated[SetGiven, Depends(body(SetGiven))]
) -> JSONResponse:
    """Create a sample set."""
    with call.write() as session:
        function = call.function(session, function_id)
        change = outbox.next_change(session, function.id)
        made = sets.add_set(session, function.id, given.name, trains=given.in_train_set)
        outbox.record(session, function.id, "set.created", {"set": made.id}, number=change)
    return call.written(shown(made), function=function.id, change=change)


@router.put(f"{ALL}/{{sample_set_id}}", response_model=SetShown, **takes(SetChanged))
@needs(Right.WRITE)
def change_sample_set(
    call: Asked,
    function_id: str,
    sample_set_id: str,
    given: Annotated[SetChanged, Depends(body(SetChanged))],
) -> JSONResponse:
    """Say whether the samples of a set are learned from."""
    with call.write() as session:
        function = call.function(session, function_id)
        found = set_of(session, function.id, sample_set_id)
        change = sets.hold_out(session, function.id, found.id, trains=given.in_train_set)
        found = set_of(session, function.id, found.id)
    return call.written(shown(found), function=function.id, change=change)


@router.post(f"{SAMPLE}/sample-sets", response_model=Membership, **takes(SetNamed))
@needs(Right.WRITE)
def put_into_sample_set(
    call: Asked,
    function_id: str,
    sample_id: str,
    given: Annotated[SetNamed, Depends(body(SetNamed))],
) -> JSONResponse:
    """Put a sample into a set, which is made on first use."""
    with call.write() as session:
        function = call.function(session, function_id)
        kept = kept_of(session, function.id, sample_id)
        change = outbox.next_change(session, function.id)
        sets.put_into(session, function.id, kept.id, [(given.sample_set_id, given.weight)])
        found = set_of(session, function.id, given.sample_set_id)
        payload = {"set": found.id, "samples": [kept.id]}
        outbox.record(session, function.id, "set.joined", payload, number=change)
    told: dict[str, Any] = {"sampleId": kept.name, "sampleSetId": found.id}
    if given.weight is not None:
        told["weight"] = given.weight
    return call.written(told, function=function.id, change=change)


@router.delete(f"{SAMPLE}/sample-sets/{{sample_set_id}}")
@needs(Right.WRITE)
def take_out_of_sample_set(
    call: Asked, function_id: str, sample_id: str, sample_set_id: str
) -> JSONResponse:
    """Take a sample out of a set."""
    with call.write() as session:
        function = call.function(session, function_id)
        kept = kept_of(session, function.id, sample_id)
        found = set_of(session, function.id, sample_set_id)
        change = outbox.next_change(session, function.id)
        sets.take_out(session, kept.id, found.id)
        payload = {"set": found.id, "samples": [kept.id]}
        outbox.record(session, function.id, "set.left", payload, number=change)
    return call.written({}, function=function.id, change=change)


def set_of(session: Reading, function: str, given: str) -> SampleSet:
    """The sample set of this identifier or name; raise NotFound."""
    found = sets.find_set(session, function, given)
    if found is None:
        raise NotFound(noun="sample set")
    return found


def shown(one: SampleSet) -> dict[str, Any]:
    """A sample set as JSON."""
    return {"id": one.id, "name": one.name, "inTrainSet": one.trains}
