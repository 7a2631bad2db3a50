"""The fields of a table's function; rows are kept by their names, callers refer to identifiers."""

from collections.abc import Sequence

from sqlalchemy import update

from hotfit.errors import Refusal
from hotfit.functions.functions import Function, fields_to_json, get
from hotfit.functions.names import NameTaken, clean_name, name_key
from hotfit.store import outbox
from hotfit.store.sessions import Writing
from hotfit.store.tables import functions
from hotfit.types import Field, Input, Kind


class NoTable(Refusal):
    """Fields were asked of a function whose samples are not rows."""

    def __init__(self, *, input: Input) -> None:
        super().__init__(
            f"a function of {input.value} has no fields; only Tabular functions have them."
        )


class TooManyImages(Refusal):
    """A second image field was asked for."""

    def __init__(self, *, name: str) -> None:
        super().__init__(f"{name!r} is an Image field already, and a function has at most one.")


def fields_of(function: Function) -> list[tuple[str, Field]]:
    """The fields with their identifiers, oldest first."""
    return list(zip(function.field_ids, function.fields, strict=True))


def add_field(session: Writing, function: Function, *, name: str, kind: Kind) -> Function:
    """Add a field; raise NameRefused, NameTaken, NoTable or TooManyImages."""
    if function.input is not Input.TABULAR:
        raise NoTable(input=function.input)
    change = outbox.next_change(session, function.id)
    kept = fields_of(get(session, function.id))
    made = Field(name=clean_name("field", name), kind=kind)
    _refuse_taken(made, [one for _, one in kept])
    return _keep(session, function.id, [*kept, ("", made)], "field.created", change)


def change_field(
    session: Writing, function: Function, identifier: str, *, name: str, kind: Kind
) -> Function:
    """Replace a field's name and kind; what was kept under the old name is not renamed here."""
    change = outbox.next_change(session, function.id)
    kept = fields_of(get(session, function.id))
    made = Field(name=clean_name("field", name), kind=kind)
    _refuse_taken(made, [one for key, one in kept if key != identifier])
    changed = [(key, made if key == identifier else one) for key, one in kept]
    return _keep(session, function.id, changed, "field.changed", change)


def remove_field(session: Writing, function: Function, identifier: str) -> Function:
    """Take a field away; rows keep its values, and nobody is shown them."""
    change = outbox.next_change(session, function.id)
    kept = fields_of(get(session, function.id))
    left = [(key, one) for key, one in kept if key != identifier]
    return _keep(session, function.id, left, "field.removed", change)


def _keep(
    session: Writing, function: str, kept: Sequence[tuple[str, Field]], kind: str, change: int
) -> Function:
    ids = {field.name: key for key, field in kept}
    fields = fields_to_json([field for _, field in kept], ids)
    session.run(update(functions).where(functions.c.id == function).values(fields=fields))
    outbox.record(session, function, kind, {}, number=change)
    return get(session, function)


def _refuse_taken(made: Field, others: Sequence[Field]) -> None:
    for other in others:
        if name_key(other.name) == name_key(made.name):
            raise NameTaken(noun="field", name=made.name, taken=other.name)
        if other.kind is made.kind is Kind.IMAGE:
            raise TooManyImages(name=other.name)
