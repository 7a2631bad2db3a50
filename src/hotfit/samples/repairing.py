"""What a person says of a finding: accept it and its fix is made, dismiss it, or undo either.

Undoing restores what the fix changed, sample by sample, as far as nobody has changed it since. A
fix and its undoing are ordinary changes: the function learns them like any other.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy import Row, and_, delete, insert, select, update

from hotfit.errors import Refusal
from hotfit.functions.findings import Finding, finding_id, get_finding, settle
from hotfit.functions.functions import Function, set_excluded
from hotfit.functions.labels import labels_of
from hotfit.quality.kinds import Action, fix_of
from hotfit.samples.annotations import annotate_many
from hotfit.samples.answering import Stated, from_value, to_value
from hotfit.store import outbox
from hotfit.store.columns import to_json
from hotfit.store.sessions import Reading, Writing
from hotfit.store.tables import annotations, functions, sample_set_members, samples
from hotfit.types import Output

CHUNK = 5000


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
        _UNDOING[Action(found.undo["action"])](session, function, found.undo, author)
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
    evidence = found.evidence
    fix = fix_of(found.kind, label=evidence.get("label"), suggested=evidence.get("suggested"))
    if said is not None:
        return _relabel(session, function, found, said, author=author)
    if fix.action is Action.RELABEL:
        suggested, label = evidence.get("suggested"), evidence.get("label")
        wanted = Stated(name=suggested or label, present=suggested is not None)
        return _relabel(session, function, found, wanted, author=author)
    if fix.action is Action.WITHDRAW:
        return _annotated(session, function, found, None, author=author)
    making = _MAKING.get(fix.action)
    return None if making is None else making(session, function, found)


def _relabel(
    session: Writing, function: Function, found: Finding, said: Stated, *, author: str
) -> Mapping[str, Any]:
    if function.output is Output.NUMBER:
        raise NothingToRepair(finding=found.name, why="the function answers a number, not a label")
    if not found.samples:
        raise NothingToRepair(finding=found.name, why="it is about no single sample")
    value = to_value(session, function, [said], implied=False)
    return _annotated(session, function, found, value, author=author)


def _annotated(
    session: Writing, function: Function, found: Finding, value: str | None, *, author: str
) -> Mapping[str, Any]:
    before = _values(session, function, found.samples)
    if not before:
        raise NothingToRepair(finding=found.name, why="its samples are gone")
    after = {
        number: _merged(old, value) if function.output is Output.TAGS else value
        for number, old in before.items()
    }
    _annotate(session, function, after, author=author)
    steps = [[number, before[number], after[number]] for number in before]
    return {"action": Action.RELABEL, "steps": steps}


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


def _annotate(
    session: Writing, function: Function, values: Mapping[int, str | None], *, author: str
) -> None:
    change = outbox.next_change(session, function.id)
    annotate_many(session, list(values.items()), author=author)
    payload = {"samples": list(values)[:1000], "count": len(values)}
    outbox.record(session, function.id, "samples.annotated", payload, number=change)


def _values(session: Reading, function: Function, numbers: Sequence[int]) -> dict[int, str | None]:
    """What is said of samples that are there still."""
    latest = and_(annotations.c.sample_id == samples.c.id, annotations.c.latest)
    found: dict[int, str | None] = {}
    for start in range(0, len(numbers), CHUNK):
        query = select(samples.c.id, annotations.c.value).select_from(
            samples.outerjoin(annotations, latest)
        )
        chosen = samples.c.id.in_(numbers[start : start + CHUNK])
        rows = session.rows(query.where(samples.c.function_id == function.id, chosen))
        found.update((row.id, row.value) for row in rows)
    return {number: found[number] for number in numbers if number in found}


def _delete(session: Writing, function: Function, found: Finding) -> Mapping[str, Any]:
    there = list(_values(session, function, found.samples))
    doomed = there[1:] if len(found.samples) > 1 else there
    if not doomed:
        raise NothingToRepair(finding=found.name, why="its samples are gone")
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
    return {"action": Action.DELETE, **kept}


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
    _split(session, function, moved, "train")
    return {"action": Action.MOVE, "samples": moved}


def _split(session: Writing, function: Function, numbers: Sequence[int], split: str) -> None:
    session.run(update(samples).where(samples.c.id.in_(numbers)).values(split=split))
    outbox.record(session, function.id, "samples.moved", {"samples": list(numbers), "to": split})


def _exclude(session: Writing, function: Function, found: Finding) -> Mapping[str, Any]:
    column = str(found.evidence["column"])
    set_excluded(session, function.id, column, excluded=True)
    return {"action": Action.EXCLUDE_COLUMN, "column": column}


def _hold_together(session: Writing, function: Function, found: Finding) -> Mapping[str, Any]:
    column = str(found.evidence["column"])
    set_excluded(session, function.id, column, excluded=True, together=True)
    return {"action": Action.HOLD_TOGETHER, "column": column}


_MAKING = {
    Action.DELETE: _delete,
    Action.MOVE: _move,
    Action.EXCLUDE_COLUMN: _exclude,
    Action.HOLD_TOGETHER: _hold_together,
}


def _undo_labels(
    session: Writing, function: Function, undo: Mapping[str, Any], author: str
) -> None:
    now = _values(session, function, [number for number, _, _ in undo["steps"]])
    left = {label.id for label in labels_of(session, function.id)}
    back = {
        number: before
        for number, before, after in undo["steps"]
        if number in now and now[number] == after and _known(before, left)
    }
    if back:
        _annotate(session, function, back, author=author)


def _known(value: str | None, labels: set[str]) -> bool:
    """Whether all labels of an annotation are there still."""
    said = from_value(value)
    return not isinstance(said, list) or all(label in labels for label, _ in said)


def _undo_delete(
    session: Writing, function: Function, undo: Mapping[str, Any], _author: str
) -> None:
    change = outbox.next_change(session, function.id)
    rows = [{**row, "content_hash": bytes.fromhex(row["content_hash"])} for row in undo["samples"]]
    session.run_many(insert(samples), rows)
    session.run_many(insert(annotations), undo["annotations"])
    session.run_many(insert(sample_set_members), undo["members"])
    payload = {"samples": [row["id"] for row in rows]}
    outbox.record(session, function.id, "samples.restored", payload, number=change)


def _undo_move(session: Writing, function: Function, undo: Mapping[str, Any], _author: str) -> None:
    _split(session, function, undo["samples"], "test")


def _undo_column(
    session: Writing, function: Function, undo: Mapping[str, Any], _author: str
) -> None:
    set_excluded(session, function.id, str(undo["column"]), excluded=False)


_UNDOING = {
    Action.RELABEL: _undo_labels,
    Action.DELETE: _undo_delete,
    Action.MOVE: _undo_move,
    Action.EXCLUDE_COLUMN: _undo_column,
    Action.HOLD_TOGETHER: _undo_column,
}
