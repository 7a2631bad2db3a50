"""What changed from one version to another, and by which edits of the samples.

Both are asked of the samples that the newer learned from, each as if it had not seen it: what a
version learned from it answers held out; what only the newer learned is asked of the older model
itself. A sample that only the newer knows and that is kept together with one the older had learned
is left out, because the older has seen as good as it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hotfit.errors import Refusal
from hotfit.evaluation.comparison import (
    BROKEN,
    FIXED,
    MOVED,
    SAME,
    SHIFTED,
    Became,
    SliceChange,
    Tested,
    Unseen,
    change_by_slice,
    label_slices,
    paired_test,
    what_became,
)
from hotfit.evaluation.slices import content_slices, value_slices
from hotfit.evaluation.thresholds import NEVER
from hotfit.functions.representation import Frozen
from hotfit.samples.recalled import cached_vectors
from hotfit.serving.edits import Edit, edits_between
from hotfit.serving.sides import Side
from hotfit.store.sessions import Store
from hotfit.types import Features, Label, Output, Scores

Turn = Literal["fixed", "broken", "moved", "shifted"]

WORDS: Mapping[int, Turn] = {
    BROKEN: "broken",
    FIXED: "fixed",
    MOVED: "moved",
    SHIFTED: "shifted",
}
"""What became of a sample, in the order in which it is told."""


class NotAlike(Refusal):
    """Two versions cannot be compared."""

    status = 409

    def __init__(self, *, older: Side, newer: Side) -> None:
        super().__init__(
            f"{older.name} answers {older.output.value} and {newer.name} {newer.output.value}; "
            "only versions with one kind of answer can be compared."
        )


class NothingInCommon(Refusal):
    """No sample can be asked of both versions."""

    status = 409

    def __init__(self, *, older: Side, newer: Side) -> None:
        super().__init__(
            f"no sample of {newer.name} can be asked of {older.name} as one it has not learned; "
            "compare versions that were trained on some of the same samples."
        )


@dataclass(frozen=True, kw_only=True)
class Flip:
    """A sample that is answered otherwise, or with another confidence.

    `row` is its place in the roll of the newer version. `edits` are those that answer for it, the
    strongest first; `turned` says whether they alone turn the answer, None where none were weighed.
    `relabelled` samples are annotated otherwise than before: what is true of them has changed too.
    """

    row: int
    sample: int
    hash: bytes
    became: Turn
    older: Label
    newer: Label
    truth: Label
    confidences: tuple[float, float] | None = None
    edits: Sequence[Edit] = ()
    turned: bool | None = None
    relabelled: bool = False


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What changed; `compared` samples were asked of both, `left_out` could not be.

    `flips` begin with what broke.
    """

    older: Side = field(repr=False)
    newer: Side = field(repr=False)
    compared: int
    left_out: int
    counts: Mapping[str, int]
    flips: Sequence[Flip]
    slices: Sequence[SliceChange]
    tested: Tested
    edits: Sequence[Edit]

    def edited(self) -> Mapping[str, int]:
        """How many samples were added, removed and relabelled."""
        found = Counter(edit.kind for edit in self.edits)
        return {kind: found[kind] for kind in ("added", "removed", "relabelled")}


def compare(
    store: Store, older: Side, newer: Side, *, places: Sequence[str] | None = None
) -> Difference:
    """Compare two versions; `places` say in which file each sample of the newer stands.

    Raises NotAlike or NothingInCommon.
    """
    if older.output is not newer.output:
        raise NotAlike(older=older, newer=newer)
    rows, said = _asked(store, older, newer)
    if not len(rows):
        raise NothingInCommon(older=older, newer=newer)
    names = [*newer.labels, *(name for name in older.labels if name not in newer.labels)]
    unseen = _unseen(older, newer, rows, said, names)
    became = what_became(unseen)
    edits = edits_between(older, newer)
    held = newer.contents(rows.tolist())
    found = (
        *label_slices(unseen.output, unseen.truth, names),
        *content_slices([held.get(row) for row in rows.tolist()]),
        *value_slices("file", [] if places is None else [places[row] for row in rows.tolist()]),
    )
    return Difference(
        older=older,
        newer=newer,
        compared=len(rows),
        left_out=int(newer.roll.judged.sum()) - len(rows),
        counts={word: int((became == code).sum()) for code, word in WORDS.items()},
        flips=_marked(_flips(newer, unseen, became, rows, names), edits),
        slices=change_by_slice(became, unseen.groups, found),
        tested=paired_test(unseen),
        edits=edits,
    )


def _asked(store: Store, older: Side, newer: Side) -> tuple[NDArray[np.int64], Scores]:
    """The rows of the newer roll that both can be asked, and what the older says of each."""
    known = {key: row for row, key in enumerate(older.roll.hashes)}
    same = np.array([known.get(key, -1) for key in newer.roll.hashes], dtype=np.int64)
    judged = newer.roll.judged
    both = np.flatnonzero(judged & (same >= 0))
    both = both[older.roll.judged[same[both]]]
    seen = np.isin(newer.roll.groups, newer.roll.groups[same >= 0])
    alone = np.flatnonzero(judged & (same < 0) & ~seen)
    answered = older.held_out[same[both]]
    if not len(alone):
        return both, answered
    there, features = _features(store, older, newer, alone)
    asked = older.trained.model.predict(features)
    rows = np.concatenate([both, there])
    order = np.argsort(rows, kind="stable")
    return rows[order], np.concatenate([answered, asked])[order]


def _features(
    store: Store, older: Side, newer: Side, rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], Features]:
    """The rows of the newer roll that can still be had, as the older encodes them."""
    representation = older.trained.representation
    if not isinstance(representation, Frozen):
        held = newer.contents(rows.tolist())
        return np.array(list(held), dtype=np.int64), representation.features(list(held.values()))
    keys = {row: newer.roll.hashes[row] for row in rows.tolist()}
    vectors = cached_vectors(store, representation, list(keys.values()))
    lacking = [row for row, key in keys.items() if key not in vectors]
    if lacking:
        held = newer.contents(lacking)
        made = representation.features(list(held.values())).values
        vectors |= {keys[row]: vector for row, vector in zip(held, made, strict=True)}
    there = [row for row, key in keys.items() if key in vectors]
    values = np.zeros((len(there), representation.encoder.dimensions), dtype=np.float32)
    for place, row in enumerate(there):
        values[place] = vectors[keys[row]]
    return np.array(there, dtype=np.int64), Features(values=values)


def _unseen(
    older: Side, newer: Side, rows: NDArray[np.int64], said: Scores, names: Sequence[str]
) -> Unseen:
    roll = newer.roll
    truth, now = roll.targets[rows], newer.held_out[rows]
    thresholds = None
    if newer.output is not Output.NUMBER:
        said = _widened(said, older.labels, names, fill=0.0)
        now = _widened(now, newer.labels, names, fill=0.0)
    if newer.output is Output.TAGS:
        truth = _widened(truth.astype(np.float64), newer.labels, names, fill=-1.0).astype(np.int8)
        assert older.thresholds is not None
        assert newer.thresholds is not None
        thresholds = (
            _widened(older.thresholds[None], older.labels, names, fill=NEVER)[0],
            _widened(newer.thresholds[None], newer.labels, names, fill=NEVER)[0],
        )
    return Unseen(
        output=newer.output,
        truth=truth,
        older=said,
        newer=now,
        groups=roll.groups[rows],
        thresholds=thresholds,
    )


def _widened(scores: Scores, labels: Sequence[str], names: Sequence[str], *, fill: float) -> Scores:
    """Scores (n, k) of `labels` as columns of `names`."""
    place = {name: column for column, name in enumerate(names)}
    wide: Scores = np.full((len(scores), len(names)), fill)
    wide[:, [place[name] for name in labels]] = scores
    return wide


def _flips(
    newer: Side, unseen: Unseen, became: Became, rows: NDArray[np.int64], names: Sequence[str]
) -> tuple[Flip, ...]:
    rank = {code: place for place, code in enumerate(WORDS)}
    changed = sorted(
        np.flatnonzero(became != SAME).tolist(), key=lambda one: (rank[int(became[one])], one)
    )
    return tuple(
        Flip(
            row=int(rows[one]),
            sample=int(newer.roll.ids[rows[one]]),
            hash=newer.roll.hashes[rows[one]],
            became=WORDS[int(became[one])],
            older=_label(unseen, unseen.older[one], 0, names),
            newer=_label(unseen, unseen.newer[one], 1, names),
            truth=newer.truth(int(rows[one])),
            confidences=_confidences(unseen, one),
        )
        for one in changed
    )


def _marked(flips: Sequence[Flip], edits: Sequence[Edit]) -> tuple[Flip, ...]:
    """The flips, those marked that were annotated otherwise."""
    relabelled = {edit.hash for edit in edits if edit.kind == "relabelled"}
    return tuple(replace(flip, relabelled=flip.hash in relabelled) for flip in flips)


def _label(unseen: Unseen, scores: Scores, side: int, names: Sequence[str]) -> Label:
    if unseen.output is Output.NUMBER:
        return float(scores)
    if unseen.output is Output.CLASSIFICATION:
        return names[int(scores.argmax())]
    assert unseen.thresholds is not None
    return tuple(names[tag] for tag in np.flatnonzero(scores >= unseen.thresholds[side]).tolist())


def _confidences(unseen: Unseen, one: int) -> tuple[float, float] | None:
    """How sure each is of its own answer; None where no label is answered."""
    if unseen.output is not Output.CLASSIFICATION:
        return None
    return float(unseen.older[one].max()), float(unseen.newer[one].max())
