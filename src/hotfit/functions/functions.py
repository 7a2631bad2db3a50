"""Creating, finding, renaming and deleting functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Insert, Row, Select, Update, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from hotfit.errors import Refusal
from hotfit.functions.names import NameTaken, clean_name, name_key
from hotfit.store import outbox
from hotfit.store.columns import now
from hotfit.store.ids import as_id, derived_id, new_id
from hotfit.store.sessions import Reading, Writing
from hotfit.store.tables import functions
from hotfit.types import Field, Input, Kind, Output

CARRIED = "encoders"
"""The part of a plan that says which encoder reads the function."""

EXCLUDED = "excluded"
"""The part of a plan that names the columns that a person has left out."""

TOGETHER = "together"
"""The part of a plan that names the columns whose equal values are held out together."""

KEPT = (CARRIED, EXCLUDED, TOGETHER)
"""The parts that a new plan takes over."""


class FunctionUnknown(Refusal):
    """No function has this name or identifier."""

    status = 404

    def __init__(self, *, name: str, known: Sequence[str]) -> None:
        told = ", ".join(known) if known else "none yet; `hotfit fit FILE` makes one"
        super().__init__(f"no function is called {name!r}; there are: {told}.")


@dataclass(frozen=True, kw_only=True)
class Function:
    """A named ML function as it is kept.

    `plan` is what was decided about the source (columns, notes); `live` the version that answers;
    `pinned` is that version too while no newer one may take over; `change` the number of the last
    write; `field_ids` are the identifiers of `fields`.
    """

    id: str
    name: str
    input: Input
    output: Output
    target: str | None = None
    fields: tuple[Field, ...] = ()
    plan: Mapping[str, Any] = field(default_factory=dict)
    created: str
    live: str | None = None
    pinned: str | None = None
    change: int
    project: str | None = None
    field_ids: tuple[str, ...] = ()


def create(
    session: Writing,
    *,
    name: str,
    input: Input,
    output: Output,
    target: str | None = None,
    fields: Sequence[Field] = (),
    plan: Mapping[str, Any] | None = None,
    project: str | None = None,
    shared: bool = False,
) -> Function:
    """Create a function; raise NameRefused or NameTaken.

    With `shared`, a name that is taken is given again: the new function is then found by its
    identifier alone.
    """
    clean = clean_name("function", name)
    identifier = new_id("function")
    key = _free_key(session, clean, identifier) if shared else name_key(clean)
    if not shared:
        _refuse_taken(session, clean)
    statement = insert(functions).values(
        id=identifier,
        name=clean,
        name_key=key,
        input=input.value,
        output=output.value,
        target=target,
        fields=fields_to_json(fields),
        plan=dict(plan or {}),
        created=now(),
        change=0,
        project_id=project,
    )
    _run_unique(session, statement, name=clean)
    outbox.record(session, identifier, "function.created", {})
    return get(session, identifier)


def find(session: Reading, name: str) -> Function | None:
    """The function of this name or identifier (with or without `function_`), None if there is none.

    A name goes before an identifier.
    """
    matches = [functions.c.name_key == name_key(name)]
    identifier = as_id("function", name)
    if identifier is not None:
        matches.append(functions.c.id == identifier)
    rows = session.rows(_query().where(or_(*matches)))
    rows = sorted(rows, key=lambda row: bool(row.name_key != name_key(name)))
    return _function(rows[0]) if rows else None


def find_served(session: Reading, given: str) -> Function | None:
    """The function of this identifier (with or without `function_`), else of this name.

    For callers from afar: their keys are bound to identifiers, so an identifier goes before a
    name, and nobody takes over another's address by naming a function after it.
    """
    identifier = as_id("function", given)
    row = (
        None if identifier is None else session.first(_query().where(functions.c.id == identifier))
    )
    if row is None:
        row = session.first(_query().where(functions.c.name_key == name_key(given)))
    return None if row is None else _function(row)


def get(session: Reading, name: str) -> Function:
    """The function of this name or identifier; raise FunctionUnknown."""
    found = find(session, name)
    if found is None:
        names = session.rows(select(functions.c.name).order_by(functions.c.name_key).limit(20))
        raise FunctionUnknown(name=name, known=[row.name for row in names])
    return found


def all_functions(session: Reading) -> list[Function]:
    """Every function, by name."""
    return [_function(row) for row in session.rows(_query().order_by(functions.c.name_key))]


def rename(session: Writing, function: str, name: str, *, shared: bool = False) -> Function:
    """Give a function another name; raise NameRefused or NameTaken. `shared` as with `create`."""
    clean = clean_name("function", name)
    key = _free_key(session, clean, function) if shared else name_key(clean)
    if not shared:
        _refuse_taken(session, clean, besides=function)
    statement = update(functions).where(functions.c.id == function).values(name=clean, name_key=key)
    _run_unique(session, statement, name=clean)
    outbox.record(session, function, "function.renamed", {"name": clean})
    return get(session, function)


def describe(
    session: Writing,
    function: str,
    *,
    target: str | None,
    fields: Sequence[Field],
    plan: Mapping[str, Any],
) -> Function:
    """Replace what is known about the function's source; fields of one name keep their ids."""
    now_kept = get(session, function)
    ids = {one.name: key for one, key in zip(now_kept.fields, now_kept.field_ids, strict=True)}
    carried = {name: now_kept.plan[name] for name in KEPT if name in now_kept.plan}
    session.run(
        update(functions)
        .where(functions.c.id == function)
        .values(target=target, fields=fields_to_json(fields, ids), plan={**carried, **plan})
    )
    outbox.record(session, function, "function.described", {})
    return get(session, function)


def held_together(plan: Mapping[str, Any], columns: Sequence[str]) -> dict[str, list[str]]:
    """The parts of a plan under which rows of one value of each of `columns` are held out together.

    They are left unread; what was held together before is let go.
    """
    before = plan.get(TOGETHER, ())
    others = [name for name in plan.get(EXCLUDED, ()) if name not in {*before, *columns}]
    return {EXCLUDED: [*others, *columns], TOGETHER: list(columns)}


def set_excluded(
    session: Writing, function: str, column: str, *, excluded: bool, together: bool = False
) -> None:
    """Leave a column unread from now on, or read it again.

    Of one that is left unread, rows of equal value are held out `together`.
    """
    plan = get(session, function).plan
    new = dict(plan)
    for part, named in ((EXCLUDED, excluded), (TOGETHER, excluded and together)):
        others = [name for name in plan.get(part, ()) if name != column]
        if named or part in plan:
            new[part] = [*others, column] if named else others
    session.run(update(functions).where(functions.c.id == function).values(plan=new))
    outbox.record(session, function, "function.described", {})


def remove(session: Writing, function: str) -> None:
    """Delete a function and everything that belongs to it, except vectors and blobs."""
    session.run(delete(functions).where(functions.c.id == function))


def _refuse_taken(session: Reading, name: str, *, besides: str | None = None) -> None:
    row = session.first(
        select(functions.c.id, functions.c.name).where(functions.c.name_key == name_key(name))
    )
    if row is not None and row.id != besides:
        raise NameTaken(noun="function", name=name, taken=row.name)


def _run_unique(session: Writing, statement: Insert | Update, *, name: str) -> None:
    """Run a statement that takes a name; on PostgreSQL another writer may take it meanwhile."""
    try:
        session.run(statement)
    except IntegrityError as error:
        raise NameTaken(noun="function", name=name, taken=name) from error


def _query() -> Select[Any]:
    return select(functions)


def fields_to_json(
    fields: Sequence[Field], ids: Mapping[str, str] | None = None
) -> list[dict[str, str]]:
    """Fields as they are kept; those without an identifier by name in `ids` get a new one."""
    known = ids or {}
    return [
        {"id": known.get(one.name) or new_id("field"), "name": one.name, "kind": one.kind.value}
        for one in fields
    ]


def _field_id(function: str, kept: Mapping[str, str]) -> str:
    """The identifier of a field; those of older homes have one that follows from their name."""
    return kept.get("id") or derived_id("field", f"{function}/{kept['name']}")


def _free_key(session: Reading, name: str, identifier: str) -> str:
    """What the function is found by: its name where that is free, else only its identifier."""
    key = name_key(name)
    taken = session.scalar(
        select(functions.c.id).where(functions.c.name_key == key, functions.c.id != identifier)
    )
    return key if taken is None else f"{key}\n{identifier}"


def _function(row: Row[Any]) -> Function:
    return Function(
        id=row.id,
        name=row.name,
        input=Input(row.input),
        output=Output(row.output),
        target=row.target,
        fields=tuple(Field(name=one["name"], kind=Kind(one["kind"])) for one in row.fields),
        plan=row.plan,
        created=row.created,
        live=row.live,
        pinned=row.pinned,
        change=row.change,
        project=row.project_id,
        field_ids=tuple(_field_id(row.id, one) for one in row.fields),
    )
