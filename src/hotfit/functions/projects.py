"""Projects: names under which functions are grouped."""

from dataclasses import dataclass

from sqlalchemy import insert, select, update

from hotfit.errors import Refusal
from hotfit.functions.functions import Function, get
from hotfit.functions.names import clean_name
from hotfit.store import outbox
from hotfit.store.ids import as_id, new_id
from hotfit.store.sessions import Reading, Writing
from hotfit.store.tables import functions, projects


class ProjectUnknown(Refusal):
    """A function is put into a project that there is not."""

    def __init__(self) -> None:
        super().__init__("there is no such project; list the projects, or create one first.")


@dataclass(frozen=True, kw_only=True)
class Project:
    """A project."""

    id: str
    name: str


def all_projects(session: Reading) -> list[Project]:
    """All projects, oldest first."""
    rows = session.rows(select(projects).order_by(projects.c.number))
    return [Project(id=row.id, name=row.name) for row in rows]


def add_project(session: Writing, name: str) -> Project:
    """Create a project; several may have one name."""
    made = Project(id=new_id("project"), name=clean_name("project", name))
    session.run(insert(projects).values(id=made.id, name=made.name))
    return made


def known_project(session: Reading, given: str) -> str:
    """The identifier of a project; raise ProjectUnknown."""
    found = session.scalar(select(projects.c.id).where(projects.c.id == as_id("project", given)))
    if found is None:
        raise ProjectUnknown
    return str(found)


def move(session: Writing, function: str, project: str) -> Function:
    """Put a function into a project."""
    session.run(update(functions).where(functions.c.id == function).values(project_id=project))
    outbox.record(session, function, "function.moved", {"project": project})
    return get(session, function)
