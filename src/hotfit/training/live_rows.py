"""What a live function knows of its samples, and what has changed since it last looked.

The database decides: what a change says of itself only bounds where to look. Where it does not
bound it well enough, all samples are looked at.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hotfit.functions.learning import unlearned
from hotfit.samples.labelled import Labelled, read_labelled, read_labelled_after
from hotfit.samples.rows import held_out
from hotfit.store.outbox import Change
from hotfit.store.sessions import Reading

UNCHANGED = frozenset(
    {"label.created", "label.renamed", "label.described", "function.described", "set.created"}
)
"""Kinds of changes that leave every sample as it was."""

NAMED = frozenset({"samples.annotated", "samples.added", "samples.removed"})
"""Kinds of changes that name the samples they touched, or some where there are many."""


@dataclass
class Known:
    """A sample as it was last seen; `row` is its number in the live head, None where not in it."""

    hash: bytes
    label: str | None
    row: int | None = None


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Samples that are new or other than known, and identifiers of those that are gone."""

    met: Sequence[Labelled]
    gone: Sequence[int]


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


def look(
    session: Reading,
    function: str,
    known: Mapping[int, Known],
    *,
    since: int,
    newest: int,
    labels: Container[str],
) -> Difference:
    """Compare what is known with the database, as of the session's moment.

    `newest` is the highest sample identifier seen so far, `labels` the identifiers that count.
    """
    scope = scope_of(unlearned(session, function, since=since))
    if scope is None or held_out(session, function):
        found = read_labelled_after(session, function, 0)
        there = {one.id for one in found}
        gone = [sample for sample in known if sample not in there]
    else:
        found = read_labelled(session, function, sorted(scope.ids))
        there = {one.id for one in found}
        gone = [sample for sample in scope.ids if sample in known and sample not in there]
        if scope.newer:
            found += [
                one for one in read_labelled_after(session, function, newest) if one.id not in there
            ]
    found = [one if one.label in labels else replace(one, label=None) for one in found]
    return Difference(met=[one for one in found if _differs(one, known)], gone=gone)


def _differs(sample: Labelled, known: Mapping[int, Known]) -> bool:
    before = known.get(sample.id)
    return before is None or (before.hash, before.label) != (sample.hash, sample.label)
