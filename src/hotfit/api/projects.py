"""Projects: list and create."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from hotfit.api.access import needs
from hotfit.api.bodies import Given, body, takes
from hotfit.api.paging import Paged
from hotfit.api.parts import Asked, Right
from hotfit.functions import projects
from hotfit.functions.projects import Project

router = APIRouter(tags=["projects"])


class ProjectGiven(Given):
    """A project to be created."""

    name: str


class ProjectShown(BaseModel):
    """A project."""

    id: str
    name: str


@router.get("/projects", response_model=list[ProjectShown])
@needs(Right.READ)
def list_projects(call: Asked, page: Paged) -> JSONResponse:
    """List the projects, oldest first; a key bound to functions sees none."""
    with call.read() as session:
        found = projects.all_projects(session) if call.who.functions is None else []
    return page.cut([shown(one) for one in found])


@router.post("/projects", response_model=ProjectShown, **takes(ProjectGiven))
@needs(Right.WRITE)
def create_project(
    call: Asked, given: Annotated[ProjectGiven, Depends(body(ProjectGiven))]
) -> JSONResponse:
    """Create a project."""
    call.refuse_scoped()
    with call.write() as session:
        made = projects.add_project(session, given.name)
    return JSONResponse(shown(made))


def shown(project: Project) -> dict[str, Any]:
    """A project as JSON."""
    return {"id": project.id, "name": project.name}
