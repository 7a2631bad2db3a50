"""Fields of a table's function: list, create, read, change, delete."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse
from pydantic import BaseModel, model_validator
from pydantic import Field as Described

from hotfit.api.access import needs
from hotfit.api.bodies import Given, body, takes
from hotfit.api.errors import NotFound
from hotfit.api.paging import Paged
from hotfit.api.parts import Asked, Right
from hotfit.functions import fields
from hotfit.functions.functions import Function
from hotfit.samples.renaming import rename_in_rows
from hotfit.store.ids import as_id
from hotfit.types import Field, Kind

router = APIRouter(tags=["fields"])

ALL = "/functions/{function_id}/fields"
ONE = "/functions/{function_id}/fields/{field_id}"


class FieldGiven(Given):
    """A field as it is to be."""

    name: str
    type: Literal["Text", "Number", "Image"]
    kind: Literal["Text", "Number", "Image", "Category", "Date", "Boolean"] | None = Described(
        default=None, description="What its values are, more finely than `type` says it."
    )

    @model_validator(mode="after")
    def _fits(self) -> "FieldGiven":
        if self.kind is not None and _type_of(Kind(self.kind)) != self.type:
            raise ValueError("kind must be one of those that type stands for")
        return self


class FieldShown(BaseModel):
    """A field; `kind` says more finely what its values are."""

    id: str
    name: str
    type: str
    kind: str


@router.get(ALL, response_model=list[FieldShown])
@needs(Right.READ)
def list_fields(call: Asked, function_id: str, page: Paged) -> JSONResponse:
    """List the fields, oldest first."""
    with call.read() as session:
        found = fields.fields_of(call.function(session, function_id))
    return page.cut([shown(key, one) for key, one in found])


@router.post(ALL, response_model=FieldShown, **takes(FieldGiven))
@needs(Right.WRITE)
def create_field(
    call: Asked, function_id: str, given: Annotated[FieldGiven, Depends(body(FieldGiven))]
) -> JSONResponse:
    """Create a field."""
    with call.write() as session:
        function = call.function(session, function_id)
        function = fields.add_field(session, function, name=given.name, kind=_kind(given))
    told = shown(function.field_ids[-1], function.fields[-1])
    return call.written(told, function=function.id, change=function.change)


@router.get(ONE, response_model=FieldShown)
@needs(Right.READ)
def read_field(call: Asked, function_id: str, field_id: str) -> JSONResponse:
    """Read a field."""
    with call.read() as session:
        found = field_of(call.function(session, function_id), field_id)
    return JSONResponse(shown(*found))


@router.put(ONE, response_model=FieldShown, **takes(FieldGiven))
@needs(Right.WRITE)
def change_field(
    call: Asked,
    function_id: str,
    field_id: str,
    given: Annotated[FieldGiven, Depends(body(FieldGiven))],
) -> JSONResponse:
    """Replace a field's name and type; samples keep its values."""
    with call.write() as session:
        function = call.function(session, function_id)
        identifier, old = field_of(function, field_id)
        kept = given.kind is None and _type_of(old.kind) == given.type
        kind = old.kind if kept else _kind(given)
        function = fields.change_field(session, function, identifier, name=given.name, kind=kind)
        identifier, new = field_of(function, identifier)
        if new.name != old.name:
            rename_in_rows(session, function.id, old=old.name, new=new.name)
    return call.written(shown(identifier, new), function=function.id, change=function.change)


@router.delete(ONE)
@needs(Right.WRITE)
def delete_field(call: Asked, function_id: str, field_id: str) -> JSONResponse:
    """Delete a field; samples are shown without it."""
    with call.write() as session:
        function = call.function(session, function_id)
        identifier, _ = field_of(function, field_id)
        function = fields.remove_field(session, function, identifier)
    return call.written({}, function=function.id, change=function.change)


def field_of(function: Function, given: str) -> tuple[str, Field]:
    """The field of this identifier; raise NotFound."""
    identifier = as_id("field", given)
    for key, one in fields.fields_of(function):
        if key == identifier:
            return key, one
    raise NotFound(noun="field")


def shown(identifier: str, field: Field) -> dict[str, Any]:
    """A field as JSON."""
    kind = field.kind.value
    return {"id": identifier, "name": field.name, "type": _type_of(field.kind), "kind": kind}


def _kind(given: FieldGiven) -> Kind:
    return Kind(given.kind or given.type)


def _type_of(kind: Kind) -> str:
    """The kind as one of the three words that the contract has."""
    return kind.value if kind in {Kind.NUMBER, Kind.IMAGE} else Kind.TEXT.value
