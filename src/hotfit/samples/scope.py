"""Where samples may differ after some changes: what a change says of itself bounds where to look.

The database decides what is there; this only says which part of it must be read again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from hotfit.store.outbox import Change

UNCHANGED = frozenset(
    {"label.created", "label.renamed", "label.described", "function.described", "set.created"}
)
"""Kinds of changes that leave every sample as it was."""

NAMED = frozenset({"samples.annotated", "samples.added", "samples.removed"})
"""Kinds of changes that name the samples they touched, or some where there are many."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Where to look: `ids` may differ, `newer` says that there are samples not known yet."""

    ids: frozenset[int] = field(default_factory=frozenset)
    newer: bool = False


def scope_of(changes: Sequence[Change]) -> Scope | None:
    """Where samples may differ after `changes`; None for anywhere."""
    ids: set[int] = set()
    newer = False
    for change in changes:
        if change.kind in UNCHANGED:
            continue
        if change.kind in NAMED and _complete(change):
            ids.update(change.payload["samples"])
        elif change.kind == "samples.imported" and _only_adds(change):
            newer = True
        else:
            return None
    return Scope(ids=frozenset(ids), newer=newer)


def _complete(change: Change) -> bool:
    """Whether the change names every sample it touched."""
    named = change.payload.get("samples")
    if not isinstance(named, list):
        return False
    return change.kind == "samples.added" or change.payload.get("count") == len(named)


def _only_adds(change: Change) -> bool:
    return change.payload.get("updated") == 0 and change.payload.get("removed") == 0
