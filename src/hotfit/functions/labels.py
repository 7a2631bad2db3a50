"""The labels of a function; samples refer to them by identifier, so renaming keeps everything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from sqlalchemy import func, insert, select, update

from hotfit.errors import Refusal
from hotfit.functions.names import NameTaken, clean_name, name_key
from hotfit.store import outbox
from hotfit.store.ids import new_id
from hotfit.store.sessions import Reading, Writing
from hotfit.store.tables import labels

NAMED = 20
"""Names that a refusal tells before the rest are counted."""


class LabelUnknown(Refusal):
    """The function has no such label."""

    status = 404

    def __init__(self, *, name: str, known: Sequence[str]) -> None:
        near = get_close_matches(name, known, n=1)
        meant = f" did you mean {near[0]!r}?" if near else ""
        told = listed(known) or "none yet"
        super().__init__(f"no label is called {name!r};{meant} the function has: {told}.")


def listed(names: Sequence[str]) -> str:
    """Names in a sentence: the first of them, and how many more there are."""
    told = ", ".join(names[:NAMED])
    return f"{told} and {len(names) - NAMED:,} more" if len(names) > NAMED else told


@dataclass(frozen=True, kw_only=True)
class Label:
    """A label as it is kept; `position` is its place in the order of creation.

    `former` holds its earlier names as (change, key): it had that name until that change.
    """

    id: str
    name: str
    description: str | None = None
    metadata: Mapping[str, Any] | None = None
    position: int
    former: tuple[tuple[int, str], ...] = ()

    def key_at(self, change: int) -> str:
        """What its name was compared by when the function was at `change`."""
        return next((key for until, key in self.former if change < until), name_key(self.name))


def labels_of(session: Reading, function: str) -> list[Label]:
    """The labels of a function, oldest first."""
    rows = session.rows(
        select(labels).where(labels.c.function_id == function).order_by(labels.c.position)
    )
    return [
        Label(
            id=row.id,
            name=row.name,
            description=row.description,
            metadata=row.metadata,
            position=row.position,
            former=tuple((change, key) for change, key in row.former or ()),
        )
        for row in rows
    ]


def labels_at(known: Sequence[Label], change: int) -> dict[str, Label]:
    """Labels by the key of the name they had at `change`, as a version of that change says it."""
    return {label.key_at(change): label for label in known}


def by_name(known: Sequence[Label], name: str) -> Label:
    """The label called `name`; raise LabelUnknown."""
    key = name_key(name)
    for label in known:
        if name_key(label.name) == key:
            return label
    raise LabelUnknown(name=name, known=[label.name for label in known])


def add_label(
    session: Writing,
    function: str,
    name: str,
    *,
    description: str | None = None,
    metadata: Mapping[str, Any] | None = None,
) -> Label:
    """Create a label; raise NameRefused or NameTaken."""
    clean = clean_name("label", name)
    number = outbox.next_change(session, function)  # from here on nobody else adds labels
    _refuse_taken(session, function, clean)
    label = insert_labels(session, function, [clean])[0]
    if description is not None or metadata is not None:
        session.run(
            update(labels)
            .where(labels.c.id == label.id)
            .values(description=description, metadata=None if metadata is None else dict(metadata))
        )
    outbox.record(session, function, "label.created", {"label": label.id}, number=number)
    return next(one for one in labels_of(session, function) if one.id == label.id)


def insert_labels(session: Writing, function: str, names: Sequence[str]) -> list[Label]:
    """Create labels of clean, free names; the caller writes the change down."""
    highest = session.scalar(
        select(func.max(labels.c.position)).where(labels.c.function_id == function)
    )
    first = 0 if highest is None else highest + 1
    made = [
        Label(id=new_id("label"), name=name, position=first + place)
        for place, name in enumerate(names)
    ]
    session.run_many(
        insert(labels),
        [
            {
                "id": label.id,
                "function_id": function,
                "name": label.name,
                "name_key": name_key(label.name),
                "position": label.position,
            }
            for label in made
        ],
    )
    return made


def rename_label(session: Writing, function: str, label: str, name: str) -> int:
    """Give the label of identifier `label` another name; return the change it was.

    Raises NameRefused or NameTaken. What is known under the old name stays known: a version that
    learned it goes on answering this label.
    """
    clean = clean_name("label", name)
    number = outbox.next_change(session, function)
    _refuse_taken(session, function, clean, besides=label)
    kept = next(one for one in labels_of(session, function) if one.id == label)
    former = list(kept.former)
    if name_key(kept.name) != name_key(clean):
        former.append((number, name_key(kept.name)))
    session.run(
        update(labels)
        .where(labels.c.id == label, labels.c.function_id == function)
        .values(name=clean, name_key=name_key(clean), former=former or None)
    )
    return outbox.record(
        session, function, "label.renamed", {"label": label, "name": clean}, number=number
    )


def describe_label(
    session: Writing,
    function: str,
    label: str,
    *,
    description: str | None,
    metadata: Mapping[str, Any] | None,
) -> int:
    """Replace what is said about a label; return the change it was."""
    number = outbox.next_change(session, function)
    session.run(
        update(labels)
        .where(labels.c.id == label, labels.c.function_id == function)
        .values(description=description, metadata=dict(metadata) if metadata else None)
    )
    return outbox.record(session, function, "label.described", {"label": label}, number=number)


def order_labels(session: Writing, function: str, names: Sequence[str]) -> None:
    """Put the labels called `names` first, in that order; what they mean stays."""
    place = {name_key(name): position for position, name in enumerate(names)}
    known = labels_of(session, function)
    wanted = sorted(
        known, key=lambda one: (place.get(name_key(one.name), len(place)), one.position)
    )
    moved = [(at, one) for at, one in enumerate(wanted) if one.position != at]
    for at, one in moved:
        session.run(update(labels).where(labels.c.id == one.id).values(position=at))


def _refuse_taken(
    session: Reading, function: str, name: str, *, besides: str | None = None
) -> None:
    row = session.first(
        select(labels.c.id, labels.c.name).where(
            labels.c.function_id == function, labels.c.name_key == name_key(name)
        )
    )
    if row is not None and row.id != besides:
        raise NameTaken(noun="label", name=name, taken=row.name)
