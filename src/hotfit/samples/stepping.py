"""One step of keeping a function and a folder of rows alike: removals, labels and additions.

All of it is one transaction. What was said of a sample meanwhile by somebody else is never written
over: a row that is not as the caller saw it is refused and told, and the others are done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hotfit.functions.functions import Function, get
from hotfit.functions.labels import labels_of
from hotfit.samples import imports
from hotfit.samples.adding import remove
from hotfit.samples.annotating import values_of
from hotfit.samples.annotations import Answers, annotate, annotate_many
from hotfit.samples.rows import answers_by_name
from hotfit.samples.screening import Screened, Told, screen
from hotfit.store import outbox
from hotfit.store.blobs import Blobs
from hotfit.store.sessions import Reading, Writing
from hotfit.types import Label, Output, Sample

ORIGIN = "folder"
"""Where samples are said to come from that were added by a step."""


@dataclass(frozen=True, kw_only=True)
class Edit:
    """What is to become of a sample; `was` is the answer that the caller saw."""

    sample: int
    was: Label | None
    label: Label | None = None


@dataclass(frozen=True, kw_only=True)
class Stepped:
    """What a step did: counts, and why rows were refused, by their place in the step from 1."""

    change: int
    removed: int
    relabelled: int
    added: int
    refused: Mapping[str, Sequence[Told]]


def step(
    session: Writing,
    function: Function,
    *,
    removing: Sequence[Edit] = (),
    relabelling: Sequence[Edit] = (),
    adding: Sequence[Sample] = (),
    author: str,
    blobs: Blobs,
) -> Stepped:
    """Remove, relabel, then add, so that a row may take the place and the id of a removed one.

    A sample that is gone already counts as removed. A row that is there already takes the label
    where it had none, and is told.
    """
    number = outbox.next_change(session, function.id)  # from here on nobody else writes to it
    there = _answers(session, function, [one.sample for one in (*removing, *relabelling)])
    refused: dict[str, list[Told]] = {"remove": [], "relabel": [], "add": []}
    unchanged = _unchanged(removing, there, refused["remove"])
    gone = [one.sample for one in unchanged if one.sample in there]
    edits = _unchanged(relabelling, there, refused["relabel"], must_exist=True)
    names = Answers(session, function.id)
    names.learn(one.label for one in edits)
    said = [(one.sample, names.to_json(one.label)) for one in edits]
    annotate_many(session, said, author=author)
    payload = {"samples": [sample for sample, _ in said][:1000], "count": len(said)}
    outbox.record(session, function.id, "samples.annotated", payload, number=number)
    if gone:
        remove(session, function.id, gone)
    added = 0
    if adding:
        found = Screened()
        numbered = [replace(one, number=at) for at, one in enumerate(adding, 1)]
        fresh = next(screen(session, function, iter([numbered]), found))
        if fresh:
            ids = imports.add(
                session, function.id, fresh, origin=ORIGIN, author=author, blobs=blobs
            )
            added = len(ids)
        if found.labels:
            annotate(session, function.id, list(found.labels.items()), author=author)
        refused["add"] += found.told
    return Stepped(
        change=get(session, function.id).change,
        removed=len(gone),
        relabelled=len(edits),
        added=added,
        refused=refused,
    )


def _unchanged(
    edits: Sequence[Edit],
    there: Mapping[int, Label | None],
    refused: list[Told],
    *,
    must_exist: bool = False,
) -> list[Edit]:
    """The edits of samples that are as the caller saw them."""
    kept = []
    for place, one in enumerate(edits, 1):
        if one.sample not in there:
            if must_exist:
                refused.append(Told(row=place, reason="is no longer there"))
                continue
        elif _plain(there[one.sample]) != _plain(one.was):
            refused.append(Told(row=place, reason="was changed by somebody else meanwhile"))
            continue
        kept.append(one)
    return kept


def _plain(label: Label | None) -> object:
    """An answer without the order of its tags."""
    return frozenset(label) if isinstance(label, tuple) else label


def _answers(session: Reading, function: Function, ids: Sequence[int]) -> dict[int, Label | None]:
    """What is said of those of the samples that the function has, by name."""
    values = values_of(session, function.id, ids)
    names = {label.id: label.name for label in labels_of(session, function.id)}
    tags = function.output is Output.TAGS
    told, _ = answers_by_name(list(values.values()), names, tags=tags)
    return dict(zip(values, told, strict=True))
