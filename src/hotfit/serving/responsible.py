"""Which edits of the samples answer for the answers that changed.

Weighed by the closed form of the instant head on the vectors that both versions read: exact for an
older version that has this head, a stand-in for any other. No edit is named where another encoder
reads, where the fit does not say what the older version did, or for other outputs than one label.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hotfit.functions.representation import Frozen
from hotfit.heads.base import Model
from hotfit.heads.discriminant import Choice, DiscriminantModel, fit_discriminant
from hotfit.heads.edit_influence import Answering, Edited, EditInfluence
from hotfit.heads.influence import LabelInfluence
from hotfit.heads.neighbours import NeighboursModel
from hotfit.samples.recalled import cached_vectors
from hotfit.serving.comparing import Difference, Flip
from hotfit.serving.edits import Edit
from hotfit.serving.sides import Side
from hotfit.store.sessions import Store
from hotfit.types import Groups, Output, Vectors

CHANGED = ("broken", "fixed", "moved")
"""What became of answers that edits can be named for."""


def with_edits(store: Store, difference: Difference, *, most: int) -> Difference:
    """The difference with the edits that answer for its first `most` changed answers."""
    weighing = _open(store, difference)
    if weighing is None:
        return difference
    flips = list(difference.flips)
    asked = [place for place, flip in enumerate(flips) if flip.became in CHANGED][:most]
    for place in asked:
        flips[place] = weighing.named(flips[place])
    return replace(difference, flips=tuple(flips))


@dataclass(frozen=True, kw_only=True)
class _Weighing:
    """The older fit with the edits that were made since; `codes` are labels by their name."""

    older: Side
    edits: Sequence[Edit]
    influence: EditInfluence
    vectors: dict[bytes, Vectors]
    codes: dict[str, int]
    rows: NDArray[np.int64]
    row_of: dict[bytes, int]
    groups: Groups
    edit_groups: Groups

    def named(self, flip: Flip) -> Flip:
        """A flip with the edits that answer for it."""
        query = self.vectors.get(flip.hash)
        older, newer = self.codes.get(str(flip.older)), self.codes.get(str(flip.newer))
        if query is None or older is None or newer is None:
            return flip
        row = self.row_of.get(flip.hash)
        group = None if row is None else int(self.groups[row])
        own = np.flatnonzero(self.groups == group) if group is not None else np.empty(0, np.int64)
        same = np.array([edit.hash == flip.hash for edit in self.edits])
        found = self.influence.answering(
            query,
            own,
            [int(self.older.roll.targets[self.rows[each]]) for each in own],
            older=older,
            newer=newer,
            apart=same | (self.edit_groups == group) if group is not None else same,
        )
        return flip if found is None else self._told(flip, found)

    def _told(self, flip: Flip, found: Answering) -> Flip:
        edits = tuple(
            replace(self.edits[place], weight=weight)
            for place, weight in zip(found.edits, found.weights, strict=True)
        )
        return replace(flip, edits=edits, turned=found.turns)


def _open(store: Store, difference: Difference) -> _Weighing | None:
    """What weighs the edits of a difference, None where nothing can."""
    older, newer = difference.older, difference.newer
    reads, now = older.trained.representation, newer.trained.representation
    if older.output is not Output.CLASSIFICATION or not difference.edits:
        return None
    if not isinstance(reads, Frozen) or not isinstance(now, Frozen) or reads.name != now.name:
        return None
    if not any(flip.became in CHANGED for flip in difference.flips):
        return None
    vectors = cached_vectors(store, reads, [*older.roll.hashes, *newer.roll.hashes])
    rows = np.array(
        [row for row, key in enumerate(older.roll.hashes) if key in vectors], dtype=np.int64
    )
    edits = [edit for edit in difference.edits if edit.hash in vectors]
    if not edits or not len(rows):
        return None
    names = [*older.labels, *(name for name in newer.labels if name not in older.labels)]
    codes = {name: code for code, name in enumerate(names)}
    values = np.stack([vectors[older.roll.hashes[row]] for row in rows.tolist()])
    targets = older.roll.targets[rows].astype(np.int64)
    choice = _choice(older.trained.model) or _chosen(values, targets, older, rows)
    fit = LabelInfluence(values, targets, labels=len(names), choice=choice)
    moved = [
        Edited(
            vector=vectors[edit.hash],
            left=None if edit.older is None else codes[str(edit.older)],
            entered=None if edit.newer is None else codes[str(edit.newer)],
        )
        for edit in edits
    ]
    groups = older.roll.groups[rows]
    row_of = {older.roll.hashes[row]: place for place, row in enumerate(rows.tolist())}
    return _Weighing(
        older=older,
        edits=edits,
        influence=EditInfluence(fit, moved),
        vectors=vectors,
        codes=codes,
        rows=rows,
        row_of=row_of,
        groups=groups,
        edit_groups=np.array(
            [int(groups[row_of[edit.hash]]) if edit.hash in row_of else -1 for edit in edits],
            dtype=np.int64,
        ),
    )


def _choice(model: Model) -> Choice | None:
    """What the fit of a discriminant settled on."""
    linear = model.discriminant if isinstance(model, NeighboursModel) else model
    return linear.choice if isinstance(linear, DiscriminantModel) else None


def _chosen(
    values: Vectors, targets: NDArray[np.int64], side: Side, rows: NDArray[np.int64]
) -> Choice:
    """What the instant head would settle on for the same samples."""
    return fit_discriminant(values, targets, len(side.labels), side.roll.groups[rows])[1]
