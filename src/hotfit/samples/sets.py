"""Sample sets: named groups of samples, each learned from or held out."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update

from hotfit.functions.names import NameTaken, clean_name, name_key
from hotfit.store import outbox
from hotfit.store.ids import as_id, new_id
from hotfit.store.sessions import Reading, Writing
from hotfit.store.tables import sample_set_members, sample_sets

KIND = "sampleset"
"""What stands in front of a set's identifier."""


@dataclass(frozen=True, kw_only=True)
class SampleSet:
    """A sample set; `trains` says whether its samples are learned from."""

    id: str
    name: str
    trains: bool = True


def sets_of(session: Reading, function: str) -> list[SampleSet]:
    """The sample sets of a function, by name."""
    rows = session.rows(
        select(sample_sets)
        .where(sample_sets.c.function_id == function)
        .order_by(sample_sets.c.name_key)
    )
    return [SampleSet(id=row.id, name=row.name, trains=row.trains) for row in rows]


def find_set(session: Reading, function: str, given: str) -> SampleSet | None:
    """The set of this identifier or name."""
    known = sets_of(session, function)
    identifier, key = as_id(KIND, given), name_key(given)
    by_id = [one for one in known if one.id == identifier]
    by_name = [one for one in known if name_key(one.name) == key]
    return next(iter(by_id + by_name), None)


def add_set(session: Writing, function: str, name: str, *, trains: bool = True) -> SampleSet:
    """Create a set; raise NameRefused or NameTaken. The caller writes the change down."""
    clean = clean_name("sample set", name)
    taken = find_set(session, function, clean)
    if taken is not None:
        raise NameTaken(noun="sample set", name=clean, taken=taken.name)
    made = SampleSet(id=new_id(KIND), name=clean, trains=trains)
    session.run(
        insert(sample_sets).values(
            id=made.id, function_id=function, name=clean, name_key=name_key(clean), trains=trains
        )
    )
    return made


def hold_out(session: Writing, function: str, identifier: str, *, trains: bool) -> int:
    """Say whether a set is learned from; return the change it was."""
    change = outbox.next_change(session, function)
    session.run(
        update(sample_sets)
        .where(sample_sets.c.id == identifier, sample_sets.c.function_id == function)
        .values(trains=trains)
    )
    payload = {"set": identifier, "trains": trains}
    return outbox.record(session, function, "set.changed", payload, number=change)


def put_into(
    session: Writing, function: str, sample: int, sets: Sequence[tuple[str, float | None]]
) -> None:
    """Put a sample into sets by identifier or name, made on first use; once it is in, reweigh.

    The caller took the function's next change before, and writes it down.
    """
    for given, weight in sets:
        found = find_set(session, function, given) or add_set(session, function, given)
        take_out(session, sample, found.id)
        session.run(
            insert(sample_set_members).values(sample_id=sample, set_id=found.id, weight=weight)
        )


def take_out(session: Writing, sample: int, identifier: str) -> None:
    """Take a sample out of a set; the caller writes the change down."""
    session.run(
        delete(sample_set_members).where(
            sample_set_members.c.sample_id == sample, sample_set_members.c.set_id == identifier
        )
    )
