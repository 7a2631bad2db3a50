"""What a person says of a finding: accept it and its fix is made, dismiss it, or undo either.

Undoing restores what the fix changed, sample by sample, as far as nobody has changed it since. A
fix and its undoing are ordinary changes: the function learns them like any other.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import Row, and_, delete, select

from hotfit.errors import Refusal
from hotfit.functions.findings import Finding, finding_id, get_finding, settle
from hotfit.functions.functions import Function, set_excluded
from hotfit.functions.labels import by_name, labels_of
from hotfit.quality.kinds import Action, kind_of
from hotfit.samples.annotating import values_of, write_values
from hotfit.samples.answering import Stated, from_value, to_value
from hotfit.samples.undoing import put_in_split, take_back
from hotfit.store import outbox
from hotfit.store.columns import to_json
from hotfit.store.sessions import Reading, Writing
from hotfit.store.tables import annotations, functions, sample_set_members, samples
from hotfit.types import Output

OF_MANY = frozenset({"boilerplate", "weak_slice", "merged_label", "label_in_text"})
"""Kinds of finding whose samples have something in common, but no label."""


class FindingMissing(Refusal):
    """A function has no finding of this identifier."""

    status: ClassVar[int] = 404

    def __init__(self, *, given: str) -> None:
        super().__init__(
            f"there is no finding {given!r}; list the findings of the function to see them."
        )


class FindingSettled(Refusal):
    """A finding cannot be settled as asked from where it stands."""

    status: ClassVar[int] = 409

    def __init__(self, *, finding: str, status: str, expected: str) -> None:
        super().__init__(f"{finding} is {status}, expected {expected}.")


class NothingToRepair(Refusal):
    """The samples of a finding are gone, or cannot take the label."""

    status: ClassVar[int] = 409

    def __init__(self, *, finding: str, why: str) -> None:
        super().__init__(f"the fix of {finding} cannot be made: {why}.")


def accept(
    session: Writing, function: Function, number: int, *, author: str, said: Stated | None = None
) -> tuple[Finding, int]:
    """Make the fix of a finding, with `said` as its label; return it and the change it was."""
    found = _found(session, function, number)
    if found.status == "accepted":
        raise FindingSettled(
            finding=found.name, status="accepted", expected="one that is open; undo it first"
        )
    undo = _repair(session, function, found, author=author, said=said)
    return _settle(session, function, found, "accepted", author=author, undo=undo)


def dismiss(
    session: Writing, function: Function, number: int, *, author: str
) -> tuple[Finding, int]:
    """Keep that a finding is none, for every examination to come; return it and the change."""
    found = _found(session, function, number)
    if found.status == "accepted":
        raise FindingSettled(
            finding=found.name, status="accepted", expected="one that is open; undo it first"
        )
    return _settle(session, function, found, "dismissed", author=author)


def undo(session: Writing, function: Function, number: int, *, author: str) -> tuple[Finding, int]:
    """Open a finding again and take its fix back; return it and the change it was."""
    found = _found(session, function, number)
    if found.status == "open":
        raise FindingSettled(
            finding=found.name, status="open", expected="one that was accepted or dismissed"
        )
    if found.undo:
        take_back(session, function, found.undo, author=author)
    return _settle(session, function, found, "open", author=author)


def _found(session: Writing, function: Function, number: int) -> Finding:
    # Held until the end: what two people say of one finding comes one after the other.
    session.first(select(functions.c.id).where(functions.c.id == function.id).with_for_update())
    found = get_finding(session, function.id, number)
    if found is None:
        raise FindingMissing(given=finding_id(number))
    return found


def _settle(
    session: Writing,
    function: Function,
    found: Finding,
    status: Any,
    *,
    author: str,
    undo: Mapping[str, Any] | None = None,
) -> tuple[Finding, int]:
    change = outbox.next_change(session, function.id)
    settle(session, found, status, author=author, change=change, undo=undo)
    payload = {"finding": found.name, "kind": found.kind, "status": status}
    outbox.record(session, function.id, "finding.settled", payload, number=change)
    kept = get_finding(session, function.id, found.id)
    assert kept is not None
    return kept, change


def _repair(
    session: Writing, function: Function, found: Finding, *, author: str, said: Stated | None
) -> Mapping[str, Any] | None:
    """Make the fix; return what takes it back."""
    action = kind_of(found.kind).fix.action
    if said is not None:
        return _relabel(session, function, found, said, author=author)
    if action is Action.RELABEL:
        return _relabel(session, function, found, _suggested(found), author=author)
    if action is Action.WITHDRAW:
        return _annotated(session, function, found, None, author=author)
    making = _MAKING.get(action)
    return None if making is None else making(session, function, found)


def _suggested(found: Finding) -> Stated:
    """What a finding suggests to say: another label, or that a tag is absent."""
    label, suggested = found.evidence.get("label"), found.evidence.get("suggested")
    name = suggested or (label if found.kind == "suspect_tag" else None)
    if name is None:
        raise NothingToRepair(
            finding=found.name, why="no label is suggested; accept it with the one that is right"
        )
    return Stated(name=name, present=suggested is not None)


def _relabel(
    session: Writing, function: Function, found: Finding, said: Stated, *, author: str
) -> Mapping[str, Any]:
    if function.output is Output.NUMBER:
        raise NothingToRepair(finding=found.name, why="the function answers a number, not a label")
    if not found.samples:
        raise NothingToRepair(finding=found.name, why="it is about no single sample")
    if found.kind in OF_MANY:
        raise NothingToRepair(
            finding=found.name, why="its samples need not have one label; label them one by one"
        )
    if said.name is not None:
        by_name(labels_of(session, function.id), said.name)  # what accepting makes, undoing leaves
    value = to_value(session, function, [said], implied=False)
    return _annotated(session, function, found, value, author=author)


def _annotated(
    session: Writing, function: Function, found: Finding, value: str | None, *, author: str
) -> Mapping[str, Any]:
    before = values_of(session, function.id, found.samples)
    if not before:
        raise NothingToRepair(finding=found.name, why="its samples are gone")
    after = {
        number: _merged(old, value) if function.output is Output.TAGS else value
        for number, old in before.items()
    }
    change = outbox.next_change(session, function.id)
    write_values(session, function, after, author=author, change=change)
    steps = [[number, before[number], after[number]] for number in before]
    done = _said(session, function, value, len(after))
    return {"action": Action.RELABEL, "steps": steps, "done": done}


def _said(session: Reading, function: Function, value: str | None, many: int) -> str:
    """What became of samples whose answer was replaced, in words."""
    stated = from_value(value)
    if not isinstance(stated, list):
        return f"{_are(many)} not learned from any more"
    ((label, present),) = stated
    name = next(one.name for one in labels_of(session, function.id) if one.id == label)
    if function.output is Output.TAGS:
        return f"{_are(many)} {'given' if present else 'no longer given'} the tag {name!r}"
    return f"{_are(many)} labelled {name!r} now"


def _are(many: int) -> str:
    return "1 sample is" if many == 1 else f"{many:,} samples are"


def _merged(old: str | None, value: str | None) -> str | None:
    """Tags as they were, with what is said now in place of what was said of the same tag."""
    if value is None:
        return None
    said, now = from_value(old) or [], from_value(value)
    assert isinstance(said, list)
    assert isinstance(now, list)
    merged = dict(said) | dict(now)
    full = all(present for _, present in said)  # a full list: what it does not name is absent
    kept = [[label, there] for label, there in merged.items() if there or not full]
    return to_json(kept)


def _delete(session: Writing, function: Function, found: Finding) -> Mapping[str, Any]:
    there = list(values_of(session, function.id, found.samples))
    doomed = there[1:] if len(found.samples) > 1 else there
    if not doomed:
        left = "only one of its samples is left" if there else "its samples are gone"
        raise NothingToRepair(finding=found.name, why=left)
    kept = {
        "samples": _rows(session, select(samples).where(samples.c.id.in_(doomed))),
        "annotations": _rows(
            session, select(annotations).where(annotations.c.sample_id.in_(doomed))
        ),
        "members": _rows(
            session,
            select(sample_set_members).where(sample_set_members.c.sample_id.in_(doomed)),
        ),
    }
    change = outbox.next_change(session, function.id)
    session.run(delete(samples).where(samples.c.id.in_(doomed)))
    payload = {"samples": doomed[:1000], "count": len(doomed)}
    outbox.record(session, function.id, "samples.removed", payload, number=change)
    return {"action": Action.DELETE, "done": f"{_are(len(doomed))} deleted", **kept}


def _rows(session: Reading, query: Any) -> list[dict[str, Any]]:
    return [_as_json(row) for row in session.rows(query)]


def _as_json(row: Row[Any]) -> dict[str, Any]:
    values = dict(zip(row._fields, row, strict=True))
    return values | (
        {"content_hash": bytes(values["content_hash"]).hex()} if "content_hash" in values else {}
    )


def _move(session: Writing, function: Function, found: Finding) -> Mapping[str, Any]:
    mine = and_(samples.c.function_id == function.id, samples.c.id.in_(found.samples))
    moved = [
        row.id for row in session.rows(select(samples.c.id).where(mine, samples.c.split == "test"))
    ]
    if not moved:
        raise NothingToRepair(finding=found.name, why="none of its samples is a test sample now")
    put_in_split(session, function, moved, "train")
    done = f"{_are(len(moved))} learned from now, and tested on no longer"
    return {"action": Action.MOVE, "samples": moved, "done": done}


def _exclude(session: Writing, function: Function, found: Finding) -> Mapping[str, Any]:
    column = str(found.evidence["column"])
    set_excluded(session, function.id, column, excluded=True)
    done = f"the column {column!r} is left unread now"
    return {"action": Action.EXCLUDE_COLUMN, "column": column, "done": done}


def _hold_together(session: Writing, function: Function, found: Finding) -> Mapping[str, Any]:
    column = str(found.evidence["column"])
    set_excluded(session, function.id, column, excluded=True, together=True)
    done = (
        f"the column {column!r} is left unread now, and the rows of each of its values are held "
        "out together"
    )
    return {"action": Action.HOLD_TOGETHER, "column": column, "done": done}


_MAKING = {
    Action.DELETE: _delete,
    Action.MOVE: _move,
    Action.EXCLUDE_COLUMN: _exclude,
    Action.HOLD_TOGETHER: _hold_together,
}
