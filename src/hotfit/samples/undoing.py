"""Taking back what a fix changed, sample by sample, as far as nobody has changed it since."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, update

from hotfit.functions.functions import Function, set_excluded
from hotfit.functions.labels import labels_of
from hotfit.quality.kinds import Action
from hotfit.samples.annotating import values_of, write_values
from hotfit.samples.answering import from_value
from hotfit.store import outbox
from hotfit.store.sessions import Writing
from hotfit.store.tables import annotations, sample_set_members, samples


def take_back(
    session: Writing, function: Function, undo: Mapping[str, Any], *, author: str
) -> None:
    """Undo a fix by what was kept when it was made."""
    _UNDOING[Action(undo["action"])](session, function, undo, author)


def put_in_split(session: Writing, function: Function, numbers: Sequence[int], split: str) -> None:
    """Let samples be learned from (`train`), or tested on (`test`)."""
    session.run(update(samples).where(samples.c.id.in_(numbers)).values(split=split))
    outbox.record(session, function.id, "samples.moved", {"samples": list(numbers), "to": split})


def _undo_labels(
    session: Writing, function: Function, undo: Mapping[str, Any], author: str
) -> None:
    now = values_of(session, function.id, [number for number, _, _ in undo["steps"]])
    left = {label.id for label in labels_of(session, function.id)}
    back = {
        number: before
        for number, before, after in undo["steps"]
        if number in now and now[number] == after and _known(before, left)
    }
    if back:
        change = outbox.next_change(session, function.id)
        write_values(session, function, back, author=author, change=change)


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
    put_in_split(session, function, undo["samples"], "test")


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
