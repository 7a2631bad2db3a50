"""Deleting a label: what was said with it is said anew without it, and the label is gone."""

import json
from typing import Any

from sqlalchemy import delete, select

from hotfit.functions.functions import Function
from hotfit.samples.annotations import annotate_many
from hotfit.store import outbox
from hotfit.store.columns import to_json
from hotfit.store.sessions import Writing
from hotfit.store.tables import annotations, labels, samples
from hotfit.types import Output


def remove_label(session: Writing, function: Function, label: str, *, author: str) -> int:
    """Delete a label and withdraw what was said with it; return the change it was."""
    change = outbox.next_change(session, function.id)
    stated = session.rows(
        select(annotations.c.sample_id, annotations.c.value)
        .join(samples, samples.c.id == annotations.c.sample_id)
        .where(
            samples.c.function_id == function.id,
            annotations.c.latest,
            annotations.c.value.contains(label, autoescape=True),
        )
    )
    kept = {row.value: _without(json.loads(row.value), label, function.output) for row in stated}
    annotate_many(session, [(row.sample_id, kept[row.value]) for row in stated], author=author)
    session.run(delete(labels).where(labels.c.id == label, labels.c.function_id == function.id))
    payload = {"label": label, "samples": len(stated)}
    return outbox.record(session, function.id, "label.removed", payload, number=change)


def _without(value: list[Any], label: str, output: Output) -> str | None:
    """An annotation without a label; None where a classification has nothing left to say."""
    left = [[one, present] for one, present in value if one != label]
    return to_json(left) if left or output is Output.TAGS else None
