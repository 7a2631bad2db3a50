"""Functions: list, create, read, rename, delete."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse
from pydantic import Field

from hotfit.api.access import needs
from hotfit.api.bodies import Given, body, takes
from hotfit.api.camel import CamelModel
from hotfit.api.paging import Paged
from hotfit.api.parts import Asked, Right
from hotfit.functions import functions, projects
from hotfit.functions.functions import Function
from hotfit.functions.projects import known_project
from hotfit.store.sessions import Reading
from hotfit.types import Input, Output

router = APIRouter(tags=["functions"])

UNNAMED = "NewFunction"


class FunctionGiven(Given):
    """A function to be created."""

    name: str | None = None
    input: Literal["Text", "Image", "Tabular"]
    output: Literal["Classification", "Tags", "Number", "Search"]
    project_id: str | None = None


class FunctionChanged(Given):
    """What may change of a function; its input and output are fixed."""

    name: str | None = None
    project_id: str | None = None


class FunctionShown(CamelModel):
    """A function."""

    id: str
    name: str
    input: str
    output: str
    project_id: str | None = None
    state: str | None = Field(default=None, description="`Browsing` where a version answers.")


@router.get("/functions", response_model=list[FunctionShown])
@needs(Right.READ)
def list_functions(call: Asked, page: Paged) -> JSONResponse:
    """List the functions this key reaches, by name."""
    with call.read() as session:
        found = [one for one in functions.all_functions(session) if call.who.reaches(one.id)]
    return page.cut([shown(one) for one in found])


@router.post("/functions", response_model=FunctionShown, **takes(FunctionGiven))
@needs(Right.WRITE)
def create_function(
    call: Asked, given: Annotated[FunctionGiven, Depends(body(FunctionGiven))]
) -> JSONResponse:
    """Create a function; several may have one name."""
    call.refuse_scoped()
    with call.write() as session:
        made = functions.create(
            session,
            name=given.name or UNNAMED,
            input=Input(given.input),
            output=Output(given.output),
            project=_project(session, given.project_id),
            shared=True,
        )
    return call.written(shown(made), function=made.id, change=made.change)


@router.get("/functions/{function_id}", response_model=FunctionShown)
@needs(Right.READ)
def read_function(call: Asked, function_id: str) -> JSONResponse:
    """Read a function, by identifier or name."""
    with call.read() as session:
        found = call.function(session, function_id)
        return JSONResponse(shown(found) | {"state": _state(found)})


@router.put("/functions/{function_id}", response_model=FunctionShown, **takes(FunctionChanged))
@needs(Right.WRITE)
def change_function(
    call: Asked,
    function_id: str,
    given: Annotated[FunctionChanged, Depends(body(FunctionChanged))],
) -> JSONResponse:
    """Rename a function, or put it into a project; its input and output stay as they are."""
    with call.write() as session:
        found = call.function(session, function_id)
        if given.name is not None:
            found = functions.rename(session, found.id, given.name, shared=True)
        project = _project(session, given.project_id)
        if project is not None:
            found = projects.move(session, found.id, project)
    return call.written(shown(found), function=found.id, change=found.change)


@router.delete("/functions/{function_id}")
@needs(Right.WRITE)
def delete_function(call: Asked, function_id: str) -> JSONResponse:
    """Delete a function with its samples and versions."""
    with call.write() as session:
        found = call.function(session, function_id)
        functions.remove(session, found.id)
    return call.written({}, function=found.id, change=found.change + 1)


def shown(function: Function) -> dict[str, Any]:
    """A function as JSON."""
    return {
        "id": function.id,
        "name": function.name,
        "input": function.input.value,
        "output": function.output.value,
        "projectId": function.project,
    }


def _project(session: Reading, given: str | None) -> str | None:
    return known_project(session, given) if given else None


def _state(function: Function) -> str:
    """`Browsing` where a version answers, or none is needed; clients take that for trained."""
    return "Browsing" if function.live or function.output is Output.SEARCH else "Untrained"
