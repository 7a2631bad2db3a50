"""What was done to the samples between two versions."""

from dataclasses import dataclass
from typing import Literal

from hotfit.serving.sides import Side
from hotfit.types import Label

Kind = Literal["added", "removed", "relabelled"]


@dataclass(frozen=True, kw_only=True)
class Edit:
    """A sample that is not the same in both: how it was annotated, how it is now.

    `row` is its place in the roll of the newer version; of one that was removed, of the older.
    `weight` is what it adds, for one answer, to the lead of what is said now over what was said.
    """

    kind: Kind
    hash: bytes
    row: int
    older: Label | None
    newer: Label | None
    weight: float | None = None


def edits_between(older: Side, newer: Side) -> tuple[Edit, ...]:
    """The samples that were added, removed or annotated otherwise, matched by their content."""
    waiting: dict[bytes, list[int]] = {}
    for row, key in enumerate(older.roll.hashes):
        waiting.setdefault(key, []).append(row)
    left: list[int] = []
    for row, key in enumerate(newer.roll.hashes):
        found = waiting.get(key)
        same = next((old for old in found or () if older.truth(old) == newer.truth(row)), None)
        if found and same is not None:
            found.remove(same)
        else:
            left.append(row)
    edits: list[Edit] = []
    for row in left:
        key, now = newer.roll.hashes[row], newer.truth(row)
        before = waiting.get(key)
        was = older.truth(before.pop(0)) if before else None
        kind: Kind = "added" if was is None else "relabelled"
        edits.append(Edit(kind=kind, hash=key, row=row, older=was, newer=now))
    for key, rows in waiting.items():
        edits += [
            Edit(kind="removed", hash=key, row=row, older=older.truth(row), newer=None)
            for row in rows
        ]
    return tuple(edits)
