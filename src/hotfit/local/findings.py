"""The findings of a version with the rows they speak of: what `hotfit findings` prints."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from hotfit.functions.versions import findings_of
from hotfit.samples.ids import sample_id
from hotfit.store.sessions import Reading
from hotfit.store.tables import samples

AT_ONCE = 5_000
"""Samples looked up in one query."""


def listed(session: Reading, version: str, *, kind: str | None = None) -> list[dict[str, Any]]:
    """One entry a finding, the surest of each kind first.

    `sample` and `row` name the first sample it speaks of, `samples` and `rows` all of them; rows
    count from 1 in the order of the source. Findings about a whole label or column have none.
    """
    found = findings_of(session, version, kind=kind)
    rows = _rows(session, sorted({number for each in found for number in each.samples}))
    return [
        {
            "kind": each.kind,
            "sample": sample_id(each.samples[0]) if each.samples else None,
            "row": rows.get(each.samples[0]) if each.samples else None,
            "label": each.evidence.get("label"),
            "suggested": each.evidence.get("suggested"),
            "column": each.evidence.get("column"),
            "score": each.score,
            "evidence": each.evidence.get("sentence"),
            "severity": each.evidence.get("severity"),
            "samples": [sample_id(number) for number in each.samples],
            "rows": [rows[number] for number in each.samples if number in rows],
            "status": each.status,
        }
        for each in found
    ]


def _rows(session: Reading, numbers: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for start in range(0, len(numbers), AT_ONCE):
        chosen = samples.c.id.in_(numbers[start : start + AT_ONCE])
        statement = select(samples.c.id, samples.c.number).where(chosen)
        found.update((row.id, row.number) for row in session.rows(statement))
    return found
