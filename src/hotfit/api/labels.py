"""Labels of a function: list, create, read, change, delete."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from hotfit.api.access import needs
from hotfit.api.bodies import Given, body, takes
from hotfit.api.errors import NotFound
from hotfit.api.paging import Paged
from hotfit.api.parts import Asked, Right
from hotfit.functions import labels
from hotfit.functions.functions import get
from hotfit.functions.labels import Label
from hotfit.functions.names import clean_name
from hotfit.samples.unlabelling import remove_label
from hotfit.store.ids import as_id
from hotfit.store.sessions import Reading

router = APIRouter(tags=["labels"])


class LabelGiven(Given):
    """A label as it is to be."""

    name: str
    description: str | None = None
    metadata: Mapping[str, str] | None = None


class LabelShown(BaseModel):
    """A label."""

    id: str
    name: str
    description: str | None = None
    metadata: dict[str, str] | None = None


@router.get("/functions/{function_id}/labels", response_model=list[LabelShown])
@needs(Right.READ)
def list_labels(call: Asked, function_id: str, page: Paged) -> JSONResponse:
    """List the labels, oldest first."""
    with call.read() as session:
        found = labels.labels_of(session, call.function(session, function_id).id)
    return page.cut([shown(one) for one in found])


@router.post("/functions/{function_id}/labels", response_model=LabelShown, **takes(LabelGiven))
@needs(Right.WRITE)
def create_label(
    call: Asked, function_id: str, given: Annotated[LabelGiven, Depends(body(LabelGiven))]
) -> JSONResponse:
    """Create a label."""
    with call.write() as session:
        function = call.function(session, function_id)
        made = labels.add_label(
            session,
            function.id,
            given.name,
            description=given.description,
            metadata=given.metadata or None,
        )
        change = get(session, function.id).change
    return call.written(shown(made), function=function.id, change=change)


@router.get("/functions/{function_id}/labels/{label_id}", response_model=LabelShown)
@needs(Right.READ)
def read_label(call: Asked, function_id: str, label_id: str) -> JSONResponse:
    """Read a label."""
    with call.read() as session:
        function = call.function(session, function_id)
        return JSONResponse(shown(label_of(session, function.id, label_id)))


@router.put(
    "/functions/{function_id}/labels/{label_id}", response_model=LabelShown, **takes(LabelGiven)
)
@needs(Right.WRITE)
def change_label(
    call: Asked,
    function_id: str,
    label_id: str,
    given: Annotated[LabelGiven, Depends(body(LabelGiven))],
) -> JSONResponse:
    """Replace a label's name, description and metadata; samples keep it."""
    with call.write() as session:
        function = call.function(session, function_id)
        label = label_of(session, function.id, label_id)
        if clean_name("label", given.name) != label.name:
            labels.rename_label(session, function.id, label.id, given.name)
        change = labels.describe_label(
            session,
            function.id,
            label.id,
            description=given.description,
            metadata=given.metadata,
        )
        found = label_of(session, function.id, label.id)
    return call.written(shown(found), function=function.id, change=change)


@router.delete("/functions/{function_id}/labels/{label_id}")
@needs(Right.WRITE)
def delete_label(call: Asked, function_id: str, label_id: str) -> JSONResponse:
    """Delete a label; samples that had it have it no more."""
    with call.write() as session:
        function = call.function(session, function_id)
        label = label_of(session, function.id, label_id)
        change = remove_label(session, function, label.id, author=call.who.name)
    return call.written({}, function=function.id, change=change)


def label_of(session: Reading, function: str, given: str) -> Label:
    """The label of this identifier; raise NotFound."""
    identifier = as_id("label", given)
    for one in labels.labels_of(session, function):
        if one.id == identifier:
            return one
    raise NotFound(noun="label")


def shown(label: Label) -> dict[str, Any]:
    """A label as JSON; metadata that says nothing is left out, never `{}`."""
    told: dict[str, Any] = {"id": label.id, "name": label.name}
    if label.description is not None:
        told["description"] = label.description
    if label.metadata:
        told["metadata"] = dict(label.metadata)
    return told
