"""Renaming a field: rows are kept by field name, so each of them is written anew."""

import json
from typing import Any

from sqlalchemy import bindparam, select, update

from hotfit.store.content import content_hash, data_to_json
from hotfit.store.sessions import Writing
from hotfit.store.tables import samples

_UPDATE = (
    update(samples)
    .where(samples.c.id == bindparam("key"))
    .values(data=bindparam("data"), content_hash=bindparam("content"))
)


def rename_in_rows(session: Writing, function: str, *, old: str, new: str) -> None:
    """Write the values of field `old` under the name `new` in all rows of a function."""
    query = select(samples.c.id, samples.c.data).where(
        samples.c.function_id == function, samples.c.data.is_not(None)
    )
    for part in list(session.stream(query)):
        session.run_many(_UPDATE, [one for row in part for one in _renamed(row, old, new)])


def _renamed(row: Any, old: str, new: str) -> list[dict[str, Any]]:
    cells = json.loads(row.data)
    if old not in cells:
        return []
    told = {new if name == old else name: cell for name, cell in cells.items() if name != new}
    return [{"key": row.id, "data": data_to_json(told), "content": content_hash(told)}]
